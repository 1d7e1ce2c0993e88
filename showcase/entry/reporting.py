"""A reader's report of a mistake: the form, and what keeps machines from filling the table."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from governance.index.text import fold
from governance.models import ErrorReport

# Seconds: nobody writes faster, and nobody has a page open for longer.
SOONEST, LATEST = 3, 24 * 60 * 60
# Reports in 24 hours, from one network address (a campus may share one) and in all.
MOST_OF_ONE, MOST = 20, 500


class TooManyReports(ValidationError):
    """So many reports have come that no more are taken today."""


class ReportForm(forms.ModelForm):
    """Says in a sentence why it takes no report, and keeps what was written."""

    # Nobody sees it, so only a machine fills it in.
    homepage = forms.CharField(required=False)
    # When the page was made, signed.
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ErrorReport
        fields = ["text", "contact"]

    def __init__(self, *args, code: str, sender: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.code, self.instance.sender = code, sender

    @staticmethod
    def opening() -> str:
        return signing.TimestampSigner().sign("report")

    def clean_text(self):
        """Signs that nobody sees or reads say nothing."""
        if not fold(self.cleaned_data["text"]):
            raise ValidationError(self.fields["text"].error_messages["required"])
        return self.cleaned_data["text"]

    def clean(self):
        if self.cleaned_data.get("homepage") or not _written_by_hand(self.data.get("opened", "")):
            raise ValidationError(_("未能接收：发送过快，或页面打开的时间过长。请再按一次“发送”。"))
        today = ErrorReport.objects.of_today()
        of_one = today.filter(sender=self.instance.sender).count()
        if of_one >= MOST_OF_ONE or today.count() >= MOST:
            raise TooManyReports(_("今天收到的报告已达上限，未能接收。请明天再发，或来信告知。"))
        return self.cleaned_data


def _written_by_hand(opened: str) -> bool:
    signer = signing.TimestampSigner()
    try:
        signer.unsign(opened, max_age=LATEST)
    except signing.BadSignature:
        return False
    try:
        signer.unsign(opened, max_age=SOONEST)
    except signing.SignatureExpired:
        return True
    return False


def sender_of(request: HttpRequest) -> str:
    """A keyed hash of the network address from which a request came."""
    address = request.META["REMOTE_ADDR"]
    return salted_hmac("error report", address, algorithm="sha256").hexdigest()

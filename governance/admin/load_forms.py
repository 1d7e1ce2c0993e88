"""The forms of "load an award year": the upload, and the award's facts."""

from datetime import date
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import announcements
from governance.loading.fixture import SUFFIXES
from governance.models import AwardYear
from governance.models.award import LAST_YEAR
from governance.models.region import FIRST_YEAR

from .shared import TextareaField

# The largest announcement of 20,000 entries takes a tenth of this.
MAX_BYTES = 64 << 20
MAX_CHARACTERS = 1_000_000
# A file of this size is read in a moment.
READ_AT_ONCE = 256 << 10
# A pasted text is named after its first line.
NAME_LENGTH = 60


class YearForm(forms.Form):
    """The year of an upload; a fixture has its own."""

    year = forms.IntegerField(
        label=gettext_lazy("年度"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"required": gettext_lazy("请填写年度，如 2016。")},
        help_text=gettext_lazy("公告所属的年度，如 2016。数据文件自带年度，可以不填。"),
    )

    def __init__(self, *args, required=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].required = required


class UploadForm(YearForm):
    """A file or a text, and the year."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        required=False,
        max_length=255,
        help_text=gettext_lazy(
            "公告 .docx、.txt，表格 .xlsx、.ods、.csv，或数据文件 .yaml、.json；最大 64 MB。"
        ),
        widget=forms.FileInput(
            attrs={"accept": ".docx,.txt,.xlsx,.ods,.csv,.yaml,.yml,.json,.doc,.wps,.pdf"}
        ),
    )
    text = TextareaField(
        label=gettext_lazy("或粘贴文字"),
        required=False,
        strip=False,
        help_text=gettext_lazy("公告全文，连同标题与各栏目。"),
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            raise ValidationError(
                _(
                    "文件有 %(size).0f MB，超过上限 %(most)d MB；公告不会这样大，请确认是否选错了文件。"
                )
                % {"size": file.size / 2**20, "most": MAX_BYTES >> 20}
            )
        return file

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > MAX_CHARACTERS:
            raise ValidationError(
                _("文字有 %(count)d 字，超过上限 %(most)d 字；请存为 .txt 文件后上传。")
                % {"count": len(text), "most": MAX_CHARACTERS}
            )
        return text

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        file, text = cleaned["file"], cleaned["text"].strip()
        if bool(file) == bool(text):
            both = _("文件与文字只能给一样；请清空文字框，或不选文件。")
            raise ValidationError(both if file else _("请选一个文件，或粘贴公告的文字。"))
        if not self._is_fixture(file):
            self._refuse_unreadable(file, text)
        if not cleaned["year"] and not self._is_fixture(file):
            self.add_error("year", _("请填写年度，如 2016；从公告里读到的年份不一定可靠。"))
        return cleaned

    def _refuse_unreadable(self, file, text):
        """At once where that takes a moment; what is large is read while a page tells how far."""
        if (file.size if file else len(text)) > READ_AT_ONCE:
            return
        try:
            if file:
                announcements.read(file.name, file.read())
                file.seek(0)
            else:
                announcements.read_text(text)
        except announcements.Unreadable as error:
            self.add_error("file" if file else "text", str(error))

    def _is_fixture(self, file):
        return file and PurePath(file.name).suffix.lower() in SUFFIXES

    @property
    def upload(self):
        """(name, bytes, year) of what was brought."""
        file, year = self.cleaned_data["file"], self.cleaned_data["year"]
        if file:
            return file.name, file.read(), year
        text = self.cleaned_data["text"]
        # A slash would make a folder of what stands before it.
        name = text.split(maxsplit=1)[0][:NAME_LENGTH].replace("/", "／")
        return f"{name}.txt", text.encode(), year


class FactsForm(forms.ModelForm):
    """What an announcement seldom says of itself."""

    source_url = AwardYear._meta.get_field("source_url").formfield(assume_scheme="https")

    class Meta:
        model = AwardYear
        fields = ["name", "name_en", "issuer", "document_title", "source_url", "retrieved_on"]
        widgets = {"retrieved_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, year, parsed, chosen, data=None):
        """`parsed` and `chosen` are {field: value}: what the announcement gives, and was chosen."""
        record = AwardYear.objects.filter(year=year).first()
        initial = forms.model_to_dict(record, self._meta.fields) if record else {}
        initial |= {name: parsed[name] for name in self._meta.fields if name in parsed}
        self.chosen = chosen
        super().__init__(data, initial=initial | chosen, prefix="award")

    def choices(self):
        """What is to be loaded; a fact that nobody gave is not said to be empty."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if value or name in self.chosen or name in self.changed_data
        }

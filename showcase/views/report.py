import re
from functools import cached_property

from django.http import HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import FormView

from governance.models import ErrorReport
from showcase.entry.published import published_record
from showcase.entry.reporting import ReportForm, TooManyReports, sender_of
from showcase.text import localized

from .base import Clean

# No more than the database counts.
NUMBER = re.compile("[1-9][0-9]{0,17}")


# Who sends a report has no session that a foreign page could use, so there is nothing to forge.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class ReportError(Clean, FormView):
    """What a reader says is wrong with an entry; `?number=` is that of the report just received, `?mechanism=`
    the one that it is about."""

    template_name = "report.html"
    form_class = ReportForm

    @cached_property
    def entry(self):
        return published_record(self.kwargs["code"])

    def get_initial(self):
        """Of a mechanism whose status one followed, its name."""
        asked = self.request.GET.get("mechanism", "")
        names = [localized(one, "name") for one in self.entry["mechanisms"] if one["slug"] == asked]
        return {"text": _("机制“%(name)s”：") % {"name": names[0]}} if names else {}

    def get_form_kwargs(self):
        sent = {"code": self.entry["code"], "sender": sender_of(self.request)}
        return super().get_form_kwargs() | sent

    def form_valid(self, form):
        ErrorReport.objects.forget_senders()
        return HttpResponseRedirect(f"{self.request.path}?number={form.save().pk}")

    def form_invalid(self, form):
        response = super().form_invalid(form)
        full = any(isinstance(error, TooManyReports) for error in form.non_field_errors().as_data())
        response.status_code = 429 if full else 400
        return response

    def get_context_data(self, **kwargs):
        # The number that `form_valid` led to; of another entry, or of none, it is no receipt.
        number = self.request.GET.get("number", "")
        reports = ErrorReport.objects.filter(code=self.entry["code"])
        known = NUMBER.fullmatch(number) and reports.filter(pk=int(number)).exists()
        received = int(number) if known else None
        return super().get_context_data(entry=self.entry, received=received, **kwargs)

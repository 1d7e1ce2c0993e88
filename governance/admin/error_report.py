"""Readers' reports of mistakes, answered where they are listed."""

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from governance.models import Achievement, ErrorReport

from .shared import AskedRows


def open_reports(code):
    """Those on the entry of a code that nobody has dealt with yet."""
    return ErrorReport.objects.filter(code=code, handled=False)


class ListedReports(forms.BaseModelFormSet):
    """Trusts what was read for the list: Django asks for each of its rows once more."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        key = form.instance.pk
        # One that is not there is left to Django, which says so.
        if key is not None:
            form.fields["id"] = forms.IntegerField(
                initial=key, required=False, widget=forms.HiddenInput
            )


@admin.register(ErrorReport)
class ErrorReportAdmin(AskedRows):
    class Media:
        css = {"all": ["governance/achievement.css"]}

    list_display = ["number", "entry", "text", "handled", "note", "contact", "sent_at"]
    list_editable = ["note", "handled"]
    list_filter = ["handled"]
    list_per_page = 50
    formfield_overrides = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 20})}
    }
    search_fields = ["=code", "text", "contact", "note"]
    readonly_fields = ["entry", "text", "contact", "sent_at"]
    fields = [*readonly_fields, "handled", "note"]
    actions = ["mark_handled"]

    def get_queryset(self, request):
        # Where staff look at them, nobody's address is kept beyond its day.
        ErrorReport.objects.forget_senders()
        entries = Achievement.objects.filter(code=OuterRef("code"))
        reports = super().get_queryset(request)
        return reports.annotate(entry_key=Subquery(entries.values("pk")[:1]))

    def get_changelist_formset(self, request, **kwargs):
        return super().get_changelist_formset(request, formset=ListedReports, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            # In the list no label stands beside it.
            field.widget.attrs["aria-label"] = db_field.verbose_name
        return field

    def has_add_permission(self, request):
        """Readers send them."""
        return False

    @admin.display(description=gettext_lazy("号"), ordering="pk")
    def number(self, report):
        return report.pk

    @admin.display(description=gettext_lazy("成果"), ordering="code")
    def entry(self, report):
        if report.entry_key is None:
            return report.code
        address = reverse("admin:governance_achievement_change", args=[report.entry_key])
        return format_html('<a href="{}">{}</a>', address, report.code)

    @admin.action(description=gettext_lazy("标为已处理"), permissions=["change"])
    def mark_handled(self, request, queryset):
        queryset.update(handled=True)

"""The entries that name a record, listed on its own page."""

from django.contrib import admin
from django.db.models import Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from governance.models import Achievement
from governance.roles import may_view

from .shared import RecordAdmin

# The first of them; the list of entries has them all.
MOST_LISTED = 50


class NamedByEntries(RecordAdmin):
    """The admin of a record that entries name: it lists `entries_of` it, with the `query` of their list."""

    def get_queryset(self, request):
        # The reading without its blanks, in which taicang is found.
        spelling = Replace("pinyin", Value(" "), Value(""))
        return super().get_queryset(request).alias(spelling=spelling)

    def entries_of(self, record):
        raise NotImplementedError

    def query(self, record):
        raise NotImplementedError

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        may = obj and may_view(request.user, "achievement")
        return [*fieldsets, (_("成果"), {"fields": ["entries"]})] if may else fieldsets

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "entries"]

    @admin.display(description=_("有此项的成果"))
    def entries(self, record):
        entries = self.entries_of(record)
        count = entries.count()
        if not count:
            return gettext("没有。")
        sentence = ngettext("全部 %(count)d 项", "全部 %(count)d 项", count) % {"count": count}
        address = reverse("admin:governance_achievement_changelist")
        # Lines and no list, which the admin's forms would indent by the width of a label.
        rows = format_html_join(
            "",
            '<br><a href="{}">{}</a> {}',
            (
                (_address(entry), str(entry), entry.get_status_display())
                for entry in entries[:MOST_LISTED]
            ),
        )
        query = urlencode(self.query(record))
        return format_html('<a href="{}?{}">{}</a>{}', address, query, sentence, rows)


def _address(entry: Achievement) -> str:
    return reverse("admin:governance_achievement_change", args=[entry.pk])

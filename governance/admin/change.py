from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from governance.models import Change

# A page of a change names so many entries.
MOST = 500


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """All changes in their order, to be looked at; nobody writes them but those who record."""

    list_display = ["number", "at", "kind", "who", "count", "reason"]
    list_display_links = ["at"]
    list_filter = ["kind", "at"]
    search_fields = ["name", "reason", "=parts__code"]
    list_per_page = 50
    show_full_result_count = False
    actions = None
    readonly_fields = ["number", "at", "kind", "who", "reason", "load", "undoes", "entries"]
    fields = [*readonly_fields]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(touched=Count("parts"))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="#", ordering="pk")
    def number(self, change):
        return change.pk

    @admin.display(description=_("操作者"), ordering="name")
    def who(self, change):
        return change.name or _("命令行")

    @admin.display(description=_("成果数"), ordering="touched")
    def count(self, change):
        return change.touched

    @admin.display(description=_("成果"))
    def entries(self, change):
        parts = change.parts.order_by("code").values_list("entry", "code")[:MOST]
        links = (
            (reverse("admin:governance_achievement_history", args=[pk]), code) for pk, code in parts
        )
        return format_html_join(" ", '<a href="{}">{}</a>', links)

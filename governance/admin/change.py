from django.contrib import admin, messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from governance.models import Change
from governance.publishing import MOVES, may_move, undo_move

from .shared import AskedRows

# A page of a change names so many entries.
MOST = 500


@admin.register(Change)
class ChangeAdmin(AskedRows):
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

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.undo_view))
        return [path("<int:pk>/undo/", view, name="governance_change_undo"), *super().get_urls()]

    def undo_view(self, request, pk):
        """Takes back what many entries were moved by, in one click."""
        change = get_object_or_404(Change, pk=pk, kind__in=MOVES)
        done, refused = undo_move(change, by=request.user)
        count = len(done)
        sentence = ngettext("已撤销 %(count)d 项。", "已撤销 %(count)d 项。", count)
        level = messages.SUCCESS if done else messages.WARNING
        self.message_user(request, sentence % {"count": count}, level)
        for one, reasons in refused.items():
            self.message_user(
                request, f"{one.title} {one.code} {' '.join(reasons)}", messages.WARNING
            )
        return redirect("admin:governance_achievement_changelist")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        change = self.get_object(request, object_id)
        may = change and change.kind in MOVES and may_move(change.kind, request.user)
        context = {"undoable": change if may and not change.undone_by.exists() else None}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

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
        return change.who

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

"""The admin of loads: their list, who may do what, and the way to their pages (`loading/views.py`)."""

from functools import cached_property

from django.contrib import admin
from django.db.models.fields.json import KeyTransform
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance.models import Load, LoadState

from .shared import AskedRows


class ScopeFilter(admin.AllValuesFieldListFilter):
    """Names loads that are of no award year, too."""

    def choices(self, changelist):
        for one in super().choices(changelist):
            yield {**one, "display": one["display"] or gettext_lazy("（空）")}


@admin.register(Load)
class LoadAdmin(AskedRows):
    list_display = ["file_name", "scope", "kind", "state", "outcome", "since", "by"]
    list_filter = ["state", "kind", ("scope", ScopeFilter)]
    list_select_related = ["by"]
    search_fields = ["name", "scope"]
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        loads = super().get_queryset(request).without_content()
        return loads.annotate(
            totals=KeyTransform("totals", "report"),
            undo_totals=KeyTransform("totals", "undo_report"),
        )

    @admin.display(description=gettext_lazy("文件名"), ordering="name")
    def file_name(self, load):
        return load.file_name

    @admin.display(description=gettext_lazy("时间"), ordering="created_at")
    def since(self, load):
        """When it came to be what it is."""
        return load.undone_at or load.loaded_at or load.created_at

    @admin.display(description=gettext_lazy("结果（各种记录合计）"))
    def outcome(self, load):
        from governance.loading.report import COUNTED

        totals = load.undo_totals or load.totals or {}
        # Not in the order of the JSON: PostgreSQL keeps none.
        counted = [(label, totals.get(name)) for name, (label, _sentence) in COUNTED.items()]
        return " · ".join(f"{label} {count}" for label, count in counted if count)

    def has_change_permission(self, request, obj=None):
        """What a load did is written by loading alone."""
        return False

    def has_delete_permission(self, request, obj=None):
        """A load that stands is what the next one is compared with, and an undone one is history."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.state == LoadState.PENDING)

    def has_undo_permission(self, request):
        return request.user.has_perm("governance.undo_load")

    def get_urls(self):
        def named(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"governance_load_{name}")

        return [
            named("<int:pk>/read/", require_POST(self.view("read")), "read"),
            named("<int:pk>/undo/", self.view("undo"), "undo"),
            named("<int:pk>/file/", self.view("file"), "file"),
            named("<int:pk>/keep/", require_POST(self.view("keep")), "keep"),
            named("<int:pk>/regions/", self.view("regions"), "regions"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        return self.views.add(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self.views.change(request, object_id)

    def view(self, name):
        return lambda request, pk: getattr(self.views, name)(request, pk)

    @cached_property
    def views(self):
        # Reading Word and spreadsheets, and loading, would be a third of every worker's start.
        from governance.admin.loading.views import LoadViews

        return LoadViews(self)

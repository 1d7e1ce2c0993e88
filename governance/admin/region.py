from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.models import Achievement, Region

from .finding import named_places
from .naming_entries import NamedByEntries


@admin.register(Region)
class RegionAdmin(NamedByEntries):
    list_display = ["name", "code", "level", "parent_name", "zone", "validity", "successor_name"]
    list_filter = ["level", "zone", "zone3", ("valid_to", admin.EmptyFieldListFilter)]
    search_fields = ["name", "code__startswith", "spelling", "name_en", "parent__name"]
    autocomplete_fields = ["parent", "successor"]
    readonly_fields = ["path"]
    fieldsets = [
        (None, {"fields": ["code", "path", "name", "name_en", "pinyin"]}),
        (_("位置"), {"fields": ["level", "parent", "zone", "zone3"]}),
        (_("沿革"), {"fields": ["valid_from", "valid_to", "successor", "remark", "remark_en"]}),
    ]

    def search(self, request, queryset, words):
        """Also what the words as a whole may mean: 广东省深圳市坪山新区, 深圳坪山."""
        found, _many = super().search(request, queryset, words)
        if not words:
            return found, False
        places = [place.pk for place in named_places(words)]
        return queryset.filter(Q(pk__in=found.order_by().values("pk")) | Q(pk__in=places)), False

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("parent__parent__parent", "successor__parent__parent__parent")
        )

    @admin.display(description=_("上级"), ordering="parent__path")
    def parent_name(self, region):
        return region.parent and region.parent.full_name

    @admin.display(description=_("年份"), ordering="valid_from")
    def validity(self, region):
        return region.years

    @admin.display(description=_("后继"))
    def successor_name(self, region):
        return region.successor

    def entries_of(self, region):
        return Achievement.objects.filter(region__path__startswith=region.path)

    def query(self, region):
        return {"q": region.code}

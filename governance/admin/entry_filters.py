"""What the list of entries can be narrowed by, beside their own fields."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from governance.models import AwardYear, Coding
from governance.models.gap import GAPS, lacking

from .coding import ReviewFilter
from .shared import RelatedFilter


class AwardYearFilter(RelatedFilter):
    """Tells years of several awards apart by what the codes of their entries begin with."""

    def field_choices(self, field, request, model_admin):
        prefixes = dict(AwardYear.objects.values_list("pk", "award__prefix"))
        choices = super().field_choices(field, request, model_admin)
        return [(key, f"{label} {prefixes.get(key, '')}".strip()) for key, label in choices]


class GapFilter(admin.SimpleListFilter):
    """Entries by what they lack."""

    title = _("还缺")
    parameter_name = "lacks"

    def lookups(self, request, model_admin):
        kinds = [("anything", _("有所缺")), ("nothing", _("不缺")), ("forbidden", _("不能发布"))]
        return [*kinds, *((name, gap.label) for name, gap in GAPS.items())]

    def queryset(self, request, queryset):
        asked, gaps = self.value(), list(GAPS.values())
        if asked == "nothing":
            return queryset.exclude(lacking(gaps))
        if asked == "forbidden":
            gaps = [gap for gap in gaps if gap.forbids]
        elif asked in GAPS:
            gaps = [GAPS[asked]]
        return queryset.filter(lacking(gaps)) if asked else queryset


class EntryReviewFilter(ReviewFilter):
    """Entries of which any coding waits for a review, or none."""

    def queryset(self, request, queryset):
        codings = super().queryset(request, Coding.objects.all())
        if self.value() == "pending":
            return queryset.filter(pk__in=codings.values("achievement"))
        if self.value() == "reviewed":
            waiting = Coding.objects.filter(reviewed_on=None)
            return queryset.filter(pk__in=codings.values("achievement")).exclude(
                pk__in=waiting.values("achievement")
            )
        return queryset

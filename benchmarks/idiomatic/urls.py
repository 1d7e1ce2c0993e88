from django.db.models import Count, Q
from django.urls import path
from django_filters import (
    CharFilter,
    FilterSet,
    ModelMultipleChoiceFilter,
    MultipleChoiceFilter,
    OrderingFilter,
)
from django_filters.views import FilterView

from governance.models import (
    Achievement,
    AwardYear,
    Level,
    Mechanism,
    MechanismField,
    OrganizationKind,
    Setting,
    Tier,
    Zone,
    Zone3,
)

MEANS = Q(codings__aspect="means")
PROVINCE = "region__parent__parent"
# {parameter: the column that is counted}
FACETS = {
    "year": "award_year__year",
    "tier": "tier",
    "region": f"{PROVINCE}__name",
    "field": "codings__mechanism__field",
    "mechanism": "codings__mechanism__name",
    "organization_kind": "organizations__kind",
    "organization_level": "organizations__level",
    "setting": "setting",
    "zone": f"{PROVINCE}__zone",
    "zone3": f"{PROVINCE}__zone3",
}


def choice(column, choices):
    return MultipleChoiceFilter(field_name=column, choices=choices, distinct="s__" in column)


class AchievementFilter(FilterSet):
    q = CharFilter(method="search")
    year = ModelMultipleChoiceFilter(
        field_name="award_year__year",
        to_field_name="year",
        queryset=AwardYear.objects.all(),
        distinct=False,
    )
    tier = choice("tier", Tier.choices)
    region = CharFilter(method="below")
    field = MultipleChoiceFilter(
        field_name="codings__mechanism__field", choices=MechanismField.choices, method="by_means"
    )
    mechanism = ModelMultipleChoiceFilter(
        field_name="codings__mechanism",
        to_field_name="slug",
        queryset=Mechanism.objects.all(),
        method="by_means",
    )
    organization_kind = choice("organizations__kind", OrganizationKind.choices)
    organization_level = choice("organizations__level", Level.choices)
    setting = choice("setting", Setting.choices)
    zone = choice(f"{PROVINCE}__zone", Zone.choices)
    zone3 = choice(f"{PROVINCE}__zone3", Zone3.choices)
    sort = OrderingFilter(fields=[("award_year__year", "year")])

    class Meta:
        model = Achievement
        fields = []

    def search(self, queryset, _name, value):
        columns = ("title", "summary", "title_en", "summary_en")
        return queryset.filter(
            Q(*((f"{column}__icontains", value) for column in columns), _connector=Q.OR)
        )

    def below(self, queryset, _name, value):
        return queryset.filter(region__path__startswith=value[:2])

    def by_means(self, queryset, column, values):
        if not values:
            return queryset
        return queryset.filter(MEANS, **{f"{column}__in": values}).distinct()


class AchievementList(FilterView):
    filterset_class = AchievementFilter
    template_name = "list.html"
    paginate_by = 20
    queryset = (
        Achievement.objects.published()
        .select_related("award_year", f"region__{PROVINCE.removeprefix('region__')}")
        .prefetch_related("codings__mechanism")
    )

    def get_context_data(self, **kwargs):
        facets = {name: self.counts(name, column) for name, column in FACETS.items()}
        return super().get_context_data(facets=facets, **kwargs)

    def counts(self, name, column):
        """(value, entries) of a facet, on what all other facets choose."""
        others = self.request.GET.copy()
        others.pop(name, None)
        entries = AchievementFilter(others, Achievement.objects.published()).qs.order_by()
        if "codings" in column:
            entries = entries.filter(MEANS)
        return entries.values_list(column).annotate(entries=Count("pk", distinct=True))


urlpatterns = [path("achievements/", AchievementList.as_view())]

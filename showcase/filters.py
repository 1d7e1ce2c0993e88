"""A query string becomes a selection of achievements, or a list of what is wrong with it."""

from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    ChoiceFilter,
    FilterSet,
    ModelMultipleChoiceFilter,
    MultipleChoiceFilter,
)

from governance.index.text import fold, terms
from governance.models import (
    Achievement,
    AwardYear,
    Level,
    Mechanism,
    MechanismField,
    Organization,
    OrganizationKind,
    Region,
    Setting,
    Tier,
    Zone,
    Zone3,
)

from . import links, problems
from .text import localized

SORTS = {
    "relevance": _("相关度"),
    "-year": _("年度新→旧"),
    "year": _("年度旧→新"),
    "region": _("地区"),
    "title": _("标题"),
}


# A list has pages without end as far as the query goes; one past the last is a 404.
PAGING = {"page": 999_999_999}


def published_years():
    """The years that the public may choose, newest first."""
    return [(str(award.year), str(award)) for award in AwardYear.objects.published()]


def choice_facet(label, choices, **options):
    # distinct=True, the default, would cost a sort on every list and is never needed here.
    return MultipleChoiceFilter(label=label, choices=choices, distinct=False, **options)


def row_facet(label, queryset, key, **options):
    return ModelMultipleChoiceFilter(
        label=label, queryset=queryset, to_field_name=key, distinct=False, **options
    )


class AchievementFilter(FilterSet):
    """The parameters that every list of achievements takes, whatever its face.

    `data` is the query string as a QueryDict; `paging` gives the parameters that the face itself
    reads, positive integers, with the most that each may be. Call `raise_problems()` before `.qs`: an invalid FilterSet returns
    everything.
    """

    q = CharFilter(label=_("检索词"), method="matching", max_length=200)
    region = row_facet(
        _("地区"), Region.objects.order_by("valid_from"), "code", method="in_regions"
    )
    mechanism = row_facet(_("机制"), Mechanism.objects.all(), "slug", method="with_mechanisms")
    field = choice_facet(_("领域"), MechanismField.choices, method="with_fields")
    year = choice_facet(_("年度"), published_years, field_name="award_year__year")
    tier = choice_facet(_("评选结果"), Tier.choices)
    setting = choice_facet(_("城乡"), Setting.choices)
    zone = choice_facet(_("四大地区"), Zone.choices, method="in_zones")
    zone3 = choice_facet(_("东中西部"), Zone3.choices, method="in_zones")
    organization_kind = choice_facet(_("机构类型"), OrganizationKind.choices, method="by_kind")
    organization_level = choice_facet(_("机构级别"), Level.choices, method="by_level")
    organization = row_facet(_("机构"), Organization.objects.published(), "slug", method="by_name")
    sort = ChoiceFilter(label=_("排序"), choices=list(SORTS.items()), method="ordered")

    def __init__(self, data, paging=PAGING):
        self.paging = paging
        super().__init__(
            links.present(data), queryset=Achievement.objects.published().as_announced()
        )

    def raise_problems(self):
        """Raise `problems.BadQuery` with everything that is wrong, if anything is."""
        found = problems.of(self)
        if found:
            raise problems.BadQuery(found)

    def filter_queryset(self, queryset):
        return self.selection()

    def selection(self, without=None):
        """The entries that the query chooses, or would choose without the parameter `without`."""
        queryset = self.queryset.all()
        for name, value in self.form.cleaned_data.items():
            # An empty ModelMultipleChoice is a queryset of none: django-filter would apply it.
            if value and name != without:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def sorting(self):
        """The order that the list has, chosen or not."""
        data = self.form.cleaned_data
        return data["sort"] or ("relevance" if data["q"] else "-year")

    def labels(self, name):
        """{value: label} of the values chosen for the facet `name`."""
        field, chosen = self.form.fields[name], self.form.cleaned_data[name]
        if hasattr(field, "queryset"):
            # A code that several regions carried in turn is named after the latest.
            return {getattr(row, field.to_field_name): localized(row, "name") for row in chosen}
        return {value: str(label) for value, label in field.choices if value in chosen}

    def matching(self, queryset, _name, query):
        asked = terms(query)
        for term in asked:
            queryset = queryset.saying(term, fold(term))
        return queryset.by_relevance(asked)

    def in_regions(self, queryset, _name, regions):
        return queryset.in_regions([region.path for region in regions])

    def in_zones(self, queryset, scheme, zones):
        return queryset.in_zones(scheme, zones)

    def with_mechanisms(self, queryset, _name, mechanisms):
        return queryset.with_means(slug__in=[mechanism.slug for mechanism in mechanisms])

    def with_fields(self, queryset, _name, fields):
        return queryset.with_means(field__in=fields)

    def by_kind(self, queryset, _name, kinds):
        return queryset.by_organizations(kind__in=kinds)

    def by_level(self, queryset, _name, levels):
        return queryset.by_organizations(level__in=levels)

    def by_name(self, queryset, _name, organizations):
        return queryset.by_organizations(slug__in=[row.slug for row in organizations])

    def ordered(self, queryset, _name, sort):
        return queryset if sort == "relevance" else queryset.sorted_by(sort)

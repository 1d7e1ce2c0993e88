"""A query string becomes a selection of achievements, or a list of what is wrong with it."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    ChoiceFilter,
    FilterSet,
    ModelMultipleChoiceFilter,
    MultipleChoiceFilter,
)

from governance import index
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
from governance.models.region import path_of
from showcase import links
from showcase.text import localized

from . import problems

SORTS = {
    "relevance": _("相关度"),
    "-year": _("年度新→旧"),
    "year": _("年度旧→新"),
    "region": _("地区"),
    "title": _("标题"),
}

VIEWS = {"list": _("列表"), "table": _("表格"), "map": _("地图")}

# What a face reads beside the filter: positive integers with the most that each may be if there is
# one, or one of some words. A page past the last is a 404.
PAGING = {"page": None}
# Of the list, and of an entry that was reached from it.
LIST = PAGING | {"view": VIEWS}


def published_years():
    """The years that the public may choose, newest first."""
    years = sorted(index.current().group("year"), reverse=True)
    return [(year, str(AwardYear(year=int(year)))) for year in years]


def choices(label, choices, missing=None):
    """`missing` is the label of the entries that have none of the values."""
    none = [(index.MISSING, missing)] if missing else []
    return MultipleChoiceFilter(
        label=label, choices=choices if callable(choices) else [*choices, *none]
    )


def rows(label, queryset, key):
    return ModelMultipleChoiceFilter(label=label, queryset=queryset, to_field_name=key)


# Facets of which an entry may have several values, so that having two at once says something.
SEVERAL = ("mechanism", "field", "organization_kind", "organization_level", "region")


def further_values():
    """What `also` takes: a facet and one of its values, joined by a point."""
    values = {
        "mechanism": Mechanism.objects.values_list("slug", _name()),
        "field": MechanismField.choices,
        "organization_kind": OrganizationKind.choices,
        "organization_level": Level.choices,
        "region": Region.objects.provinces().values_list("code", _name()),
    }
    found = [
        (f"{facet}.{value}", _("兼有%(label)s") % {"label": label})
        for facet in SEVERAL
        for value, label in values[facet]
    ]
    return [*found, (f"field.{index.MISSING}", _("无机制标注"))]


def _name():
    return "name_en" if get_language() == "en" else "name"


class AchievementFilter(FilterSet):
    """The parameters that every list of achievements takes, whatever its face.

    `data` is the query string as a QueryDict; `paging` gives the parameters that the face itself
    reads, as `PAGING` and `LIST` do. The form validates
    and explains; what was asked goes on to `governance.index` as an `asked.Asked`.
    """

    q = CharFilter(label=_("检索词"), max_length=200)
    region = rows(_("地区"), Region.objects.order_by("valid_from"), "code")
    mechanism = rows(_("机制"), Mechanism.objects.all(), "slug")
    field = choices(_("领域"), MechanismField.choices, missing=_("无机制标注"))
    year = choices(_("年度"), published_years)
    tier = choices(_("评选结果"), Tier.choices)
    setting = choices(_("城乡"), Setting.choices)
    zone = choices(_("四大地区"), Zone.choices, missing=_("未划入四大地区"))
    zone3 = choices(_("东中西部"), Zone3.choices, missing=_("未划入东中西部"))
    region_level = choices(_("地区级别"), Level.choices)
    organization_kind = choices(_("机构类型"), OrganizationKind.choices, missing=_("未载机构"))
    organization_level = choices(_("机构级别"), Level.choices, missing=_("未载机构"))
    organization = rows(_("机构"), Organization.objects.published(), "slug")
    also = choices(_("兼有"), further_values)
    sort = ChoiceFilter(label=_("排序"), choices=list(SORTS.items()))

    def __init__(self, data, paging=PAGING):
        self.paging = paging
        # The queryset goes unused: entries are found by the index.
        super().__init__(links.present(data), queryset=Achievement.objects.none())

    def get_form_class(self):
        # django-filter makes a class anew for every form; ours never differs.
        cls = type(self)
        if "form_class" not in vars(cls):
            cls.form_class = super().get_form_class()
        return cls.form_class

    def raise_problems(self):
        """Raise `problems.BadQuery` with everything that is wrong, if anything is."""
        found = problems.of(self)
        if found:
            raise problems.BadQuery(found)

    def keys(self, name):
        """The chosen values of a facet as the index knows them: regions by path, rows by their key."""
        field, chosen = self.form.fields[name], self.form.cleaned_data[name]
        if name == "also":
            return [_pair(value) for value in chosen]
        if name == "region":
            return list(dict.fromkeys(region.path for region in chosen))
        key = getattr(field, "to_field_name", None)
        return [getattr(row, key) for row in chosen] if key else chosen

    def labels(self, name):
        """{value: label} of the values chosen for the facet `name`."""
        field, chosen = self.form.fields[name], self.form.cleaned_data[name]
        if not chosen:
            return {}
        if hasattr(field, "queryset"):
            # A code that several regions carried in turn is named after the latest.
            return {getattr(row, field.to_field_name): localized(row, "name") for row in chosen}
        return {value: str(label) for value, label in field.choices if value in chosen}


def _pair(value):
    """(facet, value) of one of `further_values`, as the index knows it."""
    facet, _point, key = value.partition(".")
    return facet, path_of(key) if facet == "region" else key

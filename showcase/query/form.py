"""The parameters of a query as fields of django-filter: how each is called and what it takes.

Those of facets are made of `governance.facets`, so that what is read, drawn and explained is one thing.
"""

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    ChoiceFilter,
    DateFilter,
    Filter,
    ModelMultipleChoiceFilter,
    MultipleChoiceFilter,
    NumberFilter,
)

from governance import facets, index
from governance.facet_table import MISSING, Facet
from governance.models.region import path_of


class Listed(ChoiceFilter):
    """A parameter that takes several of its choices, in an order, with commas between them."""


class OfEntries(Filter):
    """A parameter that takes the codes of entries."""


# {name: field} of parameters.
Fields = dict[str, Filter]

SORTS = {
    "relevance": _("相关度"),
    "-year": _("年度新→旧"),
    "year": _("年度旧→新"),
    "region": _("地区"),
    "title": _("标题"),
}

VIEWS = {
    "list": pgettext_lazy("view", "依据"),
    "summary": pgettext_lazy("view", "简介"),
    "table": pgettext_lazy("view", "表格"),
    "map": pgettext_lazy("view", "地图"),
}

# No page or size is larger; int() refuses to read thousands of digits.
MOST_NUMBER = 999_999_999
# The most characters to search for, and the most terms: each is looked up by itself.
LONGEST, MOST_TERMS = 200, 16

# The own parameters of a page or of the API, beside the words and the facets. Those of any list:
PAGING: Fields = {
    "sort": ChoiceFilter(label=_("排序"), choices=list(SORTS.items())),
    "page": NumberFilter(label="page", min_value=1),
}
# What narrows a list for programs, beside its filters: on the API and in files, not on pages.
NARROWING: Fields = {
    "code": OfEntries(label=_("编号")),
    "modified_since": DateFilter(label=_("此日起有改动")),
}
# Of the list as a page, and of an entry that was reached from it.
LIST: Fields = PAGING | {"view": ChoiceFilter(label=_("显示方式"), choices=list(VIEWS.items()))}


def common() -> list[str]:
    """The names of the parameters that every list of entries takes: the words, the facets, `also`."""
    return ["q", *(facet.name for facet in facets.TABLE.parameters()), "also"]


def fields(own: Fields) -> Fields:
    """All parameters of a page, or of the API, of which `own` are its own."""
    asked = {facet.name: _field(facet) for facet in facets.TABLE.parameters()}
    words = CharFilter(label=_("检索词"), max_length=LONGEST)
    also = MultipleChoiceFilter(label=_("兼有"), choices=lambda: list(further_values().items()))
    return {"q": words, **asked, "also": also, **own}


def _field(facet: Facet) -> Filter:
    if facet.rows is not None:
        return ModelMultipleChoiceFilter(
            label=str(facet.label),
            # Made when it is asked, which hardly ever happens.
            queryset=lambda _: facet.rows(),  # type: ignore[arg-type]  # its types leave that out
            to_field_name=facet.key,
        )
    return MultipleChoiceFilter(label=str(facet.label), choices=lambda: offered(facet))


def offered(facet: Facet) -> list[tuple[str, str]]:
    """(value, label) of a facet that is no model's, as lists offer them: the newest year first."""
    present = () if facet.closed else index.current().group(facet.name)
    labels = [(value, str(label)) for value, label in facet.labels(present)]
    return labels[::-1] if facet.newest_first else labels


def further_values() -> dict[str, str]:
    """{value: label} of what `also` takes: a facet and one of its values, joined by a point."""
    return {
        f"{facet.name}.{value}": _("兼有%(label)s") % {"label": label}
        if value != MISSING
        else _("%(facet)s：%(label)s") % {"facet": facet.label, "label": label}
        for facet in facets.TABLE.several()
        for value, label in _further(facet)
    }


def _further(facet: Facet) -> list[tuple[str, str]]:
    if facet.rows is None:
        return offered(facet)
    rows = facet.rows()
    if facet.tree:
        # Of a tree the first level: thousands would help nobody.
        rows = rows.filter(parent=None)
    name = "name_en" if get_language() == "en" else "name"
    return list(rows.values_list(facet.key, name))


def as_indexed(name: str, value: str) -> str | tuple[str, str]:
    """A parameter's value as the index knows it: of a region the path, of `also` (facet, value)."""
    if name == "also":
        facet, _point, value = value.partition(".")
        return facet, str(as_indexed(facet, value))
    return path_of(value) if facets.TABLE[name].tree else value

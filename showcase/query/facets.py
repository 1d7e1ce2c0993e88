"""A selection's facets: every value with its label, its exact count and the address that toggles it."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from governance import facets
from governance.facet_table import REGION_LEVELS, Facet
from governance.index import Index, Selection
from governance.models import Aspect, Mechanism, Organization
from showcase import links
from showcase.text import localized

from .query import Query
from .vocabulary import vocabulary

BY_COUNT = attrgetter("entries")

# The facet of the mechanisms that an entry has in each aspect.
ASPECTS = {
    Aspect.MEANS: "mechanism",
    Aspect.GOAL: "mechanism_goal",
    Aspect.EFFECT: "mechanism_effect",
}


class FacetValue(NamedTuple):
    """One value of a facet: how many entries it alone finds beside the other facets, and `alone`, the
    address under which it does.
    """

    label: str
    entries: int
    alone: str
    chosen: bool = False
    # The address under which it is chosen as well, or no longer; "" where that is `alone`.
    toggle: str = ""
    # How deep it stands below the first level of a tree.
    depth: int = 0
    # Whether it is chosen, or stands beside one that is: then it is never folded away.
    near: bool = False


@dataclass
class ListedFacet:
    """The values that are shown at once, and those that unfold."""

    name: str
    label: str
    shown: list[FacetValue]
    folded: list[FacetValue]


# A facet of more values than MANY shows the first FIRST of them.
MANY, FIRST = 12, 8
# Organizations are offered among so many entries at most, within a prefecture or a county: in a
# whole province most of them have one entry.
FEW_ENTRIES = 200


def list_heading(asked: Query, chosen: list[tuple[str, str]]) -> str:
    """What a list is of, and how many there are: 浙江省 · 协商议事 · 3 项. `chosen` are its `chips`."""
    words = [label for label, _remove in chosen] or [asked.words.everything]
    return " · ".join([*words, asked.words.counted(len(asked.selection))])


def listed_facets(asked: Query) -> list[ListedFacet]:
    """Those that have values, each counted on what the other facets choose."""
    found = []
    for facet in facets.TABLE.listed():
        name = facet.name
        if not offered_now(facet, asked.index):
            continue
        addresses = links.FacetLinks(asked.parameters, name)
        values = MAKERS.get(name, _values)(asked, addresses, name)
        if values:
            shown = _shown_first(values, name, bool(addresses.chosen))
            found.append(ListedFacet(name, asked.words.names[name], values[:shown], values[shown:]))
    return found


def offered_now(facet: Facet, now: Index) -> bool:
    """Whether lists and tables offer it: of some only if entries have several values."""
    return facet.of_one or len(now.group(facet.name)) > 1


def _shown_first(values: list[FacetValue], name: str, chosen: bool) -> int:
    """How many are shown at once; if that is not all, those are put first."""
    if len(values) <= MANY:
        return len(values)
    if not chosen:
        values.sort(key=BY_COUNT, reverse=True)
        return FIRST
    values.sort(key=lambda value: not value.near)
    near = sum(value.near for value in values)
    return max(near, 1 if name == "region" else FIRST)


def chips(asked: Query) -> list[tuple[str, str]]:
    """What an `Query` chooses, as (words, address that takes it away)."""
    query = asked.parameters
    said = asked.said
    found = [(said, links.changed(query, q=[]))] if said else []
    for name, chosen in asked.labels.items():
        if not chosen:
            continue
        facet = links.FacetLinks(query, name)
        found += [(label, facet.toggle(value)) for value, label in chosen.items()]
    return found


def ways(asked: Query) -> dict[str, Any]:
    """The orders and the views of a list as {value: (label, address)}, and which view it has."""
    sorts, views = (links.FacetLinks(asked.parameters, name) for name in ("sort", "view"))
    return {
        "view": asked.parameters.get("view", "list"),
        "views": {
            value: (label, views.alone + value if value != "list" else views.rest)
            for value, label in asked.words.views.items()
        },
        "sorts": {
            value: (label, sorts.alone + value)
            for value, label in asked.words.sorts.items()
            if value != "relevance" or asked.criteria["query"]
        },
    }


def mechanism_counts(selection: Selection) -> list[tuple[Mechanism, int]]:
    """(mechanism, entries in which it is a means) for every mechanism, the most frequent first."""
    counts = selection.counts("mechanism")
    counted = [(mechanism, counts.get(mechanism.slug, 0)) for mechanism in Mechanism.objects.all()]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0].pinyin))


def region_counts(selection: Selection, above: str = "") -> dict[str, int]:
    """{path: entries in its subtree} of the provinces, or of what lies directly below a path."""
    below = vocabulary(selection.index).regions.below(above)
    counts: dict[str, int] = {}
    for length in {len(path) for path in below}:
        counts |= selection.counts(f"region{length}", above)
    return {path: counts[path] for path in below if path in counts}


def _values(asked: Query, addresses: links.FacetLinks, name: str) -> list[FacetValue]:
    """Those that have entries or are chosen; mechanisms by their counts."""
    counts, alone = asked.selection.counts(name), addresses.alone
    labels = asked.tiers if name == "tier" else asked.words[name]
    if addresses.chosen:
        found = [
            _value(addresses, value, label, counts.get(value, 0))
            # What is chosen may be a year that no entry has.
            for value, label in (labels | asked.labels[name]).items()
            if value in counts or value in addresses.chosen
        ]
    else:
        found = [
            FacetValue(label, counts[value], alone + links.quoted(value))
            for value, label in labels.items()
            if value in counts
        ]
    return sorted(found, key=BY_COUNT, reverse=True) if name == "mechanism" else found


def _value(addresses: links.FacetLinks, value: str, label: str, count: int) -> FacetValue:
    chosen, alone = value in addresses.chosen, addresses.alone + links.quoted(value)
    return FacetValue(label, count, alone, chosen, _toggle(addresses, value), near=chosen)


def _toggle(addresses: links.FacetLinks, value: str, replaces: Sequence[str] = ()) -> str:
    address = addresses.toggle(value, replaces) if addresses.chosen else ""
    return address if address != addresses.alone + links.quoted(value) else ""


def _regions(asked: Query, addresses: links.FacetLinks, name: str) -> list[FacetValue]:
    """Provinces, and below each chosen region its children; choosing a child narrows its parent."""
    places, chosen = asked.words.regions.places, asked.criteria["region"]
    counts = region_counts(asked.selection)
    for above in {path[:length] for path in chosen for length in (*REGION_LEVELS, len(path))}:
        counts = {above: 0} | counts | region_counts(asked.selection, above)
    found = []
    for path in sorted(counts) if chosen else counts:
        if path in places and (counts[path] or path in chosen):
            code, label, depth = places[path]
            # 苏州市 narrows 江苏省 rather than joining it.
            line = [one for one in chosen if path.startswith(one) or one.startswith(path)]
            toggle = _toggle(addresses, code, [places[one][0] for one in line])
            near = bool(depth or any(one.startswith(path) for one in line))
            alone = addresses.alone + code
            found.append(
                FacetValue(label, counts[path], alone, path in chosen, toggle, depth, near)
            )
    return found


def _organizations(asked: Query, addresses: links.FacetLinks, name: str) -> list[FacetValue]:
    """Organizations below a province or beside one chosen, once few entries are left to choose from."""
    below = any(len(path) > REGION_LEVELS[0] for path in asked.criteria["region"])
    rest = asked.selection.without(name)
    if len(rest) > FEW_ENTRIES or not (addresses.chosen or below):
        return []
    rows = Organization.objects.of_entries(rest)
    return [
        _value(addresses, row.slug, localized(row, "short_name"), row.found)  # type: ignore[attr-defined]  # annotated
        for row in rows
    ]


MAKERS = {"region": _regions, "organization": _organizations}

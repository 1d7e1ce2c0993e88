"""A selection's facets: every value with its label, its exact count and the address that toggles it."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from governance import facets
from governance.facet_table import REGION_LEVELS, Facet
from governance.index import Index, Selection
from governance.models import Aspect, Mechanism, MechanismField, Organization
from governance.words import all_of, any_of
from showcase import links
from showcase.text import localized

from .boxes import Boxes, FacetGroup, FacetValue, Joining
from .query import Query
from .vocabulary import vocabulary

BY_COUNT = attrgetter("entries")

# The facet of the mechanisms that an entry has in each aspect.
ASPECTS = {
    Aspect.MEANS: "mechanism",
    Aspect.GOAL: "mechanism_goal",
    Aspect.EFFECT: "mechanism_effect",
}


@dataclass
class ListedFacet:
    """`chosen` are the labels of what is chosen; `joining` is given where there are two ways to choose."""

    name: str
    label: str
    groups: list[FacetGroup]
    chosen: list[str]
    joining: Joining | None = None
    # Whether all of it is folded at first.
    folded: bool = True


# One condition of a list: alternatives, each with its words and the address that takes it away.
Chips = list[tuple[str, str]]

# Facets that stand first in a list, in this order, and those that are not folded.
FIRST_FACETS, UNFOLDED = ("mechanism", "region", "tier"), ("mechanism", "tier")
# Dimensions of the tables that a list offers.
FIRST_TABLES = ("mechanism", "tier", "province")
# Of the mechanisms of a field, as many are shown at once; one more is no reason to fold.
OF_A_FIELD = 4
# A facet of more values than MANY shows the first FIRST of them.
MANY, FIRST = 12, 8
# Organizations are offered among so many entries at most, within a prefecture or a county: in a
# whole province most of them have one entry.
FEW_ENTRIES = 200


def list_heading(asked: Query, conditions: list[Chips]) -> str:
    """What a list is of: 浙江省或江苏省，且协商议事. `conditions` are its `chips`."""
    return all_of(phrases_of(conditions)) or asked.words.everything


def phrases_of(conditions: list[Chips]) -> list[str]:
    """Each condition as one phrase: 浙江省或江苏省."""
    return [any_of([label for label, _remove in chips]) for chips in conditions]


def listed_facets(asked: Query) -> list[ListedFacet]:
    """Those that have values, each counted on what the other facets choose; fields head their mechanisms."""
    found, besides = [], asked.links_of("also")
    for facet in facets.TABLE.listed():
        name = facet.name
        if name == "field" or not offered_now(facet, asked.index):
            continue
        boxes = Boxes(asked, facet, besides)
        groups = MAKERS.get(name, _values)(asked, boxes)
        if any(group.shown for group in groups):
            label, chosen = asked.words.names[name], list(boxes.labels.values())
            folded = name not in UNFOLDED
            found.append(ListedFacet(name, label, groups, chosen, boxes.joining, folded))
    order = {name: place for place, name in enumerate(FIRST_FACETS)}
    return sorted(found, key=lambda facet: order.get(facet.name, len(order)))


def offered_now(facet: Facet, now: Index) -> bool:
    """Whether lists and tables offer it: of some only if entries have several values."""
    return facet.of_one or len(now.group(facet.name)) > 1


def _folding(values: list[FacetValue], name: str, chosen: bool) -> FacetGroup:
    """Of many values those that are chosen, and the most frequent, are shown at once."""
    if len(values) <= MANY:
        return FacetGroup(values, [])
    if not chosen:
        values.sort(key=BY_COUNT, reverse=True)
        return FacetGroup(values[:FIRST], values[FIRST:])
    values.sort(key=lambda value: not value.near)
    near = sum(value.near for value in values)
    shown = max(near, 1 if name == "region" else FIRST)
    return FacetGroup(values[:shown], values[shown:])


def chips(asked: Query) -> list[Chips]:
    """What a `Query` asks for, condition by condition."""
    query, words = asked.parameters, asked.words
    said = asked.said
    found = [[(said, links.changed(query, q=[]))]] if said else []
    for name, chosen in asked.labels.items():
        facet = asked.links_of(name)
        if name == "also":
            for one in chosen:
                of, _point, value = one.partition(".")
                label = words.known(of, [value])[value]
                found.append([(label, facet.toggle(one))])
        elif chosen:
            found.append([(label, facet.toggle(value)) for value, label in chosen.items()])
    return found


def ways(asked: Query) -> dict[str, Any]:
    """The orders and the views of a list as {value: (label, address)}, and which view it has."""
    sorts, views = map(asked.links_of, ("sort", "view"))
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


def offered_tables(asked: Query) -> list[tuple[str, str]]:
    """(dimension, label) of the first tables to be made of a list; what is chosen would be one line."""
    dimensions = facets.TABLE.dimensions()
    return [
        (name, asked.words.names[name])
        for name in FIRST_TABLES
        if dimensions[name].parameter not in asked.labels
    ]


class FieldPart(NamedTuple):
    """A field, the entries that use it, and its mechanisms with the entries that use each, most first."""

    value: str
    label: str
    entries: int
    mechanisms: list[tuple[Mechanism, int]]


def mechanisms_by_field(selection: Selection) -> list[FieldPart]:
    """A FieldPart for each field, with every mechanism; used is what is a means."""
    counts, fields = selection.counts("mechanism"), selection.counts("field")
    counted = [(mechanism, counts.get(mechanism.slug, 0)) for mechanism in Mechanism.objects.all()]
    counted.sort(key=lambda pair: (-pair[1], pair[0].pinyin))
    return [
        FieldPart(
            field.value,
            str(field.label),
            fields.get(field, 0),
            [(mechanism, count) for mechanism, count in counted if mechanism.field == field],
        )
        for field in MechanismField
    ]


def region_counts(selection: Selection, above: str = "") -> dict[str, int]:
    """{path: entries in its subtree} of the provinces, or of what lies directly below a path."""
    below = vocabulary(selection.index).regions.below(above)
    counts: dict[str, int] = {}
    for length in {len(path) for path in below}:
        counts |= selection.counts(f"region{length}", above)
    return {path: counts[path] for path in below if path in counts}


def _values(asked: Query, boxes: Boxes) -> list[FacetGroup]:
    """Those that have entries or are chosen."""
    counts, name = asked.selection.counts(boxes.name), boxes.name
    labels = asked.tiers if name == "tier" else asked.words[name]
    values = [
        boxes.value(value, label, counts.get(value, 0))
        # What is chosen may be a year that no entry has.
        for value, label in (labels | boxes.labels).items()
        if value in counts or value in boxes.chosen
    ]
    return [_folding(values, name, bool(boxes.chosen))]


def _mechanisms(asked: Query, boxes: Boxes) -> list[FacetGroup]:
    """Mechanisms by their counts, each field at the head of its own."""
    counts, labels = asked.selection.counts("mechanism"), asked.words["mechanism"]
    fields, groups = boxes.of(asked, facets.TABLE["field"]), []
    in_fields = asked.selection.counts("field")
    for field, label in asked.words["field"].items():
        slugs = [
            slug
            for slug in asked.words.mechanisms_of(field)
            if slug in counts or slug in boxes.chosen
        ]
        values = [boxes.value(slug, labels[slug], counts.get(slug, 0)) for slug in slugs]
        values.sort(key=lambda value: (not value.near, -value.entries))
        near = sum(value.near for value in values)
        shown = max(near, OF_A_FIELD) if len(values) > OF_A_FIELD + 1 else len(values)
        if values or field in in_fields or field in fields.chosen:
            head = fields.value(field, label, in_fields.get(field, 0))
            groups.append(FacetGroup(values[:shown], values[shown:], head))
    return groups


def _regions(asked: Query, boxes: Boxes) -> list[FacetGroup]:
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
            near = bool(depth or any(one.startswith(path) for one in line))
            replaces = [places[one][0] for one in line]
            found.append(boxes.value(code, label, counts[path], replaces, depth, near))
    return [_folding(found, boxes.name, bool(chosen))]


def _organizations(asked: Query, boxes: Boxes) -> list[FacetGroup]:
    """Organizations below a province or beside one chosen, once few entries are left to choose from."""
    below = any(len(path) > REGION_LEVELS[0] for path in asked.criteria["region"])
    rest = asked.selection.without("organization")
    if len(rest) > FEW_ENTRIES or not (boxes.chosen or below):
        return []
    rows = Organization.objects.of_entries(rest)
    values = [
        boxes.value(row.slug, localized(row, "short_name"), row.found)  # type: ignore[attr-defined]  # annotated
        for row in rows
    ]
    return [_folding(values, boxes.name, bool(boxes.chosen))]


def province_links(asked: Query) -> dict[str, str]:
    """{code of a province: the address under which it is chosen as well, or nothing in it any longer}."""
    boxes, regions = asked.links_of("region"), asked.words.regions
    # {path of a province: the codes that are chosen in it}
    within: dict[str, list[str]] = {}
    for path in asked.criteria["region"]:
        code, _label, _depth = regions.places[path]
        within.setdefault(path[: REGION_LEVELS[0]], []).append(code)
    found = {}
    for path in regions.below(""):
        code, _label, _depth = regions.places[path]
        found[code] = boxes.without(within[path]) if path in within else boxes.toggle(code)
    return found


MAKERS = {"mechanism": _mechanisms, "region": _regions, "organization": _organizations}

"""A selection's facets: every value with its label, its exact count and the address that toggles it."""

from dataclasses import dataclass
from html import escape
from operator import itemgetter
from typing import NamedTuple

from governance import facets as table
from governance.facets import REGION_LEVELS
from governance.index import select
from governance.index.text import fold
from governance.models import Mechanism, Organization
from governance.words import listed
from showcase import links
from showcase.text import localized

from .vocabulary import vocabulary


class Choice(NamedTuple):
    """One value of a facet, and how many entries it alone finds beside the other facets.

    Of a facet in which nothing is chosen its `choices` are plain tuples of the first three: a page
    has a hundred of them.
    """

    value: str
    # Escaped for HTML.
    label: str
    count: int
    chosen: bool
    # How deep it stands below the first level of a tree.
    depth: int = 0
    # What it replaces when it is chosen: 苏州市 narrows 江苏省 rather than joining it.
    replaces: tuple = ()
    # Whether something below it is chosen.
    above: bool = False


BY_COUNT = itemgetter(2)


@dataclass
class Facet:
    name: str
    label: str
    choices: list[Choice]
    links: links.FacetLinks
    # How many of the choices are shown at once; the others unfold.
    shown: int = 0


# A facet of more values than MANY shows the first FIRST of them.
MANY, FIRST = 12, 8
# Organizations are offered among so many entries at most, within a prefecture or a county: in a
# whole province most of them have one entry.
FEW_ENTRIES = 200


def heading(asked, chips):
    """What a list is of, and how many there are: 浙江省 · 协商议事 · 3 项."""
    words = [label for label, _remove in chips] or [asked.words.everything]
    return " · ".join([*words, asked.words.counted(len(asked.selection))])


def facets(asked):
    """The facets of an `Asked`, each counted on what the other facets choose."""
    found = []
    for facet in table.TABLE.listed():
        name = facet.name
        addresses = links.FacetLinks(asked.query, name)
        choices = MAKERS.get(name, _choices)(asked, addresses, name)
        if choices:
            found.append(_folded(Facet(name, asked.words.names[name], choices, addresses)))
    return found


def _folded(facet):
    """The Facet with what is chosen, and what is near it, first, if its values are many."""
    if len(facet.choices) <= MANY:
        facet.shown = len(facet.choices)
    elif facet.links.chosen:
        near = [choice for choice in facet.choices if choice.chosen or choice.depth or choice.above]
        far = [choice for choice in facet.choices if choice not in near]
        facet.choices, facet.shown = [*near, *far], max(len(near), 1)
        if facet.name != "region":
            facet.shown = max(facet.shown, FIRST)
    else:
        facet.choices.sort(key=BY_COUNT, reverse=True)
        facet.shown = FIRST
    return facet


def chips(asked):
    """What an `Asked` chooses, as (words, address that takes it away)."""
    query = asked.query
    said = asked.criteria["query"]
    found = [(f"“{said}”", links.changed(query, q=[]))] if said else []
    for name, chosen in asked.labels.items():
        if not chosen:
            continue
        facet = links.FacetLinks(query, name)
        found += [(label, facet.toggle(value)) for value, label in chosen.items()]
    return found


@dataclass
class WayOut:
    """A condition of an empty list, where dropping it leads, and how many entries are there."""

    label: str
    address: str
    count: int


def ways_out(asked):
    """The WayOut of each condition of an `Asked` without which something is found, most first."""
    query, selection, found = asked.query, asked.selection, []
    conditions = {name: listed(chosen.values()) for name, chosen in asked.labels.items() if chosen}
    if asked.criteria["query"]:
        conditions["query"] = f"“{asked.criteria['query']}”"
    for name, label in conditions.items():
        address = links.changed(query, **{"q" if name == "query" else name: []})
        if count := len(selection.without(name)):
            found.append(WayOut(label, address, count))
    return sorted(found, key=lambda way: -way.count)


def other_spellings(asked, most=3):
    """A WayOut for each name spelt like the words asked for, if it finds anything."""
    said, rest, found = asked.criteria["query"], asked.selection.without("query"), []
    near = asked.index.names.nearest(fold(said)) if said else {}
    postings = asked.index.postings(near)
    keys = [key for key in near if postings[key] & rest][:most]
    labels = {near[key]: _named(key, near[key], asked.words) for key in keys}
    for name in labels:
        count = len(select(index=asked.index, **asked.criteria | {"query": name}))
        found.append(WayOut(labels[name], links.changed(asked.query, q=[name]), count))
    return found


def _named(key, name, words):
    """`name`, which a facet key such as /mechanism/deliberation has, in the reader's language."""
    _root, kind, value = key.split("/")
    if kind == "organization":
        rows = Organization.objects.filter(slug=value)
        return next((localized(row, "short_name") for row in rows), name)
    if kind == "mechanism":
        return words["mechanism"].get(value, name)
    return words.regions.places[value][1] if value in words.regions.places else name


def ways(asked):
    """The orders and the views of a list as {value: (label, address)}, and which view it has."""
    sorts, views = (links.FacetLinks(asked.query, name) for name in ("sort", "view"))
    return {
        "view": asked.query.get("view", "list"),
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


def rescue(asked):
    """What the template offers where nothing was found."""
    if len(asked.selection):
        return {}
    return {"ways_out": ways_out(asked), "spellings": other_spellings(asked)}


def mechanism_counts(selection):
    """(mechanism, entries in which it is a means) for every mechanism, the most frequent first."""
    counts = selection.counts("mechanism")
    counted = [(mechanism, counts.get(mechanism.slug, 0)) for mechanism in Mechanism.objects.all()]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0].pinyin))


def region_counts(selection, above=""):
    """{path: entries in its subtree} of the provinces, or of what lies directly below a path."""
    below = vocabulary(selection.version).regions.below(above)
    counts = {}
    for length in {len(path) for path in below}:
        counts |= selection.counts(f"region{length}", above)
    return {path: counts[path] for path in below if path in counts}


def _choices(asked, addresses, name):
    """A Choice for each value that has entries or is chosen; mechanisms by their counts."""
    counts, chosen = asked.selection.counts(name), addresses.chosen
    labels = asked.words.escaped[name].items()
    if chosen:
        found = [
            Choice(value, label, counts.get(value, 0), value in chosen)
            for value, label in labels
            if value in counts or value in chosen
        ]
    else:
        found = [(value, label, counts[value]) for value, label in labels if value in counts]
    return sorted(found, key=BY_COUNT, reverse=True) if name == "mechanism" else found


def _regions(asked, addresses, name):
    """Provinces, and below each chosen region its children; choosing a child narrows its parent."""
    places, chosen = asked.words.regions.places, asked.criteria["region"]
    counts = region_counts(asked.selection)
    labels = asked.words.escaped[name]
    if not chosen:
        codes = [places[path][0] for path in counts]
        return list(zip(codes, map(labels.get, codes), counts.values(), strict=True))
    for above in {path[:length] for path in chosen for length in (*REGION_LEVELS, len(path))}:
        counts = {above: 0} | counts | region_counts(asked.selection, above)
    found = []
    for path in sorted(counts):
        if path in places and (counts[path] or path in chosen):
            code, _label, depth = places[path]
            near = tuple(
                places[other][0]
                for other in chosen
                if path.startswith(other) or other.startswith(path)
            )
            above = any(other != path and other.startswith(path) for other in chosen)
            chosen_now = path in chosen
            found.append(Choice(code, labels[code], counts[path], chosen_now, depth, near, above))
    return found


def _organizations(asked, addresses, name):
    """Organizations below a province or beside one chosen, once few entries are left to choose from."""
    below = any(len(path) > REGION_LEVELS[0] for path in asked.criteria["region"])
    rest = asked.selection.without(name)
    if len(rest) > FEW_ENTRIES or not (addresses.chosen or below):
        return []
    rows = Organization.objects.of_entries(rest)
    return [
        Choice(
            row.slug,
            escape(localized(row, "short_name")),
            row.found,
            row.slug in addresses.chosen,
        )
        for row in rows
    ]


MAKERS = {"region": _regions, "organization": _organizations}

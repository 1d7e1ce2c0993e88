"""A selection's facets: every value with its label, its exact count and the address that toggles it."""

from dataclasses import dataclass
from typing import NamedTuple

from governance.index.documents import REGION_LEVELS
from governance.models import Mechanism

from . import links
from .vocabulary import FACETS, vocabulary


class Choice(NamedTuple):
    """One value of a facet, and how many entries it alone finds beside the other facets."""

    value: str
    label: str
    count: int
    chosen: bool
    # How deep it stands below the first level of a tree.
    depth: int = 0
    # What it replaces when it is chosen: 苏州市 narrows 江苏省 rather than joining it.
    replaces: tuple = ()


@dataclass
class Facet:
    name: str
    label: str
    choices: list[Choice]
    links: links.FacetLinks


def facets(asked):
    """The facets of an `Asked`, each counted on what the other facets choose."""
    labels, found = vocabulary(asked.selection.version), []
    for name in FACETS:
        addresses = links.FacetLinks(asked.query, name)
        make = _regions if name == "region" else _choices
        choices = make(asked, addresses, name, labels)
        if choices:
            found.append(Facet(name, labels.names[name], choices, addresses))
    return found


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


def _choices(asked, addresses, name, labels):
    """A Choice for each value that has entries or is chosen; mechanisms by their counts."""
    counts, chosen, labels = asked.selection.counts(name), addresses.chosen, labels[name]
    values = [value for value in labels if value in counts or value in chosen]
    if name == "mechanism":
        values.sort(key=lambda value: -counts.get(value, 0))
    return [
        Choice(value, labels[value], counts.get(value, 0), value in chosen, addresses.toggle(value))
        for value in values
    ]


def _regions(asked, addresses, name, labels):
    """Provinces, and below each chosen region its children; choosing a child narrows its parent."""
    places, chosen = labels.regions.places, asked.criteria["region"]
    counts = region_counts(asked.selection)
    for above in {path[:length] for path in chosen for length in (*REGION_LEVELS, len(path))}:
        counts = {above: 0} | counts | region_counts(asked.selection, above)
    found = []
    for path in sorted(counts):
        if path in places and (counts[path] or path in chosen):
            code, label, depth = places[path]
            near = tuple(
                places[other][0]
                for other in chosen
                if path.startswith(other) or other.startswith(path)
            )
            found.append(Choice(code, label, counts[path], path in chosen, depth, near))
    return found

"""A selection's facets: every value with its label, its exact count and the address that toggles it."""

from dataclasses import dataclass

from governance.index.documents import REGION_LEVELS
from governance.models import Mechanism

from . import links
from .vocabulary import FACETS, vocabulary


@dataclass(slots=True)
class Choice:
    """One value of a facet: `only` leads to the list of the `count` entries that it alone finds
    beside the other facets, `toggle` adds it to what the facet chooses or takes it away.
    """

    value: str
    label: str
    count: int
    chosen: bool
    only: str
    toggle: str
    # How deep it stands below the first level of a tree.
    depth: int = 0


@dataclass
class Facet:
    name: str
    label: str
    choices: list[Choice]


def facets(asked):
    """The facets of an `Asked`, each counted on what the other facets choose."""
    labels, found = vocabulary(asked.selection.version), []
    for name in FACETS:
        choices = (
            _regions(asked, labels) if name == "region" else _choices(asked, name, labels[name])
        )
        if choices:
            found.append(Facet(name, labels.names[name], choices))
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


def _choices(asked, name, labels):
    """A Choice for each value that has entries or is chosen; mechanisms by their counts."""
    counts, facet = asked.selection.counts(name), links.FacetLinks(asked.query, name)
    values = [value for value in labels if value in counts or value in facet.chosen]
    if name == "mechanism":
        values.sort(key=lambda value: -counts.get(value, 0))
    return [
        Choice(
            value,
            labels[value],
            counts.get(value, 0),
            value in facet.chosen,
            facet.only(value),
            facet.toggle(value),
        )
        for value in values
    ]


def _regions(asked, labels):
    """Provinces, and below each chosen region its children; choosing a child narrows its parent."""
    places, chosen = labels.regions.places, asked.criteria["region"]
    facet = links.FacetLinks(asked.query, "region")
    counts = region_counts(asked.selection)
    for above in {path[:length] for path in chosen for length in (*REGION_LEVELS, len(path))}:
        counts = {above: 0} | counts | region_counts(asked.selection, above)
    found = []
    for path in sorted(counts):
        if path in places and (counts[path] or path in chosen):
            code, label, depth = places[path]
            near = [places[p][0] for p in chosen if path.startswith(p) or p.startswith(path)]
            toggle = facet.toggle(code, near)
            found.append(
                Choice(code, label, counts[path], path in chosen, facet.only(code), toggle, depth)
            )
    return found

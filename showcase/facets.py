"""A selection's facets: every value with its label, its exact count and the address that toggles it."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import Left

from governance.models import Mechanism, Region

from . import links
from .text import localized


@dataclass
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


def facets(filterset):
    """The facets of a valid `AchievementFilter`, each counted on what the other facets choose."""
    found = []
    for name, choices in FACETS.items():
        entries = filterset.selection(without=name)
        label = str(filterset.filters[name].label)
        found.append(Facet(name, label, choices(name, filterset, entries)))
    return [facet for facet in found if facet.choices]


def chips(filterset):
    """What a valid `AchievementFilter` chooses, as (words, address that takes it away)."""
    query = filterset.data
    found = [(f"“{query['q']}”", links.changed(query, q=[]))] if query.get("q") else []
    for name in filterset.filters:
        if name not in ("q", "sort"):
            chosen = filterset.labels(name).items()
            found += [(label, links.toggled(query, name, value)) for value, label in chosen]
    return found


def _choice(query, name, value, label, count, replacing=(), depth=0):
    return Choice(
        value,
        str(label),
        count,
        chosen=value in query.getlist(name),
        only=links.changed(query, **{name: [value]}),
        toggle=links.toggled(query, name, value, replacing),
        depth=depth,
    )


def _choices(name, filterset, counts, labels):
    """A Choice for each of `labels`, (value, label) pairs, that has entries or is chosen."""
    query = filterset.data
    return [
        _choice(query, name, value, label, counts[value])
        for value, label in labels
        if counts[value] or value in query.getlist(name)
    ]


def _tally(entries, column):
    """Counter of the values of `column`; an entry that reaches a value twice counts once."""
    return Counter(
        dict(entries.order_by().values_list(column).annotate(Count("pk", distinct=True)))
    )


def _by_column(column, **where):
    """A facet whose values stand in one column, shown in the order of the filter's choices."""

    def choices(name, filterset, entries):
        counts = Counter(
            {str(value): n for value, n in _tally(entries.filter(**where), column).items()}
        )
        return _choices(name, filterset, counts, filterset.form.fields[name].choices)

    return choices


def mechanism_counts(entries):
    """(mechanism, entries in which it is a means) for every mechanism, the most frequent first."""
    counts = _tally(entries.filter(codings__aspect="means"), "codings__mechanism")
    counted = [(mechanism, counts[mechanism.pk]) for mechanism in Mechanism.objects.all()]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0].pinyin))


def _by_mechanism(name, filterset, entries):
    counted = mechanism_counts(entries)
    counts = Counter({mechanism.slug: count for mechanism, count in counted})
    labels = [(mechanism.slug, localized(mechanism, "name")) for mechanism, _count in counted]
    return _choices(name, filterset, counts, labels)


def _by_zone(name, filterset, entries):
    """`name` is zone or zone3, the Region field that provinces carry."""
    zones = dict(Region.objects.filter(level="province").values_list("path", name))
    counts = Counter()
    for province, n in _tally(
        entries.annotate(province=Left("region__path", 2)), "province"
    ).items():
        counts[zones[province]] += n
    return _choices(name, filterset, counts, filterset.form.fields[name].choices)


def region_counts(entries):
    """Counter of entries by path: those that the region filter would find for that path's code."""
    by_region = _tally(entries, "region")
    counts = Counter()
    for region in Region.objects.filter(pk__in=by_region).select_related("successor__successor"):
        paths = {later.path for later in region.through_time}
        # A subtree is a prefix; the set counts an entry once under what it was and became.
        for prefix in {path[:length] for path in paths for length in (2, 4, 6, len(path))}:
            counts[prefix] += by_region[region.pk]
    return counts


def _by_region(name, filterset, entries):
    """Provinces, and below each chosen region its children; choosing a child narrows its parent."""
    counts = region_counts(entries)
    chosen = {region.path: region.code for region in filterset.form.cleaned_data[name]}
    regions = Region.objects.filter(path__in=[*counts, *chosen]).order_by("path", "valid_from")
    shown = {}
    for region in regions.select_related("parent__parent"):
        above = region.parent.path if region.parent else ""
        if not above or above in chosen or any(path.startswith(region.path) for path in chosen):
            shown[region.path] = region
    return [
        _choice(
            filterset.data,
            name,
            region.code,
            localized(region, "name"),
            counts[path],
            replacing=[
                code
                for other, code in chosen.items()
                if path.startswith(other) or other.startswith(path)
            ],
            depth=len(region.lineage) - 1,
        )
        for path, region in shown.items()
    ]


FACETS = {
    "year": _by_column("award_year__year"),
    "tier": _by_column("tier"),
    "region": _by_region,
    "field": _by_column("codings__mechanism__field", codings__aspect="means"),
    "mechanism": _by_mechanism,
    "organization_kind": _by_column("organizations__kind"),
    "organization_level": _by_column("organizations__level"),
    "setting": _by_column("setting"),
    "zone": _by_zone,
    "zone3": _by_zone,
}

"""A query's answer: which entries, how many of each, in which order."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import orjson
from django.db import connection
from django.db.models import Q
from pyroaring import BitMap

from governance.models import IndexEntry, Status

from .reading import EMPTY, current
from .search import search

# Facets whose values, in their order, are an order of the entries.
RUNS = {"year": "year", "region": "place"}
# Up to this many numbers are sorted by the database; of more, the sorted table is read up to the
# page. It is if that is sooner: to look a number up costs as much as passing so many by.
FEW, LOOKED_UP = 5000, 4


def select(query="", sort="", index=None, **facets):
    """The Selection of the published entries that match.

    `query` is what a person typed. `facets` are lists of values by the name of the facet; `region`
    takes paths. Several values widen, facets narrow. `also` is a list of (facet, value), each of
    which narrows: two mechanisms that an entry must have both. `sort` is one of relevance, year, -year,
    region and title; without it, relevance if there is a query, else -year. `index` is what
    `current()` gave, for several questions to one version.
    """
    chosen = {name: values for name, values in facets.items() if values}
    return Selection(index or current(), query, sort, chosen)


class Selection:
    """Entries in an order, evaluated when asked: `len`, slices, iteration, facets, cross-tabs.

    Slicing and iterating give records, dicts as `governance.records` makes them.
    """

    def __init__(self, index, query, sort, facets):
        self._index, self._query, self._sort, self._chosen = index, query, sort, facets

    @property
    def version(self):
        """The version of the index that answers."""
        return self._index.version

    @cached_property
    def hits(self):
        """What the query finds, facets aside; None without a query."""
        return search(self._index, self._query) if self._query else None

    @property
    def match(self):
        """How the query was matched: literal, partial, or "" without a query."""
        return self.hits.match if self.hits else ""

    @property
    def terms(self):
        """The folded terms of the query, to mark where they stand."""
        return self.hits.terms if self.hits else ()

    @cached_property
    def numbers(self):
        """The bitmap of the selection."""
        return self.without(None)

    def without(self, facet):
        """The bitmap of what would be selected if `facet` chose nothing; "query" is one of them."""
        if facet not in (None, "query") and facet not in self._chosen:
            return self.numbers
        found = self._index.all if facet == "query" or self.hits is None else self.hits.all
        for name, values in self._chosen.items():
            if name == "also":
                for other, value in values:
                    found = found & self._any_of(other, [value])
            elif name != facet:
                found = found & self._any_of(name, values)
        return found

    def _any_of(self, facet, values):
        if facet == "region":
            groups = [
                self._index.group(f"region{len(path)}", path).get(path, EMPTY) for path in values
            ]
        else:
            group = self._index.group(facet)
            groups = [group.get(str(value), EMPTY) for value in values]
        return groups[0] if len(groups) == 1 else BitMap.union(*groups)

    # Counting

    def count(self):
        return len(self.numbers)

    def __len__(self):
        return self.count()

    def counts(self, facet, prefix=""):
        """{value: entries that have it}, on what all other facets choose.

        `facet` may be a level of regions, region2, region4 or region6; then `prefix` is the path
        whose children are counted, and `region` is the facet left out.
        """
        left_out = "region" if facet.startswith("region") and facet[6:].isdigit() else facet
        conditions = self._conditions
        if left_out in self._chosen:
            conditions = [condition for condition in conditions if condition[0] != left_out]
        if self.hits or len(conditions) > 1:
            return self._counted(facet, prefix, left_out)
        # Few, and asked for again and again: how often all have each mechanism, or a province has.
        key = facet, prefix, *conditions
        return self._index.kept(key, lambda: self._counted(facet, prefix, left_out))

    @cached_property
    def _conditions(self):
        return [(name, value) for name, values in self._chosen.items() for value in values]

    def _counted(self, facet, prefix, left_out):
        among = self.without(left_out)
        others = self._others if among is self.numbers else None
        return self._index.counts(facet, prefix, among, others)

    @cached_property
    def _others(self):
        return self._index.others(self.numbers)

    def crosstab(self, rows, columns):
        """A Crosstab of two facets over the selection."""
        across = self._index.group(columns)
        table = Crosstab(total=self.count())
        for value, bits in self._index.group(rows).items():
            line = bits & self.numbers
            if line:
                table.rows[value] = len(line)
                for other, other_bits in across.items():
                    if number := other_bits.intersection_cardinality(line):
                        table.cells[value, other] = number
        for value, bits in across.items():
            if number := bits.intersection_cardinality(self.numbers):
                table.columns[value] = number
        return table

    # Reading

    @property
    def cards(self):
        """What a list shows of each, as a sequence of dicts: see `Cards`."""
        return Cards(self)

    def __getitem__(self, place):
        if isinstance(place, slice):
            start, stop, _step = place.indices(self.count())
            return records(self._page(start, stop))
        return self[place : place + 1][0]

    def __iter__(self):
        return self.iterator()

    def iterator(self, chunk_size=500):
        for start in range(0, self.count(), chunk_size):
            yield from self[start : start + chunk_size]

    def neighbours(self, record):
        """The numbers before and after an entry in this order, None where there is none.

        None instead of the pair if the entry is not selected. Costs the same at any depth.
        """
        number = self._index.number(record)
        if number not in self.numbers:
            return None
        return self._beside(number) if self._sort == "title" else self._around(number)

    def _around(self, number):
        before = 0
        for run in self._runs():
            if number in run:
                before += run.rank(number) - 1
                break
            before += len(run)
        # Empty if the entry has gone meanwhile.
        page = self._page(max(before - 1, 0), before + 2) or [number]
        return [page[0] if before else None, page[-1] if page[-1] != number else None]

    def _beside(self, number):
        """The numbers beside a row in the table sorted by title, read outwards from the row."""
        pinyin = IndexEntry.objects.values_list("pinyin", flat=True).filter(pk=number).first()
        if pinyin is None:
            # The entry has gone meanwhile.
            return [None, None]
        place = Q(pinyin__gt=pinyin) | Q(pinyin=pinyin, number__gt=number)
        here = Q(pinyin=pinyin, number=number)
        after = IndexEntry.objects.filter(place).order_by("pinyin", "number")
        before = IndexEntry.objects.exclude(place | here).order_by("-pinyin", "-number")
        return [self._first(before), self._first(after)]

    def _first(self, entries):
        if len(self.numbers) <= FEW:
            entries = entries.filter(number__in=list(self.numbers))[:1]
        numbers = _read_on(entries.values_list("number", flat=True))
        return next((number for number in numbers if number in self.numbers), None)

    def ids(self):
        """The primary keys of the selected achievements, as a set."""
        found = set()
        for some in _batches(self.numbers, 500):
            found.update(
                IndexEntry.objects.filter(pk__in=some).values_list("achievement_id", flat=True)
            )
        return found

    def _page(self, start, stop):
        if self._sort == "title":
            return self._by_title(start, stop)
        return _slice(self._runs(), start, stop)

    def _runs(self):
        """Yields disjoint bitmaps that, read one after another, are the selection in order."""
        if self._sort in ("", "relevance") and self.hits:
            yield from (tier & self.numbers for tier in self.hits.tiers)
        elif self._sort in RUNS:
            group = self._index.group(RUNS[self._sort])
            yield from (self.numbers & group[value] for value in sorted(group))
        else:
            yield self.numbers

    def _by_title(self, start, stop):
        entries = IndexEntry.objects.order_by("pinyin", "number").values_list("number", flat=True)
        selected = len(self.numbers)
        # Up to the page, were they spread evenly.
        passed = stop * len(self._index.all) / max(selected, 1)
        if selected <= FEW and selected * LOOKED_UP < passed:
            return list(entries.filter(number__in=list(self.numbers))[start:stop])
        return list(islice((n for n in _read_on(entries) if n in self.numbers), start, stop))


class Cards:
    """A selection whose slices are what `governance.records.card` makes.

    With a query, the summaries are whole, and `folded` holds the folded title and summary, or None
    where folding moves the places in them.
    """

    def __init__(self, selection):
        self._selection = selection

    def __len__(self):
        return len(self._selection)

    def __getitem__(self, place):
        start, stop, _step = place.indices(len(self))
        numbers = self._selection._page(start, stop)
        if not self._selection.hits:
            return [orjson.loads(card) for (card,) in _read("e.card", numbers)]
        rows = _read("e.card, a.summary, a.summary_en, e.title, e.body", numbers)
        return [_with_texts(*row) for row in rows]


def _with_texts(card, summary, summary_en, title, body):
    found = orjson.loads(card)
    folded = (title, body[: len(summary)]) if found["even"] else None
    return found | {"summary": summary, "summary_en": summary_en, "folded": folded}


@dataclass
class Crosstab:
    """Counts of two facets: `cells` by (row, column), margins by value, `total` of the selection.

    An entry that has several values of a facet counts under each, so margins may add up to more
    than `total`. One that has none counts under `MISSING`.
    """

    total: int
    rows: dict = field(default_factory=dict)
    columns: dict = field(default_factory=dict)
    cells: dict = field(default_factory=dict)


def _slice(runs, start, stop):
    """Numbers `start` to `stop` of bitmaps read one after another; any depth costs the same."""
    found = []
    for run in runs:
        if stop <= 0:
            break
        if start < stop and start < len(run):
            found += run[start : min(stop, len(run))]
        start, stop = max(0, start - len(run)), max(0, stop - len(run))
    return found


def _read_on(entries):
    """Rows of a sorted queryset, for as long as they are asked for.

    In slices, of which each is longer: a cursor of PostgreSQL's would first read all of them.
    """
    start, size = 0, 500
    while rows := list(entries[start : start + size]):
        yield from rows
        start, size = start + size, size * 2


def records(numbers):
    """The records of the published entries with these numbers, in this order."""
    return [orjson.loads(record) for (record,) in _read("e.record", numbers)]


def cards(numbers):
    """{number: card} of the published among some entries."""
    rows = _read("e.number, e.card", list(numbers))
    return {number: orjson.loads(card) for number, card in rows}


def record(code):
    """The record of one published achievement, or None."""
    current()
    found = _published("e.record", "e.code = %s", [code])
    return orjson.loads(found[0][0]) if found else None


def _read(columns, numbers):
    """Rows of these entries in this order, without any that is no longer published."""
    if not numbers:
        return []
    places = ",".join(["%s"] * len(numbers))
    rows = _published(f"e.number, {columns}", f"e.number IN ({places})", numbers)
    found = {number: row for number, *row in rows}
    return [found[number] for number in numbers if number in found]


def _published(columns, where, parameters):
    """Rows of index entries `e` and their achievements `a`."""
    # Plain SQL, as in `reading`. The join keeps an entry out that was unpublished a moment ago,
    # whoever did it and however.
    sql = (
        f"SELECT {columns} FROM governance_indexentry e"
        " JOIN governance_achievement a ON a.id = e.achievement_id"
        f" WHERE a.status = %s AND {where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [Status.PUBLISHED, *parameters])
        return cursor.fetchall()


def _batches(numbers, size):
    for start in range(0, len(numbers), size):
        yield list(numbers[start : start + size])

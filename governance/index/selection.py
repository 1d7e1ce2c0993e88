"""A query's answer: which entries, how many of each, in which order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain, islice
from typing import Any

from pyroaring import BitMap

from governance import facets
from governance.models import IndexEntry
from governance.records import AchievementRecord, Card, PublicRecord

from .reading import EMPTY, Counts, Index, current
from .rows import cards, records
from .search import Hits, search

# Keys whose values, in their order, are an order of the entries.
RUNS = {"year": "year", "region": "place", "-modified": "modified"}
# Up to this many numbers are sorted by the database; of more, all that are kept by title are passed
# by up to the page. They are if that is sooner: to look a number up costs as much as so many.
FEW, LOOKED_UP = 5000, 60


def select(
    query: str = "",
    sort: str = "",
    index: Index | None = None,
    also: Sequence[tuple[str, str]] = (),
    code: Sequence[str] = (),
    modified_since: date | None = None,
    **chosen: Sequence[str | int],
) -> "Selection":
    """The Selection of the published entries that match.

    `query` is what a person typed. `chosen` are lists of values by the name of the facet; `region`
    takes paths. Several values widen, facets narrow. `also` is a list of (facet, value), each of
    which narrows: two mechanisms that an entry must have both. `code` are codes of entries, one of
    which it must have; `modified_since` is a day on which its record last changed, or later. `sort` is
    one of relevance, year, -year, region, title and -modified, the last changed first; without it,
    relevance if there is a query, else -year. `index` is what `current()` gave, for several questions to
    one version. Raises UnknownFacet.

    1. The query's terms are looked up in the n-grams and in the names: a bitmap of entries (`search`).
    2. The bitmaps of the chosen values of a facet are united, those of the facets intersected.
    3. What is left is counted, cut into pages by its order, and read as cards or records, each when
       somebody asks for it.
    """
    for name, some in (*chosen.items(), *((facet, [value]) for facet, value in also)):
        if isinstance(some, str):
            raise TypeError(f"{name} takes a list of values, not {some!r}.")
        facets.TABLE.check(name)
    values = {name: [str(value) for value in some] for name, some in chosen.items() if some}
    return Selection(index or current(), query, sort, values, also, code, modified_since)


class Selection:
    """Entries in an order, evaluated when asked: `len`, slices, iteration, facets, cross-tabs.

    Slicing and iterating give records, dicts as `governance.records` makes them.
    """

    def __init__(
        self,
        index: Index,
        query: str,
        sort: str,
        chosen: dict[str, list[str]],
        also: Sequence[tuple[str, str]] = (),
        codes: Sequence[str] = (),
        since: date | None = None,
    ):
        self.index, self._query, self._sort = index, query, sort
        self._chosen, self._also, self._codes, self._since = chosen, also, codes, since

    @property
    def version(self) -> int:
        """The version of the index that answers."""
        return self.index.version

    @property
    def digest(self) -> str:
        """The digest of the record that answers, as it is cited: 12 hex digits."""
        return self.index.digest

    @cached_property
    def hits(self) -> Hits | None:
        """What the query finds, facets aside; None without a query."""
        return search(self.index, self._query) if self._query else None

    @property
    def terms(self) -> Sequence[str]:
        """The folded terms of the query, to mark where they stand."""
        return self.hits.terms if self.hits else ()

    @cached_property
    def numbers(self) -> BitMap:
        """The bitmap of the selection."""
        return self.without(None)

    def without(self, name: str | None) -> BitMap:
        """The bitmap of what would be selected if a facet chose nothing, or "query", or "also"."""
        if name not in (None, "query", "also") and name not in self._chosen:
            facets.TABLE.check(name)
            return self.numbers
        left = self.index.all if name == "query" or self.hits is None else self.hits.all
        for other, values in self._chosen.items():
            if other != name:
                left = left & self._any_of(other, values)
        if name != "also":
            for other, value in self._also:
                left = left & self._any_of(other, [value])
        for bound in self._bounds:
            left = left & bound
        return left

    @cached_property
    def _bounds(self) -> list[BitMap]:
        """The entries of the codes asked for, and those changed since the day asked for."""
        bounds = []
        if self._codes:
            entries = IndexEntry.objects.filter(code__in=self._codes)
            bounds.append(BitMap(entries.values_list("number", flat=True)))
        if self._since:
            days, since = self.index.group("modified"), self._since.isoformat()
            later = (bits for day, bits in days.items() if day >= since)
            bounds.append(BitMap.union(EMPTY, *later))
        return bounds

    def _any_of(self, name: str, values: Iterable[str]) -> BitMap:
        if facets.TABLE[name].tree:
            having = [
                self.index.group(f"{name}{len(path)}", path).get(path, EMPTY) for path in values
            ]
        else:
            group = self.index.group(name)
            having = [group.get(value, EMPTY) for value in values]
        return having[0] if len(having) == 1 else BitMap.union(*having)

    # Counting

    def count(self) -> int:
        return len(self.numbers)

    def __len__(self) -> int:
        return self.count()

    def counts(self, facet: str, prefix: str = "") -> Counts:
        """{value: entries that have it}, on what all other facets choose. Raises UnknownFacet.

        `facet` may be a level of regions, region2, region4 or region6; then `prefix` is the path
        whose children are counted, and `region` is the facet left out.
        """
        left_out = facets.TABLE.counted(facet).name
        conditions = self._conditions
        if left_out in self._chosen:
            conditions = [condition for condition in conditions if condition[0] != left_out]
        if self.hits or self._bounds or len(conditions) > 1:
            return self._counted(facet, prefix, left_out)
        # Few, and asked for again and again: how often all have each mechanism, or a province has.
        key = facet, prefix, *conditions
        return self.index.kept(key, lambda: self._counted(facet, prefix, left_out))

    @cached_property
    def _conditions(self) -> list[tuple[str, ...]]:
        chosen = [(name, value) for name, values in self._chosen.items() for value in values]
        return [*chosen, *(("also", *pair) for pair in self._also)]

    def _counted(self, facet: str, prefix: str, left_out: str) -> Counts:
        among = self.without(left_out)
        others = self._others if among is self.numbers else None
        return self.index.counts(facet, prefix, among, others)

    @cached_property
    def _others(self) -> BitMap | None:
        return self.index.others(self.numbers)

    def crosstab(self, rows: str, columns: str = "") -> "Crosstab":
        """A Crosstab of two facets over the selection, or of one, with one column for all entries.

        Raises UnknownFacet.
        """
        for name in filter(None, (rows, columns)):
            facets.TABLE.counted(name)
        across = self.index.group(columns or "all")
        table = Crosstab(total=self.count())
        for value, bits in self.index.group(rows).items():
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
    def cards(self) -> "Cards":
        """What a list shows of each, as a sequence of dicts: see `Cards`."""
        return Cards(self)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            start, stop, _step = place.indices(self.count())
            return list(records(self._page(start, stop)))
        return self[place : place + 1][0]

    def __iter__(self) -> Iterator[PublicRecord]:
        return self.iterator()

    def iterator(self, chunk_size: int = 500) -> Iterator[PublicRecord]:
        for start in range(0, self.count(), chunk_size):
            yield from records(self._page(start, start + chunk_size))

    def neighbours(self, record: AchievementRecord) -> list[int | None] | None:
        """The numbers before and after an entry in this order, None where there is none.

        None instead of the pair if the entry is not selected. Costs the same at any depth.
        """
        number = self.index.number(record)
        if number not in self.numbers:
            return None
        return self._beside(number) if self._sort == "title" else self._around(number)

    def _around(self, number: int) -> list[int | None]:
        before = 0
        for run in self._runs():
            if number in run:
                before += run.rank(number) - 1
                break
            before += len(run)
        # Empty if the entry has gone meanwhile.
        page = self._page(max(before - 1, 0), before + 2) or [number]
        return [page[0] if before else None, page[-1] if page[-1] != number else None]

    def _beside(self, number: int) -> list[int | None]:
        before, numbers = None, self._titled()
        for other in numbers:
            if other == number:
                return [before, next(numbers, None)]
            before = other
        # The entry has gone meanwhile.
        return [None, None]

    def _page(self, start: int, stop: int) -> list[int]:
        if self._sort == "title":
            return self._by_title(start, stop)
        return _slice(self._runs(), start, stop)

    def _runs(self) -> Iterator[BitMap]:
        """Yields disjoint bitmaps that, read one after another, are the selection in order."""
        if self._sort in ("", "relevance") and self.hits:
            yield from (tier & self.numbers for tier in self.hits.tiers)
        elif self._sort in RUNS:
            group, backwards = self.index.group(RUNS[self._sort]), self._sort.startswith("-")
            yield from (self.numbers & group[value] for value in sorted(group, reverse=backwards))
        else:
            yield self.numbers

    def _by_title(self, start: int, stop: int) -> list[int]:
        selected = len(self.numbers)
        # Up to the page, were they spread evenly.
        passed = stop * len(self.index.all) / max(selected, 1)
        if selected <= FEW and selected * LOOKED_UP < passed:
            entries = IndexEntry.objects.filter(number__in=list(self.numbers))
            ordered = entries.order_by("pinyin", "number").values_list("number", flat=True)
            return list(ordered[start:stop])
        return list(islice(self._titled(), start, stop))

    def _titled(self) -> Iterator[int]:
        everything = chain.from_iterable(self.index.by_title())
        return filter(self.numbers.__contains__, everything)


class Cards:
    """A selection whose slices are what `governance.records.card` makes."""

    def __init__(self, selection: Selection):
        self._selection = selection

    def __len__(self) -> int:
        return len(self._selection)

    def __getitem__(self, place: slice) -> list[Card]:
        start, stop, _step = place.indices(len(self))
        numbers = self._selection._page(start, stop)
        found = cards(numbers)
        return [found[number] for number in numbers if number in found]


@dataclass
class Crosstab:
    """Counts of two facets: `cells` by (row, column), margins by value, `total` of the selection.

    An entry that has several values of a facet counts under each, so margins may add up to more
    than `total`. One that has none counts under `MISSING`.
    """

    total: int
    rows: Counts = field(default_factory=dict)
    columns: Counts = field(default_factory=dict)
    cells: dict[tuple[str, str], int] = field(default_factory=dict)


def _slice(runs: Iterable[BitMap], start: int, stop: int) -> list[int]:
    """Numbers `start` to `stop` of bitmaps read one after another; any depth costs the same."""
    numbers: list[int] = []
    for run in runs:
        if stop <= 0:
            break
        if start < stop and start < len(run):
            numbers += run[start : min(stop, len(run))]
        start, stop = max(0, start - len(run)), max(0, stop - len(run))
    return numbers

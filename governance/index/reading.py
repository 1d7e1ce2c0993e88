"""The saved index as a worker reads it: bitmaps by key, fetched when a question needs them."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import count
from typing import Any, TypeVar

from django.db import connection
from pyroaring import BitMap

from governance.batches import batched
from governance.models import IndexEntry
from governance.models.award import award_year_code
from governance.records import AchievementRecord

from .building import bitmap_of, shape
from .lists import Lists
from .names import Names
from .state import heal, mark_damaged

EMPTY = BitMap()

# {value: how many entries have it}
Counts = dict[str, int]
Made = TypeVar("Made")

# Hex digits of the digest: two records of this size share them by chance once in 10^14.
CITED = 12

# Counts of some thirty values each.
MOST_KEPT = 2000
# Terms of which the entries with such a name are kept: 县 is in the names of 2,041 places. A
# bitmap of a million entries may take 128 KB.
MOST_NAMED = 200
# The first so many entries by title; then twice as many, and so on.
TITLES = 500
# Numbers in a block of a bitmap.
SPARSE, DENSE = 1000, 4096


class Unready(Exception):
    """There is no whole index of this release's shape; `rebuild_index` makes one."""


class Index:
    """The index at one version. Facets are kept once fetched, n-grams are not: they may be large."""

    def __init__(self, version: int, names_version: int, digest: str):
        self.version, self.names_version = version, names_version
        # What the public record is, as it is cited and sent: equal records have equal ones.
        self.digest = digest[:CITED]
        self._groups: dict[str, dict[str, BitMap]] = {}
        # {(facet, prefix, a condition if there is one): counts}; see `Selection.counts`.
        self._kept: dict[tuple, Any] = {}
        self._named: dict[str, BitMap] = {}
        self._titles: dict[int, Sequence[int]] = {}

    @cached_property
    def all(self) -> BitMap:
        return self.group("all").get("", EMPTY)

    def number(self, record: AchievementRecord) -> int:
        """The number of the entry of a record; 0, which is nobody's, once its list is gone."""
        key = award_year_code(record["code"]), record["tier"]
        return self._lists.number(*key, record["rank"]) if key in self._lists else 0

    @cached_property
    def _lists(self) -> Lists:
        return Lists.kept()

    @property
    def names(self) -> Names:
        return _names(self.names_version)

    def named(self, term: str) -> BitMap:
        """The entries that have a folded term in a name: of their region, an organization, a mechanism."""
        found = self._named.get(term)
        if found is None:
            if len(self._named) >= MOST_NAMED:
                self._named.clear()
            rows = _rows_of(sorted(self.names.keys(term)))
            found = BitMap.union(BitMap(), *(_bitmap(*row) for row in rows))
            self._named[term] = found
        return found

    def by_title(self) -> Iterator[Sequence[int]]:
        """All numbers in the order of the titles, in pieces: kept as far as somebody has read."""
        # Not by a cursor: one of PostgreSQL's would first sort all of them.
        entries = IndexEntry.objects.order_by("pinyin", "number").values_list("number", flat=True)
        for piece in count():
            if piece not in self._titles:
                start, stop = (TITLES * (2**place - 1) for place in (piece, piece + 1))
                self._titles[piece] = array("I", entries[start:stop])
            if not self._titles[piece]:
                return
            yield self._titles[piece]

    def kept(self, key: tuple, make: Callable[[], Made]) -> Made:
        """What `make` made for this key, once for as long as there are not too many."""
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = make()
        return found

    def counts(
        self, facet: str, prefix: str, among: BitMap, others: BitMap | None = None
    ) -> Counts:
        """{value: how many of the entries `among` have it}; `others` are all but those, if known.

        Bitmaps are read one after another: an edit may have brought a value its first entry since
        `all` was read.
        """
        group = self.group(facet, prefix)
        if others:
            sizes = self.kept((facet, prefix), lambda: self.counts(facet, prefix, self.all))
            counted = {
                value: sizes.get(value, 0) - bits.intersection_cardinality(others)
                for value, bits in group.items()
            }
        else:
            counted = {value: bits.intersection_cardinality(among) for value, bits in group.items()}
        return {value: number for value, number in counted.items() if number > 0}

    def others(self, among: BitMap) -> BitMap | None:
        """All entries but those `among`, if they are sooner counted; else None.

        A block of a bitmap that holds up to DENSE numbers is a list of them, of which each is looked
        up in the block that it is counted against. Two blocks that hold more are compared in a few
        steps. So what is neither few nor many is counted by what it is not.
        """
        blocks = len(self.all) and (self.all.max() >> 16) - (self.all.min() >> 16) + 1
        return self.all - among if SPARSE * blocks < len(among) < DENSE * blocks else None

    def group(self, facet: str, prefix: str = "") -> dict[str, BitMap]:
        """{value: bitmap} of the facet's values that begin with `prefix`."""
        start = f"/{facet}/{prefix}"
        if start not in self._groups:
            # The character after every other: the end of a range of keys.
            rows = _rows("key >= %s AND key < %s", [start, start + "\U0010ffff"])
            self._groups[start] = {
                key.split("/", 2)[2]: bitmap for key, bitmap in _united(rows).items()
            }
        return self._groups[start]

    def keyed(self, keys: Collection[str]) -> dict[str, BitMap]:
        """{key: bitmap} of facet keys: those of the many entries of a mechanism are kept, others are few."""
        kept = {
            key: self.group("mechanism").get(key[len("/mechanism/") :], EMPTY)
            for key in keys
            if key.startswith("/mechanism/")
        }
        return self.postings(key for key in keys if key not in kept) | kept

    def postings(self, keys: Iterable[str]) -> defaultdict[str, BitMap]:
        """{key: bitmap}, empty for a key that no entry has."""
        return defaultdict(BitMap, _united(_rows_of(keys)))


def version() -> int:
    """The version that the database has now: one small query. Raises Unready."""
    return current().version


def current() -> Index:
    """The index at the version that the database has now."""
    global _current
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shape, version, names_version, digest, in_order FROM governance_indexstate"
        )
        found, version, names_version, digest, in_order = cursor.fetchone() or (0, 0, 0, "", True)
    if found != shape():
        raise Unready
    if not in_order:
        heal()
    index = _current
    if index is None or index.version != version:
        index = _current = Index(version, names_version, digest)
    return index


# Replaced whole, never changed in place: threads of a worker share it.
_current: Index | None = None


# They take a hundred times as long as the rest of a search, and few edits change them.
@lru_cache(maxsize=1)
def _names(_version: int) -> Names:
    return Names()


def _rows(where: str, parameters: list[str]) -> list[tuple[str, Any]]:
    # Plain SQL: the ORM would spend more on a row than the bitmap costs.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key, numbers FROM governance_posting WHERE {where}", parameters)  # noqa: S608  # conditions are written in this file; values are parameters
        return cursor.fetchall()


def _rows_of(keys: Iterable[str]) -> Iterator[tuple[str, Any]]:
    for some in batched(keys, 500):
        yield from _rows(f"key IN ({','.join(['%s'] * len(some))})", some)


def _united(rows: Iterable[tuple[str, Any]]) -> dict[str, BitMap]:
    found: dict[str, BitMap] = {}
    for key, numbers in rows:
        if key in found:
            # In place: `union` of the chunks would copy what was just read.
            found[key] |= _bitmap(key, numbers)
        else:
            found[key] = _bitmap(key, numbers)
    return found


def _bitmap(key: str, numbers: Any) -> BitMap:
    try:
        return bitmap_of(numbers)
    except ValueError as error:
        mark_damaged(f"the posting {key}", shape=0)
        raise Unready from error

"""Which numbers the entries of a list have: those of an award year's tier follow a base of their own.

Read upwards, numbers are the order of the announcements: the newest year first, then award, tier and
rank. So a bitmap of numbers is a sorted list, and a list is a range. A bitmap counts in blocks of 2^16
numbers, so lists stand close together, each with room to grow.
"""

from collections.abc import Mapping
from typing import NamedTuple, Self

from django.db.models import Max, QuerySet

from governance.models import Achievement, IndexList
from governance.models.achievement import TIERS

# (code of the award year, tier)
ListKey = tuple[str, str]

LEAST_ROOM = 64
BLOCK = 1 << 16
# Where a new order begins, of the 2^32 numbers that a bitmap takes. Orders take turns, so that a
# number of the one before, which a worker may still hold, is nobody's and not another entry's.
STARTS = (1 << 30, 3 << 30)


class NumberRange(NamedTuple):
    """An entry's number is `base` + rank, and its rank less than `room`."""

    base: int
    room: int


class Lists(dict[ListKey, NumberRange]):
    """The NumberRange of each list in an index."""

    @classmethod
    def kept(cls) -> Self:
        rows = IndexList.objects.values_list("award_year", "tier", "base", "room")
        return cls({(code, tier): NumberRange(base, room) for code, tier, base, room in rows})

    def keep(self) -> None:
        IndexList.objects.all().delete()
        IndexList.objects.bulk_create(
            IndexList(award_year=code, tier=tier, base=base, room=room)
            for (code, tier), (base, room) in self.items()
        )

    def number(self, award_year: str, tier: str, rank: int) -> int:
        return self[award_year, tier].base + rank

    def place(self, number: int) -> tuple[str, str, int] | None:
        """(code of the award year, tier, rank) of the entry with this number, if a list has it."""
        for (code, tier), (base, room) in self.items():
            if base <= number < base + room:
                return code, tier, number - base
        return None

    def hold(self, last: Mapping[ListKey, int]) -> bool:
        """Whether there is room for all these lists, {list: its last rank}."""
        return all(key in self and rank < self[key].room for key, rank in last.items())

    def make_room(self, last: Mapping[ListKey, int]) -> tuple[set[ListKey], bool]:
        """Give room to those of some lists, {list: its last rank}, that have none or outgrew theirs.

        Returns those that had numbers before, which are other ones now; and whether all is in order
        still. What comes before all others, such as a new year, gets numbers below them; anything
        else numbers above, out of order if it belongs in between.
        """
        without = {key: rank for key, rank in last.items() if not self.hold({key: rank})}
        moved = without.keys() & self.keys()
        for key in moved:
            del self[key]
        first = min(map(_order, self), default=None)
        below = [key for key in without if first is None or _order(key) < first]
        for key in sorted(below, key=_order, reverse=True):
            room = _room(without[key])
            lowest = min((place.base for place in self.values()), default=STARTS[0])
            self[key] = NumberRange(lowest - room, room)
        above = sorted(without.keys() - below, key=_order)
        in_order = not above or max(map(_order, self)) < _order(above[0])
        for key in above:
            highest = max(base + room for base, room in self.values())
            self[key] = NumberRange(highest, _room(without[key]))
        return moved, in_order

    def anew(self, last: Mapping[ListKey, int]) -> "Lists":
        """All these lists in order, {list: its last rank}, with other numbers than these have.

        They have room for twice their length if all of them then lie in one block, else the least.
        """
        first = min((place.base for place in self.values()), default=STARTS[1])
        # New years go below: an order stands between its start and the next one's.
        at = STARTS[0] if first > sum(STARTS) // 2 else STARTS[1]
        lists, rooms = Lists(), {key: _room(rank) for key, rank in last.items()}
        if sum(rooms.values()) > BLOCK:
            rooms = {key: _room(rank, 1) for key, rank in last.items()}
        for key in sorted(last, key=_order):
            lists[key] = NumberRange(at, rooms[key])
            at += rooms[key]
        return lists


def last_ranks(beside: QuerySet[Achievement] | None = None) -> dict[ListKey, int]:
    """{list: its last rank} of both tiers of all award years that have entries, or of those of some entries.

    Drafts count: a list is published entry by entry, and is not to outgrow its room each time.
    """
    rows = Achievement.objects.order_by()
    if beside is not None:
        rows = rows.filter(award_year__in=beside.order_by().values("award_year"))
    found = rows.values_list("award_year__code", "tier").annotate(last=Max("rank"))
    ranks = {(code, tier): rank for code, tier, rank in found}
    return {(code, tier): 0 for code, _tier in ranks for tier in map(str, TIERS)} | ranks


def _order(key: ListKey) -> tuple[int, str, int]:
    code, tier = key
    return -int(code[-4:]), code, [*map(str, TIERS)].index(tier)


def _room(rank: int, times: int = 2) -> int:
    """A power of two, more than so many times the length of a list."""
    return max(LEAST_ROOM, 1 << (times * rank).bit_length())

"""Entries by points, for many entries at once: sets are added up, not entries.

Points are kept as planes, a list of bitmaps: plane n holds the entries whose sum has the binary
digit 2^n.
"""

from collections.abc import Iterator

from pyroaring import BitMap


def add(planes: list[BitMap], numbers: BitMap, points: int) -> None:
    """Give points to a set of entries."""
    at = 0
    while numbers and points:
        if at == len(planes):
            planes.append(BitMap())
        if points & 1:
            _carry(planes, at, numbers)
        points >>= 1
        at += 1


def _carry(planes: list[BitMap], at: int, numbers: BitMap) -> None:
    while numbers:
        if at == len(planes):
            planes.append(BitMap())
        planes[at], numbers = planes[at] ^ numbers, planes[at] & numbers
        at += 1


def by_points(planes: list[BitMap], least: int = 1) -> Iterator[tuple[int, BitMap]]:
    """(points, the entries that have so many), those with most first, down to `least` points."""

    def split(group: BitMap, digits: int, points: int) -> Iterator[tuple[int, BitMap]]:
        if not group or points + (1 << digits) - 1 < least:
            return
        if not digits:
            yield points, group
            return
        plane, worth = planes[digits - 1], 1 << digits - 1
        yield from split(group & plane, digits - 1, points + worth)
        yield from split(group - plane, digits - 1, points)

    yield from split(BitMap.union(BitMap(), *planes), len(planes), 0)

"""The entries that share most with one: mechanisms, organizations, the region."""

from collections.abc import Iterator

from pyroaring import BitMap

from governance.facets import REGION_LEVELS
from governance.records import AchievementRecord

from .documents import region_key
from .reading import Index

# What a shared thing is worth.
ORGANIZATION, REGION, PRIMARY, SECONDARY = 4, 2, 2, 1


def related(index: Index, record: AchievementRecord, most: int = 4) -> dict[int, list[str]]:
    """{number: facet keys that it shares} of up to `most` other entries, those that share most first.

    Of entries that share as much, the newest come first. The cost does not grow with the number of
    entries that share something: sets are added up, not entries.
    """
    worth = _worth(record)
    sharing = index.keyed(worth)
    planes: list[BitMap] = []
    for key, points in worth.items():
        _add(planes, sharing[key], points)
    nearest: list[int] = []
    itself = index.number(record)
    for group in _by_points(planes):
        nearest += [number for number in group[: most + 1] if number != itself]
        if len(nearest) >= most:
            break
    return {number: [key for key in worth if number in sharing[key]] for number in nearest[:most]}


def _worth(record: AchievementRecord) -> dict[str, int]:
    """{facet key: points} of what others may share; the places in which the entry lies, provinces aside."""
    path = record["region"]["path"]
    lengths = {length for length in (*REGION_LEVELS, len(path)) if 2 < length <= len(path)}
    means = [coding for coding in record["mechanisms"] if coding["aspect"] == "means"]
    return (
        {region_key(path[:length]): REGION for length in lengths}
        | {f"/organization/{item['slug']}": ORGANIZATION for item in record["organizations"]}
        | {
            f"/mechanism/{coding['slug']}": PRIMARY if coding["weight"] == "primary" else SECONDARY
            for coding in means
        }
    )


def _add(planes: list[BitMap], numbers: BitMap, points: int) -> None:
    """Add points to a set of entries. Plane n holds those whose sum has the binary digit 2^n."""
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


def _by_points(planes: list[BitMap]) -> Iterator[BitMap]:
    """Disjoint sets of the entries that have points, those with most first."""

    def split(group: BitMap, at: int) -> Iterator[BitMap]:
        if not group:
            return
        if at < 0:
            yield group
            return
        yield from split(group & planes[at], at - 1)
        yield from split(group - planes[at], at - 1)

    yield from split(BitMap.union(BitMap(), *planes), len(planes) - 1)

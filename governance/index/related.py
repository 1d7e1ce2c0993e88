"""The entries that share most with one: mechanisms, organizations, the region."""

from pyroaring import BitMap

from governance.facet_table import REGION_LEVELS
from governance.records import AchievementRecord

from .documents import region_key
from .points import add, by_points
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
        add(planes, sharing[key], points)
    nearest: list[int] = []
    itself = index.number(record)
    for _points, group in by_points(planes):
        nearest += [number for number in group[: most + 1] if number != itself]
        if len(nearest) >= most:
            break
    return {number: [key for key in worth if number in sharing[key]] for number in nearest[:most]}


def _worth(record: AchievementRecord) -> dict[str, int]:
    """{facet key: points} of what others may share; the places in which the entry lies, provinces aside."""
    path, codes = record["region"]["path"], {place["code"] for place in record["region"]["lineage"]}
    # 1101 stands in the paths of Beijing's districts and is no place.
    above = {length for length in REGION_LEVELS if path[:length].ljust(6, "0") in codes}
    lengths = {length for length in (*above, len(path)) if 2 < length <= len(path)}
    means = [coding for coding in record["mechanisms"] if coding["aspect"] == "means"]
    return (
        {region_key(path[:length]): REGION for length in lengths}
        | {f"/organization/{item['slug']}": ORGANIZATION for item in record["organizations"]}
        | {
            f"/mechanism/{coding['slug']}": PRIMARY if coding["weight"] == "primary" else SECONDARY
            for coding in means
        }
    )

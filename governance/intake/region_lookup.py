"""Regions as a person names them: by code, by name, or by a name with those above it."""

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from governance.index.text import fold
from governance.models import Region

CODE = re.compile(r"[0-9]{6}-FA[0-9]{2}|[0-9]{12}|[0-9]{9}|[0-9]{6}")
# No place has a longer name with all above it; and each end of it is asked for.
LONGEST = 60


def regions_named(words: str, year: int | None = None) -> list[Region]:
    """The regions that `words` may mean: 320585, 太仓市, 江苏太仓, 江蘇太倉, 江苏省/苏州市/太仓市 320585.

    Those of `year`; without one, of any.
    """
    if code := CODE.search(words):
        return _of_year(Region.objects.filter(code=code[0]), year)
    # As it is written, too: the fold makes 干县 of 乾县.
    names = {re.sub(r"\W", "", way) for way in (words, fold(words))}
    ends = [name[start:] for name in names for start in range(len(name)) if len(name) <= LONGEST]
    for meant in (Q(name__in=ends), _beginning_with(ends)):
        found = [
            one
            for one in _of_year(Region.objects.filter(meant), year)
            if any(_fits(name, one) for name in names)
        ]
        if found:
            return found
    return []


def region_labels(year: int) -> list[str]:
    """What can be typed for each region of `year`, as names and code."""
    return [f"{one.full_name} {one.code}" for one in _of_year(Region.objects.all(), year)]


def value_of(region: Region) -> str:
    """A region as choices and proposals name it."""
    return f"{region.code}:{region.valid_from}"


def region_of(value: str) -> Region | None:
    """The region of a value, None if there is none."""
    code, _colon, since = value.partition(":")
    if not since.isdecimal():
        return None
    regions = Region.objects.select_related("parent__parent__parent")
    return regions.filter(code=code, valid_from=int(since[:4])).first()


def _beginning_with(ends: Iterable[str]) -> Q:
    # One character begins half of all names.
    meant = Q(pk=None)
    for end in ends:
        if len(end) > 1:
            meant |= Q(name__startswith=end)
    return meant


def _of_year(regions: QuerySet[Region], year: int | None) -> list[Region]:
    regions = regions.select_related("parent__parent__parent")
    if year is None:
        return list(regions)
    near = [one for one in regions if one.existed_in(year)]
    return [one for one in near if _in_force(one, year)] or near


def _in_force(region: Region, year: int) -> bool:
    return region.valid_from <= year and (region.valid_to is None or year <= region.valid_to)


def _fits(name: str, region: Region) -> bool:
    """Whether the name has nothing but characters of the region's full name, in their order."""
    rest = iter(region.full_name)
    return all(character in rest for character in name)

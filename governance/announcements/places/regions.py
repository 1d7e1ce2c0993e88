"""The region table in a year: which places there were, by every name that they went by."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TypeVar

from governance.announcements.files.paragraphs import plain

from .place_names import CORPS, CORPS_CITIES, other_names
from .region_rows import TOWNSHIP, RegionFields, RegionRow, region_row
from .townships import Townships

# A code as a person or the statistics bureau writes it.
CODE = re.compile(r"(?<![0-9-])(?:[0-9]{12}|[0-9]{9}|[0-9]{6}(?:-FA[0-9]{2})?)(?![0-9-])")


class RegionTable:
    """All regions through time.

    `townships` are (code of nine digits, name) as of the latest year; `code_of` gives the code of a
    region for one as documents write it. `areas` are functional areas that the standard never
    listed, each with further names by which it goes; one that is no region yet is found in any year.
    """

    def __init__(
        self,
        rows: Iterable[RegionFields],
        townships: Iterable[tuple[str, str]] = (),
        code_of: Callable[[str], str] = str,
        areas: Iterable[tuple[RegionFields, Sequence[str]]] = (),
    ) -> None:
        self.code_of = code_of
        regions = [region_row(row) for row in rows]
        self.regions = {region.key: region for region in regions}
        self.by_code = _grouped(regions, lambda region: region.code)
        self.by_path = _grouped(regions, lambda region: region.path)
        self.predecessors = _grouped(regions, lambda region: region.successor)
        self.townships = dict(townships)
        self.areas = {fields["code"]: (region_row(fields), names) for fields, names in areas}
        self._years: dict[int, YearTable] = {}

    def __len__(self) -> int:
        return len(self.regions)

    def in_year(self, year: int) -> "YearTable":
        if year not in self._years:
            self._years[year] = YearTable(self, year)
        return self._years[year]

    @cached_property
    def known_townships(self) -> Townships:
        """Those of `townships` and those that are regions already."""
        recorded = [region for region in self.regions.values() if region.level == TOWNSHIP]
        return Townships(self.townships, recorded)

    @cached_property
    def by_name(self) -> dict[str, list[RegionRow]]:
        """{plain full name: regions of any year}, without townships."""
        regions = (each for each in self.regions.values() if each.level != TOWNSHIP)
        return _grouped(regions, lambda region: plain(region.name))

    def through_time(self, region: RegionRow) -> list[RegionRow]:
        """The region and all that it became, in order."""
        line = [region]
        while (key := line[-1].successor) and self.regions[key] not in line:
            line.append(self.regions[key])
        return line

    def before(self, *regions: RegionRow) -> list[RegionRow]:
        """All that became one of the regions, at any time."""
        line = [*regions]
        # It grows while it is read, until nothing came before any of them.
        for each in line:
            line += [one for one in self.predecessors.get(each.key, ()) if one not in line]
        return line[len(regions) :]

    def became(self, earlier: RegionRow, later: RegionRow) -> bool:
        return earlier != later and later in self.through_time(earlier)


class YearTable:
    """The regions of one year.

    The tables of regions are year-end snapshots, and what changed within a year shows up in the
    next: a region counts if it existed in the year, or in the one before or after.
    """

    GRACE = 1

    def __init__(self, table: RegionTable, year: int) -> None:
        self.table, self.year = table, year
        self.names: dict[str, list[RegionRow]] = {}
        for region in table.regions.values():
            if region.level != TOWNSHIP and region.existed_in(year, self.GRACE):
                self._name(region, [region.name, *other_names(region.name)])
        for code, (area, names) in table.areas.items():
            if code not in table.by_code:
                self._name(area, [area.name, *other_names(area.name), *names])
            for region in table.by_code.get(code, ()):
                if region.existed_in(year, self.GRACE):
                    self._name(region, names)
        self.longest = max(map(len, self.names), default=0)

    def _name(self, region: RegionRow, names: Iterable[str]) -> None:
        for name in names:
            self.names.setdefault(plain(name), []).append(region)

    def has(self, region: RegionRow) -> bool:
        """Whether the year itself had the region. Townships are of one year only, and taken for all."""
        return region.level == TOWNSHIP or region.existed_in(self.year)

    def instead_of(self, region: RegionRow) -> list[RegionRow]:
        """For a region that the year did not have: the regions of the year that it became, or came from."""
        others = self.table.through_time(region)[1:] + self.table.before(region)
        return [other for other in others if other.existed_in(self.year)]

    def of_other_years(self, text: str, named: list[RegionRow]) -> list[RegionRow]:
        """The regions that only other years had whose full name begins a plain text, below those `named` if any."""
        for end in range(min(self.longest, len(text)), 1, -1):
            regions = [
                region
                for region in self.table.by_name.get(text[:end], ())
                if not region.existed_in(self.year, self.GRACE)
                and (self.any_above(named, [region]) if named else end > 2)
            ]
            if regions:
                return regions
        return []

    def lineage(self, region: RegionRow) -> list[RegionRow]:
        """The regions from the province down to this one, as they were in the year."""
        year = region.nearest(self.year)
        above = self.table.regions.get(region.parent) if region.parent else None
        if region.level != TOWNSHIP:
            same_year = [
                other
                for size in (2, 4)
                for other in self.table.by_path.get(region.path[:size], ())
                if size < len(region.path) and other.existed_in(year)
            ]
            # The code tells what lies above a region, and its parent only where the code is one of
            # another place (随州市 in 1999).
            above = same_year[-1] if same_year and not self._outside(region) else above
        return [*self.lineage(above), region] if above else [region]

    def _outside(self, region: RegionRow) -> bool:
        parent = self.table.regions.get(region.parent) if region.parent else None
        return parent is not None and not region.path.startswith(parent.path)

    def names_of(self, region: RegionRow) -> str:
        """江苏省/苏州市/太仓市"""
        return "/".join(each.name for each in self.lineage(region))

    def is_above(self, upper: RegionRow, lower: RegionRow) -> bool:
        """Whether `upper`, in any of its names that the year allows, lies above `lower`."""
        if lower.level == TOWNSHIP:
            return any(
                lower.code.startswith(each.path)
                for each in self.table.through_time(upper)
                if each.level != TOWNSHIP
            )
        if upper.level == TOWNSHIP or upper.path == lower.path:
            return False
        return lower.path.startswith(upper.path) or upper.key == lower.parent

    def any_above(self, upper: Iterable[RegionRow], lower: Iterable[RegionRow]) -> bool:
        """Whether one of the regions `upper` lies above one of `lower`."""
        return any(self.is_above(one, other) for one in upper for other in lower)

    def starting(
        self, text: str, at: int, above: Sequence[RegionRow] | None = None
    ) -> Iterator[tuple[int, bool, list[RegionRow]]]:
        """(end, name is written in full, regions) of each name of a place that begins at `at`.

        `above` are regions below which the place must lie; only then townships are found too.
        """
        for end in range(at + 2, min(at + self.longest, len(text)) + 1):
            name = text[at:end]
            regions = self.names.get(name, [])
            if above is not None:
                regions = [region for region in regions if self.any_above(above, [region])]
                regions += self._townships(name, above)
            if regions:
                # 东乡县 is the county of that name, not what else might be called so (东乡族自治县).
                full = [region for region in regions if self._is_full(region, name)]
                yield end, bool(full), full or regions

    def _is_full(self, region: RegionRow, name: str) -> bool:
        """Whether the name is more than a short one."""
        _area, names = self.table.areas.get(region.code, (region, ()))
        return region.level == TOWNSHIP or name in (plain(region.name), *names)

    def _townships(self, name: str, above: Sequence[RegionRow]) -> list[RegionRow]:
        """Townships of that name below `above`, their parent the county as it was in the year."""
        for rows in self.table.known_townships.named(name):
            within = [self._within(row, above) for row in rows]
            if found := [row for row in within if row]:
                return found
        return []

    def _within(self, township: RegionRow, above: Sequence[RegionRow]) -> RegionRow | None:
        for upper in above:
            if self.is_above(upper, township) and (county := self._county(township, upper)):
                return replace(township, parent=county.key)
        return None

    def _county(self, township: RegionRow, upper: RegionRow) -> RegionRow | None:
        """What lies directly above a township: `upper` if its codes say so, else by the code.

        None where the year had several that are one today: 闸北区 and 静安区.
        """
        code = township.code[:6]
        if any(each.code == code for each in self.table.through_time(upper)):
            return upper
        coded = self.table.by_code.get(code, ())
        counties = [*coded, *self.table.before(*coded)]
        then = [region for region in counties if region.existed_in(self.year)]
        near = [region for region in counties if region.existed_in(self.year, self.GRACE)]
        if then:
            return then[0] if len(then) == 1 else None
        return near[0] if near else None

    def chains(
        self, text: str, at: int, above: Sequence[RegionRow] | None = None
    ) -> dict[tuple[int, bool], tuple[RegionRow, ...]]:
        """{(end, last name is in full): regions} of each run of names from `at`, each below the last.

        Levels may be missing and names short: 江苏太仓 ends at 太仓市. So does 兵团第八师石河子市 at
        石河子市, its division left aside.
        """
        chains: dict[tuple[int, bool], list[RegionRow]] = {}
        open_ends = [(at, above)]
        while open_ends:
            start, upper = open_ends.pop()
            for end, full, regions in self.starting(text, start, upper):
                kept = chains.setdefault((end, full), [])
                kept += [region for region in regions if region not in kept]
                blanks = len(text[end:]) - len(text[end:].lstrip())
                open_ends.append((end + blanks, regions))
        found = {key: self.settled(regions) for key, regions in chains.items()}
        if (code := CODE.match(text, at)) and (coded := self._coded(code[0], above)):
            found[code.end(), True] = coded
        if corps := CORPS.match(text, at):
            found |= {
                key: regions
                for key, regions in self.chains(text, corps.end()).items()
                if all(region.path.startswith(CORPS_CITIES) for region in regions)
            }
        return found

    def _coded(self, written: str, above: Sequence[RegionRow] | None) -> tuple[RegionRow, ...]:
        """The region of the year that a code names: 320585, or 320585000000."""
        code = self.table.code_of(written)
        recorded = self.table.by_code.get(code, ())
        near = [region for region in recorded if region.existed_in(self.year, self.GRACE)]
        if not recorded and code in self.table.areas:
            near = [self.table.areas[code][0]]
        if not near and (name := self.table.townships.get(code)):
            upper = [each for each in self.table.by_code.get(code[:6], ()) if self.has(each)]
            near = [each for each in self._townships(plain(name), upper) if each.code == code]
        if above is not None:
            near = [each for each in near if each in above or self.any_above(above, [each])]
        return self.settled(near)

    def settled(self, regions: Sequence[RegionRow]) -> tuple[RegionRow, ...]:
        """`regions` without those of the year before or after that are an earlier or later form of another one."""
        now = [region for region in regions if region.existed_in(self.year)]
        return tuple(
            region
            for region in regions
            if region in now or not any(self._goes_on_in(region, other) for other in now)
        )

    def _goes_on_in(self, region: RegionRow, other: RegionRow) -> bool:
        """Whether `other` is an earlier or later form of it, or has taken over its name.

        吐鲁番市 the county is 高昌区 today, in 吐鲁番市 the prefecture.
        """
        later = self.table.through_time(region)[1:]
        return (
            other in later
            or self.table.became(other, region)
            or self.names_of(region) == self.names_of(other)
            or (region.name == other.name and self.any_above([other], later))
        )


_By = TypeVar("_By")


def _grouped(
    regions: Iterable[RegionRow], key: Callable[[RegionRow], _By]
) -> dict[_By, list[RegionRow]]:
    groups: dict[_By, list[RegionRow]] = {}
    for region in regions:
        groups.setdefault(key(region), []).append(region)
    return groups

"""A region as it was for some years, as a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

PROVINCE, PREFECTURE, COUNTY, TOWNSHIP = "province", "prefecture", "county", "township"
# From the highest down.
LEVELS = [PROVINCE, PREFECTURE, COUNTY, TOWNSHIP]

# A region without an end is in use; `valid_from` 1999 means 1999 or earlier, and UNASKED, of a
# functional area that the record does not have yet, that nobody has said since when there is one.
FIRST_YEAR, NO_END, UNASKED = 1999, 9999, 0


# (code, valid_from): a code was given to several regions, one after another.
RegionKey = tuple[str, int]


class RegionFields(TypedDict):
    """A row as it is handed in, such as the fields of an object in `fixtures/regions.json`."""

    code: str
    path: str
    name: str
    level: str
    parent: Sequence | None
    successor: Sequence | None
    valid_from: int
    valid_to: int | None


@dataclass(frozen=True)
class RegionRow:
    """A region as it was for some years: a row of the RegionTable."""

    code: str
    path: str
    name: str
    level: str
    parent: RegionKey | None = None
    valid_from: int = FIRST_YEAR
    valid_to: int | None = None
    successor: RegionKey | None = None

    @property
    def key(self) -> RegionKey:
        return self.code, self.valid_from

    @property
    def depth(self) -> int:
        """0 for a province, 3 for a township."""
        return LEVELS.index(self.level)

    def existed_in(self, year: int, grace: int = 0) -> bool:
        """Whether it was a region in that year, or up to `grace` years before or after."""
        return self.valid_from <= year + grace and year - grace <= (self.valid_to or NO_END)

    def nearest(self, year: int) -> int:
        """The year of its own that is nearest to `year`."""
        return min(max(year, self.valid_from), self.valid_to or NO_END)


def region_row(row: RegionFields) -> RegionRow:
    return RegionRow(
        code=row["code"],
        path=row["path"],
        name=row["name"],
        level=row["level"],
        parent=_key(row["parent"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        successor=_key(row["successor"]),
    )


def _key(pair: Sequence | None) -> RegionKey | None:
    return (pair[0], pair[1]) if pair else None

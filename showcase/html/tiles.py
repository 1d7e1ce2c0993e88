"""The tile map: one square for each of the 34 province-level regions, about where it lies."""

import csv
import math
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup

from showcase import links

# The layout follows `china_prov_grid2` of geofacet (MIT).
GRID = Path(__file__).parent / "tile_grid.csv"
# Steps of shade above none.
SHADES = 4


class Tile(NamedTuple):
    """A province's codes (GB/T 2260, ISO 3166-2:CN), its short names, and its place, counted from 0."""

    code: str
    letters: str
    name: str
    name_en: str
    row: int
    column: int


@cache
def grid() -> list[Tile]:
    """The Tiles, from north to south and west to east."""
    with GRID.open(encoding="utf-8", newline="") as file:
        tiles = [
            Tile(code, letters, name, name_en, int(row), int(column))
            for code, letters, name, name_en, row, column in list(csv.reader(file))[1:]
        ]
    return sorted(tiles, key=lambda tile: (tile.row, tile.column))


def tile_map(
    counts: Mapping[str, int], to: Mapping[str, str] | str, chosen: Sequence[str] = ()
) -> Markup:
    """The map as a list of links. `counts` are by path, as `facets.region_counts` gives them.

    `to` is the address of a province, up to its code, or has that of each by code; where others are
    `chosen` too, its list is longer than its number says, which then stands beside the link.
    """
    english = get_language() == "en"
    most = max(counts.values(), default=0)
    current = {code[:2] for code in chosen}
    items = [
        _item(
            tile,
            counts.get(tile.code[:2], 0),
            most,
            _address(tile.code, to, counts),
            tile.code[:2] in current,
            isinstance(to, str) or not chosen,
            english,
        )
        for tile in grid()
    ]
    return Markup(f'<ul class="tiles">{"".join(items)}</ul>')


def _address(code: str, to: Mapping[str, str] | str, counts: Mapping[str, int]) -> str:
    regions = links.address("regions")
    if not isinstance(to, str) and code in to:
        return to[code]
    # The region's page says what is known of it; a list would be empty.
    if not isinstance(to, str) or to == regions or not counts.get(code[:2]):
        return f"{regions}{code}/"
    return f"{to}{code}"


def _item(
    tile: Tile, count: int, most: int, address: str, chosen: bool, exact: bool, english: bool
) -> str:
    name, title = f"<span>{tile.name}</span>", ""
    if english:
        # There is room for two letters; what they mean is heard, and shown by a pointer.
        name = f'<span class="unseen">{tile.name_en}</span><span aria-hidden="true">{tile.letters}</span>'
        title = f' title="{tile.name_en}"'
    current = ' aria-current="true"' if chosen else ""
    shade = f"h{math.ceil(SHADES * count / most)}" if count else "none"
    nothing = _("：未收录")
    said = f" <b>{count:,}</b>" if count else f'<span class="unseen">{nothing}</span>'
    inside, beside = (said, "") if exact or not count else ("", said)
    return (
        f'<li class="r{tile.row} c{tile.column}">'
        f'<a class="{shade}" href="{escape(address)}"{title}{current}>{name}{inside}</a>{beside}</li>'
    )

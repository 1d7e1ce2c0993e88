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
    english, regions = get_language() == "en", links.address("regions")
    most = max(counts.values(), default=0)
    # Of a list it says what the list has, not what there is.
    nothing = _("：未收录") if to == regions else _("：0 项")
    current, items = {code[:2] for code in chosen}, []
    for tile in grid():
        count = counts.get(tile.code[:2], 0)
        if not isinstance(to, str):
            address = escape(to[tile.code])
        elif count and to != regions:
            address = escape(f"{to}{tile.code}")
        else:
            # The region's page says what is known of it; a list would be empty.
            address = f"{regions}{tile.code}/"
        shade = f"h{math.ceil(SHADES * count / most)}" if count else "none"
        said = f" <b>{count:,}</b>" if count else f'<span class="unseen">{nothing}</span>'
        here = ' aria-current="true"' if tile.code[:2] in current else ""
        link = f'<a class="{shade}" href="{address}"{here}{_named(tile, english)}'
        beside = count and chosen and not isinstance(to, str)
        inner = f"{link}</a>{said}" if beside else f"{link}{said}</a>"
        items.append(f'<li class="r{tile.row} c{tile.column}">{inner}</li>')
    return Markup(f'<ul class="tiles">{"".join(items)}</ul>')  # noqa: S704  # addresses are escaped; names come from our file of the grid


def _named(tile: Tile, english: bool) -> str:
    """The end of a tile's opening tag, and its name."""
    if not english:
        return f' title="{tile.name}"><span>{tile.name}</span>'
    # There is room for two letters; what they mean is heard, and shown by a pointer.
    return (
        f' title="{tile.name_en}"><span class="unseen">{tile.name_en}</span>'
        f'<span aria-hidden="true">{tile.letters}</span>'
    )

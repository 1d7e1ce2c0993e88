"""The tile map: one square for each of the 34 province-level regions, about where it lies."""

import csv
import math
from collections.abc import Sequence
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


def tile_map(counts: dict[str, int], link: str, chosen: Sequence[str] = ()) -> Markup:
    """The map as a list of links. `counts` are by path, as `facets.region_counts` gives them.

    `link` is the address of a province, up to its code.
    """
    english, regions = get_language() == "en", links.address("regions")
    most = max(counts.values(), default=0)
    items = [
        _item(tile, counts.get(tile.code[:2], 0), most, regions, link, tile.code in chosen, english)
        for tile in grid()
    ]
    return Markup(f'<ul class="tiles">{"".join(items)}</ul>')


def _item(
    tile: Tile, count: int, most: int, regions: str, link: str, chosen: bool, english: bool
) -> str:
    name = f"<span>{tile.name}</span>"
    if english:
        # On a phone there is room for two letters.
        name = f'<span class="long">{tile.name_en}</span><span class="letters" aria-hidden="true">{tile.letters}</span>'
    current = ' aria-current="true"' if chosen else ""
    place = f'<li class="r{tile.row} c{tile.column}">'
    if not count:
        nothing = _("：未收录")
        said = f'<span class="unseen">{nothing}</span>'
        # The region's page says what is known of it; a list would be empty.
        return f'{place}<a class="none" href="{regions}{tile.code}/"{current}>{name}{said}</a></li>'
    shade = math.ceil(SHADES * count / most)
    end = "/" if link == regions else ""
    return (
        f'{place}<a class="h{shade}" href="{escape(link)}{tile.code}{end}"{current}>'
        f"{name} <b>{count:,}</b></a></li>"
    )

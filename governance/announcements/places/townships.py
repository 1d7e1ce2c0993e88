"""Townships by the names that documents give them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from governance.announcements.files.paragraphs import plain

from .place_names import NAMED_AFTER, split_kind
from .region_rows import TOWNSHIP, RegionRow

# 郝岗乡 has become 郝岗镇, the same place. Of a town that became subdistricts nobody knows which: 羊安镇.
RURAL, KINDS = ("乡", "苏木"), ("乡", "苏木", "镇")
# What few fonts have.
RARE = re.compile("[^\u4e00-\u9fff]")


class Townships:
    """All townships, as the latest year names them; `names` are {code: name}.

    `recorded` are those that are regions of the record already. Of 38,700 an announcement names a
    few, so rows are made when they are asked for, and stems when a rural township is.
    """

    def __init__(self, names: Mapping[str, str], recorded: Iterable[RegionRow]) -> None:
        self._recorded = {region.code: region for region in recorded}
        self._names = {**names, **{code: row.name for code, row in self._recorded.items()}}
        self._plain = {code: plain(name) for code, name in self._names.items()}
        # {plain name: codes}
        self._by_name: dict[str, list[str]] = {}
        # {last character: (plain name, code)}
        self._rare: dict[str, list[tuple[str, str]]] = {}
        for code, name in self._plain.items():
            self._by_name.setdefault(name, []).append(code)
            if RARE.search(name):
                self._rare.setdefault(name[-1], []).append((name, code))

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, name in self._plain.items():
            found.setdefault(_stem(name), []).append(code)
        return found

    def _rows(self, codes: Iterable[str]) -> list[RegionRow]:
        return [
            self._recorded.get(code) or RegionRow(code, code, self._names[code], TOWNSHIP)
            for code in codes
        ]

    def named(self, name: str) -> Iterator[list[RegionRow]]:
        """The townships of a plain name, the surest first.

        1. Those of the name.
        2. Those that were rural townships, under the name as it is written: 郝岗乡 for 郝岗镇.
        3. Those with a character that few fonts have, in whose place documents write another one:
           湖父镇 for 湖㳇镇.
        """
        # 猎德街, as Guangzhou and Tianjin say.
        longer = f"{name}道" if name.endswith("街") else name
        yield self._rows(self._by_name.get(name, self._by_name.get(longer, [])))
        if name.endswith(RURAL):
            rows = self._rows(self._by_stem.get(_stem(name), ()))
            yield [replace(row, name=name) for row in rows]
        written = self._rare.get(name[-1], ())
        yield self._rows(code for known, code in written if _is_written(known, name))


def _stem(name: str) -> str:
    """The name without its kind and its peoples, the name itself if it has no such kind."""
    place, kind = split_kind(name)
    if kind not in KINDS or len(place) < 2:
        return name
    match = NAMED_AFTER.match(place) if place.endswith("族") else None
    return match["place"] if match and len(match["place"]) > 1 else place


def _is_written(known: str, name: str) -> bool:
    return len(known) == len(name) and all(
        one == other or RARE.match(one) for one, other in zip(known, name, strict=True)
    )

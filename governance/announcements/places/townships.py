"""Townships by the names that documents give them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from governance.announcements.files.paragraphs import plain

from .place_names import NAMED_AFTER, split_kind
from .region_rows import TOWNSHIP, RegionRow

# 郝岗乡 has become 郝岗镇, the same place. Of a town that became subdistricts nobody knows which: 羊安镇.
RURAL, KINDS = ("乡", "苏木"), ("乡", "苏木", "镇")


class Townships:
    """All townships, as the latest year names them; `names` are {code: name}.

    `recorded` are those that are regions of the record already.
    """

    def __init__(self, names: Mapping[str, str], recorded: Iterable[RegionRow]) -> None:
        rows = {code: RegionRow(code, code, name, TOWNSHIP) for code, name in names.items()}
        rows |= {region.code: region for region in recorded}
        self.by_name: dict[str, list[RegionRow]] = {}
        self.by_stem: dict[str, list[RegionRow]] = {}
        # {last character: (plain name, township)}
        self.rare: dict[str, list[tuple[str, RegionRow]]] = {}
        for row in rows.values():
            name = plain(row.name)
            self.by_name.setdefault(name, []).append(row)
            self.by_stem.setdefault(_stem(name), []).append(row)
            if any(map(_is_rare, name)):
                self.rare.setdefault(name[-1], []).append((name, row))
        # 猎德街, as Guangzhou and Tianjin say.
        for name in [name for name in self.by_name if name.endswith("街道")]:
            self.by_name.setdefault(name.removesuffix("道"), self.by_name[name])

    def named(self, name: str) -> Iterator[list[RegionRow]]:
        """The townships of a plain name, the surest first.

        1. Those of the name.
        2. Those that were rural townships, under the name as it is written: 郝岗乡 for 郝岗镇.
        3. Those with a character that few fonts have, in whose place documents write another one:
           湖父镇 for 湖㳇镇.
        """
        yield self.by_name.get(name, [])
        if name.endswith(RURAL):
            yield [replace(row, name=name) for row in self.by_stem.get(_stem(name), [])]
        yield [row for known, row in self.rare.get(name[-1], []) if _is_written(known, name)]


def _stem(name: str) -> str:
    """The name without its kind and its peoples, the name itself if it has no such kind."""
    place, kind = split_kind(name)
    if kind not in KINDS or len(place) < 2:
        return name
    match = NAMED_AFTER.match(place) if place.endswith("族") else None
    return match["place"] if match and len(match["place"]) > 1 else place


def _is_rare(character: str) -> bool:
    return not "\u4e00" <= character <= "\u9fff"


def _is_written(known: str, name: str) -> bool:
    return len(known) == len(name) and all(
        one == other or _is_rare(one) for one, other in zip(known, name, strict=True)
    )

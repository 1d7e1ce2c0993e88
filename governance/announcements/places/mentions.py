"""Reads an organization text from left to right: places, the bodies of each, and what is left."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from governance.announcements.files.paragraphs import plain

from . import organization_kinds
from .named import IndependentBody, NamedBody, Place
from .place_names import other_names
from .region_rows import PREFECTURE, PROVINCE, RegionRow
from .regions import YearTable
from .signs import ELSEWHERE, ENUMERATING, FILLER, HARD, PATH, QUOTES, SOFT


class _Way(NamedTuple):
    """A way to read a place; of several, the greatest is taken."""

    # Whether what follows it is understood, whether it is surely a place, and is written in full.
    goes_on: bool
    certain: bool
    full: bool
    end: int


class PlaceReader:
    """What a text names: `places` with their `bodies`, and `leftovers`, words that name nothing known.

    It reads the plain text, in which every offset is one of the text as it was written. `beside`
    are places that were named before the text began. From left to right:

    1. Signs, and words such as 和 between names, are skipped.
    2. The name of a place begins (江苏省太仓市): of all ways to read it, one after which the text
       goes on with a body of it or with a break is best, then the one written in full, then the
       longest. What follows it without a break lies within it (杭州市鼓楼区), or is left over.
    3. The bodies of the place follow (市委, 市政府), for as long as each word names one.
    4. A body without a place (、市政府) is one of the place before.
    5. A name that ends as one of a university, a company or a society does is one body, a place at
       its beginning included (宁波大学).
    6. What is none of these is left over, up to where names go on.
    7. At the end, places without bodies get those of the next place beside them (甲市、乙县政府).
    """

    def __init__(self, text: str, years: YearTable, beside: Iterable[Place] = ()) -> None:
        self.original = text
        self.text = plain(text)
        self.years = years
        self.places = [Place(place.regions, 0, closed=True) for place in beside]
        self.independent: list[IndependentBody] = []
        self.leftovers: list[tuple[int, int]] = []
        # Whether the last words named a place that the table does not know (羊安镇党委、政府): then a body
        # that does not say whose it is belongs to nobody known.
        self.astray = False

    def read(self) -> "PlaceReader":
        at = 0
        while (at := self._skip(at)) < len(self.text):
            at = self._step(at)
        self._share()
        return self

    def source(self, start: int, end: int) -> tuple[int, str]:
        """(start, words) in the text as it was written."""
        return start, self.original[start:end]

    def _skip(self, at: int) -> int:
        while at < len(self.text):
            if self.text[at] in HARD or self.text[at].isspace() or self._joins(at):
                at += 1
            elif filler := FILLER.match(self.text, at):
                at = filler.end()
            else:
                break
        return at

    def _joins(self, at: int) -> bool:
        """Whether a word such as 和 joins names here; in 和平区 it begins one."""
        if self.text[at] not in SOFT or not self._names(at + 1):
            return False
        return at > 0 and not any(full for _end, full in self._chains(at))

    def _names(self, at: int) -> bool:
        """Whether names go on at `at`."""
        return (
            at >= len(self.text)
            or self._place(at) is not None
            or bool(self._body_here(at) or next(self._endings(at), None))
        )

    def _step(self, at: int) -> int:
        """Reads what begins at `at`; where it ends."""
        place, body = self._place(at), self._body_here(at)
        understood = place and place.goes_on and not self.text.startswith(QUOTES, place.end)
        if not (body or understood) and (end := self._independent(at, place)):
            regions = place.regions if place else ()
            if place and place.short:
                # 中山大学 is not of the 中山 that is nearest.
                regions = self.years.settled(self.years.names.get(place.short, []))
            self.independent.append(IndependentBody(at, end, regions))
            return end
        if place and not (body and place.short):
            self.places.append(place)
            self.astray = False
            self._agree()
            return self._bodies(place, place.end)
        if self._here and body and (body.mark or not self.astray):
            self.astray = False
            return self._bodies(self._here, at)
        return self._leave(at)

    @property
    def _here(self) -> Place | None:
        """The place that was named last."""
        return self.places[-1] if self.places else None

    # Places

    def _place(self, at: int) -> Place | None:
        """The place that is named at `at`, or None."""
        prefix = organization_kinds.PREFIX.match(self.text, at)
        start = prefix.end() if prefix else at
        ways = [
            self._way(end, full, regions, prefix)
            for (end, full), regions in self._chains(start).items()
        ]
        way, place = max(ways, key=lambda each: each[0], default=(None, None))
        if way and way.certain:
            return place
        return self._unlisted_here(at)

    def _way(
        self, end: int, full: bool, regions: tuple[RegionRow, ...], prefix: re.Match[str] | None
    ) -> tuple[_Way, Place]:
        place = Place(regions, end, "" if full else self._short(end, regions), prefix)
        if self._goes_on(place):
            place.goes_on = True
            return _Way(True, True, full, end), place
        if unlisted := self._unlisted(place):
            return _Way(True, True, True, end), unlisted
        # 吉林市|长春路街道 is no 长春市.
        follows = self._here is not None and self._here.end == end - len(place.short)
        certain = full or (self._large(place) and not follows)
        return _Way(False, certain, full, end), place

    def _short(self, end: int, regions: tuple[RegionRow, ...]) -> str:
        """The name without its kind by which a place is written just before `end`."""
        names = (name for region in regions for name in other_names(region.name))
        written = [name for name in names if self.text[:end].endswith(plain(name))]
        return max(written, key=len, default="")

    def _large(self, place: Place) -> bool:
        """Whether a short name may be a place before unknown words: 成都爱有戏, but not 兴业银行 in 兴业县."""
        return any(region.level in (PROVINCE, PREFECTURE) for region in place.regions)

    def _chains(self, at: int) -> dict[tuple[int, bool], tuple[RegionRow, ...]]:
        """As YearTable.chains; of regions of one name, those nearest to the place before: 鼓楼区 after 南京市玄武区."""
        chains: dict[tuple[int, bool], tuple[RegionRow, ...]] = {}
        for above in self._around(at):
            for key, regions in self.years.chains(self.text, at, above).items():
                chains.setdefault(key, regions)
        return chains

    def _around(self, at: int) -> Iterator[list[RegionRow] | None]:
        """What a name may lie below, the nearest first: the place before, what is above it, anything."""
        before = self._before
        if before and self._lies_within(at):
            yield [*before]
            return
        if before:
            lineages = [self.years.lineage(region)[::-1] for region in before]
            for step in range(max(map(len, lineages))):
                yield [lineage[step] for lineage in lineages if step < len(lineage)]
        yield None

    @property
    def _before(self) -> tuple[RegionRow, ...]:
        """What was named last: a place, or that at the beginning of a body."""
        if self._here or not self.independent:
            return self._here.regions if self._here else ()
        return self.independent[-1].regions

    def _lies_within(self, at: int) -> bool:
        """Whether the words at `at` go on with the place before: 杭州市|鼓楼区, and no 鼓楼区 elsewhere."""
        if not (self._here and self._glued(at)):
            return False
        if any("-" in region.code for region in self._before):
            # The codes do not tell what lies within a functional area: 雄安新区容城县.
            return False
        deepest = max(region.depth for region in self._before)
        names = list(self.years.starting(self.text, at))
        full = [each for each in names if each[1]]
        named = {region for *_, regions in full or names for region in regions}
        # A column that says another place than the one place of the text is for a person to judge.
        disagrees = self._here.end == 0 and len(named) == 1
        return not disagrees and all(region.depth > deepest for region in named)

    def _glued(self, at: int) -> bool:
        """Whether no more than the columns of a path stand between the place before and `at`."""
        return (
            self._here is not None
            and not self._here.bodies
            and not self.text[self._here.end : at].strip(PATH)
        )

    def _goes_on(self, place: Place) -> bool:
        """Whether what follows `place` is understood: a break, or a body of it."""
        at = place.end
        if at >= len(self.text) or self.text[at] in HARD or FILLER.match(self.text, at):
            return True
        if self.text[at] in SOFT:
            # Only whether a name begins here. To read it as well would read all the rest again at each 和.
            at += 1
            return at >= len(self.text) or bool(
                self._chains(at) or next(self._forms(at, place), None)
            )
        return self._body(at, place) is not None

    def _unlisted(self, place: Place) -> Place | None:
        """`place` with the development zone or community within it that follows, or None."""
        for kind, pattern in organization_kinds.UNLISTED.items():
            name = pattern.match(self.text, place.end)
            # 长白|山管委会 is no zone 山 of 长白县.
            if name and not (place.short and len(name[0]) == 1):
                inner = Place(place.regions, name.end(), place.short, place.prefix, name[0], kind)
                if self._body(inner.end, inner):
                    inner.goes_on = True
                    return inner
        return None

    def _unlisted_here(self, at: int) -> Place | None:
        """An unlisted place within the one before: …街道办事处、湖滨社区居委会."""
        if not self._here:
            return None
        return self._unlisted(Place(self._here.regions, at))

    # Bodies

    def _body_here(self, at: int) -> NamedBody | None:
        if not self._here:
            return None
        prefix = organization_kinds.PREFIX.match(self.text, at)
        if prefix and (body := self._body(prefix.end(), self._here, prefix)):
            return body
        return self._body(at, self._here)

    def _bodies(self, place: Place, at: int) -> int:
        """Reads all bodies of a place that follow without a break; where they end."""
        while body := (
            self._body(at, place, place.prefix) if at == place.end else self._body_here(at)
        ):
            place.regions = self._having(place, body)
            place.bodies.append(body)
            at = body.end
        if at < len(self.text) and not self._between(at, place):
            place.closed = place.closed or not place.bodies
            return self._leave(at, astray=at == place.end)
        return at

    def _body(self, at: int, place: Place, prefix: re.Match[str] | None = None) -> NamedBody | None:
        """The body of `place` that is named at `at`, with nothing cut off behind it, or None."""
        bodies = self._forms(at, place, prefix)
        return next((body for body in bodies if self._between(body.end, place)), None)

    def _forms(
        self, at: int, place: Place, prefix: re.Match[str] | None = None
    ) -> Iterator[NamedBody]:
        """The bodies of `place` that the words at `at` may begin with, the likeliest first."""
        marks = [mark for mark in organization_kinds.MARKS if self.text.startswith(mark, at)]
        for mark in ["", *marks]:
            for form in organization_kinds.FORMS:
                words = form.words.match(self.text, at + len(mark))
                if not words or (form.attached and not (mark or self._kind_before(at, prefix))):
                    continue
                body = NamedBody(organization_kinds.meant(form, prefix), mark, words, at)
                if self._having(place, body):
                    yield body

    def _kind_before(self, at: int, prefix: re.Match[str] | None) -> bool:
        return bool(prefix) or self.text[:at].endswith(tuple(organization_kinds.MARKS))

    def _between(self, at: int, place: Place) -> bool:
        """Whether one name may end at `at`: nothing follows, or a break, or another name."""
        if at >= len(self.text) or self.text[at] in HARD | SOFT or FILLER.match(self.text, at):
            return True
        if next(self._forms(at, place), None):
            return True
        return any(full for _end, full in self.years.chains(self.text, at))

    def _having(self, place: Place, body: NamedBody) -> tuple[RegionRow, ...]:
        """The regions that `place` may be and that have such a body."""
        return tuple(region for region in place.regions if self.seat(place, region, body))

    def seat(
        self, place: Place, region: RegionRow, body: NamedBody
    ) -> tuple[RegionRow, str] | None:
        """(region, unlisted name within it) of whom a body is, if `place` is `region`; or None."""
        form, mark = body.form, body.mark
        if place.unlisted_kind in form.places and place.unlisted.endswith(mark):
            return region, place.unlisted
        for upper in reversed(self.years.lineage(region)):
            if not mark or _is_a(upper, mark):
                kind = (
                    organization_kinds.SUBDISTRICT
                    if upper.name.endswith("街道")
                    else organization_kinds.REGION
                )
                fits = kind in form.places and (
                    not body.words[0].endswith("厅") or upper.level == PROVINCE
                )
                return (upper, "") if fits else None
        return None

    def _independent(self, at: int, place: Place | None) -> int:
        """Where the name of a body ends that is none of a place's own, `place` at its beginning; or 0."""
        joined = 0
        for ending in self._endings(at):
            end = ending.end()
            if not place and organization_kinds.EVERYWHERE.fullmatch(self.text, at, end):
                continue
            if end >= len(self.text) or self.text[end] in HARD or FILLER.match(self.text, end):
                return end
            if self.text[end] in SOFT:
                # Only whether a name begins behind it, as in _goes_on. In 发展与治理研究院 none does.
                if end + 1 >= len(self.text) or self._may_begin(end + 1):
                    return end
                joined = joined or end
        return joined

    def _endings(self, at: int) -> Iterator[re.Match[str]]:
        """The words at which the name of an independent body that begins at `at` may end."""
        if name := organization_kinds.INDEPENDENT_NAME.match(self.text, at):
            yield from organization_kinds.INDEPENDENT_END.finditer(self.text, at + 1, name.end())

    def _may_begin(self, at: int) -> bool:
        return bool(self._chains(at)) or next(self._endings(at), None) is not None

    # What is left, and the result

    def _leave(self, at: int, *, astray: bool = False) -> int:
        """Keeps the words from `at` to where names go on; where that is."""
        end = at + 1
        while end < len(self.text) and self.text[end] not in HARD:
            if self.text[end] in SOFT and self._names(end + 1):
                break
            end += 1
        words = self.text[at:end].rstrip()
        self.astray = self.astray or astray or bool(ELSEWHERE.match(words))
        self.leftovers.append((at, at + len(words)))
        return end

    # What places share

    def _agree(self) -> None:
        """Narrows the place before the last one to those above or below it: 朝阳区政府、建外街道办."""
        if len(self.places) < 2:
            return
        before, last = self.places[-2:]
        related = tuple(
            region
            for region in before.regions
            if region in last.regions
            or self.years.any_above([region], last.regions)
            or self.years.any_above(last.regions, [region])
        )
        before.regions = related or before.regions

    def _share(self) -> None:
        """Gives places without bodies those of the next place that has some: 甲市、乙县政府."""
        for place, following in reversed(list(pairwise(self.places))):
            if not (place.bodies or place.closed) and self._equals(place, following):
                place.bodies = [
                    body if self._having(place, body) else replace(body, mark="")
                    for body in following.bodies
                ]

    def _equals(self, place: Place, following: Place) -> bool:
        """Whether two places stand side by side: 绍兴市、诸暨市; but 北京市（朝阳区） is one place."""
        apart = self.text[place.end] in HARD | SOFT
        return self.text[place.end] in ENUMERATING or (
            apart and not self.years.any_above(place.regions, following.regions)
        )


def _is_a(region: RegionRow, mark: str) -> bool:
    if mark == "区" and region.name.endswith("地区"):
        return False
    whole = {"地": "地区", "街": "街道"}.get(mark, mark)
    return region.name.endswith(whole)

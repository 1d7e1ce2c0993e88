"""Organizations and the region of an entry, from the words in which an announcement names them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from . import organization_kinds
from .mentions import PlaceReader
from .named import IndependentBody, NamedBody, Place
from .place_names import CORPS, CORPS_PROVINCE, split_kind
from .region_rows import LEVELS, TOWNSHIP, UNASKED, RegionRow
from .regions import RegionTable, YearTable


@dataclass(frozen=True)
class ResolvedOrganization:
    """A body under its official name; `level` is its own, `region` where it sits."""

    name: str
    short_name: str
    kind: str
    level: str
    region: RegionRow


@dataclass(frozen=True)
class Mention:
    """The words of the text that name a body: `resolution.text[start:][: len(text)] == text`."""

    text: str
    start: int
    kind: str


@dataclass(frozen=True)
class OutOfYear:
    """A region that the year did not have, with its path, and {region of the year: path} that it was or became."""

    region: RegionRow
    path: str
    then: dict[RegionRow, str]


@dataclass(frozen=True)
class Leftover:
    """Words of the text that name no known body, kept for a person to look at.

    `out_of_year` are the regions of other years that they begin with: 闸北区 in 2019.
    """

    text: str
    start: int
    out_of_year: tuple[OutOfYear, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A region that the text may mean, the names from the province down, and whom it then names."""

    region: RegionRow
    path: str
    organizations: tuple[ResolvedOrganization, ...]


@dataclass(frozen=True)
class Resolution:
    """What an organization text says in a year.

    One candidate is an answer; several are ambiguous, and none is chosen; without one the text
    is unresolved. `leftovers` are words that were not understood. `out_of_year` are those of the
    candidates that only the year before or after had, `unknown_region` words for the region, beside
    the text, that were not understood.
    """

    text: str
    year: int
    candidates: tuple[Candidate, ...]
    mentions: tuple[Mention, ...]
    leftovers: tuple[Leftover, ...]
    out_of_year: tuple[OutOfYear, ...] = ()
    unknown_region: str = ""

    @property
    def region(self) -> RegionRow | None:
        """The one that the text means, once it is known since when there is one."""
        if len(self.candidates) != 1 or self.candidates[0].region.valid_from == UNASKED:
            return None
        return self.candidates[0].region

    @property
    def area(self) -> RegionRow | None:
        """The functional area that the text means, if the record does not have it yet."""
        single = self.candidates[0].region if len(self.candidates) == 1 else None
        return single if single and single.valid_from == UNASKED else None

    @property
    def organizations(self) -> tuple[ResolvedOrganization, ...]:
        """Those that the text names; none while its region is open."""
        return self.candidates[0].organizations if self.region else ()

    @property
    def whole(self) -> bool:
        """Whether one region was found and every word understood."""
        return self.region is not None and not self.leftovers and not self.unknown_region


def resolve(text: str, year: int, table: RegionTable, region_text: str = "") -> Resolution:
    """The Resolution of an organization text as of `year`.

    1. `region_text`, words beside it that name the region, are read as if they stood before it.
    2. The text is read from left to right into places, the bodies of each, and words left over;
       a place keeps all regions of its name that have such bodies.
    3. Each of the deepest regions that were named is a candidate; those at the beginning of
       universities, companies and societies (宁波大学) only if there is no other. One is the answer;
       of several none is chosen.
    4. Each candidate gets the organizations that the text names if it means that region, under
       their official names.
    5. Regions that the year did not have, among the candidates or in the words left over, are told
       with what they were or became.
    """
    return _Resolver(text, table.in_year(year), region_text).resolution()


class _Resolver:
    """From the places and bodies of a text to organizations with their official names."""

    def __init__(self, text: str, years: YearTable, region_text: str) -> None:
        self.original, self.years, self.region_text = text, years, region_text
        corps = CORPS.fullmatch(region_text)
        beside = PlaceReader(CORPS_PROVINCE if corps else region_text, years).read()
        self.understood = not beside.leftovers
        self.reader = PlaceReader(text, years, beside.places).read()
        self.places = self.reader.places

    def resolution(self) -> Resolution:
        candidates = tuple(self._candidates())
        return Resolution(
            self.original,
            self.years.year,
            candidates,
            tuple(self._mentions()),
            tuple(self._leftovers()),
            self._out_of_year(candidate.region for candidate in candidates),
            "" if self.understood else self.region_text,
        )

    def _leftovers(self) -> Iterator[Leftover]:
        named = [region for place in self.places for region in place.regions]
        left = self.reader.leftovers
        if not self._named():
            # A body without a region cannot be recorded.
            left = sorted([*left, *((body.start, body.end) for body in self.reader.independent)])
        for at, end in left:
            start, words = self.reader.source(at, end)
            if not words:
                # Nothing but separators that no line shows, such as U+001F.
                continue
            said = self.reader.text[at:end]
            corps = CORPS.match(said)
            regions = self.years.of_other_years(said[corps.end() if corps else 0 :], named)
            yield Leftover(words, start, self._out_of_year(regions))

    def _out_of_year(self, regions: Iterable[RegionRow]) -> tuple[OutOfYear, ...]:
        return tuple(
            OutOfYear(
                region,
                self.years.names_of(region),
                {each: self.years.names_of(each) for each in self.years.instead_of(region)},
            )
            for region in regions
            if not self.years.has(region)
        )

    def _mentions(self) -> Iterator[Mention]:
        for place in self.places:
            for body in place.bodies:
                start, words = self.reader.source(body.start, body.end)
                yield Mention(words, start, body.form.kind)
        for independent in self.reader.independent if self._named() else ():
            start, words = self.reader.source(independent.start, independent.end)
            yield Mention(words, start, organization_kinds.OTHER)

    def _named(self) -> list[tuple[RegionRow, ...]]:
        """The regions that each place may be, or else those that independent bodies are named after."""
        named = [place.regions for place in self.places]
        named = named or [body.regions for body in self.reader.independent if body.regions]
        return list(dict.fromkeys(named))

    def _candidates(self) -> Iterator[Candidate]:
        """The deepest regions that were named: a province beside a county in it is no choice."""
        named = self._named()
        deepest = dict.fromkeys(
            region
            for regions in named
            for region in regions
            if not any(
                self.years.any_above([region], others) for others in named if others != regions
            )
        )
        for region in deepest:
            path = self.years.names_of(region)
            yield Candidate(region, path, tuple(self._organizations(region)))

    def _organizations(self, chosen: RegionRow) -> Iterable[ResolvedOrganization]:
        """The bodies that the text names if it means `chosen`, each once, in its order."""
        return {one.name: one for one in self._bodies(chosen)}.values()

    def _bodies(self, chosen: RegionRow) -> Iterator[ResolvedOrganization]:
        independent = list(self.reader.independent)
        for place in self.places:
            region = place.regions[0] if len(place.regions) == 1 else chosen
            for body in place.bodies if region in place.regions else ():
                while independent and independent[0].start < body.start:
                    yield self._independent(independent.pop(0), chosen)
                if seat := self.reader.seat(place, region, body):
                    yield self._organization(place, *seat, body)
        yield from (self._independent(each, chosen) for each in independent)

    def _independent(self, body: IndependentBody, chosen: RegionRow) -> ResolvedOrganization:
        """It sits where its name begins; without a place there, or with several, in the county of the text."""
        above = [one for one in self.years.lineage(chosen) if one.level != TOWNSHIP]
        own = [region for region in body.regions if region.valid_from != UNASKED]
        region = own[0] if len(own) == 1 else above[-1]
        _start, name = self.reader.source(body.start, body.end)
        shared = [one for one in self.years.names.get(region.name, ()) if one.name == region.name]
        if len(shared) > 1 and name.startswith(region.name):
            # Four cities have a 鼓楼区志愿者协会.
            name = self._official(region) + name.removeprefix(region.name)
        kind = organization_kinds.OTHER
        return ResolvedOrganization(name, name, kind, region.level, region)

    def _organization(
        self, place: Place, region: RegionRow, unlisted: str, body: NamedBody
    ) -> ResolvedOrganization:
        name, short_name = body.form.names(
            body.words, self._official(region, place if unlisted else None)
        )
        if body.form.kind == organization_kinds.GOVERNMENT:
            name = short_name = _government(name)
        level = region.level
        if unlisted:
            below = LEVELS[LEVELS.index(level) + 1 :]
            # A development zone is a level below its region, a community is of the lowest.
            is_zone = place.unlisted_kind == organization_kinds.ZONE
            level = below[0] if is_zone and below else LEVELS[-1]
        return ResolvedOrganization(name, short_name, body.form.kind, level, region)

    def _official(self, region: RegionRow, place: Place | None = None) -> str:
        """A region's name in the names of its bodies: 太仓市, but 厦门市思明区, 上海市松江区石湖荡镇."""
        if place and place.unlisted_kind == organization_kinds.ZONE and place.short:
            return place.short + place.unlisted
        name = region.name
        for lower, upper in pairwise(reversed(self.years.lineage(region))):
            if lower.level != TOWNSHIP and not _needs_above(lower.name):
                break
            name = upper.name + name
        unlisted = place.unlisted if place else ""
        return name + unlisted


def _needs_above(name: str) -> bool:
    """Whether a county's name is not enough to tell it: districts repeat, 六枝特区 does not."""
    return split_kind(name)[1] in ("区", "新区", "矿区")


def _government(name: str) -> str:
    place = name.removesuffix("人民政府")
    if place.endswith("特别行政区"):
        return f"{place}政府"
    return f"{place}行政公署" if place.endswith(("地区", "盟")) else name

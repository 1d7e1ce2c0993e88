"""Organizations and the region of an entry, from the words in which an announcement names them."""

from dataclasses import dataclass

from . import organization_kinds
from .mentions import PlaceReader
from .place_names import split_kind
from .regions import COUNTY, PREFECTURE, PROVINCE, TOWNSHIP, RegionRow

LEVELS = [PROVINCE, PREFECTURE, COUNTY, TOWNSHIP]


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
    then: dict


@dataclass(frozen=True)
class Leftover:
    """Words of the text that name no known body, kept for a person to look at.

    `out_of_year` are the regions of other years that they begin with: 闸北区 in 2019.
    """

    text: str
    start: int
    out_of_year: tuple = ()


@dataclass(frozen=True)
class Candidate:
    """A region that the text may mean, the names from the province down, and whom it then names."""

    region: RegionRow
    path: str
    organizations: tuple


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
    candidates: tuple
    mentions: tuple
    leftovers: tuple
    out_of_year: tuple = ()
    unknown_region: str = ""

    @property
    def region(self):
        return self.candidates[0].region if len(self.candidates) == 1 else None

    @property
    def organizations(self):
        """Those that the text names whichever candidate is meant."""
        sets = {candidate.organizations for candidate in self.candidates}
        return sets.pop() if len(sets) == 1 else ()

    @property
    def whole(self):
        """Whether one region was found and every word understood."""
        return self.region is not None and not self.leftovers and not self.unknown_region


def resolve(text, year, table, region_text=""):
    """The Resolution of an organization text as of `year`; `table` is a RegionTable.

    `region_text` are words beside it that name the region: read as if they stood before the text.
    """
    return _Resolver(text, table.in_year(year), region_text).resolution()


class _Resolver:
    """From the places and bodies of a text to organizations with their official names."""

    def __init__(self, text, years, region_text):
        self.original, self.years, self.region_text = text, years, region_text
        beside = PlaceReader(region_text, years).read()
        self.understood = not beside.leftovers
        self.phrases = PlaceReader(text, years, beside.places).read()
        self.places = self.phrases.places

    def resolution(self):
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

    def _leftovers(self):
        named = [region for place in self.places for region in place.regions]
        for at, end in self.phrases.leftovers:
            start, words = self.phrases.source(at, end)
            regions = self.years.of_other_years(self.phrases.text[at:end], named)
            yield Leftover(words, start, self._out_of_year(regions))

    def _out_of_year(self, regions):
        return tuple(
            OutOfYear(
                region,
                self.years.names_of(region),
                {each: self.years.names_of(each) for each in self.years.instead_of(region)},
            )
            for region in regions
            if not self.years.has(region)
        )

    def _mentions(self):
        for place in self.places:
            for found in place.bodies:
                start, words = self.phrases.source(found.start, found.end)
                yield Mention(words, start, found.form.kind)

    def _candidates(self):
        """The deepest regions that were named: a province beside a county in it is no choice."""
        named = list(dict.fromkeys(place.regions for place in self.places))
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

    def _organizations(self, chosen):
        """The bodies that the text names if it means `chosen`, each once, in its order."""
        found = {}
        for place in self.places:
            region = place.regions[0] if len(place.regions) == 1 else chosen
            if region in place.regions:
                for body in place.bodies:
                    if seat := self.phrases.seat(place, region, body):
                        organization = self._organization(place, *seat, body)
                        found.setdefault(organization.name, organization)
        return found.values()

    def _organization(self, place, region, unlisted, found):
        name, short_name = found.form.names(
            found.words, self._official(region, place if unlisted else None)
        )
        if found.form.kind == organization_kinds.GOVERNMENT:
            name = short_name = _government(name)
        level = region.level
        if unlisted:
            lower = (
                LEVELS.index(level) + 1 if place.unlisted_kind == organization_kinds.ZONE else -1
            )
            level = LEVELS[min(lower, len(LEVELS) - 1)]
        return ResolvedOrganization(name, short_name, found.form.kind, level, region)

    def _official(self, region, place=None):
        """A region's name in the names of its bodies: 太仓市, but 厦门市思明区, 上海市松江区石湖荡镇."""
        if place and place.unlisted_kind == organization_kinds.ZONE and place.short:
            return place.short + place.unlisted
        lineage = self.years.lineage(region)
        name = region.name
        for upper, lower in zip(lineage[-2::-1], lineage[:0:-1], strict=False):
            if lower.level != TOWNSHIP and not _needs_above(lower.name):
                break
            name = upper.name + name
        unlisted = place.unlisted if place else ""
        return name + unlisted


def _needs_above(name):
    """Whether a county's name is not enough to tell it: districts repeat, 六枝特区 does not."""
    return split_kind(name)[1] in ("区", "新区", "矿区")


def _government(name):
    place = name.removesuffix("人民政府")
    if place.endswith("特别行政区"):
        return f"{place}政府"
    return f"{place}行政公署" if place.endswith(("地区", "盟")) else name

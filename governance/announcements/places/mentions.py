"""Reads an organization text from left to right: places, the bodies of each, and what is left."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from governance.announcements.files.paragraphs import plain

from . import organization_kinds
from .place_names import other_names
from .regions import PREFECTURE, PROVINCE

# Between names; the second kind also stands inside names (和平区) and divides only where names follow.
HARD, SOFT = set("、,;。:/|()[]“”\"'—-\n"), set("和与及暨并&+ \t")
# Of these, what puts equals side by side; the others may stand within the path of one place.
ENUMERATING = set("、和与及暨;")
# Words that name a body of a place which the table does not know: 羊安镇党委, 滨湖社区.
ELSEWHERE = re.compile(
    r"[^\W\da-z_]{1,12}?(?:镇|乡|街道|街|苏木|嘎查|村|社区|新区|区|县|旗|市)(?=党|工?委|人民|政府|办|管|居|村|民|$)"
)
# Words around names that name nobody.
FILLER = re.compile("等(?:单位|部门)?|联合|共同|牵头|主办|以及")


@dataclass
class NamedBody:
    """A body that the text names, by a form of words."""

    form: organization_kinds.Form
    mark: str
    words: re.Match
    start: int

    @property
    def end(self):
        return self.words.end()


@dataclass
class Place:
    """A place that the text names: the regions that it may be, and an unlisted place within.

    `short` is the name in the text if it is written without its kind: 苏州|工业园区.
    """

    regions: tuple
    end: int
    short: str = ""
    prefix: re.Match | None = None
    unlisted: str = ""
    unlisted_kind: str = ""
    bodies: list = field(default_factory=list)
    # Nothing that follows is this place's: its own words were not understood.
    closed: bool = False


class PlaceReader:
    """What a text names: `places` with their `bodies`, and `leftovers`, words that name nothing known.

    It reads the plain text, in which every place is a place of the text as it was written. `beside`
    are places that were named before the text began.
    """

    def __init__(self, text, years, beside=()):
        self.original = text
        self.text = plain(text)
        self.years = years
        self.places = [Place(place.regions, 0, closed=True) for place in beside]
        self.leftovers = []
        # Whether the last words were of a place that is not known, so that 、政府 is of nobody known.
        self.astray = False

    def read(self):
        at = 0
        while (at := self._skip(at)) < len(self.text):
            at = self._step(at)
        self._share()
        return self

    def source(self, start, end):
        """(start, words) in the text as it was written."""
        return start, self.original[start:end]

    def _skip(self, at):
        while at < len(self.text):
            if self.text[at] in HARD or self.text[at].isspace() or self._joins(at):
                at += 1
            elif filler := FILLER.match(self.text, at):
                at = filler.end()
            else:
                break
        return at

    def _joins(self, at):
        """Whether a word such as 和 joins names here; in 和平区 it begins one."""
        if self.text[at] not in SOFT or not self._names(at + 1):
            return False
        return at > 0 and not any(full for _end, full in self._chains(at))

    def _names(self, at):
        """Whether names go on at `at`."""
        return at >= len(self.text) or self._place(at) is not None or bool(self._body_here(at))

    def _step(self, at):
        """Reads what begins at `at`; where it ends."""
        place, body = self._place(at), self._body_here(at)
        if place and not (body and place.short):
            self.places.append(place)
            self.astray = False
            self._agree()
            return self._bodies(place.end)
        if body and (body.mark or not self.astray):
            self.astray = False
            return self._bodies(at)
        return self._leave(at)

    @property
    def _here(self):
        return self.places[-1] if self.places else None

    # Places

    def _place(self, at):
        """The place that is named at `at`, or None."""
        prefix = organization_kinds.PREFIX.match(self.text, at)
        start = prefix.end() if prefix else at
        ways = [
            self._way(end, full, regions, prefix)
            for (end, full), regions in self._chains(start).items()
        ]
        valid, certain, _full, _end, place = max(
            ways, key=lambda way: way[:4], default=(False, False, False, 0, None)
        )
        if not valid and not certain:
            place = None
        return place or self._unlisted_here(at)

    def _way(self, end, full, regions, prefix):
        """(what follows is understood, surely a place, in full, its end, the place)."""
        place = Place(regions, end, "" if full else self._short(end, regions), prefix)
        if self._goes_on(place):
            return True, True, full, end, place
        if unlisted := self._unlisted(place):
            return True, True, True, end, unlisted
        return False, full or self._large(place), full, end, place

    def _short(self, end, regions):
        """The name without its kind by which a place is written just before `end`."""
        names = (name for region in regions for name in other_names(region.name))
        written = [name for name in names if self.text[:end].endswith(plain(name))]
        return max(written, key=len, default="")

    def _large(self, place):
        """Whether a short name may be a place before unknown words: 成都爱有戏, but not 兴业银行 in 兴业县."""
        return any(region.level in (PROVINCE, PREFECTURE) for region in place.regions)

    def _chains(self, at):
        """Names from `at`, each at first as near as can be to the place before: 鼓楼区 after 南京市玄武区."""
        found = {}
        for above in self._around():
            for key, regions in self.years.chains(self.text, at, above).items():
                found.setdefault(key, regions)
        return found

    def _around(self):
        if self._here:
            lineages = [self.years.lineage(region)[::-1] for region in self._here.regions]
            for step in range(max(map(len, lineages))):
                yield [lineage[step] for lineage in lineages if step < len(lineage)]
        yield None

    def _goes_on(self, place):
        """Whether what follows `place` is understood: a break, or a body of it."""
        at = place.end
        if at >= len(self.text) or self.text[at] in HARD or FILLER.match(self.text, at):
            return True
        if self.text[at] in SOFT:
            # Only a look at what begins there: reading it would begin all over at each 和.
            at += 1
            return at >= len(self.text) or bool(
                self._chains(at) or next(self._forms(at, place), None)
            )
        return self._body(at, place) is not None

    def _unlisted(self, place):
        """`place` with the development zone or community within it that follows, or None."""
        for kind, pattern in organization_kinds.UNLISTED.items():
            if name := pattern.match(self.text, place.end):
                inner = Place(place.regions, name.end(), place.short, place.prefix, name[0], kind)
                if self._body(inner.end, inner):
                    return inner
        return None

    def _unlisted_here(self, at):
        """An unlisted place within the one before: …街道办事处、湖滨社区居委会."""
        if not self._here:
            return None
        return self._unlisted(Place(self._here.regions, at))

    # Bodies

    def _body_here(self, at):
        if not self._here:
            return None
        prefix = organization_kinds.PREFIX.match(self.text, at)
        if prefix and (found := self._body(prefix.end(), self._here, prefix)):
            return found
        return self._body(at, self._here)

    def _bodies(self, at):
        """Reads all bodies of the present place that follow without a break; where they end."""
        place = self._here
        while found := (
            self._body(at, place, place.prefix) if at == place.end else self._body_here(at)
        ):
            place.regions = self._having(place, found)
            place.bodies.append(found)
            at = found.end
        if at < len(self.text) and not self._between(at, place):
            place.closed = place.closed or not place.bodies
            return self._leave(at, astray=at == place.end)
        return at

    def _body(self, at, place, prefix=None):
        """The body of `place` that is named at `at`, with nothing cut off behind it, or None."""
        found = self._forms(at, place, prefix)
        return next((each for each in found if self._between(each.end, place)), None)

    def _forms(self, at, place, prefix=None):
        """The bodies of `place` that the words at `at` may begin with, the likeliest first."""
        marks = [mark for mark in organization_kinds.MARKS if self.text.startswith(mark, at)]
        for mark in ["", *marks]:
            for form in organization_kinds.FORMS:
                words = form.words.match(self.text, at + len(mark))
                if not words or (form.attached and not (mark or self._kind_before(at, prefix))):
                    continue
                found = NamedBody(_meant(form, prefix), mark, words, at)
                if self._having(place, found):
                    yield found

    def _kind_before(self, at, prefix):
        return bool(prefix) or self.text[:at].endswith(tuple(organization_kinds.MARKS))

    def _between(self, at, place):
        """Whether one name may end at `at`: nothing follows, or a break, or another name."""
        if at >= len(self.text) or self.text[at] in HARD | SOFT or FILLER.match(self.text, at):
            return True
        if next(self._forms(at, place), None):
            return True
        return any(full for _end, full in self.years.chains(self.text, at))

    def _having(self, place, found):
        """The regions that `place` may be and that have such a body."""
        return tuple(region for region in place.regions if self.seat(place, region, found))

    def seat(self, place, region, found):
        """(region, unlisted name within it) of whom a body is, if `place` is `region`; or None."""
        form, mark = found.form, found.mark
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
                    not found.words[0].endswith("厅") or upper.level == PROVINCE
                )
                return (upper, "") if fits else None
        return None

    # What is left, and the result

    def _leave(self, at, *, astray=False):
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

    def _agree(self):
        """Narrows the place before the last one to those above or below it: 朝阳区政府、建外街道办."""
        *_, before, last = [None, *self.places]
        if before is None:
            return
        related = tuple(
            region
            for region in before.regions
            if region in last.regions
            or self.years.any_above([region], last.regions)
            or self.years.any_above(last.regions, [region])
        )
        before.regions = related or before.regions

    def _share(self):
        """Gives places without bodies those of the next place that has some: 甲市、乙县政府."""
        for place, following in reversed(list(pairwise(self.places))):
            if not (place.bodies or place.closed) and self._equals(place, following):
                place.bodies = [
                    found
                    if self._having(place, found)
                    else NamedBody(found.form, "", found.words, found.start)
                    for found in following.bodies
                ]

    def _equals(self, place, following):
        """Whether two places stand side by side: 绍兴市、诸暨市; but 北京市（朝阳区） is one place."""
        apart = self.text[place.end] in HARD | SOFT
        return self.text[place.end] in ENUMERATING or (
            apart and not self.years.any_above(place.regions, following.regions)
        )


def _meant(form, prefix):
    """共青团太仓市委员会 is of the league, not of the party."""
    if form is organization_kinds.COMMITTEE and prefix:
        if prefix["league"]:
            return organization_kinds.LEAGUE
        if prefix["cppcc"]:
            return organization_kinds.CPPCC
    return form


def _is_a(region, mark):
    if mark == "区" and region.name.endswith("地区"):
        return False
    whole = {"地": "地区", "街": "街道"}.get(mark, mark)
    return region.name.endswith(whole)

"""An announcement parsed with what the database knows: regions, organizations, vocabulary, codings."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from governance import announcements
from governance.announcements.award import AnnouncedYear, announced_year
from governance.announcements.places.region_rows import COUNTY, UNASKED, RegionFields
from governance.announcements.places.regions import RegionTable
from governance.announcements.places.titles import placed_by_title
from governance.announcements.readings import Counted, Reading, Remark, Sentence, Unreadable
from governance.announcements.suggesting import CodedEntry, Suggester, Suggestion
from governance.loading import FixtureFile, problems_of
from governance.loading.recognizing import GivenCode, codes_of, in_doubt
from governance.models import Achievement, AwardYear, Mechanism, Organization, Region
from governance.models.region import FIRST_YEAR, path_of, region_code

from .award_fixture import FixtureRow, award_fixture, fixture_texts, organizations_of
from .awards import award_for, fields_of, name_in, which_award
from .own_tables import refuse_own_table

# What several award years of a document may name together.
SHARED = ("governance.region", "governance.organization", "governance.award")


class MissingRegions(Exception):
    """The database holds no regions, without which no organization text can be understood."""

    def __str__(self) -> str:
        return _(
            "数据库里没有行政区划表，无法识别机构所在的地区。请先运行 manage.py prepare，它会装入区划。"
        )


@dataclass(frozen=True)
class ParsedAnnouncement:
    """What an announcement gives: an AnnouncedYear for each year, and their fixture as a list of objects.

    `doubtful` are the entries of which only a person can say whether they are some of the record,
    {code: GivenCode}; in the fixture they are new.
    """

    years: list[AnnouncedYear]
    fixture: list[FixtureRow]
    doubtful: dict[str, GivenCode] = field(default_factory=dict)
    # Whether it names no award, so that it may be of another than the first.
    award_open: bool = False

    @property
    def doubts(self) -> Iterator[str]:
        """A sentence for each thing that only a person can say: the award, and each entry that is doubtful."""
        if self.award_open:
            yield which_award()
        for each in (entry for year in self.years for entry in year.entries):
            if given := self.doubtful.get(each.code):
                yield in_doubt(each.code, fixture_texts(each), given.doubts, each.code)

    @property
    def award(self) -> AnnouncedYear:
        """The award year of an announcement that was read as one."""
        (year,) = self.years
        return year


def parse(name: str, content: bytes, year: int | None, **options: Any) -> ParsedAnnouncement:
    """The ParsedAnnouncement of a file, from its name and bytes; see `parse_reading`."""
    return parse_reading(announcements.read(name, content, refuse_own_table), year, **options)


def parse_reading(
    reading: Reading,
    year: int | None,
    *,
    award: str = "",
    candidates: bool = False,
    first_years: Mapping[str, int] | None = None,
    tick: Callable[[], object] = lambda: None,
) -> ParsedAnnouncement:
    """The ParsedAnnouncement of a Reading as of a year; without one, of each award year that it tells.

    `award` is the slug of its award, if a person has said it; `first_years` are {code: first year} of
    functional areas that the record does not have yet. With `candidates`, the fixture has the
    organizations and townships of every candidate. `tick` is called for each entry. Reading a file
    raises Unreadable, and so does a document of other years or of no year that it tells; an empty
    region table raises MissingRegions; a slug that no award has, UnknownAward.
    """
    regions = region_table(first_years or {})
    ticking = Ticking(suggester(), tick)
    one, sure = award_for(reading, award)
    years = []
    doubtful: dict[str, GivenCode] = {}
    # {code of an award year: what `award_fixture` takes as `beside`}
    beside: dict[str, dict[str, int | None]] = {}
    for each in [year] if year else _years_of(reading):
        placed = placed_by_title(reading.of_year(each, alone=bool(year)), regions.in_year(each))
        told = name_in(one, each), one.pk is None
        announced = announced_year(placed, each, one.year_code(each), regions, ticking, *told)
        texts = {entry.code: fixture_texts(entry) for entry in announced.entries}
        given = codes_of(announced.code, texts)
        announced = _with_codes_for_good(announced, given)
        if count := _public_beside(announced):
            announced = _told_beside(announced, count)
            beside[announced.code] = _ranks_behind(announced)
        years.append(announced)
        doubtful |= {code.code: code for code in given.values() if code.doubts}
    fixture = list(_fixture(years, regions, fields_of(one), beside, candidates))
    return ParsedAnnouncement(years, fixture, doubtful, award_open=not sure)


def _years_of(reading: Reading) -> list[int]:
    """The award years of which the Reading has entries; raises Unreadable where that is not certain."""
    years = reading.years
    if len(years) != 1 and not any(entry.year for entry in reading.entries):
        several = Sentence(
            "文件写了几个年份（%(years)s），看不出是哪一年度的成果；请用 --year 写明。",
            {"years": years},
        )
        none = Sentence("文件没有写明年度，看不出是哪一年度的成果；请用 --year 写明。")
        raise Unreadable(several if years else none)
    return years


def _fixture(
    years: Iterable[AnnouncedYear],
    regions: RegionTable,
    award: dict[str, Any],
    beside: Mapping[str, Mapping[str, int | None]],
    candidates: bool,
) -> Iterator[FixtureRow]:
    """The fixture objects of award years, those of a year after those of the year before; what they share, once."""
    shared: list[FixtureRow] = []
    recorded = set(AwardYear.objects.values_list("code", flat=True))
    for announced in years:
        names = {each.name for each in organizations_of(announced, candidates)}
        made = [row["fields"] for row in shared if row["model"] == "governance.organization"]
        known = known_organizations(names) | {fields["name"]: fields for fields in made}
        for row in award_fixture(
            announced,
            regions,
            award=award,
            organizations=known,
            recorded=announced.code in recorded,
            beside=beside.get(announced.code),
            candidates=candidates,
        ):
            if row["model"] in SHARED:
                if row in shared:
                    continue
                shared.append(row)
            yield row


def _public_beside(announced: AnnouncedYear) -> int:
    """How many entries of the year are public, if the document has fewer than half of the year's; else 0.

    Such a document is not the year's announcement: it must not take the place of its text.
    """
    entries = Achievement.objects.filter(award_year__code=announced.code)
    codes = set(entries.values_list("code", flat=True))
    told = codes & {each.code for each in announced.entries}
    return entries.published().count() if 2 * len(told) < len(codes) else 0


def _ranks_behind(announced: AnnouncedYear) -> dict[str, int | None]:
    """{code: a rank behind all that the record has of the year and tier}, None for what it has."""
    entries = Achievement.objects.filter(award_year__code=announced.code)
    recorded, last = set(), Counter[str]()
    for code, tier, rank in entries.values_list("code", "tier", "rank"):
        recorded.add(code)
        last[tier] = max(last[tier], rank or 0)
    found: dict[str, int | None] = {}
    for each in announced.entries:
        if each.code not in recorded:
            last[each.entry.tier] += 1
        found[each.code] = None if each.code in recorded else last[each.entry.tier]
    return found


def _told_beside(announced: AnnouncedYear, count: int) -> AnnouncedYear:
    """With a remark that `count` entries of its year are public, and not of this document."""
    sentence = Counted(
        "%(year)s 年度已公开 %(count)s 项，本文件没有其中多数：公告全文仍是库中那一份，本文件的成果不标在全文中的位置，排在已公开的之后。",
        {"year": announced.year, "count": count},
    )
    reading = announced.reading
    told = replace(reading, remarks=[Remark(1, sentence), *reading.remarks])
    return replace(announced, reading=told)


def refusals(parsed: ParsedAnnouncement, name: str) -> list[str]:
    """Sentences that say why loading would refuse the fixture; none if it would take it."""
    return [str(one) for one in problems_of(FixtureFile(name, b"", objects=parsed.fixture))]


def _with_codes_for_good(award: AnnouncedYear, given: dict[str, GivenCode]) -> AnnouncedYear:
    """The AnnouncedYear with the codes that the record has for its entries, wherever they stand in the list now."""
    entries = tuple(replace(each, code=given[each.code].code) for each in award.entries)
    return replace(award, entries=entries)


@dataclass(frozen=True)
class Ticking:
    """A Suggester that says when it is asked: once for each entry."""

    suggester: Suggester
    tick: Callable[[], object]

    def suggest(self, texts: dict[str, str]) -> list[Suggestion]:
        self.tick()
        return self.suggester.suggest(texts)


def region_table(first_years: Mapping[str, int]) -> RegionTable:
    """The RegionTable of the database, and of all townships and functional areas that ship with the project."""
    fields = ("code", "path", "name", "level", "valid_from", "valid_to")
    keys = [
        f"{link}__{part}" for link in ("parent", "successor") for part in ("code", "valid_from")
    ]
    # A database that was never made ready has not even the empty table.
    if Region._meta.db_table not in connection.introspection.table_names():
        raise MissingRegions
    rows = [_region_row(row) for row in Region.objects.values(*fields, *keys)]
    if not rows:
        raise MissingRegions
    return RegionTable(rows, townships(), region_code, functional_areas(first_years))


def _region_row(row: dict[str, Any]) -> RegionFields:
    keys = {
        link: (row[f"{link}__code"], row[f"{link}__valid_from"]) if row[f"{link}__code"] else None
        for link in ("parent", "successor")
    }
    return cast(RegionFields, row | keys)


def townships() -> list[tuple[str, str]]:
    """(code of nine digits, name) of every township that ships with the project, as of the latest year."""
    with open(settings.BASE_DIR / "fixtures" / "townships.csv", encoding="utf-8") as file:
        _head, *rows = csv.reader(file)
    return [(code, name) for code, name in rows]


def functional_areas(
    first_years: Mapping[str, int],
) -> Iterator[tuple[RegionFields, Sequence[str]]]:
    """Fields and further names of each functional area that becomes a region when an entry uses it."""
    with open(settings.BASE_DIR / "fixtures" / "functional_areas.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            fields: RegionFields = {
                "code": row["code"],
                "path": path_of(row["code"]),
                "name": row["name"],
                "level": COUNTY,
                "parent": (row["parent"], FIRST_YEAR),
                "valid_from": first_years.get(row["code"], UNASKED),
                "valid_to": None,
                "successor": None,
            }
            yield fields, [name for name in row["other_names"].split("|") if name]


def suggester(most: int | None = None) -> Suggester:
    """A Suggester that knows the vocabulary and every coding of the database, or of the `most` newest
    entries that have any."""
    vocabulary = {
        mechanism.slug: [mechanism.name, *mechanism.synonym_list, *mechanism.search_word_list]
        for mechanism in Mechanism.objects.all()
    }
    return Suggester(vocabulary, coded_entries(most))


def coded_entries(most: int | None = None) -> Iterator[CodedEntry]:
    coded = Achievement.objects.filter(codings__isnull=False).distinct().order_by("-pk")
    for achievement in coded.prefetch_related("codings__mechanism", "codings__evidence")[:most]:
        texts = {"title": achievement.title, "summary": achievement.summary}
        evidence = {
            coding.mechanism.slug: [span.text for span in coding.evidence.all()]
            for coding in achievement.codings.all()
        }
        yield CodedEntry(texts, evidence)


def known_organizations(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """{name: fields of the fixture} of those organizations that the record has: of these, the name alone."""
    found = Organization.objects.in_bulk(list(names), field_name="name")
    return {name: {"name": name} for name in found}

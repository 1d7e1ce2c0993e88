"""An announcement parsed with what the database knows: regions, organizations, vocabulary, codings."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from governance import announcements
from governance.announcements.award import AnnouncedYear, announced_year
from governance.announcements.places.region_rows import RegionFields
from governance.announcements.places.regions import RegionTable
from governance.announcements.readings import Reading
from governance.announcements.suggesting import CodedEntry, Suggester, Suggestion
from governance.loading.recognizing import codes_of
from governance.models import Achievement, Mechanism, Organization, Region
from governance.models.region import region_code
from governance.readable_yaml import Key

from .award_fixture import FixtureRow, award_fixture, fixture_texts, organizations_of
from .awards import award_for, fields_of, name_in


class MissingRegions(Exception):
    """The database holds no regions, without which no organization text can be understood."""

    def __str__(self) -> str:
        return _(
            "数据库里没有行政区划表，无法识别机构所在的地区。请先运行 manage.py prepare，它会装入区划。"
        )


@dataclass(frozen=True)
class ParsedAnnouncement:
    """What an announcement gives: an AnnouncedYear, and its fixture as a list of objects."""

    award: AnnouncedYear
    fixture: list[FixtureRow]


def parse(name: str, content: bytes, year: int, **options: Any) -> ParsedAnnouncement:
    """The ParsedAnnouncement of a file, from its name and bytes; see `parse_reading`."""
    return parse_reading(announcements.read(name, content), year, **options)


def parse_text(text: str, year: int, **options: Any) -> ParsedAnnouncement:
    """The ParsedAnnouncement of a pasted text; see `parse_reading`."""
    return parse_reading(announcements.read_text(text), year, **options)


def parse_reading(
    reading: Reading,
    year: int,
    *,
    award: str = "",
    candidates: bool = False,
    tick: Callable[[], object] = lambda: None,
) -> ParsedAnnouncement:
    """The ParsedAnnouncement of a Reading.

    `award` is the slug of its award, if a person has said it. With `candidates`, the fixture has the organizations and townships of every candidate. `tick`
    is called for each entry. Reading a file raises Unreadable; an empty region table raises
    MissingRegions; a slug that no award has, UnknownAward.
    """
    regions = region_table()
    ticking = Ticking(suggester(), tick)
    one = award_for(reading, award)
    told = name_in(one, year), one.pk is None
    announced = announced_year(reading, year, one.year_code(year), regions, ticking, *told)
    announced = _with_codes_for_good(announced)
    names = {each.name for each in organizations_of(announced, candidates)}
    fixture = award_fixture(
        announced,
        regions,
        award=fields_of(one),
        organizations=known_organizations(names),
        slugs=Organization.objects.values_list("slug", flat=True),
        candidates=candidates,
    )
    return ParsedAnnouncement(announced, fixture)


def _with_codes_for_good(award: AnnouncedYear) -> AnnouncedYear:
    """The AnnouncedYear with the codes that the record has for its entries, wherever they stand in the list now."""
    fields = {each.code: fixture_texts(each) for each in award.entries}
    codes = codes_of(award.code, fields)
    entries = tuple(replace(each, code=codes[each.code]) for each in award.entries)
    return replace(award, entries=entries)


@dataclass(frozen=True)
class Ticking:
    """A Suggester that says when it is asked: once for each entry."""

    suggester: Suggester
    tick: Callable[[], object]

    def suggest(self, texts: dict[str, str]) -> list[Suggestion]:
        self.tick()
        return self.suggester.suggest(texts)


def region_table() -> RegionTable:
    """The RegionTable of the database, and of all townships that ship with the project."""
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
    return RegionTable(rows, townships(), region_code)


def _region_row(row: dict[str, Any]) -> RegionFields:
    keys = {
        link: (row[f"{link}__code"], row[f"{link}__valid_from"]) if row[f"{link}__code"] else None
        for link in ("parent", "successor")
    }
    return cast(RegionFields, row | keys)


def townships() -> list[tuple[str, str]]:
    with open(settings.BASE_DIR / "fixtures" / "townships.csv", encoding="utf-8") as file:
        return [(row["code"], row["name"]) for row in csv.DictReader(file)]


def suggester() -> Suggester:
    """A Suggester that knows the vocabulary and every coding of the database."""
    vocabulary = {
        mechanism.slug: [mechanism.name, *mechanism.alias_list]
        for mechanism in Mechanism.objects.all()
    }
    return Suggester(vocabulary, coded_entries())


def coded_entries() -> Iterator[CodedEntry]:
    coded = Achievement.objects.filter(codings__isnull=False).distinct()
    for achievement in coded.prefetch_related("codings__mechanism", "codings__evidence"):
        texts = {"title": achievement.title, "summary": achievement.summary}
        evidence = {
            coding.mechanism.slug: [span.text for span in coding.evidence.all()]
            for coding in achievement.codings.all()
        }
        yield CodedEntry(texts, evidence)


def known_organizations(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """{name: fields of the fixture} of those organizations that the record has."""
    fields = ("name", "short_name", "name_en", "pinyin", "slug", "kind", "level")
    found = Organization.objects.select_related("region").in_bulk(list(names), field_name="name")
    return {
        name: {field: getattr(organization, field) for field in fields}
        | {"region": Key(organization.region.natural_key())}
        for name, organization in found.items()
    }

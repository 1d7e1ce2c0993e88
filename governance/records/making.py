"""Makes public records of the rows of the record."""

from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar, cast

from django.conf import settings
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import translation

from governance import images
from governance.models import (
    Achievement,
    AchievementImage,
    AchievementOrganization,
    Award,
    AwardYear,
    Coding,
    Evidence,
    Mechanism,
    Organization,
    Publication,
    Region,
    SettingEvidence,
)
from governance.models.achievement import VERBATIM

from .shapes import (
    AchievementRecord,
    AwardRecord,
    CodingRecord,
    DocumentRecord,
    EvidenceRecord,
    ImageRecord,
    MechanismRecord,
    OrganizationRecord,
    PlaceRecord,
    PublicRecord,
    RegionRecord,
    SpanRecord,
)

# Of a draft that has none yet, for its preview.
NO_REGION: RegionRecord = {
    "code": "",
    "name": "",
    "name_en": "",
    "path": "",
    "level": "",
    "valid_from": 0,
    "lineage": [],
    "became": [],
}


def achievement_record(achievement: Achievement) -> AchievementRecord:
    """The public record of one achievement, as `Records` makes it."""
    return Records().of([achievement])[0]


def public_records(achievements: Sequence[Achievement]) -> list[PublicRecord]:
    """The record of each achievement of a list, with its days."""
    records = Records().of(achievements)
    found = Publication.objects.filter(code__in=[record["code"] for record in records])
    days = {
        code: (first, last)
        for code, first, last in found.values_list("code", "first_published", "modified")
    }
    return [with_days(record, *days.get(record["code"], (None, None))) for record in records]


def with_days(
    record: AchievementRecord, first_published: date | str | None, modified: date | str | None
) -> PublicRecord:
    """The record as every face shows it; days are as either database gives them."""
    first, last = (day and str(day) for day in (first_published, modified))
    return cast(PublicRecord, {**record, "first_published": first, "modified": last})


class Records:
    """Makes public records, with the field names of the API, in a fixed number of queries.

    What many achievements share, such as regions, is read once for as long as this lives.
    """

    def __init__(self) -> None:
        self._award_years = _Rows(
            AwardYear.objects.select_related("award").defer("text"),
            lambda award_year: (award_year, award_record(award_year.award)),
        )
        self._organizations = _Rows(Organization.objects.all(), organization_record)
        self._mechanisms = _Rows(Mechanism.objects.all(), mechanism_record)
        self._regions = _Rows(
            Region.objects.select_related("parent__parent__parent", "successor__successor"),
            lambda region: (region, region_record(region)),
        )

    def of(self, achievements: Sequence[Achievement]) -> list[AchievementRecord]:
        """A record for each achievement of a list; rows with the names of their columns do as well."""
        # Written into the SQL: Django treats each parameter several times, and eight queries take all ids.
        written = ",".join(str(achievement.id) for achievement in achievements)
        ids = RawSQL(written or "NULL", [])  # noqa: S611  # primary keys, which are integers
        organizations, codings = self._organizations_of(ids), self._codings_of(ids)
        spans, pictures = _setting_evidence_of(ids), _images_of(ids)
        self._award_years.read({achievement.award_year_id for achievement in achievements})
        self._regions.read({achievement.region_id for achievement in achievements})
        made: list[AchievementRecord] = []
        for achievement in achievements:
            key, (award_year, award) = achievement.id, self._award_years[achievement.award_year_id]
            made.append(
                {
                    "code": achievement.code,
                    "award": award,
                    "year": award_year.year,
                    "tier": achievement.tier,
                    "grade": achievement.grade,
                    "rank": achievement.rank,
                    "title": achievement.title,
                    "short_name": achievement.short_name,
                    "summary": achievement.summary,
                    "title_en": achievement.title_en,
                    "summary_en": achievement.summary_en,
                    "organization_text": achievement.organization_text,
                    "setting": achievement.setting,
                    "setting_evidence": spans[key],
                    "region": self._region_of(achievement),
                    "organizations": organizations[key],
                    "mechanisms": codings[key],
                    "document": document_record(achievement, award_year),
                    "images": pictures[key],
                    "url": f"{self._address}{achievement.code}/",
                }
            )
        return made

    def _region_of(self, achievement: Achievement) -> RegionRecord:
        if achievement.region_id is None:
            return NO_REGION
        return self._regions[achievement.region_id][1]

    def region(self, key: int) -> Region:
        """The Region with this primary key, its parents and successors read as well."""
        return self.regions({key})[key]

    def regions(self, keys: Set[int | None]) -> dict[int, Region]:
        """The same of several."""
        self._regions.read(keys)
        return {key: self._regions[key][0] for key in keys if key is not None}

    @cached_property
    def _address(self) -> str:
        # In one language, whoever saves: the record is the same for everybody.
        with translation.override(settings.LANGUAGE_CODE):
            return reverse("achievements")

    def _organizations_of(self, ids: RawSQL) -> dict[int, list[OrganizationRecord]]:
        links = AchievementOrganization.objects.filter(achievement__in=ids)
        pairs = list(links.values_list("achievement_id", "organization_id"))
        self._organizations.read({organization for _achievement, organization in pairs})
        organizations: dict[int, list[OrganizationRecord]] = defaultdict(list)
        for achievement, organization in pairs:
            organizations[achievement].append(self._organizations[organization])
        return organizations

    def _codings_of(self, ids: RawSQL) -> dict[int, list[CodingRecord]]:
        rows = Coding.objects.filter(achievement__in=ids).values_list(
            *("pk", "achievement_id", "mechanism_id", "weight", "aspect"),
            *("coder", "coded_on", "reviewed_by", "reviewed_on"),
        )
        self._mechanisms.read({row[2] for row in rows})
        evidence = _evidence_of(ids)
        codings: dict[int, list[CodingRecord]] = defaultdict(list)
        for key, achievement, mechanism, weight, aspect, coder, coded, reviewer, reviewed in rows:
            codings[achievement].append(
                {
                    **self._mechanisms[mechanism],
                    "weight": weight,
                    "aspect": aspect,
                    "coder": coder,
                    "coded_on": coded and coded.isoformat(),
                    "reviewed_by": reviewer,
                    "reviewed_on": reviewed and reviewed.isoformat(),
                    "evidence": evidence[key],
                }
            )
        return codings


_Row = TypeVar("_Row", bound=Model)
_Made = TypeVar("_Made")


class _Rows(dict[int | None, _Made], Generic[_Row, _Made]):
    """{primary key: what `make` makes of the row} of those rows that were asked for by `read`.

    None has no row: only a draft can lack a region.
    """

    def __init__(self, queryset: QuerySet[_Row], make: Callable[[_Row], _Made]) -> None:
        super().__init__()
        self._queryset, self._make = queryset, make

    def read(self, keys: Set[int | None]) -> None:
        if missing := keys - self.keys():
            for row in self._queryset.filter(pk__in=missing):
                self[row.pk] = self._make(row)


def region_record(region: Region) -> RegionRecord:
    return {
        **place_record(region),
        "path": region.path,
        "level": region.level,
        "valid_from": region.valid_from,
        "lineage": [place_record(place) for place in region.lineage],
        "became": [place_record(place) for place in region.through_time[1:]],
    }


def place_record(region: Region) -> PlaceRecord:
    return {"code": region.code, "name": region.name, "name_en": region.name_en}


def award_record(award: Award) -> AwardRecord:
    return {"slug": award.slug, "name": award.name, "name_en": award.name_en}


def organization_record(organization: Organization) -> OrganizationRecord:
    return {
        "slug": organization.slug,
        "name": organization.name,
        "short_name": organization.short_name,
        "name_en": organization.name_en,
        "kind": organization.kind,
        "level": organization.level,
    }


def mechanism_record(mechanism: Mechanism) -> MechanismRecord:
    return {
        "slug": mechanism.slug,
        "name": mechanism.name,
        "name_en": mechanism.name_en,
        "field": mechanism.field,
    }


def _evidence_of(ids: RawSQL) -> dict[int, list[EvidenceRecord]]:
    """{coding: records of its spans}"""
    evidence: dict[int, list[EvidenceRecord]] = defaultdict(list)
    rows = Evidence.objects.filter(coding__achievement__in=ids).values_list(
        *("coding_id", "text", "field", "start", "end"),
        *("text_en", "field_en", "start_en", "end_en"),
    )
    for key, *words, text_en, field_en, start_en, end_en in rows:
        english = _span(text_en, field_en, start_en, end_en) if text_en else None
        evidence[key].append({**_span(*words), "english": english})
    return evidence


def _setting_evidence_of(ids: RawSQL) -> dict[int, list[SpanRecord]]:
    spans: dict[int, list[SpanRecord]] = defaultdict(list)
    rows = SettingEvidence.objects.filter(achievement__in=ids)
    for key, *words in rows.values_list("achievement_id", "text", "field", "start", "end"):
        spans[key].append(_span(*words))
    return spans


def _span(text: str, field: str, start: int, end: int) -> SpanRecord:
    return {"text": text, "field": field, "start": start, "end": end}


def _images_of(ids: RawSQL) -> dict[int, list[ImageRecord]]:
    pictures: dict[int, list[ImageRecord]] = defaultdict(list)
    for image in AchievementImage.objects.filter(achievement__in=ids):
        pictures[image.achievement_id].append(image_record(image))
    return pictures


def document_record(achievement: Achievement, award_year: AwardYear) -> DocumentRecord:
    """Where the announcement says it.

    `offset` is None if any of what the entry quotes has no place there: it was corrected, or never
    found.
    """
    located = None not in [getattr(achievement, f"{field}_offset") for field in VERBATIM]
    return {
        "title": award_year.document_title,
        "url": award_year.source_url,
        "offset": achievement.title_offset if located else None,
    }


def image_record(image: AchievementImage) -> ImageRecord:
    return {
        "digest": image.digest,
        "width": image.width,
        "height": image.height,
        "widths": images.widths(image),
        "alt": image.alt,
        "alt_en": image.alt_en,
        "credit": image.credit,
    }

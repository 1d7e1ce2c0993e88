"""The shapes of public records, with the field names of the API."""

from typing import NotRequired, TypedDict


class PlaceRecord(TypedDict):
    code: str
    name: str
    name_en: str


class RegionRecord(PlaceRecord):
    """A region in its year: `lineage` from the province down to it, `became` what it is since.

    A code may be that of several regions in time: `valid_from`, the year from which it was this one,
    tells them apart.
    """

    path: str
    level: str
    valid_from: int
    lineage: list[PlaceRecord]
    became: list[PlaceRecord]


class AwardRecord(TypedDict):
    slug: str
    name: str
    name_en: str


class OrganizationRecord(TypedDict):
    slug: str
    name: str
    short_name: str
    name_en: str
    kind: str
    level: str


class MechanismRecord(TypedDict):
    slug: str
    name: str
    name_en: str
    field: str


class SpanRecord(TypedDict):
    """Words of the achievement's text `field` (title or summary), from `start` to before `end`."""

    text: str
    field: str
    start: int
    end: int


class EvidenceRecord(SpanRecord):
    """`english` are the words of title_en or summary_en that render the words, None where none do."""

    english: SpanRecord | None


class CodingRecord(MechanismRecord):
    """A mechanism as it is coded for one achievement; days are as in 2026-11-26, None if unknown.

    Nobody has reviewed it whose `reviewed_on` is None.
    """

    weight: str
    aspect: str
    coder: str
    coded_on: str | None
    reviewed_by: str
    reviewed_on: str | None
    evidence: list[EvidenceRecord]


class DocumentRecord(TypedDict):
    """The announcement; `offset` is the title's place in its text, in characters."""

    title: str
    url: str
    offset: int | None


class ImageRecord(TypedDict):
    """`widths` are the sizes in pixels that `/media/images/<digest>/<width>.webp` has."""

    digest: str
    width: int
    height: int
    widths: list[int]
    alt: str
    alt_en: str
    credit: str


class AchievementRecord(TypedDict):
    """What the public knows of an achievement, with the field names of the API.

    Places in its texts count characters (code points). `url` is a path without a language; a face
    that leaves the site makes it absolute.
    """

    code: str
    award: AwardRecord
    year: int
    tier: str
    grade: str
    rank: int
    title: str
    short_name: str
    summary: str
    title_en: str
    summary_en: str
    organization_text: str
    setting: str
    setting_evidence: list[SpanRecord]
    region: RegionRecord
    organizations: list[OrganizationRecord]
    mechanisms: list[CodingRecord]
    document: DocumentRecord
    images: list[ImageRecord]
    url: str


class PublicRecord(AchievementRecord):
    """A record with the days on which it was first public and last changed, as ISO dates.

    They are None where the builder of the index has not met the entry yet. They are no part of the
    record itself, whose digest is the same wherever it is loaded.
    """

    first_published: str | None
    modified: str | None


class Means(MechanismRecord):
    """A mechanism that an entry uses: `spans` are (field, start, end) of the words that show it."""

    weight: str
    spans: list[tuple[str, int, int]]


class Card(TypedDict):
    """What a list shows of a record: the same names, less of each.

    `places` are its region and those above it, the largest first; `means` the mechanisms that it uses,
    the primary ones first.
    """

    code: str
    award: AwardRecord
    year: int
    tier: str
    grade: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    places: list[PlaceRecord]
    means: list[Means]
    # Set by a list that was searched: see showcase.query.reasons.
    why: NotRequired[list[str]]
    # Set where a list is drawn: the words that were found in the translation alone.
    translated: NotRequired[str]

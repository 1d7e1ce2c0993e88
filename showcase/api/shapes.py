"""What the API gives beside the records of entries; a `count` is of public entries, a `url` absolute."""

from typing import NotRequired, TypedDict

from governance.records.shapes import (
    AwardRecord,
    CodingRecord,
    MechanismRecord,
    OrganizationRecord,
    PlaceRecord,
    RegionRecord,
)


class OpenRegion(RegionRecord):
    """A region in one stretch of its time, `valid_to` None where it lasts; entries of its whole subtree."""

    valid_to: int | None
    count: int
    url: str


class OpenMechanism(MechanismRecord):
    """A mechanism with its rules, as the codebook has them; entries that use it as a means."""

    definition: str
    definition_en: str
    counts: str
    counts_en: str
    not_counts: str
    not_counts_en: str
    borderline: str
    borderline_en: str
    synonyms: list[str]
    search_words: list[str]
    count: int
    url: str


class OpenOrganization(OrganizationRecord):
    region: PlaceRecord | None
    count: int
    url: str


class OpenCoding(CodingRecord):
    """One judgement: `code`, `year` and `title` are of the entry that was coded."""

    code: str
    year: int
    title: str
    url: str


class OpenAwardYear(TypedDict):
    """One year of one award, with its announcement."""

    code: str
    year: int
    award: AwardRecord
    edition: str
    name: str
    issuer: str
    document_title: str
    source_url: str
    count: int
    url: str


class OpenAward(AwardRecord):
    issuer: str
    description: str
    description_en: str
    years: list[OpenAwardYear]
    url: str


class OpenValue(TypedDict):
    """A value of a facet: the list at `url` is that of the query with the value chosen, or no longer."""

    value: str
    label: str
    count: int
    chosen: bool
    depth: int
    url: str


class OpenGroup(TypedDict):
    """Values that stand together, below `head` if something heads them."""

    head: OpenValue | None
    values: list[OpenValue]


class OpenFacet(TypedDict):
    name: str
    label: str
    groups: list[OpenGroup]


class OpenFacets(TypedDict):
    """The facets of a list, each counted on what all others choose."""

    count: int
    facets: list[OpenFacet]
    version: str


class OpenDimension(TypedDict):
    dimension: str
    values: list["OpenHeading"]


class OpenHeading(TypedDict):
    value: str
    label: str
    count: int


class OpenTable(TypedDict):
    """Two dimensions against each other: `cells` holds a list of numbers for each row."""

    url: str
    version: str
    title: str
    measure: str
    filters: dict[str, list[str]]
    rows: OpenDimension
    columns: OpenDimension
    cells: list[list[float | None]]
    count: int


class OpenIndex(TypedDict):
    """What is here: `version` as it is cited, `digest` as lists say it, `links` by name."""

    name: str
    version: str
    digest: str
    licence: str
    links: dict[str, str]


class OpenProblem(TypedDict):
    """One wrong name or value; `suggestions` are names if `name_is_wrong`, else values."""

    parameter: str
    value: str
    message: str
    suggestions: list[str]
    name_is_wrong: bool
    code: str


class OpenError(TypedDict):
    """RFC 9457; of what is wrong with a query `problems` has each part, and is absent elsewhere."""

    type: str
    title: str
    status: int
    detail: str
    problems: NotRequired[list[OpenProblem]]

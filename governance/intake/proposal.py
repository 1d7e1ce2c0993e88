"""What an announcement proposes, as JSON: kept in a pending Load's `parsed` while a person decides."""

from collections import defaultdict
from typing import Any, TypedDict, cast

from governance.announcements.award import AwardEntry
from governance.announcements.places.organizations import Candidate
from governance.announcements.readings import Entry
from governance.announcements.suggesting import Suggestion
from governance.loading.recognizing import GivenCode
from governance.models import Achievement, Coding

from .award_fixture import FixtureRow
from .outcomes import Outcomes
from .parse_report import doubt_of, warnings
from .parsing import ParsedAnnouncement


class RegionCandidate(TypedDict):
    """A region that an organization text may mean ("320106:1999"), and the bodies it then names."""

    region: str
    code: str
    path: str
    organizations: list[str]


class ProposedSpan(TypedDict):
    """Words that speak for a mechanism, as governance.announcements.suggesting.Span has them."""

    field: str
    start: int
    end: int
    text: str
    because: str
    shown: int
    seen: int


class SuggestedMechanism(TypedDict):
    """`mechanism` is its slug; `coded`: the record has a coding of the entry by it."""

    mechanism: str
    name: str
    coded: bool
    spans: list[ProposedSpan]


class LookAlike(TypedDict):
    """An entry of the record that a proposed one may be, corrected."""

    code: str
    title: str
    organization_text: str
    summary: str


class ProposedEntry(TypedDict):
    """An entry: where it stands, and what a person may choose of it.

    `recorded` is the region of the candidate that the record has for it, `leftovers` are words of
    its organization text that were not understood. Whether it is one of the `look_alikes` or new,
    only a person can say. `doubts` are the regions that its words begin with and that the year did
    not have, as `out_of_year` tells them.
    """

    code: str
    paragraphs: list[int]
    candidates: list[RegionCandidate]
    recorded: str | None
    leftovers: list[str]
    look_alikes: list[LookAlike]
    doubts: list[dict[str, Any]]
    suggestions: list[SuggestedMechanism]


class FailedClaim(TypedDict):
    """What the document says of itself in these words, and the number that was found."""

    words: str
    paragraph: int
    said: int
    found: int


class Proposal(Outcomes):
    """All that an announcement gives; a rehearsal adds its Outcomes."""

    # Those of every candidate, too.
    objects: list[FixtureRow]
    # Whether it names no award: only a person can say of which it is. Readings of before have no such key.
    award_open: bool
    # (paragraph, use): "" for a line that was not understood.
    lines: list[tuple[int, str]]
    # (kind, values), as governance.intake.parse_report tells them.
    warnings: list[tuple[str, dict[str, Any]]]
    claims: list[FailedClaim]
    entries: list[ProposedEntry]


def proposal_of(parsed: ParsedAnnouncement) -> Proposal:
    """The proposal of a ParsedAnnouncement whose fixture has every candidate."""
    award, reading = parsed.award, parsed.award.reading
    recorded, coded = _recorded(award.code), _coded(award.code)
    return {
        "objects": parsed.fixture,
        "award_open": parsed.award_open,
        "lines": [(line.paragraph, line.use) for line in reading.lines],
        "warnings": list(warnings(award)),
        "claims": [
            cast(FailedClaim, vars(claim)) for claim in reading.claims if claim.said != claim.found
        ],
        "entries": [
            _entry(each, recorded, coded, parsed.doubtful.get(each.code)) for each in award.entries
        ],
    }


def renew_recorded(proposal: Proposal, award_year: str) -> None:
    """Let a proposal that has waited know the regions that the record has by now."""
    recorded = _recorded(award_year)
    texts = {
        row["fields"]["code"]: row["fields"]["organization_text"]
        for row in proposal["objects"]
        if row["model"] == "governance.achievement"
    }
    for entry in proposal["entries"]:
        found = recorded.get((entry["code"], texts[entry["code"]]))
        entry["recorded"] = _one_of(entry["candidates"], found)


def _one_of(candidates: list[RegionCandidate], region: str | None) -> str | None:
    return region if region in [one["region"] for one in candidates] else None


def _recorded(award_year: str) -> dict[tuple[str, str], str]:
    """{(code, organization text): value of the region that the record has}"""
    rows = Achievement.objects.filter(award_year__code=award_year, region__isnull=False)
    columns = ("code", "organization_text", "region__code", "region__valid_from")
    return {
        (code, text): f"{region}:{since}"
        for code, text, region, since in rows.values_list(*columns)
    }


def _coded(award_year: str) -> dict[str, set[str]]:
    """{code: slugs of the mechanisms by which the record has coded the entry}"""
    found = defaultdict(set)
    codings = Coding.objects.filter(achievement__award_year__code=award_year)
    for code, slug in codings.values_list("achievement__code", "mechanism__slug"):
        found[code].add(slug)
    return found


def _entry(
    each: AwardEntry,
    recorded: dict[tuple[str, str], str],
    coded: dict[str, set[str]],
    given: GivenCode | None,
) -> ProposedEntry:
    resolution = each.resolution
    candidates = [_candidate(candidate) for candidate in resolution.candidates]
    regions = [one for leftover in resolution.leftovers for one in leftover.out_of_year]
    regions += resolution.out_of_year
    return {
        "code": each.code,
        "paragraphs": _paragraphs(each.entry),
        "candidates": candidates,
        "recorded": _one_of(candidates, recorded.get((each.code, resolution.text))),
        "leftovers": [leftover.text for leftover in resolution.leftovers],
        "look_alikes": look_alikes(given) if given else [],
        "doubts": [doubt_of(region, resolution.year) for region in regions],
        "suggestions": [_suggestion(one, coded[each.code]) for one in each.suggestions],
    }


def look_alikes(given: GivenCode) -> list[LookAlike]:
    """The entries of the record for which a person may take an entry."""
    found: list[LookAlike] = []
    for row in given.doubts:
        texts = row.versions[0]
        found.append(
            {
                "code": row.code,
                "title": row.title,
                "organization_text": texts.get("organization_text", ""),
                "summary": texts.get("summary", ""),
            }
        )
    return found


def _candidate(candidate: Candidate) -> RegionCandidate:
    region = candidate.region
    return {
        "region": f"{region.code}:{region.valid_from}",
        "code": region.code,
        "path": candidate.path,
        "organizations": [organization.name for organization in candidate.organizations],
    }


def _paragraphs(entry: Entry) -> list[int]:
    """The numbers of the paragraphs in which the entry's words stand."""
    found: set[int] = set()
    for passage in (entry.marker, entry.title, entry.organization_text, entry.summary):
        if passage:
            found.update(range(passage.paragraph, passage.paragraph + passage.text.count("\n") + 1))
    return sorted(found)


def _suggestion(suggestion: Suggestion, coded: set[str]) -> SuggestedMechanism:
    return {
        "mechanism": suggestion.mechanism,
        "name": suggestion.name,
        "coded": suggestion.mechanism in coded,
        "spans": [cast(ProposedSpan, vars(span)) for span in suggestion.spans],
    }

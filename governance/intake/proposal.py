"""What an announcement proposes, as JSON: kept with the pending Load while a person decides.

    {"objects": [fixture object, …],       those of every candidate, too
     "lines": [[paragraph, use], …],       use "" for a line that was not understood
     "warnings": [[kind, values], …],      as governance.intake.parse_report tells them
     "claims": [{paragraph, words, said, found}, …],   those that do not agree
     "entries": [{code, paragraphs, candidates, recorded, leftovers, suggestions}, …]}

A rehearsal adds what `outcomes.py` says.

A candidate is {"region": "320106:1999", "code", "path", "organizations": [name, …]}, a suggestion
{"mechanism": slug, "name", "coded", "spans": [{field, start, end, text, because, shown, seen}]}.
`recorded` is the candidate that the record has for the entry, and `coded` says that the record has
a coding by that mechanism.
"""

from collections import defaultdict

from governance.models import Achievement, Coding

from .parse_report import warnings


def proposal_of(parsed):
    """The proposal of a ParsedAnnouncement whose fixture has every candidate."""
    award, reading = parsed.award, parsed.award.reading
    recorded, coded = _recorded(award.year), _coded(award.year)
    return {
        "objects": parsed.fixture,
        "lines": [[line.paragraph, line.use] for line in reading.lines],
        "warnings": list(warnings(award)),
        "claims": [vars(claim) for claim in reading.claims if claim.said != claim.found],
        "entries": [_entry(each, recorded, coded) for each in award.entries],
    }


def _recorded(year):
    """{(code, organization text): value of the region that the record has}"""
    rows = Achievement.objects.filter(award_year__year=year, region__isnull=False)
    columns = ("code", "organization_text", "region__code", "region__valid_from")
    return {
        (code, text): f"{region}:{since}"
        for code, text, region, since in rows.values_list(*columns)
    }


def _coded(year):
    """{code: slugs of the mechanisms by which the record has coded the entry}"""
    found = defaultdict(set)
    codings = Coding.objects.filter(achievement__award_year__year=year)
    for code, slug in codings.values_list("achievement__code", "mechanism__slug"):
        found[code].add(slug)
    return found


def _entry(each, recorded, coded):
    resolution = each.resolution
    candidates = [_candidate(candidate) for candidate in resolution.candidates]
    found = recorded.get((each.code, resolution.text))
    return {
        "code": each.code,
        "paragraphs": _paragraphs(each.entry),
        "candidates": candidates,
        "recorded": found if found in [one["region"] for one in candidates] else None,
        "leftovers": [leftover.text for leftover in resolution.leftovers],
        "suggestions": [_suggestion(one, coded[each.code]) for one in each.suggestions],
    }


def _candidate(candidate):
    region = candidate.region
    return {
        "region": f"{region.code}:{region.valid_from}",
        "code": region.code,
        "path": candidate.path,
        "organizations": [organization.name for organization in candidate.organizations],
    }


def _paragraphs(entry):
    """The numbers of the paragraphs in which the entry's words stand."""
    found = set()
    for passage in (entry.marker, entry.title, entry.organization_text, entry.summary):
        if passage:
            found.update(range(passage.paragraph, passage.paragraph + passage.text.count("\n") + 1))
    return sorted(found)


def _suggestion(suggestion, coded):
    return {
        "mechanism": suggestion.mechanism,
        "name": suggestion.name,
        "coded": suggestion.mechanism in coded,
        "spans": [vars(span) for span in suggestion.spans],
    }

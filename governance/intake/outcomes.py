"""What a rehearsal found, for the preview: a mark for each entry, and what the public would see."""

from collections import defaultdict
from typing import TypedDict

from governance.loading import FixtureFile, LoadReport
from governance.loading.fixture import read_fixture
from governance.loading.report import code_of
from governance.loading.schemas import SCHEMAS, SPANS
from governance.models import Achievement, Status, Tier
from governance.models.award import award_year_code

ENTRY = SCHEMAS[Achievement]
# They show what they belong to, which is listed itself.
UNLISTED = {SCHEMAS[model].label for model in SPANS}


class Outcomes(TypedDict, total=False):
    """Kept of a rehearsal in a pending Load's `parsed`, by the codes of entries; nothing before one."""

    # Of a fixture that was refused: entries of which a person may say that their code is right.
    doubts: list[str]

    # {code: one of governance.loading.report.MARKS}
    marks: dict[str, str]
    # Entries of the record that would change.
    changing: list[str]
    # {code: the parts that an entry of the record would get, as [model label, key]}
    added: dict[str, list[tuple[str, list]]]
    # Entries that a fixture says to be published.
    publishing: list[str]


def outcomes(report: LoadReport, source: FixtureFile) -> Outcomes:
    """What is kept of a rehearsal with the pending Load, beside its LoadReport."""
    return {
        "marks": report.marks,
        "changing": report.changing,
        "added": _added(report),
        "publishing": _publishing(source),
    }


def _added(report: LoadReport) -> dict[str, list[tuple[str, list]]]:
    """A report has no details of rows that it creates: in an entry that was there, they are a change."""
    found, changes = defaultdict(list), report.entry_changes
    for (label, key), outcome in report.outcomes.items():
        code = code_of(label, key)
        if code and outcome == "created" and label not in UNLISTED and changes[code] != "new":
            found[code].append((label, list(key)))
    return found


def _publishing(source: FixtureFile) -> list[str]:
    # Reading a large file once more takes seconds; few files say it.
    if source.objects is not None or Status.PUBLISHED.encode() not in source.content:
        return []
    entries = read_fixture(source).objects[ENTRY]
    return [code for (code,), one in entries.items() if one.said.get("status") == Status.PUBLISHED]


def seen_at_once(parsed: Outcomes | None, publishes: bool = True) -> list[str]:
    """Codes of the entries whose change the public sees as soon as it is loaded.

    Those that the file publishes are among them, if it is loaded by somebody who `publishes` so.
    """
    parsed = parsed or {}
    changing = parsed.get("changing", [])
    publishing = set(parsed.get("publishing", ())) if publishes else set()
    public = Achievement.objects.published().filter(code__in=changing)
    found = set(public.values_list("code", flat=True))
    marks = parsed.get("marks", {})
    found |= {code for code in publishing if marks.get(code) in ("new", "changed")}
    return sorted(found, key=as_announced)


def as_announced(code: str) -> tuple[str, bool, str]:
    """Winners before nominees, as in an announcement."""
    award_year = award_year_code(code)
    return award_year, not code.startswith(f"{award_year}-{Tier.WINNER[0]}"), code

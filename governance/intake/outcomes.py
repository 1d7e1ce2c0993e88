"""What a rehearsal found, for the preview: a mark for each entry, and what the public would see.

{"marks": {code: new, changed, unchanged or conflict},
 "changing": [code, …],        entries of the record that would change
 "added": {code: [[model label, key], …]},   the parts that they would get
 "publishing": [code, …]}      entries that a fixture says to be published
"""

from collections import defaultdict

from governance.loading.report import code_of
from governance.loading.schemas import SHAPES
from governance.models import Achievement, Evidence, SettingEvidence, Status, Tier

ENTRY = SHAPES[Achievement]
# They show what they belong to, which is listed itself.
SPANS = {SHAPES[Evidence].label, SHAPES[SettingEvidence].label}


def outcomes(report, source):
    """What is kept of a rehearsal with the pending Load, beside its LoadReport."""
    return {
        "marks": report.marks,
        "changing": report.changing,
        "added": _added(report),
        "publishing": _publishing(source),
    }


def _added(report):
    """A report has no details of rows that it creates: in an entry that was there, they are a change."""
    found, changes = defaultdict(list), report.entry_changes
    for (label, key), outcome in report.outcomes.items():
        code = code_of(label, key)
        if code and outcome == "created" and label not in SPANS and changes[code] != "new":
            found[code].append([label, list(key)])
    return found


def _publishing(source):
    # Reading a large file once more takes seconds; few files say it.
    if source.objects is not None or Status.PUBLISHED.encode() not in source.content:
        return []
    return [
        entry.key[0]
        for entry in source.entries()
        if entry.shape is ENTRY and entry.said.get("status") == Status.PUBLISHED
    ]


def seen_at_once(parsed):
    """Codes of the entries whose change the public sees as soon as it is loaded."""
    parsed = parsed or {}
    changing, publishing = parsed.get("changing", []), set(parsed.get("publishing", ()))
    public = Achievement.objects.published().filter(code__in=changing)
    found = set(public.values_list("code", flat=True))
    marks = parsed.get("marks", {})
    found |= {code for code in publishing if marks.get(code) in ("new", "changed")}
    return sorted(found, key=as_announced)


def as_announced(code):
    """Winners before nominees, as in an announcement."""
    return code[:4], code[5:6] != Tier.WINNER[0], code

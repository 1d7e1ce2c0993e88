"""What a rehearsal found, for the preview: a mark for each entry, and what the public would see.

{"marks": {code: new, changed, unchanged or conflict},
 "changing": [code, …],        entries of the record that would change
 "added": {code: [[model label, key], …]},   the parts that they would get
 "publishing": [code, …]}      entries that a fixture says to be published
"""

from collections import defaultdict

from governance.loading.fixture import read_fixture
from governance.loading.schemas import SCHEMAS
from governance.models import Achievement, Evidence, SettingEvidence, Status, Tier

ENTRY = SCHEMAS[Achievement]
PARTS = {shape.label for shape in SCHEMAS.values() if shape is ENTRY or shape.owner}
# They show what they belong to, which is listed itself.
SPANS = {SCHEMAS[Evidence].label, SCHEMAS[SettingEvidence].label}


def outcomes(report, source):
    """What is kept of a rehearsal with the pending Load, beside its LoadReport."""
    found = _changes(report)
    conflicts = {_code(one.model, one.key) for one in report.details if one.outcome == "conflicts"}
    return {
        "marks": found | {code: "conflict" for code in conflicts if code},
        "changing": [code for code, mark in found.items() if mark == "changed"],
        "added": _added(report, found),
        "publishing": _publishing(source),
    }


def _changes(report):
    """{code: new, changed or unchanged}, each entry with all its parts."""
    found, worst = {}, ["unchanged", "changed", "new"]
    in_words = {
        (one.model, one.key)
        for one in report.details
        if one.outcome == "changed" and one.field and not is_derived(one.field)
    }
    for (label, key), outcome in report.outcomes.items():
        if code := _code(label, key):
            is_new = outcome == "created" and label == ENTRY.label
            # An entry of which only the place in the document moved says what it said.
            same = outcome == "unchanged" or (outcome == "changed" and (label, key) not in in_words)
            mark = "new" if is_new else "unchanged" if same else "changed"
            found[code] = max(found.get(code, mark), mark, key=worst.index)
    return found


def _added(report, changes):
    """A report has no details of rows that it creates: in an entry that was there, they are a change."""
    found = defaultdict(list)
    for (label, key), outcome in report.outcomes.items():
        code = _code(label, key)
        if code and outcome == "created" and label not in SPANS and changes[code] != "new":
            found[code].append([label, list(key)])
    return found


def _publishing(source):
    # Reading a large file once more takes seconds; few files say it.
    if source.objects is not None or Status.PUBLISHED.encode() not in source.content:
        return []
    entries = read_fixture(source).objects[ENTRY]
    return [code for (code,), one in entries.items() if one.said.get("status") == Status.PUBLISHED]


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


def is_derived(field):
    """Whether a field follows from others: a place in the document, a reading."""
    return field == "pinyin" or field.endswith("_offset")


def _code(label, key):
    """The code of the achievement of which a row is a part, "" for other rows."""
    return key[0] if label in PARTS else ""

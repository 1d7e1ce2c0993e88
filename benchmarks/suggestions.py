"""How well mechanisms are suggested: leave-one-out on the coding of 2015.

`python -m benchmarks.suggestions` prints the table; `make bench` keeps it in docs/performance.md.
"""

import yaml

from governance.announcements.suggesting import CodedEntry, Suggester

from .database import ROOT
from .report import table

FIXTURES = ROOT / "fixtures"


def objects(name):
    """Fields of a fixture's objects by model, as (model, fields)."""
    text = (FIXTURES / name).read_text(encoding="utf-8")
    for each in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        yield each["model"].removeprefix("governance."), each["fields"]


def vocabulary():
    return {
        fields["slug"]: [
            fields["name"],
            *fields["synonyms"].split("\n"),
            *fields["search_words"].split("\n"),
        ]
        for _model, fields in objects("mechanisms.yaml")
    }


def coded_entries(name="awards/2015.yaml"):
    """{code: CodedEntry}"""
    found = {}
    for model, fields in objects(name):
        if model == "achievement":
            texts = {field: fields[field] for field in ("title", "summary")}
            found[fields["code"]] = CodedEntry(texts, {})
        elif model == "evidence":
            code, mechanism = fields["coding"]
            found[code].evidence.setdefault(mechanism, []).append(fields["text"])
    return found


def left_out(names, entries):
    """(entry, suggestions) of each, suggested from all the others."""
    for code, entry in entries.items():
        others = [other for key, other in entries.items() if key != code]
        yield entry, Suggester(names, others).suggest(entry.texts)


def scores(names, entries, of=lambda span: True):
    """(suggested, right, coded) counts of entry and mechanism, over the spans that `of` lets pass."""
    suggested = right = coded = 0
    for entry, suggestions in left_out(names, entries):
        found = {each.mechanism for each in suggestions if any(map(of, each.spans))}
        suggested += len(found)
        right += len(found & entry.evidence.keys())
        coded += len(entry.evidence)
    return suggested, right, coded


WAYS = {
    "names and aliases": lambda span: bool(span.because),
    "wording of the other entries": lambda span: not span.because,
    "both": lambda span: True,
}


def tables():
    names, entries = vocabulary(), coded_entries()
    rows = []
    for way, of in WAYS.items():
        suggested, right, coded = scores(names, entries, of)
        precision = f"{right / suggested:.0%}" if suggested else "–"
        rows.append([way, str(suggested), str(right), precision, f"{right / coded:.0%}"])
    head = ["suggested from", "suggestions", "right", "precision", "recall"]
    title = f"Mechanisms suggested, leave-one-out on the {len(entries)} entries of 2015"
    return f"{title}:\n\n{table(head, rows)}"


if __name__ == "__main__":
    print(tables())

"""Choices that a person need not make twice: those of an earlier load, or of another reading."""

from typing import Any

from django.db.models import Q

from governance.models import Load, LoadState

from .choosing import Choices, EntryChoices, fields_by_model, is_unasked
from .proposal import Proposal


def carried(load: Load, proposal: Proposal) -> Choices | None:
    """The choices with which a pending Load that was just read as `proposal` begins."""
    if load.choices:
        return _of_earlier_reading(load.choices, proposal)
    again = Q(state=LoadState.UNDONE, digest=load.digest)
    loads = Load.objects.filter(Q(state=LoadState.LOADED) | again, scope=load.scope)
    last = loads.exclude(choices=None).defer("content", "report").order_by("-loaded_at").first()
    if last and last.choices and last.state == LoadState.UNDONE:
        # Nothing of that is in the record: it is chosen as it was.
        return _of_earlier_reading(last.choices, proposal)
    return _of_last_load(last, proposal)


def _of_earlier_reading(choices: Choices, proposal: Proposal) -> Choices:
    """An entry stands where it stood, but its code may be another one's by now.

    What is not read this time, since it is of another year, keeps its choices for when it is.
    """
    codes = {tuple(entry["paragraphs"]): entry["code"] for entry in proposal["entries"]}
    entries = {
        codes.get(tuple(chosen.get("paragraphs", ())), code): chosen
        for code, chosen in choices["entries"].items()
    }
    for chosen in entries.values():
        # It named an entry of the other year, perhaps.
        chosen.pop("same", None)
    return {"award": choices["award"], "entries": entries}


def _of_last_load(last: Load | None, proposal: Proposal) -> Choices | None:
    """What was chosen in the last load of the year, for entries of which the text is still the same."""
    if not (last and last.choices and last.parsed and last.parsed.get("entries")):
        return None
    kept = last.choices["entries"]
    before: dict[tuple[str, ...], EntryChoices] = {}
    for fields in fields_by_model(last.parsed)["achievement"]:
        if fields["code"] in kept:
            for identity in _identities(fields):
                before.setdefault(identity, kept[fields["code"]])
    entries: dict[str, EntryChoices] = {}
    paragraphs = {entry["code"]: entry["paragraphs"] for entry in proposal["entries"]}
    for fields in fields_by_model(proposal)["achievement"]:
        known = next((before[one] for one in _identities(fields) if one in before), None)
        if known and (again := _again(known)):
            code = fields["code"]
            entries[code] = again | {"paragraphs": paragraphs[code], "carried": str(last)}
    return {"award": {}, "entries": entries}


def _again(chosen: EntryChoices) -> EntryChoices:
    """A mechanism that was accepted is a coding of the record by now, and staff's to keep or remove."""
    again: EntryChoices = {}
    if (region := chosen.get("region")) and not is_unasked(region):
        again["region"] = region
    if without := chosen.get("without"):
        again["without"] = without
    if tier := chosen.get("tier"):
        again["tier"] = tier
    if short_name := chosen.get("short_name"):
        again["short_name"] = short_name
    if "grade" in chosen:
        again["grade"] = chosen["grade"]
    return again


def _identities(fields: dict[str, Any]) -> list[tuple[str, ...]]:
    """By what an entry is known again: its number may have changed, or its title may."""
    text = fields["organization_text"]
    return [(text, "title", fields["title"]), (text, "code", fields["code"])]

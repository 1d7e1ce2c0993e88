"""Choices that a person need not make twice: those of an earlier load, or of another reading."""

from governance.models import Load, LoadState

# A mechanism that was accepted is a coding of the record by now, and staff's to keep or remove.
CARRIED = ("region", "without")


def carried(load, proposal):
    """The choices with which a pending Load that was just read as `proposal` begins."""
    return _under_year(load.choices, load.year) if load.choices else _of_last_load(load, proposal)


def _under_year(choices, year):
    """The same document has the same entries in the same order, whatever year it is read as."""
    entries = {f"{year}{code[4:]}": choice for code, choice in choices["entries"].items()}
    return choices | {"entries": entries}


def _of_last_load(load, proposal):
    """What was chosen in the last load of the year, for entries of which the text is still the same."""
    loads = Load.objects.filter(year=load.year, state=LoadState.LOADED, choices__isnull=False)
    last = loads.defer("content", "report").order_by("-loaded_at").first()
    if last is None or not (last.parsed or {}).get("entries"):
        return None
    kept = last.choices["entries"]
    before = {}
    for fields in _achievements(last.parsed):
        if fields["code"] in kept:
            for identity in _identities(fields):
                before.setdefault(identity, kept[fields["code"]])
    entries = {}
    for fields in _achievements(proposal):
        choice = next((before[one] for one in _identities(fields) if one in before), {})
        if found := {name: choice[name] for name in CARRIED if choice.get(name)}:
            entries[fields["code"]] = found | {"carried": str(last)}
    return {"award": {}, "entries": entries}


def _achievements(proposal):
    for each in proposal["objects"]:
        if each["model"] == "governance.achievement":
            yield each["fields"]


def _identities(fields):
    """By what an entry is known again: its number may have changed, or its title may."""
    text = fields["organization_text"]
    return [(text, "title", fields["title"]), (text, "code", fields["code"])]

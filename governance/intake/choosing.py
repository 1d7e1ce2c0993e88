"""A proposal and what a person chose → the fixture objects that are loaded.

Choices are {"award": {field: value}, "entries": {code: {"region": value, "without": [name, …],
"mechanisms": {slug: {"weight", "aspect", "coder", "coded_on", "left_out": ["title:6", …]}},
"take": [field, …], "carried": name of the load whose choices these are}}}. A region's value is
"code:valid_from", or "" for none. What nobody chose is left to the proposal: one candidate is an
answer, of several none is taken unless the record has it already.
"""

from collections import defaultdict

from governance.models import Coding

KEPT_CODING = ("weight", "aspect", "coder", "coded_on")


def chosen(proposal, choices, coded=None):
    """The fixture objects of a proposal with its choices, parents first.

    `coded` is {code: objects of the codings that the record has}: they go along with newly
    accepted ones, since a file that has some of an entry's codings has to have them all.
    """
    choices = choices or {}
    entries = list(entries_of(proposal, choices).values())
    objects = defaultdict(list)
    for each in proposal["objects"]:
        objects[each["model"].removeprefix("governance.")].append(each["fields"])
    achievements = {fields["code"]: fields for fields in objects["achievement"]}
    organizations = _used(objects["organization"], entries)
    regions = _regions(objects["region"], organizations, entries)
    (year,) = objects["awardyear"]
    found = [_object("region", fields) for fields in regions]
    found += [_object("organization", fields) for fields in organizations]
    found.append(_object("awardyear", year | choices.get("award", {})))
    for entry in entries:
        found += entry.objects(achievements[entry.code], (coded or {}).get(entry.code, []))
    return found


def entries_of(proposal, choices):
    """{code: Choice} of a proposal, in its order."""
    kept = (choices or {}).get("entries", {})
    return {
        entry["code"]: Choice(entry, kept.get(entry["code"], {})) for entry in proposal["entries"]
    }


def recorded_codings(codes):
    """{code: objects of its codings}, without their evidence: that stays as it is."""
    found = defaultdict(list)
    rows = Coding.objects.filter(achievement__code__in=codes).select_related("mechanism")
    for coding in rows.select_related("achievement"):
        code, slug = coding.natural_key()
        fields = {name: getattr(coding, name) for name in KEPT_CODING}
        if fields["coded_on"]:
            fields["coded_on"] = fields["coded_on"].isoformat()
        found[code].append(
            _object("coding", {"achievement": [code], "mechanism": [slug], **fields})
        )
    return found


def newly_coded(choices):
    """Codes of the entries of which a mechanism was accepted."""
    entries = (choices or {}).get("entries", {})
    return [code for code, choice in entries.items() if choice.get("mechanisms")]


def taken(choices):
    """(model label, key, field) of what was in conflict and is to be as the file has it."""
    entries = (choices or {}).get("entries", {})
    return {
        ("governance.achievement", (code,), name)
        for code, choice in entries.items()
        for field in choice.get("take", ())
        # A title without its place and its reading would be another title's.
        for name in (field, f"{field}_offset", *(["pinyin"] if field == "title" else []))
    }


class Choice:
    """One entry of a proposal, and what was chosen for it."""

    def __init__(self, entry, choice):
        self.entry, self.choice = entry, choice
        self.code = entry["code"]

    @property
    def region(self):
        """The value of its region, "" for none."""
        if "region" in self.choice:
            return self.choice["region"]
        candidates = self.entry["candidates"]
        if len(candidates) == 1:
            return candidates[0]["region"]
        return self.entry["recorded"] or ""

    @property
    def candidate(self):
        """The candidate that was chosen; None for none, or for a region that is no candidate."""
        return next((one for one in self.entry["candidates"] if one["region"] == self.region), None)

    @property
    def offered(self):
        """Names of the organizations that the text names."""
        if self.candidate:
            return self.candidate["organizations"]
        sets = [one["organizations"] for one in self.entry["candidates"]]
        # Whichever region is meant, the text names them.
        return sets[0] if sets and all(names == sets[0] for names in sets) else []

    @property
    def without(self):
        return self.choice.get("without", [])

    @property
    def organizations(self):
        return [name for name in self.offered if name not in self.without]

    @property
    def mechanisms(self):
        return self.choice.get("mechanisms", {})

    @property
    def take(self):
        """Fields in conflict of which the file's words were chosen."""
        return self.choice.get("take", [])

    def objects(self, fields, coded):
        # A region that nobody chose is not said to be none: a later load would take one away.
        fields = {name: value for name, value in fields.items() if name != "region"}
        if self.region:
            fields["region"] = key_of(self.region)
        yield _object("achievement", fields)
        for position, name in enumerate(self.organizations, start=1):
            yield _object(
                "achievementorganization",
                {"achievement": [self.code], "organization": [name], "position": position},
            )
        if self.mechanisms:
            yield from (
                one for one in coded if one["fields"]["mechanism"][0] not in self.mechanisms
            )
        for suggestion in self.entry["suggestions"]:
            if suggestion["mechanism"] in self.mechanisms:
                yield from self._coding(suggestion)

    def _coding(self, suggestion):
        slug = suggestion["mechanism"]
        key = {"achievement": [self.code], "mechanism": [slug]}
        accepted = self.mechanisms[slug]
        yield _object("coding", key | {name: accepted[name] for name in KEPT_CODING})
        for span in suggestion["spans"]:
            if span_value(span) not in accepted.get("left_out", []):
                words = {name: span[name] for name in ("field", "start", "end", "text")}
                yield _object("evidence", {"coding": [self.code, slug], **words})


def span_value(span):
    """A span of a suggestion as choices name it."""
    return f"{span['field']}:{span['start']}"


def key_of(value):
    """ "320106:1999" → ["320106", 1999]"""
    code, since = value.split(":")
    return [code, int(since)]


def _object(model, fields):
    return {"model": f"governance.{model}", "fields": fields}


def _used(organizations, entries):
    names = {name for entry in entries for name in entry.organizations}
    return [fields for fields in organizations if fields["name"] in names]


def _regions(regions, organizations, entries):
    used = {tuple(key_of(entry.region)) for entry in entries if entry.region}
    used |= {tuple(fields["region"]) for fields in organizations}
    return [fields for fields in regions if (fields["code"], fields["valid_from"]) in used]

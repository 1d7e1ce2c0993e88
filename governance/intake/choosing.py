"""A proposal and what a person chose → the fixture objects that are loaded.

What nobody chose is left to the proposal: one candidate is an answer, of several none is taken
unless the record has it already.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, NotRequired, TypedDict

from governance.announcements.places.region_rows import UNASKED
from governance.loading.recognizing import TEXTS, GivenCode, codes_of
from governance.models import Coding, Region

from .award_fixture import FixtureRow, fixture_object
from .proposal import (
    LookAlike,
    Proposal,
    ProposedEntry,
    ProposedSpan,
    RegionCandidate,
    SuggestedMechanism,
    look_alikes,
)

KEPT_CODING = ("weight", "aspect", "coder", "coded_on")


class AcceptedMechanism(TypedDict):
    """A suggestion that becomes a coding; `left_out` are values of spans, "title:6"."""

    weight: str
    aspect: str
    coder: str
    coded_on: str
    left_out: NotRequired[list[str]]


class EntryChoices(TypedDict, total=False):
    """What was chosen for an entry; what is absent is left to the proposal.

    `region` is "code:valid_from", or "" for none, "code:0" for a functional area that the record does
    not have yet: `since` is its first year; `without` are names of organizations, `mechanisms`
    have slugs; of the fields in `take` the file's words replace the record's; `carried` is the name
    of the load whose choices these are. `same` is the code of the entry of the record that it is, or
    "" for a new one. `tier`, `grade` and `short_name` are others than the document's. `paragraphs` are
    the numbers of those in which the entry stands: its code may be another one in another reading.
    """

    paragraphs: list[int]
    same: str
    tier: str
    grade: str
    short_name: str

    region: str
    since: int
    without: list[str]
    mechanisms: dict[str, AcceptedMechanism]
    take: list[str]
    carried: str


class Choices(TypedDict):
    """Kept with a pending Load: facts of the award {field: value}, and choices by entry code."""

    award: dict[str, Any]
    entries: dict[str, EntryChoices]


class MovedEntry(NamedTuple):
    """What an entry gets in another tier than the document's: its code, its place at the end."""

    given: GivenCode
    rank: int


class ChosenEntry:
    """One entry of a proposal, and what was chosen for it.

    `code` is its name in the proposal, `fields` what the proposal says of it.
    """

    def __init__(
        self,
        entry: ProposedEntry,
        choices: EntryChoices,
        fields: dict[str, Any],
        moved: MovedEntry | None = None,
        since: dict[str, int] | None = None,
    ) -> None:
        """`since` are {code: first year} of functional areas, as they were said of any entry."""
        self.entry, self.choices, self.moved = entry, choices, moved
        self.first_years = since or {}
        self.code = entry["code"]
        self.fields = fields | {
            name: choices[name] for name in ("tier", "grade", "short_name") if name in choices
        }
        if moved:
            self.fields["rank"] = moved.rank
        self.proposed_name: str = fields.get("short_name", "")

    @property
    def look_alikes(self) -> list[LookAlike]:
        """Entries of the record of which a person has to say whether it is one of them."""
        if self.moved:
            return look_alikes(self.moved.given)
        # Readings that were stored before know none.
        return self.entry.get("look_alikes", [])

    @property
    def same(self) -> str | None:
        """The code of the one that it is, "" for none of them; None if nobody has said."""
        said = self.choices.get("same")
        return said if said in ("", *(one["code"] for one in self.look_alikes)) else None

    @property
    def code_for_good(self) -> str:
        """The code under which it is loaded."""
        return self.same or (self.moved.given.code if self.moved else self.code)

    @property
    def region(self) -> str:
        """The value of its region, "" for none, or while nobody has said since when there is one."""
        if not is_unasked(self.picked):
            return self.picked
        return f"{self.picked.split(':')[0]}:{self.since}" if self.since else ""

    @property
    def since(self) -> int | None:
        """The first year of the functional area that is picked, if somebody has said it."""
        return self.first_years.get(self.picked.split(":")[0])

    @property
    def picked(self) -> str:
        """The value of its region as the proposal has it, "" for none."""
        if "region" in self.choices:
            return self.choices["region"]
        candidates = self.entry["candidates"]
        if len(candidates) == 1:
            return candidates[0]["region"]
        return self.entry["recorded"] or ""

    @property
    def candidate(self) -> RegionCandidate | None:
        """The candidate that was chosen; None for none, or for a region that is no candidate."""
        return next((one for one in self.entry["candidates"] if one["region"] == self.picked), None)

    @property
    def offered(self) -> list[str]:
        """Names of the organizations that the text names; none while its region is open."""
        if self.candidate and self.region:
            return self.candidate["organizations"]
        sets = [one["organizations"] for one in self.entry["candidates"]]
        # Whichever region is meant, the text names them; and beside one that it does not name, too.
        same = sets and all(names == sets[0] for names in sets)
        return sets[0] if same and self.region else []

    @property
    def without(self) -> list[str]:
        return self.choices.get("without", [])

    @property
    def organizations(self) -> list[str]:
        return [name for name in self.offered if name not in self.without]

    @property
    def mechanisms(self) -> dict[str, AcceptedMechanism]:
        return self.choices.get("mechanisms", {})

    @property
    def take(self) -> list[str]:
        """Fields in conflict of which the file's words were chosen."""
        return self.choices.get("take", [])

    def objects(self, coded: Iterable[FixtureRow]) -> Iterator[FixtureRow]:
        """Its fixture objects; `coded` are those of the codings that the record has."""
        code = self.code_for_good
        # A region that nobody chose is not said to be none: a later load would take one away.
        fields = {name: value for name, value in self.fields.items() if name != "region"}
        fields["code"] = code
        if self.region:
            fields["region"] = key_of(self.region)
        yield fixture_object("achievement", fields)
        for position, name in enumerate(self.organizations, start=1):
            yield fixture_object(
                "achievementorganization",
                {"achievement": [code], "organization": [name], "position": position},
            )
        if self.mechanisms:
            yield from (
                one for one in coded if one["fields"]["mechanism"][0] not in self.mechanisms
            )
        for suggestion in self.entry["suggestions"]:
            if suggestion["mechanism"] in self.mechanisms:
                yield from self._coding(suggestion)

    def _coding(self, suggestion: SuggestedMechanism) -> Iterator[FixtureRow]:
        slug = suggestion["mechanism"]
        key = {"achievement": [self.code_for_good], "mechanism": [slug]}
        accepted: dict[str, Any] = {**self.mechanisms[slug]}
        yield fixture_object("coding", key | {name: accepted[name] for name in KEPT_CODING})
        for span in suggestion["spans"]:
            if span_value(span) not in accepted.get("left_out", []):
                yield fixture_object(
                    "evidence",
                    {
                        "coding": [self.code_for_good, slug],
                        "field": span["field"],
                        "start": span["start"],
                        "end": span["end"],
                        "text": span["text"],
                    },
                )


def chosen_entries(proposal: Proposal, choices: Choices | None) -> dict[str, ChosenEntry]:
    """{code in the proposal: ChosenEntry}, in its order."""
    kept = choices["entries"] if choices else {}
    by_model = fields_by_model(proposal)
    fields = {each["code"]: each for each in by_model["achievement"]}
    moved = _moved(by_model["awardyear"], fields, kept)
    since = _first_years(kept.values())
    found = {}
    for entry in proposal["entries"]:
        code = entry["code"]
        found[code] = ChosenEntry(entry, kept.get(code, {}), fields[code], moved.get(code), since)
    return found


def _moved(
    years: list[dict[str, Any]],
    fields: dict[str, dict[str, Any]],
    kept: dict[str, EntryChoices],
) -> dict[str, MovedEntry]:
    """{code in the proposal: MovedEntry} of the entries for which another tier was chosen."""
    tiers = {
        code: tier
        for code, chosen_here in kept.items()
        if code in fields and (tier := chosen_here.get("tier")) and tier != fields[code]["tier"]
    }
    if not tiers:
        return {}
    last = Counter(each["tier"] for each in fields.values())
    ranks, places = {}, {}
    for code, tier in tiers.items():
        last[tier] += 1
        ranks[code] = last[tier]
        places[code] = f"{years[0]['code']}-{tier[0]}{last[tier]:02}"
    listed = {place: {name: fields[code][name] for name in TEXTS} for code, place in places.items()}
    given = codes_of(years[0]["code"], listed, besides=fields)
    return {code: MovedEntry(given[place], ranks[code]) for code, place in places.items()}


def chosen(
    proposal: Proposal,
    choices: Choices | None,
    coded: dict[str, list[FixtureRow]] | None = None,
) -> list[FixtureRow]:
    """The fixture objects of a proposal with its choices, parents first.

    `coded` is {code for good: objects of the codings that the record has}: they go along with newly
    accepted ones, since a file that has some of an entry's codings has to have them all.
    """
    entries = list(chosen_entries(proposal, choices).values())
    fields = fields_by_model(proposal)
    since = _first_years(choices["entries"].values()) if choices else {}
    organizations = _used(_dated(fields["organization"], since), entries)
    regions = _regions(_dated(fields["region"], since), organizations, entries)
    (year,) = fields["awardyear"]
    objects = [fixture_object("region", each) for each in regions]
    objects += [fixture_object("organization", each) for each in organizations]
    objects += [fixture_object("award", each) for each in fields["award"]]
    objects.append(fixture_object("awardyear", year | (choices["award"] if choices else {})))
    for entry in entries:
        objects += entry.objects((coded or {}).get(entry.code_for_good, []))
    return objects


def fields_by_model(proposal: Proposal) -> defaultdict[str, list[dict[str, Any]]]:
    """{model without its app: fields of the proposal's objects}; a fixture proposes none."""
    found = defaultdict(list)
    for each in proposal.get("objects", ()):
        found[each["model"].removeprefix("governance.")].append(each["fields"])
    return found


def recorded_codings(codes: Iterable[str]) -> dict[str, list[FixtureRow]]:
    """{code: objects of its codings}, without their evidence: that stays as it is."""
    found = defaultdict(list)
    rows = Coding.objects.filter(achievement__code__in=codes).select_related("mechanism")
    for coding in rows.select_related("achievement"):
        code, slug = coding.natural_key()
        fields = {name: getattr(coding, name) for name in KEPT_CODING}
        if fields["coded_on"]:
            fields["coded_on"] = fields["coded_on"].isoformat()
        key = {"achievement": [code], "mechanism": [slug]}
        found[code].append(fixture_object("coding", key | fields))
    return found


def newly_coded(entries: Iterable[ChosenEntry]) -> list[str]:
    """Codes for good of the entries of which a mechanism was accepted."""
    return [entry.code_for_good for entry in entries if entry.mechanisms]


def taken(entries: Iterable[ChosenEntry]) -> set[tuple[str, tuple[str], str]]:
    """(model label, key, field) of what was in conflict and is to be as the file has it."""
    return {
        ("governance.achievement", (entry.code_for_good,), name)
        for entry in entries
        for field in entry.take
        # A title without its place and its reading would be another title's.
        for name in (field, f"{field}_offset", *(["pinyin"] if field == "title" else []))
    }


def open_questions(entries: Iterable[ChosenEntry]) -> list[str]:
    """Codes in the proposal of the entries of which nobody has said yet whether they are new."""
    return [entry.code for entry in entries if entry.look_alikes and entry.same is None]


def is_unasked(value: str) -> bool:
    """Whether the value of a region is that of a functional area that the record does not have yet."""
    return value.endswith(f":{UNASKED}")


def span_value(span: ProposedSpan) -> str:
    """A span of a suggestion as choices name it."""
    return f"{span['field']}:{span['start']}"


def key_of(value: str) -> list[str | int]:
    """ "320106:1999" → ["320106", 1999]"""
    code, since = value.split(":")
    return [code, int(since)]


def _first_years(choices: Iterable[EntryChoices]) -> dict[str, int]:
    """{code: first year} of the functional areas of which somebody has said it, or the record has it by now."""
    since: dict[str, int] = {}
    for one in choices:
        if is_unasked(one.get("region", "")) and "since" in one:
            code = one["region"].split(":")[0]
            # Said of several entries, the earliest counts: a region has one first year.
            since[code] = min(one["since"], since.get(code, one["since"]))
    recorded = Region.objects.filter(code__in=since).values_list("code", "valid_from")
    return since | dict(recorded) if since else since


def _dated(rows: list[dict[str, Any]], since: dict[str, int]) -> list[dict[str, Any]]:
    """Fields of regions, or of what may have one, with the first years of functional areas that were said."""
    dated = []
    for fields in rows:
        code, first = _key(fields) if "code" in fields else fields.get("region", ("", None))
        if first == UNASKED and code in since:
            key = {"region": [code, since[code]]}
            fields = fields | (key if "region" in fields else {"valid_from": since[code]})
        dated.append(fields)
    return dated


def _key(region: dict[str, Any]) -> tuple[str, int]:
    return region["code"], region["valid_from"]


def _used(
    organizations: list[dict[str, Any]], entries: Iterable[ChosenEntry]
) -> list[dict[str, Any]]:
    names = {name for entry in entries for name in entry.organizations}
    return [fields for fields in organizations if fields["name"] in names]


def _regions(
    regions: list[dict[str, Any]],
    organizations: list[dict[str, Any]],
    entries: Iterable[ChosenEntry],
) -> list[dict[str, Any]]:
    used = {tuple(key_of(entry.region)) for entry in entries if entry.region}
    # Of a body that the record has, the proposal has the name alone.
    used |= {tuple(fields["region"]) for fields in organizations if "region" in fields}
    return [fields for fields in regions if _key(fields) in used]

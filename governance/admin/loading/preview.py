"""The preview of a pending announcement: the source beside its entries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from governance.intake import (
    Choices,
    ChosenEntry,
    FailedClaim,
    Outcomes,
    Proposal,
    ProposedSpan,
    chosen_entries,
    fields_by_model,
    region_of,
    seen_at_once,
    value_of,
)
from governance.intake.parse_report import USES, place_of, told
from governance.loading.report import MARKS, Detail, is_derived
from governance.loading.schemas import SCHEMAS
from governance.models import Achievement, Award, Load, Mechanism, Region
from governance.models.achievement import tier_labels
from governance.models.coding import Passage

from .forms import EntryForm, FactsForm
from .reports import Section, details_by_code, sections

# So many characters around words are shown with them.
AROUND = 14


def counted_marks(parsed: Outcomes | None) -> list[tuple[str, str, int]]:
    """(mark, its label, how many entries have it), what is new first"""
    marks = list((parsed or {}).get("marks", {}).values())
    order = ("new", "changed", "removed", "unchanged", "conflict")
    return [(mark, mark_label(mark), marks.count(mark)) for mark in order if mark in marks]


def mark_label(mark: str) -> str:
    return str(MARKS[mark][0]) if mark else ""


def fields_in_conflict(details: Iterable[Detail]) -> list[str]:
    """Fields of the entry itself of which the file's words can be taken."""
    return [
        one.field
        for one in details
        if one.model == SCHEMAS[Achievement].label
        and one.outcome == "conflicts"
        and one.field
        and not is_derived(one.field)
    ]


@dataclass
class EntryCard:
    """An entry of the preview.

    `at_once`: the public would see its change as soon as it is loaded. `region` is the chosen one
    if it is no candidate, `names` are {slug: name} of mechanisms.
    """

    fields: dict[str, Any]
    form: EntryForm
    mark: str
    at_once: bool = False
    region: Region | None = None
    names: dict[str, str] = field(default_factory=dict)
    details: list[Detail] = field(default_factory=list)
    added: list[tuple[str, list]] = field(default_factory=list)
    tier: str = ""

    @property
    def code(self) -> str:
        return self.fields["code"]

    @property
    def sections(self) -> Iterator[Section]:
        return sections(self.details, added=self.added, may_take=bool(self.form.conflicts))

    @property
    def choice(self) -> ChosenEntry:
        return self.form.choice

    @property
    def mark_label(self) -> str:
        return mark_label(self.mark)

    @cached_property
    def radios(self) -> list[tuple]:
        """(radio button, candidate or None) of each choice of a region, none and another last."""
        none, *buttons = self.form["region"]
        *buttons, other = buttons
        found = [
            {"path": one.full_name, "code": one.code, "value": value_of(one)}
            for one in self.form.found
        ]
        candidates = [*self.choice.entry["candidates"], *found]
        return [*zip(buttons, candidates, strict=True), (none, None), (other, None)]

    @property
    def region_open(self) -> bool:
        """Whether a person has to choose."""
        return not self.choice.region

    @property
    def place_only(self) -> bool:
        """Whether the text names a region and no body."""
        entry = self.choice.entry
        return (
            bool(self.choice.candidate) and len(entry["candidates"]) == 1 and not entry["leftovers"]
        )

    @property
    def region_known(self) -> tuple[str, str] | None:
        """(path, code) of the chosen region."""
        if candidate := self.choice.candidate:
            return candidate["path"], candidate["code"]
        return (self.region.full_name, self.region.code) if self.region else None

    @property
    def organizations_doubtful(self) -> bool:
        """Whether they were recognized as bodies of another region than the one that was chosen."""
        return bool(self.choice.region and not self.choice.candidate and self.choice.offered)

    @cached_property
    def suggestions(self) -> list[dict[str, Any]]:
        """Each with its name, its box or None if it is coded, weight and aspect, quotations."""
        boxes = {box.data["value"]: box for box in self.form["mechanisms"]}
        found = []
        for suggestion in self.choice.entry["suggestions"]:
            slug = suggestion["mechanism"]
            box = boxes.get(slug)
            judged = [self.form[f"{slug}-{name}"] for name in ("weight", "aspect")] if box else []
            ticks = self.form[f"{slug}-spans"] if box else [None] * len(suggestion["spans"])
            quotations = [
                self._quotation(span) | {"box": tick}
                for span, tick in zip(suggestion["spans"], ticks, strict=True)
            ]
            name = box.choice_label if box else self.names.get(slug, suggestion["name"])
            found.append({"name": name, "box": box, "judged": judged, "spans": quotations})
        return found

    def _quotation(self, span: ProposedSpan) -> dict[str, Any]:
        text, start, end = self.fields[span["field"]], span["start"], span["end"]
        if span["because"]:
            because = _("即“%(name)s”") % {"name": span["because"]}
        else:
            because = _("过去有此字句的 %(seen)s 条中，%(shown)s 条以它为依据") % span
        return {
            "before": text[max(0, start - AROUND) : start],
            "words": text[start:end],
            "after": text[end : end + AROUND],
            "cut_before": start > AROUND,
            "cut_after": end + AROUND < len(text),
            "field": Passage(span["field"]).label,
            "because": because,
        }


# A year as the award announces it fits on one page.
ENTRIES_A_PAGE = 50
UNREAD = gettext_lazy("没有读懂")


@dataclass
class SourceLine:
    """A line of the source: its number, its words, what they were used for, what is wrong with it."""

    number: int
    text: str
    use: str
    claims: list[FailedClaim]

    @property
    def label(self) -> str:
        return str(USES[self.use][0] if self.use else UNREAD)


@dataclass
class SourceBlock:
    """Lines that belong together, and the entries that begin there."""

    lines: list[SourceLine]
    cards: list[EntryCard]
    continued: EntryCard | None = None


class Preview:
    """The page on which a person looks at a pending announcement and chooses."""

    def __init__(
        self,
        load: Load,
        number: int | str = 1,
        data: QueryDict | None = None,
        *,
        may_take: bool = False,
    ) -> None:
        """`may_take`: whether the person may put the file's words in place of the record's."""
        self.load, self.may_take = load, may_take
        self.proposal = cast(Proposal, load.parsed)
        by_model = fields_by_model(self.proposal)
        (self.year,) = by_model["awardyear"]
        self._tiers = tier_labels([Award(**fields) for fields in by_model["award"]])
        self._achievements = {fields["code"]: fields for fields in by_model["achievement"]}
        self._details = details_by_code(load.report)
        self.choices = chosen_entries(self.proposal, load.choices)
        self.facts = FactsForm(load.scope, self.year, (load.choices or {}).get("award", {}), data)
        self.paginator = Paginator(list(self.choices.values()), ENTRIES_A_PAGE)
        self.page = self.paginator.get_page(number)
        self.forms = [self._form(choice, data) for choice in self.page]

    def _form(self, choice: ChosenEntry, data: QueryDict | None) -> EntryForm:
        conflicts = fields_in_conflict(self._details[choice.code]) if self.may_take else []
        # What was taken is in conflict no more, and can still be given back.
        offered = list(dict.fromkeys([*choice.take, *conflicts])) if self.may_take else []
        return EntryForm(
            *(choice, self.load.year, data), names=self.mechanism_names, conflicts=offered
        )

    @cached_property
    def mechanism_names(self) -> dict[str, str]:
        """{slug: name in the reader's language}"""
        name = "name_en" if get_language() == "en" else "name"
        return dict(Mechanism.objects.values_list("slug", name))

    def is_valid(self) -> bool:
        # All of them, so that every mistake is shown at once.
        valid = [form.is_valid() for form in (self.facts, *self.forms)]
        return all(valid)

    def chosen(self, user: User) -> Choices:
        """The choices of this page."""
        entries = {form.choice.code: form.choices(user) for form in self.forms}
        return {"award": self.facts.choices(), "entries": entries}

    @cached_property
    def cards(self) -> list[EntryCard]:
        return [self._card(form) for form in self.forms]

    def _card(self, form: EntryForm) -> EntryCard:
        choice, code = form.choice, form.choice.code
        return EntryCard(
            *(self._achievements[code], form, self.proposal.get("marks", {}).get(code, "")),
            at_once=code in self.at_once,
            region=None if choice.candidate else region_of(choice.region),
            names=self.mechanism_names,
            details=self._details[code],
            added=self.proposal.get("added", {}).get(code, []),
            tier=self._tiers[self._achievements[code]["tier"]],
        )

    @cached_property
    def at_once(self) -> list[str]:
        """Codes of the entries whose change the public would see."""
        return seen_at_once(self.proposal)

    @cached_property
    def rows(self) -> list[SourceBlock]:
        """The document from top to bottom, a SourceBlock for each entry and for what stands between."""
        cards = {card.code: card for card in self.cards}
        owner: dict[int, str] = {}
        begins = defaultdict(list)
        for choice in self.choices.values():
            for number in choice.entry["paragraphs"]:
                owner.setdefault(number, choice.code)
            begins[choice.entry["paragraphs"][0]].append(choice.code)
        found, shown = [], set()
        for code, run in groupby(self._lines(), lambda line: owner.get(line.number, "")):
            lines = list(run)
            here = [one for line in lines for one in begins[line.number] if one in cards]
            again = cards.get(code) if code in shown else None
            found.append(SourceBlock(lines, [cards[one] for one in here], again))
            shown.update(here)
        return found

    def _lines(self) -> Iterator[SourceLine]:
        text = self.year["text"].split("\n")
        claims = defaultdict(list)
        for claim in self.proposal["claims"]:
            claims[claim["paragraph"]].append(claim)
        first, last = self._span()
        for number, use in self.proposal["lines"]:
            if first <= number < last:
                yield SourceLine(number, text[number - 1], use, claims[number])

    def _span(self) -> tuple[int, float]:
        """From which paragraph on, and before which, this page shows the source."""
        starts = [choice.entry["paragraphs"][0] for choice in self.choices.values()]
        first = starts[self.page.start_index() - 1] if self.page.has_previous() else 0
        last = starts[self.page.end_index()] if self.page.has_next() else float("inf")
        return first, last

    @property
    def tiers(self) -> list[tuple[str, int]]:
        """(label, how many entries the document has of it)"""
        counts = Counter(fields["tier"] for fields in self._achievements.values())
        return [(label, counts[tier]) for tier, label in self._tiers.items()]

    @property
    def unread(self) -> list[int]:
        return [number for number, use in self.proposal["lines"] if not use]

    @property
    def open(self) -> list[str]:
        """Codes of the entries whose region a person has to choose."""
        return [choice.code for choice in self.choices.values() if not choice.region]

    @property
    def not_understood(self) -> list[tuple[str, str]]:
        """(code, words) of what was not understood in an organization text."""
        return [
            (choice.code, words)
            for choice in self.choices.values()
            for words in choice.entry["leftovers"]
        ]

    @property
    def warnings(self) -> list[str]:
        warnings = self.proposal["warnings"]
        return [told(kind, values) for kind, values in warnings if kind != "remark"]

    @property
    def remarks(self) -> list[dict[str, Any]]:
        """What the reader of announcements said, in Chinese: {paragraph, place, sentence}."""
        found = [values for kind, values in self.proposal["warnings"] if kind == "remark"]
        return [values | {"place": place_of(values["place"])} for values in found]

    @property
    def counted(self) -> list[tuple[str, str, int]]:
        return counted_marks(self.proposal)

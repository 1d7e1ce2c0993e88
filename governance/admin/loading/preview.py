"""The preview of a pending announcement: the source beside its entries."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import cast

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.intake import (
    Choices,
    ChosenEntry,
    FailedClaim,
    Outcomes,
    Proposal,
    chosen_entries,
    fields_by_model,
    region_of,
    seen_at_once,
)
from governance.intake.parse_report import told
from governance.loading.report import Detail, details_of, is_derived
from governance.loading.schemas import SCHEMAS
from governance.models import Achievement, Award, Load, Mechanism
from governance.models.achievement import tier_labels

from .entry_card import EntryCard, NeedGroup, SourceBlock, SourceLine, mark_label
from .forms import NEW, EntryForm, FactsForm
from .needs import NEEDS, is_settled, need_of
from .reports import details_by_code


def reading_of(proposal: Proposal) -> str:
    """Another one for another reading: by then a code may be another entry's."""
    entries = [(entry["code"], entry["paragraphs"]) for entry in proposal["entries"]]
    return sha256(repr(entries).encode()).hexdigest()[:12]


def counted_marks(parsed: Outcomes | None) -> list[tuple[str, str, int]]:
    """(mark, its label, how many entries have it), what is new first"""
    marks = list((parsed or {}).get("marks", {}).values())
    order = ("new", "changed", "removed", "unchanged", "conflict")
    return [(mark, mark_label(mark), marks.count(mark)) for mark in order if mark in marks]


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


def _more_than_one(said: Counter, code: str) -> bool:
    return code not in ("", NEW) and said[code] > 1


# A year as the award announces it fits on one page.
ENTRIES_A_PAGE = 50


class Preview:
    """The page on which a person looks at a pending announcement and chooses."""

    def __init__(
        self,
        load: Load,
        number: int | str = 1,
        data: QueryDict | None = None,
        *,
        may_take: bool = False,
        publishes: bool = True,
        only: bool = False,
    ) -> None:
        """`may_take`: whether the person may put the file's words in place of the record's; `publishes`:
        whether what the file says to be published becomes so when they load it.

        What needs a person comes first, `only` that if it is asked for.
        """
        self.load, self.may_take, self.only = load, may_take, only
        self.publishes = publishes
        self.proposal = cast(Proposal, load.parsed)
        by_model = fields_by_model(self.proposal)
        (self.year,) = by_model["awardyear"]
        # A new award has no words of its own yet.
        slugs = [fields["slug"] for fields in by_model["award"]]
        self._tiers = tier_labels(list(Award.objects.filter(slug__in=slugs)))
        self._details = details_by_code(load.report)
        self.choices = chosen_entries(self.proposal, load.choices)
        self.facts = FactsForm(load.scope, self.year, (load.choices or {}).get("award", {}), data)
        self.needs = {
            code: need_of(choice, self._details[choice.code_for_good])
            for code, choice in self.choices.items()
        }
        order = list(NEEDS)
        needed = [choice for code, choice in self.choices.items() if self.needs[code]]
        needed.sort(key=lambda choice: order.index(self.needs[choice.code]))
        self.fine = [choice for code, choice in self.choices.items() if not self.needs[code]]
        self.paginator = Paginator(needed if only else needed + self.fine, ENTRIES_A_PAGE)
        self.page = self.paginator.get_page(number)
        self.forms = [self._form(choice, data) for choice in self.page]

    def _form(self, choice: ChosenEntry, data: QueryDict | None) -> EntryForm:
        details = self._details[choice.code_for_good]
        conflicts = fields_in_conflict(details) if self.may_take else []
        # What was taken is in conflict no more, and can still be given back.
        offered = list(dict.fromkeys([*choice.take, *conflicts])) if self.may_take else []
        return EntryForm(
            choice, self.load.year, data, names=self.mechanism_names, conflicts=offered
        )

    @cached_property
    def mechanism_names(self) -> dict[str, str]:
        """{slug: name in the reader's language}"""
        name = "name_en" if get_language() == "en" else "name"
        return dict(Mechanism.objects.values_list("slug", name))

    def is_valid(self) -> bool:
        # All of them, so that every mistake is shown at once.
        valid = [form.is_valid() for form in (self.facts, *self.forms)]
        return all(valid) and self._none_twice()

    def _none_twice(self) -> bool:
        """Whether each entry of the record is corrected by one of the document at most."""
        here = {form.choice.code for form in self.forms}
        said = Counter(
            one.same for one in self.choices.values() if one.same and one.code not in here
        )
        said.update(filter(None, (form.cleaned_data["same"] for form in self.forms)))
        twice = [form for form in self.forms if _more_than_one(said, form.cleaned_data["same"])]
        for form in twice:
            sentence = _("另一条也选了 %(code)s；一个编号只能属于一条。")
            form.add_error("same", sentence % {"code": form.cleaned_data["same"]})
        return not twice

    def chosen(self, user: User) -> Choices:
        """The choices of this page."""
        entries = {form.choice.code: form.choices(user) for form in self.forms}
        return {"award": self.facts.choices(), "entries": entries}

    @cached_property
    def cards(self) -> list[EntryCard]:
        return [self._card(form) for form in self.forms]

    def _card(self, form: EntryForm) -> EntryCard:
        choice, code = form.choice, form.choice.code_for_good
        mark = self.proposal.get("marks", {}).get(code, "")
        return EntryCard(
            choice.fields,
            form,
            mark,
            at_once=code in self.at_once,
            region=None if choice.candidate else region_of(choice.region),
            names=self.mechanism_names,
            details=self._details[code],
            added=self.proposal.get("added", {}).get(code, []),
            need=self.needs[choice.code],
            tier=self._tiers[choice.fields["tier"]],
        )

    @cached_property
    def at_once(self) -> list[str]:
        """Codes of the entries whose change the public would see."""
        return seen_at_once(self.proposal, self.publishes)

    @cached_property
    def groups(self) -> list[NeedGroup]:
        """What needs a person, in the order of NEEDS, the entries of this page beside their lines."""
        found = []
        for kind in NEEDS:
            all_choices = [one for code, one in self.choices.items() if self.needs[code] == kind]
            if all_choices:
                settled = sum(is_settled(kind, one) for one in all_choices)
                cards = [card for card in self.cards if card.need == kind]
                blocks = [SourceBlock(self._lines_of(card.choice), [card]) for card in cards]
                found.append(NeedGroup(kind, len(all_choices), settled, blocks))
        return found

    @property
    def pages(self) -> list[int | str]:
        """Numbers of pages around this one, with … between."""
        return list(self.paginator.get_elided_page_range(self.page.number))

    @property
    def reading(self) -> str:
        return reading_of(self.proposal)

    @property
    def award_open(self) -> bool:
        """Whether a person has to say of which award the announcement is."""
        return self.proposal.get("award_open", False)

    @property
    def is_clear(self) -> bool:
        """Whether nothing is said of the document that a person should look at, and each entry has its
        region and organizations."""
        said = (self.groups, self.unread, self.claims, self.warnings, self.remarks, self.award_open)
        return not any(said) and all(one.region and one.offered for one in self.choices.values())

    @property
    def absent(self) -> list[str]:
        """Codes of the entries that the record has of the year and the document has not."""
        return [one.code for one in details_of(self.load.report) if one.outcome == "absent"]

    @property
    def any_need_here(self) -> bool:
        return any(group.blocks for group in self.groups)

    def _lines_of(self, choice: ChosenEntry) -> list[SourceLine]:
        numbers = choice.entry["paragraphs"]
        return [self._by_number[number] for number in numbers if number in self._by_number]

    @cached_property
    def _by_number(self) -> dict[int, SourceLine]:
        text = self.year["text"].split("\n")
        return {
            number: SourceLine(number, text[number - 1], use)
            for number, use in self.proposal["lines"]
        }

    @cached_property
    def rows(self) -> list[SourceBlock]:
        """The rest from top to bottom, a SourceBlock for each entry and for what stands between."""
        cards = {card.code: card for card in self.cards if not card.need}
        owner: dict[int, str] = {}
        begins = defaultdict(list)
        for choice in self.choices.values():
            for number in choice.entry["paragraphs"]:
                owner.setdefault(number, choice.code)
            begins[choice.entry["paragraphs"][0]].append(choice.code)
        found, shown = [], set()
        first, last = self._span()
        rest = [
            line
            for line in self._by_number.values()
            if first <= line.number < last and not self.needs.get(owner.get(line.number, ""))
        ]
        for code, run in groupby(rest, lambda line: owner.get(line.number, "")):
            lines = list(run)
            here = [one for line in lines for one in begins[line.number] if one in cards]
            again = cards.get(code) if code in shown else None
            found.append(SourceBlock(lines, [cards[one] for one in here], again))
            shown.update(here)
        return found

    def _span(self) -> tuple[float, float]:
        """From which paragraph on, and before which, this page shows what needs nobody."""
        if self.only:
            return 0, 0
        codes = [choice.code for choice in self.fine]
        here = [codes.index(choice.code) for choice in self.page if not self.needs[choice.code]]
        if not here:
            # Without such entries, what stands between is shown at the end.
            return (0, float("inf")) if not codes and not self.page.has_next() else (0, 0)
        starts = [choice.entry["paragraphs"][0] for choice in self.fine]
        first = starts[here[0]] if here[0] else 0
        last = starts[here[-1] + 1] if here[-1] + 1 < len(starts) else float("inf")
        return first, last

    @property
    def tiers(self) -> list[tuple[str, int]]:
        """(label, how many entries the document has of it)"""
        counts = Counter(choice.fields["tier"] for choice in self.choices.values())
        return [(label, counts[tier]) for tier, label in self._tiers.items()]

    @cached_property
    def unread(self) -> list[SourceLine]:
        return [line for line in self._by_number.values() if not line.use]

    @property
    def claims(self) -> list[FailedClaim]:
        """What the document says of itself and is not so, each once, wherever it says so again."""
        return list(
            {
                (one["words"], one["found"]): one for one in reversed(self.proposal["claims"])
            }.values()
        )[::-1]

    @property
    def warnings(self) -> list[str]:
        warnings = self.proposal["warnings"]
        # What is wrong with an entry stands there, and claims are told with their place.
        elsewhere = ("remark", "region", "claim")
        return [told(kind, values) for kind, values in warnings if kind not in elsewhere]

    @property
    def remarks(self) -> list[str]:
        """What the reader of announcements said. Lines that were not read are listed with their words."""
        unread = {line.number for line in self.unread}
        return [
            told(kind, values)
            for kind, values in self.proposal["warnings"]
            if kind == "remark" and values["paragraph"] not in unread
        ]

    @property
    def counted(self) -> list[tuple[str, str, int]]:
        """Of what the document has; an entry of the record that it lacks has a mark of its own."""
        marks = self.proposal.get("marks", {})
        codes = [choice.code_for_good for choice in self.choices.values()]
        return counted_marks({"marks": {code: marks[code] for code in codes if code in marks}})

"""The preview of a pending announcement: the source beside its entries."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.core.paginator import Paginator
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from governance.intake import entries_of, is_derived, region_of, seen_at_once, value_of
from governance.intake.parse_report import place_of, told
from governance.loading.schemas import SCHEMAS
from governance.models import Achievement, Mechanism, Region, Tier
from governance.models.coding import Passage

from .forms import EntryForm, FactsForm
from .reports import details_by_code, sections

# So many characters around words are shown with them.
AROUND = 14
MARKS = {
    "new": gettext_lazy("新增"),
    "changed": gettext_lazy("有改动"),
    "unchanged": gettext_lazy("无变化"),
    "conflict": gettext_lazy("有冲突"),
}


def counted_marks(parsed):
    """(mark, its label, how many entries have it)"""
    marks = list((parsed or {}).get("marks", {}).values())
    return [(mark, MARKS[mark], marks.count(mark)) for mark in MARKS if mark in marks]


def fields_in_conflict(details):
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
class Card:
    """An entry of the preview.

    `at_once`: the public would see its change as soon as it is loaded. `region` is the chosen one
    if it is no candidate, `names` are {slug: name} of mechanisms.
    """

    fields: dict
    form: EntryForm
    mark: str
    at_once: bool = False
    region: Region | None = None
    names: dict = field(default_factory=dict)
    details: list = field(default_factory=list)
    added: list = field(default_factory=list)

    @property
    def code(self):
        return self.fields["code"]

    @property
    def tier(self):
        return Tier(self.fields["tier"]).label

    @property
    def sections(self):
        return sections(self.details, added=self.added, may_take=bool(self.form.conflicts))

    @property
    def choice(self):
        return self.form.choice

    @property
    def mark_label(self):
        return MARKS.get(self.mark, "")

    @cached_property
    def radios(self):
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
    def region_open(self):
        """Whether a person has to choose."""
        return not self.choice.region

    @property
    def region_known(self):
        """(path, code) of the chosen region."""
        if candidate := self.choice.candidate:
            return candidate["path"], candidate["code"]
        return (self.region.full_name, self.region.code) if self.region else None

    @property
    def organizations_doubtful(self):
        """Whether they were recognized as bodies of another region than the one that was chosen."""
        return bool(self.choice.region and not self.choice.candidate and self.choice.offered)

    @cached_property
    def suggestions(self):
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

    def _quotation(self, span):
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
# Of one line each: the report of a command names whole ranges of them.
USES = {
    "title": pgettext_lazy("line", "标题"),
    "preamble": pgettext_lazy("line", "前言"),
    "heading": pgettext_lazy("line", "栏目"),
    "entry": pgettext_lazy("line", "条目"),
    "organization": pgettext_lazy("line", "机构"),
    "summary": pgettext_lazy("line", "简介"),
    "table_heading": pgettext_lazy("line", "表头"),
    "closing": pgettext_lazy("line", "落款"),
}


@dataclass
class Line:
    """A line of the source: its number, its words, what they were used for, what is wrong with it."""

    number: int
    text: str
    use: str
    claims: list

    @property
    def label(self):
        return USES[self.use] if self.use else UNREAD


@dataclass
class Row:
    """Lines that belong together, and the entries that begin there."""

    lines: list
    cards: list
    continued: object = None


class Preview:
    """The page on which a person looks at a pending announcement and chooses."""

    def __init__(self, load, number=1, data=None, *, may_take=False):
        """`may_take`: whether the person may put the file's words in place of the record's."""
        self.load, self.proposal, self.may_take = load, load.parsed, may_take
        kept = load.choices or {}
        objects = defaultdict(list)
        for each in self.proposal["objects"]:
            objects[each["model"].removeprefix("governance.")].append(each["fields"])
        (self.year,) = objects["awardyear"]
        self._achievements = {fields["code"]: fields for fields in objects["achievement"]}
        self._details = details_by_code(load.report)
        self.choices = entries_of(self.proposal, kept)
        self.facts = FactsForm(load.year, self.year, kept.get("award", {}), data)
        self.paginator = Paginator(list(self.choices.values()), ENTRIES_A_PAGE)
        self.page = self.paginator.get_page(number)
        self.forms = [self._form(choice, data) for choice in self.page]

    def _form(self, choice, data):
        conflicts = fields_in_conflict(self._details[choice.code]) if self.may_take else []
        # What was taken is in conflict no more, and can still be given back.
        offered = list(dict.fromkeys([*choice.take, *conflicts])) if self.may_take else []
        return EntryForm(
            *(choice, self.load.year, data), names=self.mechanism_names, conflicts=offered
        )

    @cached_property
    def mechanism_names(self):
        """{slug: name in the reader's language}"""
        name = "name_en" if get_language() == "en" else "name"
        return dict(Mechanism.objects.values_list("slug", name))

    def is_valid(self):
        # All of them, so that every mistake is shown at once.
        valid = [form.is_valid() for form in (self.facts, *self.forms)]
        return all(valid)

    def chosen(self, user):
        """The choices of this page, as governance.intake.choosing has them."""
        entries = {form.choice.code: form.choices(user) for form in self.forms}
        return {"award": self.facts.choices(), "entries": entries}

    @cached_property
    def cards(self):
        return [self._card(form) for form in self.forms]

    def _card(self, form):
        choice, code = form.choice, form.choice.code
        return Card(
            *(self._achievements[code], form, self.proposal.get("marks", {}).get(code, "")),
            at_once=code in self.at_once,
            region=None if choice.candidate else region_of(choice.region),
            names=self.mechanism_names,
            details=self._details[code],
            added=self.proposal.get("added", {}).get(code, []),
        )

    @cached_property
    def at_once(self):
        """Codes of the entries whose change the public would see."""
        return seen_at_once(self.proposal)

    @cached_property
    def rows(self):
        """The document from top to bottom, a Row for each entry and for what stands between."""
        cards = {card.code: card for card in self.cards}
        owner, begins = {}, defaultdict(list)
        for choice in self.choices.values():
            for number in choice.entry["paragraphs"]:
                owner.setdefault(number, choice.code)
            begins[choice.entry["paragraphs"][0]].append(choice.code)
        found, shown = [], set()
        for code, lines in groupby(self._lines(), lambda line: owner.get(line.number)):
            lines = list(lines)
            here = [one for line in lines for one in begins[line.number] if one in cards]
            again = cards.get(code) if code in shown else None
            found.append(Row(lines, [cards[one] for one in here], again))
            shown.update(here)
        return found

    def _lines(self):
        text = self.year["text"].split("\n")
        claims = defaultdict(list)
        for claim in self.proposal["claims"]:
            claims[claim["paragraph"]].append(claim)
        first, last = self._span()
        for number, use in self.proposal["lines"]:
            if first <= number < last:
                yield Line(number, text[number - 1], use, claims[number])

    def _span(self):
        """From which paragraph on, and before which, this page shows the source."""
        starts = [choice.entry["paragraphs"][0] for choice in self.choices.values()]
        first = starts[self.page.start_index() - 1] if self.page.has_previous() else 0
        last = starts[self.page.end_index()] if self.page.has_next() else float("inf")
        return first, last

    @property
    def tiers(self):
        """(label, how many entries the document has of it)"""
        counts = Counter(fields["tier"] for fields in self._achievements.values())
        return [(tier.label, counts[tier]) for tier in Tier]

    @property
    def unread(self):
        return [number for number, use in self.proposal["lines"] if not use]

    @property
    def open(self):
        """Codes of the entries whose region a person has to choose."""
        return [choice.code for choice in self.choices.values() if not choice.region]

    @property
    def not_understood(self):
        """(code, words) of what was not understood in an organization text."""
        return [
            (choice.code, words)
            for choice in self.choices.values()
            for words in choice.entry["leftovers"]
        ]

    @property
    def warnings(self):
        return [told(kind, values) for kind, values in self._warnings if kind != "remark"]

    @property
    def remarks(self):
        """What the reader of announcements said, in Chinese: {paragraph, place, sentence}."""
        found = [values for kind, values in self._warnings if kind == "remark"]
        return [values | {"place": place_of(values["place"])} for values in found]

    @property
    def _warnings(self):
        return self.proposal["warnings"]

    @property
    def counted(self):
        return counted_marks(self.proposal)

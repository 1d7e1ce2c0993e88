"""What the pages of a load show: the source beside its entries, and what became of them."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.intake import entries_of
from governance.models import Achievement, AwardYear
from governance.models.coding import Passage
from governance.parse_report import USES

from .load_forms import EntryForm, FactsForm
from .load_reports import MOST, Report, details_by_code, sections

# A year as the award announces it fits on one page.
ENTRIES_A_PAGE = 50
# So many characters around words are shown with them.
AROUND = 14
UNREAD = gettext_lazy("没有读懂")
MARKS = {
    "new": gettext_lazy("新增"),
    "changed": gettext_lazy("有改动"),
    "unchanged": gettext_lazy("无变化"),
    "conflict": gettext_lazy("有冲突"),
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


@dataclass
class Card:
    """An entry of the preview."""

    fields: dict
    form: EntryForm
    mark: str
    details: list = field(default_factory=list)

    @property
    def code(self):
        return self.fields["code"]

    @property
    def sections(self):
        return sections(self.details)

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
        candidates = self.choice.entry["candidates"]
        return [*zip(buttons, candidates, strict=True), (none, None), (other, None)]

    @property
    def region_open(self):
        """Whether a person has to choose."""
        return not self.choice.region

    @property
    def region_known(self):
        return self.choice.candidate

    @cached_property
    def suggestions(self):
        """(suggestion, its box or None if it is coded, its weight, its aspect, quotations)"""
        boxes = {box.data["value"]: box for box in self.form["mechanisms"]}
        found = []
        for suggestion in self.choice.entry["suggestions"]:
            slug = suggestion["mechanism"]
            box = boxes.get(slug)
            judged = [self.form[f"{slug}-{name}"] for name in ("weight", "aspect")] if box else []
            quotations = [self._quotation(span) for span in suggestion["spans"]]
            found.append(
                {"name": suggestion["name"], "box": box, "judged": judged, "spans": quotations}
            )
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


class Preview:
    """The page on which a person looks at a pending announcement and chooses."""

    def __init__(self, load, number=1, data=None):
        self.load, self.proposal = load, load.parsed
        kept = load.choices or {}
        objects = defaultdict(list)
        for each in self.proposal["objects"]:
            objects[each["model"].removeprefix("governance.")].append(each["fields"])
        (self.year,) = objects["awardyear"]
        self.choices = entries_of(self.proposal, kept)
        self.facts = FactsForm(load.year, self.year, kept.get("award", {}), data)
        self.paginator = Paginator(list(self.choices.values()), ENTRIES_A_PAGE)
        self.page = self.paginator.get_page(number)
        self.forms = [EntryForm(choice, load.year, data) for choice in self.page]
        self._achievements = {fields["code"]: fields for fields in objects["achievement"]}

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
        marks = self.proposal.get("marks", {})
        details = details_by_code(self.load.report)
        return [
            Card(self._achievements[code], form, marks.get(code, ""), details[code])
            for form in self.forms
            for code in [form.choice.code]
        ]

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
    def counted(self):
        """(mark, its label, how many entries have it)"""
        return counted_marks(self.proposal)


def counted_marks(parsed):
    marks = list((parsed or {}).get("marks", {}).values())
    return [(mark, MARKS[mark], marks.count(mark)) for mark in MARKS if mark in marks]


class Done:
    """What became of a load, for its own page."""

    def __init__(self, load):
        self.load = load
        self.report = Report(load.report) if load.report else None
        self.undone = Report(load.undo_report) if load.undo_report else None
        self.counted = counted_marks(load.parsed)
        self._rows = Achievement.objects.filter(award_year__year=load.year)
        self.year = AwardYear.objects.filter(year=load.year).first()

        self.by, self.undone_by = named(load.by), named(load.undone_by)

    @property
    def entries(self):
        """(achievement, mark, its label), winners first."""
        marks = (self.load.parsed or {}).get("marks", {})
        for achievement in self._rows.order_by("-tier", "rank")[:MOST]:
            mark = marks.get(achievement.code, "")
            yield achievement, mark, MARKS.get(mark, "")

    @cached_property
    def more(self):
        return max(0, self._rows.count() - MOST)


def named(user):
    return user.get_full_name() or user.get_username() if user else ""

"""An entry of a preview: what was read of it, what would happen to it, what there is to choose."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.intake import is_derived, value_of
from governance.loading.schemas import SHAPES
from governance.models import Achievement, Region, Tier
from governance.models.coding import Passage

from .load_choices import EntryForm
from .load_reports import sections

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
        if one.model == SHAPES[Achievement].label
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

"""An entry as the preview shows it, and the lines of the source that stand beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from governance.admin.suggestions import quoted_span
from governance.intake import ChosenEntry, value_of
from governance.intake.parse_report import USES, out_of_year
from governance.loading.report import MARKS, Detail
from governance.models import Region

from .forms import EntryForm
from .needs import NEEDS, is_settled
from .reports import Section, sections

UNREAD = gettext_lazy("没有读懂")


def mark_label(mark: str) -> str:
    return str(MARKS[mark][0]) if mark else ""


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
    need: str = ""
    tier: str = ""

    @property
    def settled(self) -> bool:
        """Whether a person has chosen what it needed."""
        return is_settled(self.need, self.choice)

    @property
    def fell_back(self) -> bool:
        """Whether its region is the one above a place that was not recognized."""
        return bool(self.choice.entry["leftovers"] and self.region_known)

    @property
    def doubts(self) -> list[str]:
        """Sentences on regions that the year did not have."""
        return [out_of_year(doubt) for doubt in self.choice.entry.get("doubts", ())]

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

    @cached_property
    def same_radios(self) -> list[tuple]:
        """(radio button, LookAlike or None for a new entry)"""
        return list(zip(self.form["same"], [*self.choice.look_alikes, None], strict=True))

    @property
    def identity_open(self) -> bool:
        """Whether a person has to say if the entry is new."""
        return self.choice.same is None

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
                quoted_span(self.fields, span) | {"box": tick}
                for span, tick in zip(suggestion["spans"], ticks, strict=True)
            ]
            name = box.choice_label if box else self.names.get(slug, suggestion["name"])
            found.append({"name": name, "box": box, "judged": judged, "spans": quotations})
        return found


@dataclass
class SourceLine:
    """A line of the source: its number, its words, what they were used for."""

    number: int
    text: str
    use: str

    @property
    def label(self) -> str:
        return str(USES[self.use][0] if self.use else UNREAD)


@dataclass
class SourceBlock:
    """Lines that belong together, and the entries that begin there."""

    lines: list[SourceLine]
    cards: list[EntryCard]
    continued: EntryCard | None = None


@dataclass
class NeedGroup:
    """The entries that need a person for the same reason: all their number, and those of this page."""

    kind: str
    count: int
    settled: int
    blocks: list[SourceBlock]

    @property
    def label(self) -> str:
        """ "12 项：地区不止一个可能（已选定 3 项）" """
        values = {"count": self.count, "what": NEEDS[self.kind].heading, "settled": self.settled}
        if self.settled:
            sentence = ngettext(
                "%(count)s 项：%(what)s（已选定 %(settled)s 项）",
                "%(count)s 项：%(what)s（已选定 %(settled)s 项）",
                self.count,
            )
        else:
            sentence = ngettext("%(count)s 项：%(what)s", "%(count)s 项：%(what)s", self.count)
        return sentence % values

    @property
    def words(self) -> str:
        return str(NEEDS[self.kind].words)

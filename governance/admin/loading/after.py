"""What became of a load, what its entries still lack, and what undoing it would do."""

from functools import cached_property
from typing import Any, cast

from django.utils.translation import gettext as _

from governance.changes import person_name
from governance.intake import Outcomes, Proposal, as_announced, fields_by_model, seen_at_once
from governance.loading import LoadReport, is_waited_for, obstacle
from governance.models import Achievement, AwardYear, Load, LoadState, Status
from governance.models.achievement import tier_order
from governance.models.gap import gaps_of, with_gaps

from .entry_card import mark_label
from .preview import counted_marks
from .reports import MOST, ShownReport, details_by_code

# What a load may have done to rows.
ROWS_DONE = ("created", "changed", "removed")


class LoadOutcome:
    """What became of a load, for its own page."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.outcomes = cast(Outcomes, load.parsed or {})
        # A fixture has none.
        self.proposal = cast(Proposal, load.parsed) if "entries" in self.outcomes else None
        self.report = ShownReport(load.report, self.outcomes.get("added")) if load.report else None
        self.undone = ShownReport(load.undo_report) if load.undo_report else None
        self.stands = load.state == LoadState.LOADED
        self.counted = counted_marks(load.parsed)
        self.obstacle = obstacle(load.pk) if self.stands else ""
        # Undoing what changed nothing changes nothing, but for the way that it clears.
        done = self.report and any(self.report.report["totals"][name] for name in ROWS_DONE)
        self.worth_undoing = self.stands and bool(done or is_waited_for(load.pk))
        self.year = AwardYear.objects.filter(code=load.scope).first()
        self._rows = Achievement.objects.filter(award_year__code=load.scope)
        self.by, self.undone_by = person_name(load.by), person_name(load.undone_by)

    @cached_property
    def drafts(self) -> int:
        """How many of the entries that are new are no public matter."""
        new = [code for code, mark in self.outcomes.get("marks", {}).items() if mark == "new"]
        return self._rows.exclude(status=Status.PUBLISHED).filter(code__in=new).count()

    @cached_property
    def at_once(self) -> list[str]:
        """Codes of the entries of which the public sees the change."""
        public = set(self._rows.published().values_list("code", flat=True))
        # What a file says to be published stayed a draft where its loader does not publish.
        return [code for code in seen_at_once(self.outcomes) if code in public]

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """Each with its mark and its gaps, winners first."""
        marks = self.outcomes.get("marks", {})
        rows = with_gaps(self._rows).order_by(tier_order(), "rank")[:MOST]
        return [
            {
                "achievement": row,
                "mark": marks.get(row.code, ""),
                "label": mark_label(marks.get(row.code, "")),
                "gaps": self._gaps(row) if self.stands else [],
            }
            for row in rows
        ]

    def _gaps(self, row: Achievement) -> list[str]:
        found = [str(gap.label) for gap in gaps_of(row)]
        if row.status != Status.PUBLISHED:
            sentence = _("机构文字中的“%(words)s”不知是什么机构")
            found += [sentence % {"words": words} for words in self._leftovers.get(row.code, ())]
        return found

    @cached_property
    def _leftovers(self) -> dict[str, list[str]]:
        entries = self.proposal["entries"] if self.proposal else []
        return {entry["code"]: entry["leftovers"] for entry in entries}

    @cached_property
    def lacking(self) -> int:
        """How many of the entries lack something."""
        return sum(bool(entry["gaps"]) for entry in self.entries)

    @cached_property
    def unread(self) -> list[tuple[int, str]]:
        """(number, words) of the lines that were not understood and so not loaded."""
        if not self.proposal or not self.stands:
            return []
        (year,) = fields_by_model(self.proposal)["awardyear"]
        lines = year["text"].split("\n")
        return [(number, lines[number - 1]) for number, use in self.proposal["lines"] if not use]

    @cached_property
    def more(self) -> int:
        return max(0, self._rows.count() - MOST)


class UndoPreview:
    """What undoing a load would do, from the LoadReport of trying it."""

    def __init__(self, report: LoadReport) -> None:
        entry = Achievement._meta.label_lower
        self.report = ShownReport(report.as_json())
        self.removed = [
            key[0]
            for (label, key), outcome in report.outcomes.items()
            if label == entry and outcome == "removed"
        ]
        self.withdrawn = sorted(
            (one.key[0] for one in report.details if one.reason == "withdrawn"), key=as_announced
        )
        # The parts of an entry are restored with it; places in the document alone say nothing new.
        restored = {
            code
            for code, details in details_by_code(self.report.report).items()
            for one in details
            if one.outcome == "changed" and one.reason != "withdrawn"
        }
        self.restored = sorted(restored, key=as_announced)
        self.kept = sorted(
            {one.key[0] for one in report.details if one.model == entry and one.outcome == "kept"}
            - set(self.withdrawn),
            key=as_announced,
        )
        self.changes = report.changes
        public = Achievement.objects.published().filter(code__in=[*self.removed, *self.restored])
        self.public = sorted(public.values_list("code", flat=True), key=as_announced)

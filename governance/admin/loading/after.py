"""What became of a load, what its entries still lack, and what undoing it would do."""

from functools import cached_property

from django.utils.translation import gettext as _

from governance.admin.achievement import GAPS, gaps, with_gaps
from governance.intake import as_announced, entries_of, seen_at_once
from governance.models import (
    Achievement,
    AwardYear,
    LoadState,
    Status,
)

from .preview import counted_marks, mark_label
from .reports import MOST, Report, details_by_code


class Done:
    """What became of a load, for its own page."""

    def __init__(self, load):
        self.load, self.parsed = load, load.parsed or {}
        self.report = Report(load.report, self.parsed.get("added")) if load.report else None
        self.undone = Report(load.undo_report) if load.undo_report else None
        self.stands = load.state == LoadState.LOADED
        self.counted = counted_marks(load.parsed)
        self.year = AwardYear.objects.filter(year=load.year).first()
        self._rows = Achievement.objects.filter(award_year__year=load.year)
        self.by, self.undone_by = named(load.by), named(load.undone_by)

    @cached_property
    def drafts(self):
        """How many of the entries that are new are no public matter."""
        new = [code for code, mark in self.parsed.get("marks", {}).items() if mark == "new"]
        return self._rows.exclude(status=Status.PUBLISHED).filter(code__in=new).count()

    @cached_property
    def at_once(self):
        """Codes of the entries of which the public sees the change."""
        return seen_at_once(self.parsed)

    @cached_property
    def entries(self):
        """Each with its mark and its gaps, winners first."""
        marks = self.parsed.get("marks", {})
        rows = with_gaps(self._rows).order_by("-tier", "rank")[:MOST]
        return [
            {
                "achievement": row,
                "mark": marks.get(row.code, ""),
                "label": mark_label(marks.get(row.code)),
                "gaps": self._gaps(row) if self.stands else [],
            }
            for row in rows
        ]

    def _gaps(self, row):
        found = [GAPS[name] for name in gaps(row)]
        if row.status != Status.PUBLISHED:
            sentence = _("机构文字中的“%(words)s”不知是什么机构")
            found += [sentence % {"words": words} for words in self._leftovers.get(row.code, ())]
        return found

    @cached_property
    def _leftovers(self):
        if "entries" not in self.parsed:
            return {}
        choices = entries_of(self.parsed, self.load.choices)
        return {code: choice.entry["leftovers"] for code, choice in choices.items()}

    @cached_property
    def lacking(self):
        """How many of the entries lack something."""
        return sum(bool(entry["gaps"]) for entry in self.entries)

    @cached_property
    def unread(self):
        """(number, words) of the lines that were not understood and so not loaded."""
        if "lines" not in self.parsed or not self.stands:
            return []
        (text,) = [
            each["fields"]["text"].split("\n")
            for each in self.parsed["objects"]
            if each["model"] == "governance.awardyear"
        ]
        return [(number, text[number - 1]) for number, use in self.parsed["lines"] if not use]

    @cached_property
    def more(self):
        return max(0, self._rows.count() - MOST)


def named(user):
    return user.get_full_name() or user.get_username() if user else ""


class Undoing:
    """What undoing a load would do, from the LoadReport of trying it."""

    def __init__(self, report):
        entry = Achievement._meta.label_lower
        self.report = Report(report.as_json())
        self.removed = [
            key[0]
            for (label, key), outcome in report.outcomes.items()
            if label == entry and outcome == "removed"
        ]
        # The parts of an entry are restored with it; places in the document alone say nothing new.
        restored = {
            code
            for code, details in details_by_code(self.report.report).items()
            for one in details
            if one.outcome == "changed"
        }
        self.restored = sorted(restored, key=as_announced)
        self.kept = sorted(
            {one.key[0] for one in report.details if one.model == entry and one.outcome == "kept"},
            key=as_announced,
        )
        public = Achievement.objects.published().filter(code__in=[*self.removed, *self.restored])
        self.public = sorted(public.values_list("code", flat=True), key=as_announced)

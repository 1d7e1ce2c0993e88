"""A list in running text: numbered, bulleted or bare, each entry with what follows it."""

from collections import Counter

from .categories import LONG, RESTART, Heading, heading, placed
from .found import Findings, Found
from .layouts import AT_THE_END, ON_THE_LINE, OnNextLine
from .markers import marker
from .preface import title_of
from .wording import (
    ORGANIZATION_LABEL,
    SUMMARY_LABEL,
    TITLE_LABEL,
    VOTES,
    is_closing,
    is_organization,
    is_place,
    is_sentence,
    last_group,
    without_votes,
)

PLAIN, LABELLED = "plain", "labelled"
HEADINGS_ONLY = ("annex", "part")
on_next_line = OnNextLine()


class ListReader:
    """Reads `paragraphs` (in order, blank ones left out) of a source into Findings."""

    def __init__(self, source):
        self.source = source
        self.lines = source.paragraphs
        self.marks = [self._mark(line) for line in self.lines]
        self.splits = [self._certain(at) for at in range(len(self.lines))]
        self.findings = Findings()

    def read(self):
        self.style = self._entry_style()
        title = title_of(self.lines[: self._first_entry()])
        self.findings.title = "".join(line.text.strip() for line in title)
        self.findings.uses |= {line.number: "title" for line in title}
        self.headings = self._headings()
        self._walk()
        return self.findings

    # What each line looks like by itself

    def _mark(self, line):
        return marker(line.plain)

    def _body(self, at):
        """(start, end) of a line's words without marker, label and votes."""
        text, mark = self.lines[at].plain, self.marks[at]
        start = mark.end if mark else len(text) - len(text.lstrip())
        label = TITLE_LABEL.match(text, start)
        start = label.end() if label else start
        start += len(text[start:]) - len(text[start:].lstrip(" *"))
        return start, without_votes(text, start, len(text))

    def _style(self, at):
        if self.marks[at]:
            return self.marks[at].style
        return LABELLED if TITLE_LABEL.match(self.lines[at].plain) else PLAIN

    def _certain(self, at):
        """(layout, split) of the first layout that is certain of this line, or None."""
        text, (start, end) = self.lines[at].plain, self._body(at)
        bare = self._style(at) == PLAIN
        if bare and (end - start > 100 or is_sentence(text[start:end])):
            return None
        for layout in AT_THE_END if bare else ON_THE_LINE:
            split = layout.find(text, start, end)
            if split and split.certain:
                return layout, split
        return None

    def _next_line(self, at):
        """Where the organization stands in the line after this one, or None."""
        if at + 1 >= len(self.lines) or self.marks[at + 1]:
            return None
        return on_next_line.find(self.lines[at + 1].plain)

    def _like(self, at):
        """Whether a line is by its own words an entry: it has an organization."""
        if self.splits[at]:
            return True
        if self._title_follows(at):
            return True
        place = self._next_line(at)
        if not place or not self._titular(at) or heading(self.lines[at]):
            return False
        if self._style(at) != PLAIN:
            return True
        start, end = place
        return not on_next_line.find(self.lines[at].plain) and not is_place(
            self.lines[at + 1].plain[start:end]
        )

    def _title_follows(self, at):
        """Whether a numbered line has the organization alone, and the next line the title."""
        text, (start, end) = self.lines[at].plain, self._body(at)
        return (
            self.marks[at] is not None
            and is_organization(text[start:end], certainly=True)
            and at + 1 < len(self.lines)
            and self.marks[at + 1] is None
            and self._titular(at + 1)
            and not on_next_line.find(self.lines[at + 1].plain)
        )

    # What the document as a whole looks like

    def _entry_style(self):
        self.like = [self._like(at) for at in range(len(self.lines))]
        likes, counts = Counter(), Counter()
        for at, line in enumerate(self.lines):
            style = self._style(at)
            if style in HEADINGS_ONLY:
                continue
            likes[style] += self.like[at]
            counts[style] += not heading(line) and (self.like[at] or not is_sentence(line.plain))
        bare = likes.pop(PLAIN, 0)
        del counts[PLAIN]
        self.organized = bool(bare or any(likes.values()))
        best = max(likes, key=likes.get, default=None)
        if best and likes[best] and bare <= 2 * likes[best]:
            return self._settle(best)
        if bare:
            return self._settle(PLAIN)
        # No organization anywhere: the outermost list that is not one of headings, else bare lines.
        return self._settle(next((style for style, many in counts.items() if many), None))

    def _settle(self, style):
        """Which layouts this document uses, the commonest first."""
        used = Counter(
            split[0] for at, split in enumerate(self.splits) if split and self._style(at) == style
        )
        self.layouts = sorted(
            AT_THE_END if style == PLAIN else ON_THE_LINE, key=lambda one: -used[one]
        )
        total = sum(self._style(at) == style for at in range(len(self.lines)))
        self.common = self.layouts[0] if 2 * used[self.layouts[0]] >= total else None
        return style

    def _first_entry(self):
        starts = (at for at in range(len(self.lines)) if self._may_start(at))
        return next(starts, len(self.lines))

    def _bare_entry(self, at):
        """Whether a line is an entry because it stands by itself under a heading, where no list is marked."""
        text = self.lines[at].plain
        return (
            self.style is None
            and bool(self.findings.items)
            and self._titular(at)
            and not self._signs(at)
            and not is_organization(text, certainly=True)
        )

    def _may_start(self, at):
        """Whether a line has the shape of an entry's first line."""
        if self.style is None or self._style(at) != self.style:
            return False
        if self.style == PLAIN:
            return self.like[at]
        if self.like[at]:
            return True
        start, end = self._body(at)
        return start < end and (self.organized or self._titular(at))

    def _titular(self, at):
        """Whether a line can be a title: short, no sentence, no label, not all in brackets."""
        text = self.lines[at].plain
        start, end = self._body(at)
        return (
            0 < end - start <= 80
            and not is_sentence(text)
            and not text.rstrip().endswith(":")
            and not is_closing(text)
            and last_group(text, end) != start
            and not ORGANIZATION_LABEL.match(text)
            and not SUMMARY_LABEL.match(text)
        )

    def _headings(self):
        """Place of line → Heading: by its words, or only by its place."""
        known = {}
        places = [at for at, line in enumerate(self.lines) if line.number not in self.findings.uses]
        for at in places:
            if self._style(at) == self.style and self.style != PLAIN:
                continue
            if not self.splits[at] and (one := heading(self.lines[at])):
                known[at] = one
        styles = {one.style for one in known.values() if one.tier and one.style != PLAIN}
        bare = self.style is None and bool(known)
        for at in places:
            style, line = self._style(at), self.lines[at]
            if at in known or style == self.style or self.splits[at] or not self._short(at):
                continue
            if style in styles or self._before_restart(at):
                known[at] = placed(line, style)
            elif bare and is_place(line.plain):
                known[at] = Heading(line, "place", None, theme=True)
        return known

    def _short(self, at):
        text = self.lines[at].plain.strip()
        return (
            len(text) <= LONG
            and not is_sentence(text)
            and not is_closing(text)
            and (self.style is None or not on_next_line.find(text))
            and not TITLE_LABEL.match(text)
        )

    def _before_restart(self, at):
        if at + 1 >= len(self.lines) or self.lines[at].plain.rstrip().endswith("如下:"):
            return False
        mark = self.marks[at + 1]
        begins = mark and mark.style == self.style and mark.number == 1
        return bool(begins and (self.like[at + 1] or not self.organized))

    # From line to line

    def _walk(self):
        self.entry, self.number, self.closed = None, 0, False
        self.numbered = self._numbers_by_part()
        for at, line in enumerate(self.lines):
            if line.number in self.findings.uses or (self.entry and line.number in self.entry.uses):
                continue
            if at in self.headings:
                self._add_heading(self.headings[at])
            elif self._starts(at):
                self._start(at)
            elif self.entry:
                self._attach(at)
            elif not self.findings.items:
                self.findings.uses[line.number] = "preamble"
            elif self.closed and (is_closing(line.plain) or self._signs(at)):
                self.findings.uses[line.number] = "closing"
            elif self.findings.items and not self.findings.found:
                self.findings.uses[line.number] = "preamble"

    def _add_heading(self, one):
        last = self.findings.items[-1] if self.findings.items else None
        if isinstance(last, Heading) and last.style == one.style:
            # What stands between two headings of one kind should have been a list.
            for number in range(last.paragraph.number + 1, one.paragraph.number):
                self.findings.uses.pop(number, None)
        self.findings.items.append(one)
        self.findings.uses[one.paragraph.number] = "heading"
        self.entry, self.closed, self.fresh = None, False, True

    def _numbers_by_part(self):
        """For each line, the numbers that certain entries of its part of the list have."""
        numbers, part = [], set()
        for at in range(len(self.lines)):
            if at in self.headings:
                part = set()
            numbers.append(part)
            mark = self.marks[at]
            if mark and mark.style == self.style and self.like[at]:
                part.add(mark.number)
        return numbers

    def _starts(self, at):
        if self._bare_entry(at):
            return True
        if not self._may_start(at):
            return False
        mark = self.marks[at]
        if not mark or mark.number is None:
            return True
        follows = mark.number == self.number + 1 or (mark.number == 1 and not self.entry)
        if self.like[at]:
            return mark.sure or follows
        if not mark.sure and not follows:
            return False
        return mark.number not in self.numbered[at] and (follows or self._titular(at))

    def _restarts(self, at):
        """Whether numbers begin again here without a heading that says what begins."""
        if self.marks[at].number != 1 or not self.entry or self.number <= 1:
            return False
        after = (
            self.marks[later].number
            for later in range(at + 1, len(self.lines))
            if self.marks[later] and self._style(later) == self.style and self._may_start(later)
        )
        return next(after, 2) == 2

    def _start(self, at):
        line, mark = self.lines[at], self.marks[at]
        if mark and mark.number is not None:
            self._check_number(at)
            self.number = mark.number
        self.fresh, self.closed = False, False
        start, end = self._body(at)
        if self.like[at] and not self.splits[at] and self._title_follows(at):
            self._start_before_title(at, start, end)
            return
        split = self._split(at, start, end)
        title = line.passage(*(split.title if split else (start, end)))
        if title is None:
            self.findings.remark(line.number, "这一行有编号，但没有标题。")
            self.entry = None
            return
        self.entry = Found(title, uses={line.number: "entry"})
        if mark:
            self.entry.marker = self._marker(line, mark)
        if split:
            self.entry.organization = line.passage(*split.organization)
            if split.rest is not None:
                self._extend(line, split.rest)
        self.findings.items.append(self.entry)

    def _start_before_title(self, at, start, end):
        line, following = self.lines[at], self.lines[at + 1]
        self.entry = Found(
            following.passage(*self._body(at + 1)),
            marker=self._marker(line, self.marks[at]),
            organization=line.passage(start, end),
            uses={line.number: "organization", following.number: "entry"},
        )
        self.findings.items.append(self.entry)

    def _marker(self, line, mark):
        written = line.passage(0, mark.end)
        words = line.text[written.start - line.start : mark.end]
        return type(written)(words, written.start, line.number)

    def _split(self, at, start, end):
        text = self.lines[at].plain
        for layout in self.layouts:
            split = layout.find(text, start, end)
            if split and (split.certain or layout is self.common):
                return split
        return None

    def _check_number(self, at):
        number, line = self.marks[at].number, self.lines[at].number
        if self._restarts(at):
            self.findings.items.append(Heading(self.lines[at], RESTART, None))
            self.findings.remark(
                line, "编号从这里重新由 1 开始，但前面没有标题说明这些是获奖成果还是提名成果。"
            )
        elif number == self.number + 1 or (number == 1 and (self.fresh_part or self.number == 1)):
            return
        else:
            before = (
                f"前一条是第 {self.number} 条"
                if self.number and not self.fresh_part
                else "这是第一条"
            )
            self.findings.remark(
                line, f"编号不连续：{before}，这一条的编号却是 {number}；请核对是否有遗漏。"
            )

    @property
    def fresh_part(self):
        return self.entry is None

    def _attach(self, at):
        line, entry = self.lines[at], self.entry
        text = line.plain
        place = on_next_line.find(text)
        if not entry.organization and not entry.summary and place:
            entry.organization = line.passage(*place)
            entry.uses[line.number] = "organization"
        elif VOTES.fullmatch(text.strip(" ()[]。")):
            entry.uses[line.number] = "entry"
        elif is_closing(text) or self._signs(at):
            self.findings.uses[line.number] = "closing"
            self.entry, self.closed = None, True
        elif ORGANIZATION_LABEL.match(text) or self._stray(at):
            self.findings.remark(line.number, "这一行不像前一条的简介，没有读入。")
            if entry.summary:
                self.entry, self.closed = None, True
        else:
            label = SUMMARY_LABEL.match(text)
            self._extend(line, label.end() if label and not entry.summary else 0)
            entry.uses[line.number] = "summary"

    def _extend(self, line, start):
        """Lets the summary reach to the end of a line."""
        begins = self.entry.summary[0] if self.entry.summary else line.start + start
        self.entry.summary = begins, line.start + len(line.text)

    def _signs(self, at):
        """Whether a line is a signature: an organization with a date or nothing but signatures after it."""
        text = self.lines[at].plain.strip()
        if len(text) > 40 or is_sentence(text) or not is_organization(text):
            return False
        after = self.lines[at + 1].plain if at + 1 < len(self.lines) else ""
        return (
            not after or is_closing(after) or (self._signs(at + 1) and at + 1 not in self.headings)
        )

    def _stray(self, at):
        """Whether a line after a whole summary is too short to belong to it: a heading nobody marked?"""
        text = self.lines[at].plain.strip()
        ends = at + 1 >= len(self.lines) or at + 1 in self.headings or self._starts(at + 1)
        return bool(self.entry.summary) and ends and len(text) <= 20 and not is_sentence(text)

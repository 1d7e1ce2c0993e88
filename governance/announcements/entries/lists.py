"""A list in running text: numbered, bulleted or bare, each entry with what follows it."""

import re
from collections import Counter

from governance.announcements.files.paragraphs import Paragraph, SourceText
from governance.announcements.readings import Sentence

from .asides import annexes, numbers_of_part, points, signatures, tails
from .categories import BODIES, RESTART, Heading, placed, placing
from .drafts import Draft, Findings
from .layouts import AT_THE_END, BRACKETS, ON_THE_LINE, Layout
from .line_features import HEADINGS_ONLY, PLAIN, Look
from .patterns import (
    OTHER_LABEL,
    SUMMARY_LABEL,
    is_organization,
    is_total,
    label_words,
    next_field,
)
from .preface import title_of

NAME_LENGTH = 4


class ListReader:
    """Reads the paragraphs of a source into Findings.

    1. What each line looks like by itself, and whether it surely begins an entry: it, or the line
       after it, has an organization.
    2. What most of these lines share: the style of their markers, the layout of their organizations.
       Lines that list annexes, or points within a summary, are counted out.
    3. The lines before the first that may begin an entry hold the title.
    4. Headings, by their words or by their place; signatures, from the end upwards.
    5. From line to line: each is a heading, begins an entry, goes on with the one above, or is left
       unread with a remark.
    """

    def __init__(self, source: SourceText) -> None:
        self.looks = [Look(line) for line in source.paragraphs]
        afters = [*self.looks[1:], None]
        self.sure = [look.is_entry(after) for look, after in zip(self.looks, afters, strict=False)]
        broken = tails(self.looks, self.sure)
        self.sure = [sure and at not in broken for at, sure in enumerate(self.sure)]
        self.annexes = annexes(self.looks)
        self.findings = Findings()

    def read(self) -> Findings:
        self.style = self._entry_style()
        self.layouts, self.common = self._layouts()
        first = next(filter(self._may_start, range(len(self.looks))), len(self.looks))
        title = title_of([look.line for look in self.looks[:first]])
        self.findings.title = "".join(line.text.strip() for line in title)
        if self._heads_bare_lines(title):
            title.pop()
        self.findings.uses |= {line.number: "title" for line in title}
        self.headings = self._headings()
        self.points = points(self.looks, self.sure, self.headings, self.style)
        self.signatures = signatures(self.looks, self.headings)
        self.organization_first = first > 0 and self.looks[first - 1].is_organization_label
        self.numbers = numbers_of_part(self.looks, self.sure, self.headings, self.style)
        self._walk()
        return self.findings

    # The document as a whole

    def _entry_style(self) -> str | None:
        """The style of the lines that most often have an organization; None where bare lines are all there is."""
        sure, possible = Counter[str](), Counter[str]()
        for look, is_sure in zip(self.looks, self.sure, strict=True):
            if look.style not in HEADINGS_ONLY:
                sure[look.style] += is_sure
                possible[look.style] += not look.heading and (is_sure or not look.is_sentence)
        bare = sure.pop(PLAIN, 0)
        del possible[PLAIN]
        best = max(sure, key=sure.__getitem__, default=None)
        self.organized = bool(bare or (best and sure[best]))
        if best and sure[best] and bare <= 2 * sure[best]:
            return best
        if bare:
            return PLAIN
        # No organization anywhere: the outermost list that is not one of headings.
        return next((style for style, many in possible.items() if many), None)

    def _layouts(self) -> tuple[list[Layout], Layout | None]:
        """(layouts, the commonest first; that one if most entries have it, in doubtful words too)."""
        listed = [look for look in self.looks if look.style == self.style]
        used = Counter(
            look.split[0] if look.split else BRACKETS
            for look in listed
            if look.split or BRACKETS.find(look.text, *look.body)
        )
        layouts = sorted(
            AT_THE_END if self.style == PLAIN else ON_THE_LINE, key=lambda layout: -used[layout]
        )
        return layouts, layouts[0] if 2 * used[layouts[0]] >= len(listed) else None

    def _may_start(self, at: int) -> bool:
        """Whether a line has the shape of an entry's first line."""
        look = self.looks[at]
        if self.style is None or look.style != self.style or at in self.annexes:
            return False
        if self.sure[at] or self.style == PLAIN:
            return self.sure[at]
        start, end = look.body
        return start < end and (self.organized or look.is_titular)

    def _heads_bare_lines(self, title: list[Paragraph]) -> bool:
        """Whether the title itself is the heading of bare lines: 一等奖, and below it nothing but titles."""
        if self.style is not None or not title:
            return False
        at = next(at for at, look in enumerate(self.looks) if look.line is title[-1])
        after = self.looks[at + 1] if at + 1 < len(self.looks) else None
        own = self.looks[at].heading
        return bool(own and own.tier and after and after.is_titular and not after.heading)

    def _headings(self) -> dict[int, Heading]:
        """Place of line → Heading: by its words, or only by its place."""
        places = [
            at
            for at, look in enumerate(self.looks)
            if look.line.number not in self.findings.uses
            and at not in self.annexes
            and (look.style != self.style or self.style == PLAIN)
        ]
        known = {at: one for at in places if (one := self.looks[at].heading)}
        styles = {one.style for one in known.values() if one.tier and one.style != PLAIN}
        bare = self.style is None and bool(known)
        for at in reversed(places):
            look = self.looks[at]
            if at in known or not look.is_short:
                continue
            other = look.style != self.style
            if look.place and (
                (bare and not look.mark)
                or ((other or not look.mark) and self._places_what_follows(at, known))
            ):
                known[at] = placing(look.line)
            elif not other:
                continue
            elif not look.organization and (look.style in styles or self._is_before_restart(at)):
                known[at] = placed(look.line, look.style)
        return known

    def _places_what_follows(self, at: int, known: dict[int, Heading]) -> bool:
        """Whether a line with a place alone heads the entries below it, and is not the organization of the one above."""
        after = at + 1
        begins = after < len(self.looks) and self._may_start(after)
        if not (after in known or (begins and (self.sure[after] or not self.organized))):
            return False
        return not at or not self._may_start(at - 1) or bool(self.looks[at - 1].split)

    def _is_before_restart(self, at: int) -> bool:
        look, text = self.looks[at], self.looks[at].text.rstrip()
        if at + 1 >= len(self.looks) or text.endswith("如下:"):
            return False
        mark = self.looks[at + 1].mark
        if not mark or mark.style != self.style or mark.number != 1:
            return False
        # A summary has numbered lines as well, without organizations, after words such as 主要做法：
        named = not text.endswith(":") and not placed(look.line, look.style).theme
        return self.sure[at + 1] or not self.organized or named

    # From line to line

    def _walk(self) -> None:
        # The entry that lines belong to, the number before, whether a part of the list has just
        # begun, and whether one has ended.
        self.entry: Draft | None = None
        self.number, self.fresh, self.closed = 0, True, False
        # The heading of what is no innovation, if that is what stands above.
        self.bodies: Heading | None = None
        for at, look in enumerate(self.looks):
            number, uses = look.line.number, self.findings.uses
            if number in uses or (self.entry and number in self.entry.uses):
                continue
            if at in self.headings:
                self._add_heading(self.headings[at])
            elif self.bodies and not (self._may_be_entry(look) or look.is_closing):
                self.findings.leave_out(self.bodies.text, [number])
            elif self._is_above_title(at):
                continue
            elif at in self.annexes:
                uses[number] = "closing" if self.findings.drafts else "preamble"
                self.entry, self.closed = None, bool(self.findings.drafts)
            elif self._starts(at):
                self._start(at)
            elif self.entry:
                self._attach(at, self.entry)
            elif self._is_lost(look):
                self._lose(look)
            elif self.closed and (look.is_closing or is_total(look.text) or at in self.signatures):
                uses[number] = "closing"
            elif self._is_preamble(look):
                uses[number] = "preamble"

    def _may_be_entry(self, look: Look) -> bool:
        """Whether a line below a prize for bodies has a title; the name of a person is shorter."""
        return bool(look.split and len(look.text[slice(*look.split[1].title)]) > NAME_LENGTH)

    def _is_preamble(self, look: Look) -> bool:
        """Whether a line stands between a heading and its entries; communities and bodies alone are what it announces."""
        last = self.findings.items[-1:]
        named = self.findings.drafts and is_organization(look.text, certainly=True)
        return (
            self.fresh and not isinstance((*last, None)[0], Draft) and not (look.is_roll or named)
        )

    def _add_heading(self, one: Heading) -> None:
        last = self.findings.items[-1] if self.findings.items else None
        if isinstance(last, Heading) and last.style == one.style:
            # Two headings of one style follow each other: the lines between them were meant as entries,
            # so they are unread, and not the preamble that they were taken for.
            for number in range(last.paragraph.number + 1, one.paragraph.number):
                if self.findings.uses.get(number) == "preamble":
                    del self.findings.uses[number]
        self.findings.items.append(one)
        self.findings.uses[one.paragraph.number] = "heading"
        self.entry, self.fresh, self.closed = None, True, False
        named = re.search(r":\s*\S", one.paragraph.plain)
        if one.tier == BODIES and named:
            what = one.paragraph.text[: named.start()]
            self.findings.leave_out(what, [one.paragraph.number])
        if one.tier == BODIES or not one.theme or (self.bodies and one.style == self.bodies.style):
            self.bodies = one if one.tier == BODIES else None

    def _starts(self, at: int) -> bool:
        if self.style is None:
            return self._is_bare_entry(at)
        if at in self.points:
            return False
        mark = self.looks[at].mark
        if not self._may_start(at):
            # Where the number is the next one, a marker of another style is a slip of the pen.
            nexts = (1, self.number + 1) if self.fresh else (self.number + 1,)
            return bool(self.looks[at].split and mark and mark.number in nexts)
        if not mark or mark.number is None:
            return True
        follows = mark.number == self.number + 1 or (mark.number == 1 and self.fresh)
        if self.sure[at]:
            return mark.sure or follows
        if not mark.sure and not follows:
            return False
        return mark.number not in self.numbers[at] and (follows or self.looks[at].is_titular)

    def _is_above_title(self, at: int) -> bool:
        """Whether a line names the organization of the entry that begins in the next line."""
        after = at + 1
        return (
            self.organization_first
            and self.looks[at].is_organization_label
            and after < len(self.looks)
            and self._may_start(after)
        )

    def _is_bare_entry(self, at: int) -> bool:
        """Whether a line is an entry since it stands below a heading, where no list is marked."""
        look = self.looks[at]
        return (
            bool(self.findings.items)
            and look.is_titular
            and not look.is_roll
            and at not in self.signatures
            and not is_organization(look.text.split(":")[-1], certainly=True)
        )

    def _start(self, at: int) -> None:
        look = self.looks[at]
        if look.mark and look.mark.number is not None:
            self._check_number(at, look.mark.number)
            self.number = look.mark.number
        self.fresh, self.closed = False, False
        self.entry = self._entry(at)
        if self.entry is None:
            self._lose(look)
            return
        self.entry.marker = look.marker
        self.findings.items.append(self.entry)

    def _entry(self, at: int) -> Draft | None:
        """The Draft that a line begins, or None where it has no title."""
        look = self.looks[at]
        line, text, (start, end) = look.line, look.text, look.body
        after = self.looks[at + 1] if at + 1 < len(self.looks) else None
        if after and not look.split and look.title_follows(after):
            uses = {line.number: "organization", after.line.number: "entry"}
            below = after.line.excerpt(*after.body)
            return Draft(below, organization=line.excerpt(start, end), uses=uses) if below else None
        splits = (
            split
            for layout in self.layouts
            if (split := layout.find(text, start, end)) and (split.certain or layout is self.common)
        )
        split = next(splits, None)
        title = line.excerpt(*(split.title if split else (start, end)))
        if title is None:
            return None
        draft = Draft(title, uses={line.number: "entry"})
        above = self.looks[at - 1] if at else None
        if above and above.organization and self._is_above_title(at - 1):
            draft.organization = above.line.excerpt(*above.organization)
            draft.uses[above.line.number] = "organization"
        if split:
            draft.organization = line.excerpt(*split.organization)
            if text.count("(") != text.count(")"):
                unpaired = Sentence("这一行的括号不成对，请核对标题和机构。")
                self.findings.remark(line.number, unpaired)
            if other := next_field(text, split.organization[1]):
                self.findings.left_out.setdefault(other, []).append(line.number)
            if split.rest is not None:
                draft.summarize(line, split.rest)
        return draft

    def _check_number(self, at: int, number: int) -> None:
        line = self.looks[at].line
        if self._restarts(at, number):
            self.findings.items.append(Heading(line, RESTART, None))
            self.findings.remark(
                line.number,
                Sentence("编号从这里重新由 1 开始，但前面没有标题说明这些是获奖成果还是提名成果。"),
            )
        elif number != self.number + 1 and not (number == 1 and (self.fresh or self.number == 1)):
            before = Sentence("前一条是第 %(number)s 条", {"number": self.number})
            if self.fresh or not self.number:
                before = Sentence("这是第一条")
            sentence = Sentence(
                "编号不连续：%(before)s，这一条的编号却是 %(number)s；请核对是否有遗漏。",
                {"before": before, "number": number},
            )
            self.findings.remark(line.number, sentence)

    def _restarts(self, at: int, number: int) -> bool:
        """Whether numbers begin again here without a heading that says what begins."""
        if number != 1 or self.fresh or self.number <= 1:
            return False
        later = (
            self.looks[at].mark for at in range(at + 1, len(self.looks)) if self._may_start(at)
        )
        after = next(later, None)
        return after is None or after.number == 2

    def _attach(self, at: int, entry: Draft) -> None:
        """Gives a line to the entry above it, or ends the list."""
        look, line = self.looks[at], self.looks[at].line
        if look.organization and not entry.organization and not entry.summary:
            entry.organization = line.excerpt(*look.organization)
            entry.uses[line.number] = "organization"
        elif look.is_votes:
            entry.uses[line.number] = "entry"
        elif look.is_closing or is_total(look.text) or at in self.signatures:
            self.findings.uses[line.number] = "closing"
            self.entry, self.closed = None, True
        elif self._is_lost(look):
            self._lose(look)
        elif look.is_subtitle and entry.organization and not entry.summary:
            late = Sentence("副标题在机构之后，没有读入；请把它接在标题之后、机构之前。")
            self.findings.remark(line.number, late)
        elif label := OTHER_LABEL.match(look.text):
            self.findings.leave_out(label_words(label), [line.number])
            if entry.summary:
                self.entry, self.closed = None, True
        elif look.is_form or (look.is_stray and self._ends_summary(at, entry)):
            self.findings.remark(line.number, Sentence("这一行不像前一条的简介，没有读入。"))
            if entry.summary:
                self.entry, self.closed = None, True
        else:
            label = None if entry.summary else SUMMARY_LABEL.match(look.text)
            entry.summarize(line, label.end() if label else 0)
            entry.uses[line.number] = "summary"

    def _is_lost(self, look: Look) -> bool:
        """Whether a line that begins no entry should have begun one."""
        start, end = look.body
        if look.split and not (look.is_told and look.split[0] not in (BRACKETS, self.common)):
            return True
        return bool(look.mark) and look.style == self.style and start == end

    def _lose(self, look: Look) -> None:
        lost = Sentence("这一行像是一条成果，但缺少标题或编号，或与前面的编号不连贯，没有读入。")
        self.findings.remark(look.line.number, lost)
        self.entry, self.fresh, self.closed = None, False, False

    def _ends_summary(self, at: int, entry: Draft) -> bool:
        """Whether something new begins after this line, the last one below a summary."""
        after = at + 1
        ends = after >= len(self.looks) or after in self.headings or self._starts(after)
        return bool(entry.summary) and ends and not self._counts_on(at)

    def _counts_on(self, at: int) -> bool:
        """Whether a line is the next point of those in the line above, or one of the summary's own."""
        mark, above = self.looks[at].mark, self.looks[at - 1].mark
        follows = (
            mark and above and (mark.style, mark.number) == (above.style, (above.number or 0) + 1)
        )
        return at in self.points or bool(follows and self.looks[at].style != self.style)

"""A table with a heading row: every row below it is an entry."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from governance.announcements.files.paragraphs import Paragraph, SourceText, TableRow, plain
from governance.announcements.readings import Excerpt, Sentence, Unreadable

from .categories import (
    LONG,
    SHEET,
    Heading,
    placed,
    placing,
    read_heading,
    tier_of,
    years_in,
)
from .columns import Doubled, roles_of
from .drafts import Draft, Findings
from .layouts import ON_THE_LINE
from .list_numbers import marker
from .names import short_name
from .patterns import TOTAL, is_closing, is_place, is_sentence, is_total, without_votes
from .preface import title_of

# A heading row stands near the top, and its cells are short.
SEARCHED, SHORT = 20, 40
NAMES = {
    "title": Sentence("标题（如“成果名称”）"),
    "organization": Sentence("机构（如“申报单位”）"),
    "summary": Sentence("简介"),
    "tier": Sentence("类别（如“奖项”）"),
}


class _Table(NamedTuple):
    """A table that is read: the place of its heading row or -1, the roles of its columns, its rows.

    `names` are the texts of the heading row, those of the table before if it has none.
    """

    top: int
    roles: list[str | None]
    rows: list[TableRow]
    names: list[str]


class _Untitled(NamedTuple):
    """A table whose heading row lacks a column for titles: its rows, that row, and the texts in it."""

    rows: list[TableRow]
    head: TableRow
    texts: list[str]


class TableReader:
    """Reads the tables of a source into Findings; `tables` is empty where none has a heading row.

    1. A table is read if a row near its top has names of columns, one of them for titles.
    2. Every row below it is an entry; a line across the table is read as a line of text is.
    3. What stands before the first entry is title and preamble; lines between and after the tables
       are headings, or the end.
    """

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.findings = Findings()
        self.missing: _Untitled | None = None
        self.tables = list(self._tables())

    def _tables(self) -> Iterator[_Table]:
        """A table without heading row right after one of as many columns goes on with it."""
        before: _Table | None = None
        for _, group in groupby(self.source.rows, lambda row: row.table):
            rows = list(group)
            if table := self._headed(rows):
                before = table
            elif before and all(len(row.cells) == len(before.roles) for row in rows):
                table = before._replace(top=-1, rows=rows)
            if table:
                yield table

    def _texts(self, row: TableRow) -> list[str]:
        return [self.source.text[start:end].strip() for start, end in row.cells]

    def _headed(self, rows: list[TableRow]) -> _Table | None:
        for at, row in enumerate(rows[:SEARCHED]):
            texts = self._texts(row)
            if max(map(len, texts)) > SHORT:
                continue
            try:
                roles = roles_of(texts)
            except Doubled as doubled:
                raise Unreadable(self._doubled(row, doubled)) from None
            if sum(role is not None for role in roles) >= 2:
                if "title" in roles:
                    return _Table(at, roles, rows, texts)
                self.missing = self.missing or _Untitled(rows, row, texts)
        return None

    def _doubled(self, row: TableRow, doubled: Doubled) -> Sentence:
        return Sentence(
            "%(place)s的表头有 %(columns)s 列都像是%(role)s：%(headings)s。请只留一列，其余的改名或删去。",
            {
                "place": self._where(row),
                "columns": len(doubled.headings),
                "role": NAMES[doubled.role],
                "headings": doubled.headings,
            },
        )

    def _where(self, row: TableRow) -> Sentence:
        return self.source.where(self.source.number(row.cells[0][0]))

    def explains(self, drafts: list[Draft]) -> bool:
        """Whether all that was read as a list is a table that lacks a column for titles."""
        if not self.missing:
            return False
        rows = {line.number for row in self.missing.rows for line in self.source.within(row)}
        return all(draft.paragraph in rows for draft in drafts)

    def complaint(self) -> Sentence | None:
        """A sentence where something like a heading row lacks a column for titles, or None."""
        if not self.missing:
            return None
        _rows, row, texts = self.missing
        return Sentence(
            "%(place)s的表头没有%(role)s一列；现有的列是：%(headings)s。请补上这一列的名称。",
            {
                "place": self._where(row),
                "role": NAMES["title"],
                "headings": list(filter(None, texts)),
            },
        )

    def read(self) -> Findings:
        lines, uses = self.source.paragraphs, self.findings.uses
        parts: dict[int, str | Draft] = {}
        for table in self.tables:
            self._take_apart(table, parts)
        first = next((at for at, line in enumerate(lines) if line.number in parts), len(lines))
        above = lines[:first]
        title = title_of([line for line in above if line.start not in self.source.sheets])
        self.findings.title = "".join(line.text.strip() for line in title)
        uses |= {line.number: "title" for line in title}
        self.counted = self._counted()
        for line in lines:
            if line.number in parts:
                self._take(line, parts[line.number])
            elif line.start in self.source.sheets:
                one = read_heading(line)
                self._add_heading(Heading(line, SHEET, one.tier if one else None))
            elif line.number not in uses:
                self._outside(line, between=line.number < max(parts))
        return self.findings

    def _take_apart(self, table: _Table, parts: dict[int, str | Draft]) -> None:
        """Puts what the paragraphs of a table are into `parts`: a use, or the entry that they tell.

        The rest is read as any line is.
        """
        top, roles, rows, names = table
        head = self._texts(rows[top]) if top >= 0 else None
        below = rows[top + 1 :]
        tiers = self._tiers(roles, below)
        if head:
            self._use(rows[top], "table_heading", parts)
            self._remark_unused(rows[top], head, roles, told=any(tiers))
        for row, tier in zip(below, tiers, strict=True):
            texts = self._texts(row)
            if texts == head or not "".join(texts).strip("-: "):
                self._use(row, "table_heading", parts)
            elif TOTAL.fullmatch(plain(next(filter(None, texts)))) or is_total(
                plain("".join(texts))
            ):
                self._use(row, "closing", parts)
            elif self._is_entry(row, texts, roles):
                self._remark_nameless(row, texts, names)
                draft = self._entry(row, roles, tier)
                for line in self.source.within(row):
                    parts[line.number] = draft

    def _use(self, row: TableRow, use: str, parts: dict[int, str | Draft]) -> None:
        for line in self.source.within(row):
            parts[line.number] = use

    def _tiers(self, roles: list[str | None], rows: list[TableRow]) -> list[str]:
        """The words of the tier column for each row; an empty cell means the one above, as in a merged cell.

        A column in which no word tells a tier is about something else, a field perhaps.
        """
        if "tier" not in roles:
            return [""] * len(rows)
        at = roles.index("tier")
        words: list[str] = []
        for row in rows:
            text = self._texts(row)[at] if at < len(row.cells) else ""
            words.append(text or (words[-1] if words else ""))
        return words if any(tier_of(plain(word)) for word in words) else [""] * len(rows)

    def _remark_unused(
        self, row: TableRow, texts: list[str], roles: list[str | None], told: bool
    ) -> None:
        unused = [
            text
            for text, role in zip(texts, roles, strict=True)
            if text and (role in (None, "remark", "others") or (role == "tier" and not told))
        ]
        if unused:
            self.findings.remark(
                self.source.number(row.cells[0][0]),
                Sentence("表中这些列没有读入：%(headings)s。", {"headings": unused}),
            )

        if "others" in roles and not {"organization", "region"} & set(roles):
            self.findings.remark(
                self.source.number(row.cells[0][0]),
                Sentence(
                    "表里没有“申报单位”一列；若上面某一列就是成果的单位，请把列名改成“申报单位”。"
                ),
            )

    def _remark_nameless(self, row: TableRow, texts: list[str], names: list[str]) -> None:
        """Says which cells of an entry stand where the heading row has no name."""
        nameless = [
            text for at, text in enumerate(texts) if text and not "".join(names[at : at + 1])
        ]
        if nameless:
            self.findings.remark(
                self.source.number(row.cells[0][0]),
                Sentence(
                    "这一行有表头没有的格子，没有读入：%(cells)s。",
                    {"cells": nameless},
                ),
            )

    def _is_entry(self, row: TableRow, texts: list[str], roles: list[str | None]) -> bool:
        """Whether a row has a title and is no line across the table: a category, a note."""
        at = roles.index("title")
        if at >= len(texts) or not texts[at]:
            return False
        if len({text for text in texts if text}) > 1:
            return True
        line = next(self.source.within(row))
        return not (read_heading(line) or is_place(line.plain) or is_closing(line.plain))

    def _entry(self, row: TableRow, roles: list[str | None], tier: str) -> Draft:
        cells: dict[str, Excerpt] = {}
        for role, place in zip(roles, row.cells, strict=False):
            if role and (words := self.source.excerpt(*place)):
                cells[role] = words
        found = (
            self.source.excerpt(*place)
            for role, place in zip(roles, row.cells, strict=False)
            if role == "region"
        )
        places = tuple(filter(None, found))
        alone = len(places) == 1 and "organization" not in roles
        draft = Draft(
            cells["title"],
            marker=cells.get("marker"),
            organization=cells.get("organization") or (places[0] if alone else None),
            places=() if alone else places,
            year=next(iter(years_in(plain(cells["year"].text))), None) if "year" in cells else None,
            tier_words=tier or None,
            uses={line.number: "entry" for line in self.source.within(row)},
        )
        if votes := cells.get("votes"):
            self.findings.scored.add(votes.paragraph)
        if short := cells.get("short_name"):
            draft.short_name = short_name(short.text) or short.text
        if summary := cells.get("summary"):
            draft.summary = summary.start, summary.end
        self._open_title(draft, numbered="marker" in roles, organized="organization" in roles)
        return draft

    def _open_title(self, draft: Draft, numbered: bool, organized: bool) -> None:
        """Takes number and organization out of a title's cell where they have no column."""
        title = draft.title
        line = Paragraph(title.paragraph, title.start, title.text, plain(title.text))
        mark = None if numbered else marker(line.plain)
        if mark and mark.sure and mark.number is not None and mark.end < len(title.text):
            draft.marker = Excerpt(title.text[: mark.end], title.start, title.paragraph)
        else:
            mark = None
        start, end = mark.end if mark else 0, len(title.text)
        end = without_votes(line.plain, start, end)
        splits = (layout.find(line.plain, start, end) for layout in ON_THE_LINE)
        split = None if organized else next((one for one in splits if one and one.certain), None)
        if split:
            draft.organization = line.excerpt(*split.organization)
            start, end = split.title
        draft.title = line.excerpt(start, end) or title

    # From line to line

    def _take(self, line: Paragraph, part: str | Draft) -> None:
        if isinstance(part, str):
            self.findings.uses[line.number] = part
        elif line.number == min(part.uses):
            self.findings.items.append(part)

    def _add_heading(self, one: Heading) -> None:
        self.findings.items.append(one)
        self.findings.uses[one.paragraph.number] = "heading"

    def _outside(self, line: Paragraph, between: bool) -> None:
        """Takes a line that is no entry; `between`: more of them follow, and it may head those."""
        place = between and is_place(line.plain) and placing(line)
        if one := read_heading(line) or place or (between and self._category(line)):
            self._add_heading(one)
        elif not self.findings.drafts:
            self.findings.uses[line.number] = "preamble"
        elif is_closing(line.plain) and line.number not in self.counted:
            self.findings.uses[line.number] = "closing"

    def _counted(self) -> set[int]:
        """The paragraphs of rows with several cells in tables without a heading row: a list of something else."""
        read = {id(row) for table in self.tables for row in table.rows}
        return {
            line.number
            for row in self.source.rows
            if id(row) not in read and len(list(filter(None, self._texts(row)))) > 1
            for line in self.source.within(row)
        }

    def _category(self, line: Paragraph) -> Heading | None:
        """The line as a category of which no word is known, or None: 观察案例 across the table."""
        words = line.plain.strip()
        if not self.findings.drafts or len(words) > LONG or is_sentence(words) or is_closing(words):
            return None
        mark = marker(line.plain)
        one = placed(line, mark.style if mark else "plain")
        return None if one.theme else one

"""A document as its lines, and words cut out of it with their places."""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path

from governance.announcements.readings import Excerpt, Remark, Sentence, Unreadable

from .invisible import INVISIBLE, refuse_controls, trimmed

SPACES = "\t\u00a0\u2002\u2003\u2009\u202f\u3000"
BRACKETS = {
    "()": "﹙﹚",
    "[]": "［］【】〔〕〖〗﹝﹞",
    "“”": "「」『』﹁﹂﹃﹄〝〞‘’",
    '""': "＂＂",
    "——": "―─－–",
}
# A line with more tabs than this is no row of a table.
MAX_COLUMNS = 200
# While a document is read, a line takes about 1 KB of memory and a cell 150 bytes; the whole site has
# 1 GB. An announcement has fewer than 10,000 lines.
MAX_LINES, MAX_CELLS = 100_000, 1_000_000
# From traditional to simplified characters, and from the radicals (⼈) that PDFs have for some of them.
# The table belongs to the index; it is read as a file, since announcements import no code from outside.
T2S = Path(__file__).parents[2] / "index" / "t2s_chars.json"


@cache
def _plain() -> dict[int, str]:
    table = json.loads(T2S.read_text("utf-8")) | dict.fromkeys(SPACES + INVISIBLE, " ")
    table |= {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    for pair, others in BRACKETS.items():
        table |= {other: pair[at % 2] for at, other in enumerate(others)}
    return str.maketrans(table)


def plain(text: str) -> str:
    """`text` in half width, simplified script and one kind of quotes: what layouts compare.

    One character for each, so that places in it are places in the text itself.
    """
    return text.translate(_plain())


@dataclass(frozen=True)
class Paragraph:
    """A line of the document that is not blank: its number from 1, and where it begins."""

    number: int
    start: int
    text: str
    plain: str

    def excerpt(self, start: int = 0, end: int | None = None) -> Excerpt | None:
        """What stands between two places of this line, without the blanks around it; None if nothing."""
        words = self.text[start:end]
        kept = trimmed(words)
        if not kept:
            return None
        return Excerpt(kept, self.start + start + words.index(kept), self.number)


@dataclass(frozen=True)
class TableRow:
    """A row of a table: where each cell begins and ends in the document, and whose table it is.

    `number` is its row as people count it, 0 where they count lines; `sheet` is the name of its sheet,
    "" in a file of one, None in a document of text.
    """

    table: int
    cells: list[tuple[int, int]]
    number: int = 0
    sheet: str | None = None


@dataclass
class SourceText:
    """A document's text, the rows of the tables in it, and where names of sheets stand.

    `header` is what stands on top of each page, `name` that of the file without its ending.
    """

    text: str
    rows: list[TableRow] = field(default_factory=list)
    sheets: list[int] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    header: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        refuse_controls(self.text)
        refuse_more_lines(self.text.count("\n"))
        lines = self.text.split("\n")
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        self.starts = starts[:-1]
        self.paragraphs = [
            Paragraph(number, start, line, plain(line))
            for number, (start, line) in enumerate(zip(starts, lines, strict=False), 1)
            if trimmed(line)
        ]

    def without(self, spans: list[tuple[int, int]]) -> "SourceText":
        """This source without some of its text: spans (start, end), in order and outside of tables."""
        starts, ends = [start for start, _end in spans], [0, *(end for _start, end in spans)]
        gone = [0, *accumulate(end - start for start, end in spans)]

        def moved(place: int) -> int:
            before = bisect_right(starts, place)
            return max(place, ends[before]) - gone[before]

        kept = zip(ends, [*starts, len(self.text)], strict=True)
        text = "".join(self.text[start:end] for start, end in kept)
        rows = [
            replace(row, cells=[(moved(start), moved(end)) for start, end in row.cells])
            for row in self.rows
        ]
        source = replace(self, text=text, rows=rows, sheets=[*map(moved, self.sheets)], remarks=[])
        for remark in self.remarks:
            place = moved(self.starts[min(remark.paragraph, len(self.starts)) - 1])
            source.remarks.append(Remark(source.number(place), remark.sentence))
        return source

    def number(self, place: int) -> int:
        """Which paragraph a place of the text is in, from 1."""
        return bisect_right(self.starts, place)

    @cached_property
    def rows_by_paragraph(self) -> dict[int, TableRow]:
        """{number of a paragraph: its row} of the rows that people count."""
        return {
            number: row
            for row in self.rows
            if row.number
            for number in range(self.number(row.cells[0][0]), self.number(row.cells[-1][1]) + 1)
        }

    def where(self, number: int) -> Sentence:
        """The place of a paragraph in words."""
        row = self.rows_by_paragraph.get(number)
        if not row:
            return Sentence("第 %(number)s 段", {"number": number})
        number = row.number
        if row.sheet is None:
            return Sentence(
                "第 %(table)s 个表格第 %(number)s 行", {"table": row.table, "number": number}
            )
        if row.sheet:
            return Sentence(
                "工作表“%(sheet)s”第 %(number)s 行", {"sheet": row.sheet, "number": number}
            )
        return Sentence("第 %(number)s 行", {"number": number})

    def within(self, row: TableRow) -> Iterator[Paragraph]:
        """The paragraphs of a row that are not blank."""
        first, last = self.number(row.cells[0][0]), self.number(row.cells[-1][1])
        at = bisect_left(self.paragraphs, first, key=lambda line: line.number)
        while at < len(self.paragraphs) and self.paragraphs[at].number <= last:
            yield self.paragraphs[at]
            at += 1

    def excerpt(self, start: int, end: int) -> Excerpt | None:
        """As Paragraph.excerpt, over several lines."""
        words = self.text[start:end]
        kept = trimmed(words)
        if not kept:
            return None
        start += words.index(kept)
        return Excerpt(kept, start, self.number(start))


class Writer:
    """Puts a document together: lines, and rows whose cells stay apart with a tab between them.

    `number` is the paragraph that comes next. Raises Unreadable where no announcement goes on.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.rows: list[TableRow] = []
        self.sheets: list[int] = []
        self.remarks: list[Remark] = []
        self.size, self.number, self.cells = 0, 1, 0
        self.header = ""

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.size += len(text)
        self.number += text.count("\n")
        refuse_more_lines(self.number)

    def line(self, text: str) -> None:
        self._add(f"{one_line_end(text)}\n")

    def sheet(self, name: str) -> None:
        self.sheets.append(self.size)
        self.line(name)

    def row(self, table: int, cells: Iterable[str], number: int, sheet: str | None = None) -> None:
        places = []
        for at, cell in enumerate(cells):
            self._count_cell(at, cell)
            if at >= MAX_COLUMNS:
                continue
            if at:
                self._add("\t")
            text = one_line_end(cell).strip("\n")
            places.append(_place(self.size, text))
            self._add(text)
        self._add("\n")
        self.rows.append(TableRow(table, places, number, sheet))

    def _count_cell(self, at: int, cell: str) -> None:
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise Unreadable(
                Sentence(
                    "第 %(number)s 段处表格已有 %(most)s 格以上，不像一份公告，没有读完。"
                    "请删去多余的空格子，或只把名单复制到一个新的表格里再上传。",
                    {"number": self.number, "most": MAX_CELLS},
                )
            )
        if at >= MAX_COLUMNS and trimmed(cell):
            raise Unreadable(
                Sentence(
                    "第 %(number)s 段的表格在第 %(most)s 列之后还有文字（“%(words)s”）；"
                    "名单不会这样宽。请移走那里的文字后再上传。",
                    {"number": self.number, "most": MAX_COLUMNS, "words": cell.strip()[:20]},
                )
            )

    def remark(self, number: int, sentence: Sentence) -> None:
        self.remarks.append(Remark(number, sentence))

    def source(self) -> SourceText:
        text = "".join(self.parts)
        return SourceText(text, self.rows, self.sheets, self.remarks, self.header)


def refuse_more_lines(count: int) -> None:
    if count > MAX_LINES:
        raise Unreadable(
            Sentence(
                "文件有 %(most)s 行以上，不像一份公告，没有读完。请只留下公告的正文后再上传。",
                {"most": MAX_LINES},
            )
        )


def _place(start: int, text: str) -> tuple[int, int]:
    """Where the visible words of a cell begin and end; where it begins, twice, if it has none."""
    kept = trimmed(text)
    start += text.index(kept)
    return start, start + len(kept)


def one_line_end(text: str) -> str:
    """Every way to end a line, Word's soft breaks and page breaks included, as "\\n"."""
    return re.sub("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)


def tabbed(text: str) -> SourceText:
    """A text as a source: neighbouring lines with tabs in them, or between |, are a table."""
    source = SourceText(one_line_end(text))
    table = before = 0
    for paragraph in source.paragraphs:
        cells = _cells(paragraph)
        if 1 < len(cells) <= MAX_COLUMNS:
            table += paragraph.number != before + 1
            before = paragraph.number
            source.rows.append(TableRow(table, cells))
    return source


def _cells(paragraph: Paragraph) -> list[tuple[int, int]]:
    text = paragraph.text.rstrip()
    piped = text.lstrip().startswith("|") and text.endswith("|")
    if not piped and "\t" not in text.strip():
        return []
    first = text.index("|") + 1 if piped else 0
    ends = [at for at in range(first, len(text)) if text[at] == "|\t"[not piped]]
    if not piped:
        ends.append(len(text))
    starts = [first, *(end + 1 for end in ends)]
    return [
        _place(paragraph.start + start, text[start:end])
        for start, end in zip(starts, ends, strict=False)
    ]

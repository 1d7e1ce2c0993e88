"""Files that people open in other programs."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TypeGuard
from urllib.parse import quote

from django.http import HttpResponse

# None is an empty cell, as "" is.
Cell = str | int | float | None
# A cell that begins so is run as a formula by spreadsheet programs; none that begins otherwise than
# with a blank (U+3000 is the last) or a sign.
FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r＝＋－＠]")
DOUBTFUL = frozenset(filter(str.isspace, map(chr, range(0x3001)))) | set("\u200b\ufeff=+-@＝＋－＠")
# What no XML can hold, and so no file of Excel or Word.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a cell of Excel takes, with room for the mark of a text that is no formula.
LONGEST_CELL = 32767 - 1


def csv_response(rows: Iterable[Sequence[Cell]], name: str) -> HttpResponse:
    """`rows`, the first of which is the head, as a CSV file."""
    head, *body = rows
    return download(csv_bytes(head, body), "text/csv; charset=utf-8", f"{name}.csv")


def csv_bytes(head: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table of texts and numbers as CSV (RFC 4180), that Excel reads as UTF-8 and runs nothing of."""
    written = io.StringIO()
    table = within_cells([head, *rows])
    csv.writer(written).writerows(map(_safe, table))
    # The mark at the beginning is how Excel knows.
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def within_cells(table: Sequence[Sequence[Cell]]) -> Iterable[Sequence[Cell]]:
    """The rows of a table, the first of which is its head, for a program that takes no longer cells.

    A text that is too long for a cell goes on in further ones beside it, under the same head. Rows
    may be shorter than the head, as those are that say something of the whole table.
    """
    if not any(map(_has_long, table)):
        return table
    head, *body = table
    pieces = [max(map(len, map(_pieces, column))) for column in zip_longest(*table, fillvalue="")]
    heads = [[cell] * count for cell, count in zip(head, pieces, strict=True)]
    return [_side_by_side(heads), *(_side_by_side(_widened(row, pieces)) for row in body)]


def _side_by_side(parts: Iterable[list[Cell]]) -> list[Cell]:
    return [cell for cells in parts for cell in cells]


def _widened(row: Sequence[Cell], pieces: list[int]) -> Iterator[list[Cell]]:
    """Each cell in so many pieces, the last of them maybe empty."""
    for cell, count in zip(row, pieces, strict=False):
        found = _pieces(cell)
        yield [*found, *[""] * (count - len(found))]


def _pieces(cell: Cell) -> list[Cell]:
    """A text in as few pieces as cells take; Excel counts a character beyond the first plane twice."""
    if not _is_long(cell):
        return [cell]
    found: list[Cell] = []
    start = 0
    while start < len(cell):
        end = start + LONGEST_CELL
        while (over := _counted(cell[start:end]) - LONGEST_CELL) > 0:
            end = min(end, len(cell)) - -(-over // 2)
        found.append(cell[start:end])
        start = end
    return found


def _has_long(row: Sequence[Cell]) -> bool:
    # Nearly all rows are shorter as a whole than a cell may be.
    return sum(map(len, map(str, row))) > LONGEST_CELL // 2 and any(map(_is_long, row))


def _is_long(cell: Cell) -> TypeGuard[str]:
    """Whether it may not fit, of which nearly all texts are far."""
    return isinstance(cell, str) and len(cell) > LONGEST_CELL // 2


def _counted(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _safe(row: Sequence[Cell]) -> Sequence[Cell]:
    # Of all rows at once, as most are: that takes half as long as to look at each cell.
    if DOUBTFUL.isdisjoint([str(cell)[:1] for cell in row]):
        return row
    return [safe_cell(cell) for cell in row]


def safe_cell(cell: Cell) -> Cell:
    """A text that no spreadsheet program takes for a formula; a number as it is."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def legible(text: str) -> str:
    """A text with � for each character that no XML can hold."""
    return ILLEGAL.sub("\ufffd", text)


def download(
    content: str | bytes, content_type: str, name: str, plain_name: str = ""
) -> HttpResponse:
    """A file to be kept under a name; `plain_name`, in ASCII, is for those who cannot read it (RFC 6266)."""
    response = HttpResponse(content, content_type=content_type)
    said = f'attachment; filename="{plain_name or name}"'
    if plain_name:
        said += f"; filename*=UTF-8''{quote(name)}"
    response["Content-Disposition"] = said
    return response

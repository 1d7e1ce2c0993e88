"""Files that people open in other programs."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from urllib.parse import quote

from django.http import HttpResponse

Cell = str | int | float
# A cell that begins so is run as a formula by spreadsheet programs.
FORMULA = re.compile(r"[\s\u200b\ufeff]*[=+\-@\t\r＝＋－＠]")
# What a cell of Excel takes, with room for the mark of a text that is no formula.
LONGEST_CELL = 32767 - 1


def csv_response(rows: Iterable[Sequence[Cell]], name: str) -> HttpResponse:
    """`rows`, the first of which is the head, as a CSV file."""
    head, *body = rows
    return download(csv_bytes(head, body), "text/csv; charset=utf-8", f"{name}.csv")


def csv_bytes(head: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table of texts and numbers as CSV (RFC 4180), that Excel reads as UTF-8 and runs nothing of.

    A text that is too long for a cell goes on in further ones beside it, under the same head. Rows
    may be shorter than the head, as those are that say something of the whole table.
    """
    made = list(rows)
    columns = zip_longest(head, *made, fillvalue="")
    pieces = [max(map(_pieces, column)) for column in columns]
    written = io.StringIO()
    writer = csv.writer(written)
    if max(pieces, default=1) == 1:
        writer.writerows([safe_cell(cell) for cell in row] for row in (head, *made))
    else:
        repeated = [[cell] * count for cell, count in zip(head, pieces, strict=True)]
        writer.writerow([safe_cell(cell) for cells in repeated for cell in cells])
        for row in made:
            cut = [_cut(cell, count) for cell, count in zip(row, pieces, strict=False)]
            writer.writerow([safe_cell(cell) for cells in cut for cell in cells])
    # The mark at the beginning is how Excel knows.
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _pieces(cell: Cell) -> int:
    return -(-len(cell) // LONGEST_CELL) or 1 if isinstance(cell, str) else 1


def _cut(cell: Cell, count: int) -> list[Cell]:
    """The cell in so many pieces, the last of them maybe empty."""
    if not isinstance(cell, str) or count == 1:
        return [cell, *[""] * (count - 1)]
    starts = range(0, count * LONGEST_CELL, LONGEST_CELL)
    return [cell[start : start + LONGEST_CELL] for start in starts]


def safe_cell(cell: Cell) -> Cell:
    """A text that no spreadsheet program takes for a formula; a number as it is."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


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

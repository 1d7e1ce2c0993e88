"""Files that people open in other programs."""

import csv
import io
import re
from collections.abc import Iterable

from django.http import HttpResponse

Cell = str | int | float
# A cell that begins so is run as a formula by spreadsheet programs.
FORMULA = re.compile(r"\s*[=+\-@\t\r]")


def csv_response(rows: Iterable[Iterable[Cell]], name: str) -> HttpResponse:
    """`rows`, lists of texts and numbers, as a CSV file that Excel reads as UTF-8 and runs nothing of."""
    written = io.StringIO()
    csv.writer(written).writerows([safe_cell(cell) for cell in row] for row in rows)
    # The mark at the beginning is how Excel knows.
    return download("\ufeff" + written.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def safe_cell(cell: Cell) -> Cell:
    """A text that no spreadsheet program takes for a formula; a number as it is."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def download(content: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

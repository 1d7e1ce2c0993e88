"""Workbooks of Excel: the entries, their codings, and what the file is."""

import io
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .exports import FORMULA, Cell, legible, within_cells
from .flat import BETWEEN, FlatTable, Wanted, coding_rows, entry_rows
from .provenance import Provenance
from .records import OpenRecord

# A sheet that is only written; what is published of its types lacks half of it.
Sheet = Any
# Widths of columns, in digits of the usual face; what is longer is read in the cell.
NARROWEST, WIDEST = 8, 48
# As many rows tell how wide a column is.
MEASURED = 100


def achievements_xlsx(records: Iterable[OpenRecord], wanted: Wanted) -> bytes:
    """A sheet of entries, one of their codings, and one of what the file is; columns are chosen of the first."""
    entries = list(records)
    book = Workbook(write_only=True)
    book.properties.title = legible(wanted.provenance.heading)
    book.properties.creator = _("社区治理创新成果库")
    _fill(book.create_sheet(pgettext("plural", "成果")), entry_rows(entries, wanted))
    _fill(book.create_sheet(_("标注")), coding_rows(entries, wanted._replace(select=[])))
    _tell(book.create_sheet(_("关于")), wanted.provenance)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Sheet, rows: FlatTable) -> None:
    """Write a table whose head stays in sight and filters it."""
    head, *body = within_cells([rows.head, *rows.body])
    types = [field.type for field in rows.fields]
    if len(head) > len(types):
        # Some text goes on beside its cell: by the head one finds the field again.
        by_head = dict(zip(rows.head, types, strict=True))
        types = [by_head[cell] for cell in head]
    # All that a sheet has beside its cells is written before them.
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(head, *islice(body, MEASURED), strict=True), 1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(column)
    sheet.append([_in_bold(sheet, cell) for cell in head])
    for row in body:
        sheet.append([_typed(sheet, *pair) for pair in zip(row, types, strict=True)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{len(body) + 1}"


def _tell(sheet: Sheet, provenance: Provenance) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 100
    for label, text in provenance.lines():
        said = _literal(sheet, text)
        said.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([_in_bold(sheet, label), said])


def _width(column: Iterable[Cell]) -> int:
    # In GBK a Chinese character has two bytes, as it is two digits wide.
    widest = max(len(str(cell).encode("gbk", "replace")) for cell in column)
    return min(max(widest + 2, NARROWEST), WIDEST)


def _typed(sheet: Sheet, cell: Cell, kind: str) -> Any:
    """A number or a day as such, and of several values the text; nothing for what is empty."""
    if not isinstance(cell, str):
        return cell
    if not cell:
        return None
    if kind == "date" and BETWEEN not in cell:
        return date.fromisoformat(cell)
    text = legible(cell)
    return _literal(sheet, text) if FORMULA.match(text) or text in ERROR_CODES else text


def _literal(sheet: Sheet, text: Cell) -> SheetCell:
    """A text that is no formula, nor becomes one when somebody edits it."""
    cell = WriteOnlyCell(sheet, legible(str(text)))
    cell.data_type, cell.quotePrefix = "s", True
    return cell


def _in_bold(sheet: Sheet, text: Cell) -> SheetCell:
    cell = _literal(sheet, text)
    cell.font = Font(bold=True)
    return cell

"""Tables in files: .csv, .xlsx and .ods."""

import csv
import datetime
import warnings
from io import BytesIO, StringIO
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook

from .entries import Remark, Unreadable
from .paragraphs import MAX_COLUMNS, Writer

# A cell of a workbook may say "repeated a million times"; so many are drawn, never meant.
MAX_REPEATED = 1000
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def read_csv(text):
    """The Source of a table in text; its separator is the sign that its first lines have most of."""
    delimiter = max(",\t;", key=text[:4000].count)
    csv.field_size_limit(2**20)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _source([("", list(enumerate(rows, 1)))])
    except csv.Error as error:
        raise Unreadable(
            f"CSV 文件从第 {rows.line_num} 行起读不下去（{error}）。请在 Excel 或 WPS 里打开它，另存为 .xlsx 后再上传。"
        ) from None


def read_sheets(content, kind):
    """The Source of a workbook: its sheets one after the other, each below its name if there are several."""
    read = {"xlsx": _xlsx, "ods": _ods}[kind]
    try:
        sheets, hidden = read(content)
    except Exception as error:  # a damaged workbook raises whatever its reader stumbles over
        raise Unreadable(
            f"表格文件打不开，可能已经损坏（{type(error).__name__}）。"
            "请在 Excel 或 WPS 里打开它，重新另存为 .xlsx 后再上传。"
        ) from error
    source = _source(sheets)
    if hidden:
        source.remarks.append(Remark(1, f"没有读入隐藏的工作表：{'、'.join(hidden)}。"))
    return source


def _xlsx(content):
    sheets, hidden = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of drop-down lists and the like
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                hidden.append(sheet.title)
                continue
            sheet.reset_dimensions()  # some programs write them wrongly, and cells would be lost
            rows = [list(map(_shown, row)) for row in sheet.values]
            sheets.append((sheet.title, list(enumerate(rows, 1))))
    return sheets, hidden


def _shown(value):
    """A cell's value as the sheet shows it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return str(value.date())
    return str(value)


def _ods(content):
    with ZipFile(BytesIO(content)) as archive:
        xml = archive.read("content.xml")
    tree = etree.fromstring(
        xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    )
    sheets = []
    for table in tree.iterfind(f".//{_OFFICE}spreadsheet/{_TABLE}table"):
        rows, number = [], 1
        for row in table.iter(f"{_TABLE}table-row"):
            cells = _cells(row)
            repeated = _repeated(row, "rows")
            if any(cells):
                rows += [(number + at, cells) for at in range(min(repeated, MAX_REPEATED))]
            number += repeated
        sheets.append((table.get(f"{_TABLE}name", ""), rows))
    return sheets, []


def _repeated(element, what):
    return int(element.get(f"{_TABLE}number-{what}-repeated", 1))


def _cells(row):
    cells = []
    for cell in row:
        if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            lines = [_spelled(paragraph) for paragraph in cell.iterfind(f"{_TEXT}p")]
            repeated = min(_repeated(cell, "columns"), MAX_COLUMNS - len(cells))
            cells += ["\n".join(lines)] * repeated
    return cells


def _spelled(element):
    """The text of a paragraph, with the blanks and breaks that are elements; notes on it left out."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", 1)), 100))
        elif child.tag == f"{_TEXT}tab":
            parts.append(" ")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag != f"{_OFFICE}annotation" and isinstance(child.tag, str):
            parts.append(_spelled(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _source(sheets):
    writer = Writer()
    filled = [
        (name, kept)
        for name, rows in sheets
        if (kept := [(number, row) for number, row in rows if any(map(str.strip, row))])
    ]
    for table, (name, rows) in enumerate(filled, 1):
        if len(filled) > 1:
            writer.sheet(name)
        for number, row in rows:
            writer.row(table, row[:MAX_COLUMNS], number, name)
    return writer.source()

"""Tables in files: .csv, .xlsx and .ods.

The rows of a sheet are read twice, each time from the file: kept, they would take as much memory
again as what is made of them.
"""

import csv
import datetime
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sized
from functools import partial
from io import BytesIO, StringIO
from itertools import chain
from typing import NamedTuple
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from governance.announcements.readings import Counted, Remark, Sentence, Unreadable, first_of

from .paragraphs import MAX_CELLS, MAX_COLUMNS, SourceText, Writer

# As many rows as a sheet of Excel can have. A file may have a cell in the last of them, and all
# before it are drawn; or name one that no sheet has.
MAX_ROWS = 2**20
# Of hidden rows, so many are named.
SHOWN = 10
_HIDDEN = re.compile(rb"<(?:\w+:)?(?:row|col)\s[^>]*\bhidden=\"(?:1|true)\"[^>]*>")
_ATTRIBUTE = re.compile(rb"\b(r|min|max)=\"(\d+)\"")
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_VALUES = ("string-value", "value", "date-value", "time-value", "boolean-value")


# A row and its number.
_Numbered = tuple[int, list[str]]
# {row: sentences}
_Told = dict[int, list[Sentence]]


class _Sheet(NamedTuple):
    """A sheet's name, what reads its rows from the beginning, and {row: sentences} on what is hidden or struck.

    `told` is complete once all rows have been read.
    """

    name: str
    rows: Callable[[], Iterable[_Numbered]]
    told: _Told


class Drawn:
    """How much of a workbook was drawn, blank cells included; raises Unreadable where that goes too far."""

    def __init__(self) -> None:
        self.rows = self.cells = 0

    def count(self, sheet: str, row: Sized) -> None:
        self.rows += 1
        self.cells += len(row)
        # Twice the limits, since each sheet is read twice.
        if self.rows > 2 * MAX_ROWS or self.cells > 2 * MAX_CELLS:
            raise Unreadable(
                Sentence(
                    "到工作表“%(sheet)s”为止，表格已有 %(rows)s 行或 %(cells)s 格以上，不像一份公告，没有读完。"
                    "请把名单复制到一个新的表格里再上传。",
                    {"sheet": sheet, "rows": MAX_ROWS, "cells": MAX_CELLS},
                )
            )


def read_csv(text: str) -> SourceText:
    """The SourceText of a table in text; its separator is the sign that its first lines have most of."""
    delimiter = max(",\t;", key=text[:4000].count)
    csv.field_size_limit(2**20)
    return _source([_Sheet("", partial(_csv, text, delimiter), {})])


def _csv(text: str, delimiter: str) -> Iterator[_Numbered]:
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first = 1
    try:
        for number, row in enumerate(rows, 1):
            yield number, row
            first = rows.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            Sentence(
                'CSV 文件第 %(row)s 行起的一条读不下去（%(error)s）：多半是英文引号（"）不成对，或引号之后还有别的字。'
                "字里的引号要写两遍，并把这一格放在引号里；或在 Excel、WPS 里打开它，另存为 .xlsx 后再上传。",
                {"row": first, "error": str(error)},
            )
        ) from None


def read_sheets(content: bytes, kind: str) -> SourceText:
    """The SourceText of a workbook: its sheets one after the other, each below its name if there are several."""
    sheets_of = {"xlsx": _xlsx, "ods": _ods}[kind]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of drop-down lists and the like
            sheets, hidden = sheets_of(content)
            source = _source(sheets)
    except Unreadable:
        raise
    except Exception as error:  # a damaged workbook raises whatever its reader stumbles over
        raise Unreadable(
            Sentence(
                "表格文件打不开，可能已经损坏（%(error)s）。"
                "请在 Excel 或 WPS 里打开它，重新另存为 .xlsx 后再上传。",
                {"error": type(error).__name__},
            )
        ) from error
    if hidden:
        sentence = Counted(
            "没有读入隐藏的工作表：%(sheets)s。", {"sheets": hidden, "count": len(hidden)}
        )
        source.remarks.append(Remark(1, sentence))
    return source


def _xlsx(content: bytes) -> tuple[list[_Sheet], list[str]]:
    """The visible sheets, and the names of those that are hidden."""
    # The same book twice: with the values that Excel stored, and with the formulas.
    shown, written = (
        load_workbook(BytesIO(content), read_only=True, data_only=values)
        for values in (True, False)
    )
    sheets: list[_Sheet] = []
    hidden: list[str] = []
    drawn = Drawn()
    for sheet, formulas in zip(shown.worksheets, written.worksheets, strict=True):
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        sheet.reset_dimensions()  # some programs write them wrongly, and cells would be lost
        formulas.reset_dimensions()
        told = _told_hidden(*_hidden(sheet))
        rows = partial(_xlsx_rows, sheet, formulas, drawn, told)
        sheets.append(_Sheet(sheet.title, rows, told))
    return sheets, hidden


def _hidden(sheet: ReadOnlyWorksheet) -> tuple[list[int], list[int]]:
    """The numbers of the rows and of the columns that a sheet of Excel hides; openpyxl has no word for it here."""
    with sheet._get_source() as part:  # type: ignore[attr-defined]  # the stubs lack it
        tags = [dict(_ATTRIBUTE.findall(tag)) for tag in _HIDDEN.findall(part.read())]
    rows: list[int] = []
    columns: list[int] = []
    for tag in tags:
        if b"r" in tag:
            rows.append(int(tag[b"r"]))
        elif b"min" in tag:
            columns += range(int(tag[b"min"]), min(int(tag[b"max"]), MAX_COLUMNS) + 1)
    return rows, columns


def _told_hidden(rows: list[int], columns: list[int]) -> _Told:
    told: _Told = {}
    if rows:
        sentence = Counted(
            "第 %(numbers)s 行是隐藏的，照样读入，请核对。",
            {"numbers": first_of(rows, SHOWN), "count": len(rows)},
        )
        told.setdefault(rows[0], []).append(sentence)
    if columns:
        sentence = Counted(
            "第 %(numbers)s 列是隐藏的，照样读入，请核对。",
            {"numbers": first_of(columns, SHOWN), "count": len(columns)},
        )
        told.setdefault(1, []).append(sentence)
    return told


def _unless_struck(text: str, struck: bool, number: int, told: _Told) -> str:
    """The text of a cell, or none of it, and a sentence on the row, where it is struck through."""
    if not struck or not text.strip():
        return text
    sentence = Sentence(
        "第 %(number)s 行带删除线的“%(words)s”没有读入，请核对。",
        {"number": number, "words": text.strip()[:60]},
    )
    if sentence not in told.setdefault(number, []):
        told[number].append(sentence)
    return ""


def _xlsx_rows(
    sheet: ReadOnlyWorksheet, formulas: ReadOnlyWorksheet, drawn: Drawn, told: _Told
) -> Iterator[_Numbered]:
    pairs = zip(sheet.rows, formulas.rows, strict=True)
    for number, (row, made_by) in enumerate(pairs, 1):
        drawn.count(sheet.title, row)
        for value, formula in zip(row, made_by, strict=True):
            # No value was stored; but of a formula whose result is an empty text, the type is "str".
            if formula.data_type == "f" and value.value is None and value.data_type != "str":
                place = Sentence("单元格 %(cell)s", {"cell": formula.coordinate})
                raise _without_value(sheet.title, place)
        texts = []
        for cell in row:
            struck = bool(cell.font and cell.font.strike)
            texts.append(_unless_struck(_shown(cell.value), struck, number, told))
        yield number, texts


def _without_value(sheet: str, place: Sentence) -> Unreadable:
    return Unreadable(
        Sentence(
            "工作表“%(sheet)s”的%(place)s 是公式，文件里却没有它的结果，读不到那里的文字。"
            "请用 Excel 或 WPS 打开它，保存一次后再上传。",
            {"sheet": sheet, "place": place},
        )
    )


def _shown(value: object) -> str:
    """A cell's value as the sheet shows it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return str(value.date())
    return unescape(str(value))


def _ods(content: bytes) -> tuple[list[_Sheet], list[str]]:
    """As `_xlsx`."""
    with ZipFile(BytesIO(content)) as archive:
        xml = archive.read("content.xml")
    tree = etree.fromstring(
        xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    )
    invisible = {
        style.get(f"{_STYLE}name")
        for style in tree.iter(f"{_STYLE}style")
        for properties in style.iterfind(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    struck = {
        style.get(f"{_STYLE}name", "")
        for style in tree.iter(f"{_STYLE}style")
        for properties in style.iterfind(f"{_STYLE}text-properties")
        if properties.get(f"{_STYLE}text-line-through-style", "none") != "none"
    }
    sheets: list[_Sheet] = []
    hidden: list[str] = []
    drawn = Drawn()
    for table in tree.iterfind(f".//{_OFFICE}spreadsheet/{_TABLE}table"):
        name = table.get(f"{_TABLE}name", "")
        if table.get(f"{_TABLE}style-name") in invisible:
            hidden.append(name)
        else:
            told = _told_hidden(*_hidden_of_ods(table, name))
            rows = partial(_ods_rows, name, table, drawn, struck, told)
            sheets.append(_Sheet(name, rows, told))
    return sheets, hidden


def _hidden_of_ods(table: etree._Element, name: str) -> tuple[list[int], list[int]]:
    """As `_hidden`."""
    found: dict[str, list[int]] = {"row": [], "column": []}
    for kind, numbers in found.items():
        number = 1
        for element in table.iter(f"{_TABLE}table-{kind}"):
            times = _repeated(element, f"{kind}s", name, number)
            if element.get(f"{_TABLE}visibility", "visible") != "visible":
                numbers += range(number, number + min(times, MAX_COLUMNS))
            number += times
    return found["row"], found["column"]


def _ods_rows(
    name: str,
    table: etree._Element,
    drawn: Drawn,
    struck: set[str],
    told: _Told,
) -> Iterator[_Numbered]:
    """The rows of a sheet that are not blank, with their numbers, all as wide as the widest."""
    rows, number = [], 1
    for row in table.iter(f"{_TABLE}table-row"):
        cells = _cells(row, name, number, struck, told)
        times = _repeated(row, "rows", name, number)
        drawn.count(name, cells)
        if cells:
            rows.append((number, cells, times))
        number += times
    width = max((len(cells) for _, cells, _ in rows), default=0)
    for first, cells, times in rows:
        whole = cells + [""] * (width - len(cells))
        for number in range(first, first + times):
            yield number, whole


def _repeated(element: etree._Element, what: str, sheet: str, row: int) -> int:
    times = element.get(f"{_TABLE}number-{what}-repeated", "1")
    if not times.isdecimal() or int(times) < 1:
        raise Unreadable(
            Sentence(
                "工作表“%(sheet)s”的第 %(row)s 行写着重复 %(times)s 次，文件可能已经损坏。"
                "请在 Excel 或 WPS 里打开它，重新另存为 .xlsx 后再上传。",
                {"sheet": sheet, "row": row, "times": times[:20]},
            )
        )
    return int(times)


def _cells(
    row: etree._Element, sheet: str, number: int, struck: set[str], told: _Told
) -> list[str]:
    """The texts of a row up to the last one; the blank cells after it are drawn up to the sheet's edge."""
    cells: list[str] = []
    for cell in row:
        if cell.tag in _CELLS:
            is_struck = cell.get(f"{_TABLE}style-name") in struck
            text = _unless_struck(_text(cell, sheet, number), is_struck, number, told)
            times = _repeated(cell, "columns", sheet, number)
            # One cell more than the writer reads: that is enough for it to see that the row is too wide.
            drawn = min(times, MAX_COLUMNS + 1 - len(cells))
            cells += [text] * max(drawn, bool(text.strip()))
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(cell: etree._Element, sheet: str, number: int) -> str:
    """The text of a cell as it is shown; its value where a program has left the text out."""
    lines = [
        _spelled(paragraph)
        for paragraph in cell.iter(f"{_TEXT}p", f"{_TEXT}h")
        if next(paragraph.iterancestors(f"{_OFFICE}annotation", f"{_TEXT}p", *_CELLS)) is cell
    ]
    values = (cell.get(f"{_OFFICE}{name}") for name in _VALUES)
    text = "\n".join(lines) or next(filter(None, values), "")
    if not text and cell.get(f"{_TABLE}formula") and not cell.get(f"{_OFFICE}value-type"):
        raise _without_value(sheet, Sentence("第 %(number)s 行", {"number": number}))
    return text


def _spelled(element: etree._Element) -> str:
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


def _source(sheets: list[_Sheet]) -> SourceText:
    writer = Writer()
    filled = [sheet for sheet in sheets if any(map(_is_filled, sheet.rows()))]
    for table, (name, rows, told) in enumerate(filled, 1):
        if len(filled) > 1:
            writer.sheet(name)
        for number, row in filter(_is_filled, rows()):
            for place in [place for place in told if place <= number]:
                for sentence in told.pop(place):
                    writer.remark(writer.number, sentence)
            writer.row(table, row, number, name)
        for sentence in chain.from_iterable(told.values()):
            writer.remark(max(1, writer.number - 1), sentence)
    return writer.source()


def _is_filled(numbered: _Numbered) -> bool:
    _number, row = numbered
    return any(map(str.strip, row))

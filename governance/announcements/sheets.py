"""Tables in files: .csv, .xlsx and .ods, through tablib."""

import csv
from io import BytesIO

import tablib

from .entries import Unreadable
from .paragraphs import Writer


def read_csv(text):
    """The Source of a table in text; its separator is the sign that the first lines have most of."""
    head = text[:4000]
    delimiter = max(",\t;", key=head.count)
    try:
        rows = tablib.Dataset().load(text, format="csv", headers=False, delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable(f"CSV 文件读不下去：{error}。请另存为 .xlsx 后再上传。") from None
    return _source([("", rows)])


def read_sheets(content, kind):
    """The Source of a workbook: its sheets one after the other, each below its name if there are several."""
    try:
        book = tablib.Databook().load(BytesIO(content), format=kind)
    except Unreadable:
        raise
    except Exception as error:  # whatever a damaged file sets off in the reader
        raise Unreadable(
            f"表格文件打不开，可能已经损坏（{type(error).__name__}）。请在 Excel 或 WPS 里打开它，重新另存为 .xlsx。"
        ) from None
    return _source([(sheet.title, sheet) for sheet in book.sheets()])


def _source(sheets):
    writer = Writer()
    return writer.source()

"""Files of Word and of spreadsheets, for tests of what is read from them."""

import io
import zipfile

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook

W = nsdecls("w")
HEAD = ["序号", "成果名称", "申报单位", "成果简介"]


def saved(document):
    """The bytes of a document or a workbook."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def table(document, rows):
    made = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return made


def announced(*blocks):
    """A .docx of winners: paragraphs, and what begins with "<" as XML of the body."""
    document = docx.Document()
    document.add_paragraph("社区治理创新获奖成果")
    for block in blocks:
        if block.startswith("<"):
            spaces = nsdecls("w", "m", "r", "c")
            for element in parse_xml(f"<w:body {spaces}>{block}</w:body>"):
                document.element.body.sectPr.addprevious(element)
        else:
            document.add_paragraph(block)
    return saved(document)


def word(text):
    """A .docx with a paragraph for each line."""
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    return saved(document)


def part(content, name):
    """The text of a part of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def repacked(content, **parts):
    """The archive with other contents for these parts."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return file.getvalue()


def as_csv(rows, encoding="utf-8-sig"):
    quoted = [",".join(f'"{"" if cell is None else cell}"' for cell in row) for row in rows]
    return "\r\n".join(quoted).encode(encoding)


def as_xlsx(*sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def ods_row(values, attributes=""):
    def cell(value):
        if value is None:
            return '<table:table-cell table:number-columns-repeated="1"/>'
        paragraphs = "".join(f"<text:p>{line}</text:p>" for line in str(value).split("\n"))
        return f"<table:table-cell>{paragraphs}</table:table-cell>"

    return f"<table:table-row {attributes}>{''.join(map(cell, values))}</table:table-row>"


BLANK_ROWS = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def as_ods(rows, more="", styles=""):
    """An .ods with a sheet of these rows, each a list of values or its XML."""
    names = "office table text style"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names.split()
    )
    body = "".join(row if isinstance(row, str) else ods_row(row) for row in rows)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            "<office:body><office:spreadsheet>"
            f'<table:table table:name="名单">{body}{BLANK_ROWS}</table:table>{more}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()

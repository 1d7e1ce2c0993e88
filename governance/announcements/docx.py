"""Word documents: the text as Word shows it, with automatic numbers, tables and accepted changes."""

from io import BytesIO

import docx
from docx.oxml.ns import qn

from .entries import Unreadable
from .numbers import Numbering
from .paragraphs import Writer

# Insertions that are tracked are read, deletions are not; of two versions of a drawing, the first.
_SKIPPED = {
    qn(name)
    for name in (
        "w:del",
        "w:moveFrom",
        "w:pPr",
        "w:rPr",
        "w:instrText",
        "w:delText",
        "w:rt",
        "w:tblPr",
    )
} | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_SIGNS = {qn("w:tab"): "\t", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:ptab"): "\t"}
_PARAGRAPH, _TABLE, _TEXT, _BREAK = qn("w:p"), qn("w:tbl"), qn("w:t"), qn("w:br")


def read_docx(content):
    """The Source of a .docx file, checked before by `archives`."""
    try:
        document = docx.Document(BytesIO(content))
        return Reader(document).read()
    except Exception as error:  # a damaged file raises whatever its reader stumbles over
        raise Unreadable(
            f"Word 文件打不开，可能已经损坏（{type(error).__name__}）。请在 Word 或 WPS 里打开它，重新另存为 .docx 后再上传。"
        ) from error


class Reader:
    """Walks through a document's body; each line and each row of a table goes to the writer."""

    def __init__(self, document):
        self.body = document.element.body
        self.numbering = Numbering(document)
        self.writer = Writer()
        self.tables = 0
        self.carried = ""

    def read(self):
        self._blocks(self.body)
        if self.carried:
            self.writer.line(self.carried)
        return self.writer.source()

    def _blocks(self, parent):
        for element in parent:
            if element.tag == _PARAGRAPH:
                for line in self._paragraph(element):
                    self.writer.line(line)
            elif element.tag == _TABLE:
                self._table(element)
            elif element.tag not in _SKIPPED and element.tag != qn("w:sectPr"):
                self._blocks(element)  # content controls, custom XML

    def _paragraph(self, element):
        """The paragraph's text, then that of text boxes in it; nothing yet if its mark was deleted."""
        boxes = []
        text = self._text(element, boxes)
        mark = element.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}")
        number = "" if mark is not None and not text else self.numbering.of(element)
        if not self.carried:
            text = number + text
        text = self.carried + text
        self.carried = text if mark is not None else ""
        if mark is None:
            yield text
        for box in boxes:
            for inner in box.iter(_PARAGRAPH):
                yield from self._paragraph(inner)

    def _text(self, element, boxes):
        parts = []
        for child in element:
            if child.tag == _TEXT:
                parts.append(child.text or "")
            elif child.tag == _BREAK:
                parts.append("\n" if child.get(qn("w:type")) in (None, "textWrapping") else "")
            elif child.tag in _SIGNS:
                parts.append(_SIGNS[child.tag])
            elif child.tag == qn("w:txbxContent"):
                boxes.append(child)
            elif child.tag not in _SKIPPED:
                parts.append(self._text(child, boxes))
        return "".join(parts)

    def _table(self, table):
        self.tables += 1
        number = self.tables
        rows = 0
        for row in table.iter(qn("w:tr")):
            if (
                row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None
                and next(row.iterancestors(_TABLE)) is table
            ):
                rows += 1
                self.writer.row(number, list(self._cells(row)), rows)

    def _cells(self, row):
        """The texts of a row by columns of the table: of merged cells, the first has the text."""
        for cell in row.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tr"))) is not row:
                continue
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            below = merged is not None and merged.get(qn("w:val")) != "restart"
            lines = [line for one in cell.iter(_PARAGRAPH) for line in self._paragraph(one)]
            yield "" if below else "\n".join(lines)
            for _ in range(min(int(span.get(qn("w:val"), 1)), 100) - 1 if span is not None else 0):
                yield ""

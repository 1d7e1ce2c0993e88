"""Word documents: the text as Word shows it, with automatic numbers, tables and accepted changes.

What Word shows and this reader does not read (notes, symbols, formulas), and what it hides, is
said in a remark on the paragraph that has it.
"""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby

import docx
from docx.document import Document
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml.etree import _Element

from governance.announcements.readings import Sentence, Unreadable

from .invisible import trimmed
from .paragraphs import SourceText, Writer
from .word_numbering import Numbering

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
_PARAGRAPH, _TABLE, _ROW, _RUN = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:r")
_TEXT, _BREAK, _SYMBOL, _OTHER_FILE = qn("w:t"), qn("w:br"), qn("w:sym"), qn("w:altChunk")
_NOTES = {
    qn("w:footnoteReference"): Sentence("脚注"),
    qn("w:endnoteReference"): Sentence("尾注"),
}
_UNREAD = _NOTES | {
    _SYMBOL: Sentence("符号"),
    qn("m:oMath"): Sentence("公式"),
    qn("w:object"): Sentence("嵌入的对象"),
    qn("c:chart"): Sentence("图表"),
    qn("dgm:relIds"): Sentence("SmartArt 图示"),
    "{urn:schemas-microsoft-com:vml}textpath": Sentence("艺术字"),
}
_OTHER = Sentence("插入的另一个文件（altChunk）")
# What Word does not show, or shows as taken out: {how it is called: the properties that say so}.
_STRUCK = Sentence("带删除线的文字")
_TAKEN_OUT = {Sentence("隐藏文字"): ("w:vanish",), _STRUCK: ("w:strike", "w:dstrike")}
_HEADER = Sentence("页眉")
_PARTS = {
    "footnotes": Sentence("脚注"),
    "endnotes": Sentence("尾注"),
    "header": _HEADER,
    "footer": Sentence("页脚"),
}
_SWITCHES = [name for names in _TAKEN_OUT.values() for name in names]
# {property: whether it is on}, of those that are said.
Switches = dict[str, bool]
# Headers and footers that only count pages.
_PAGES = re.compile(r"(?:[\W\d_第共页]|page|of)*", re.IGNORECASE)
SHOWN = 60


def read_docx(content: bytes) -> SourceText:
    """The SourceText of a .docx file, checked before by `archives`."""
    try:
        document = docx.Document(BytesIO(content))
        return Reader(document).read()
    except Unreadable:
        raise
    except Exception as error:  # a damaged file raises whatever its reader stumbles over
        raise Unreadable(
            Sentence(
                "Word 文件打不开，可能已经损坏（%(error)s）。请在 Word 或 WPS 里打开它，重新另存为 .docx 后再上传。",
                {"error": type(error).__name__},
            )
        ) from error


class Reader:
    """Walks through a document's body; each line and each row of a table goes to the writer."""

    def __init__(self, document: Document) -> None:
        self.body = document.element.body
        self.numbering = Numbering(document)
        self.writer = Writer()
        self.tables = 0
        # {kind: words of each} of what was met and not read since the last line.
        self.unread: dict[Sentence, list[str]] = {}
        # {(kind, id): words}
        self.notes: dict[tuple[Sentence, str | None], str] = {}
        self._open_parts(document.part)

    def _open_parts(self, part: Part) -> None:
        """Keeps the notes for the paragraphs that refer to them; remarks on headers and footers."""
        margins = set()
        for rel in part.rels.values():
            kind = _PARTS.get(rel.reltype.rpartition("/")[2])
            if not kind or rel.is_external:
                continue
            element = parse_xml(rel.target_part.blob)
            if kind in _NOTES.values():
                self.notes |= {
                    (kind, note.get(qn("w:id"))): _words(note)
                    for note in element.iterchildren("{*}footnote", "{*}endnote")
                }
            elif not _PAGES.fullmatch(words := _words(element)):
                margins.add((kind, words))
        in_order = sorted(margins, key=lambda margin: (margin[0].message, margin[1]))
        self.writer.header = next((words for kind, words in in_order if kind == _HEADER), "")
        for kind, words in in_order:
            self._miss(kind, words)
        self._remark(1)

    def read(self) -> SourceText:
        for tag, blocks in groupby(self._blocks(self.body), key=lambda element: element.tag):
            if tag == _TABLE:
                for table in blocks:
                    self._table(table)
            else:
                for line in self._lines(blocks):
                    number = self.writer.number
                    self.writer.line(line)
                    self._remark(number)
        self._remark(max(1, self.writer.number - 1))
        return self.writer.source()

    def _blocks(self, parent: _Element, flat: bool = False) -> Iterator[_Element]:
        """The paragraphs and tables of a story, through content controls; `flat` goes into tables, too."""
        for element in parent:
            if element.tag == _PARAGRAPH or (element.tag == _TABLE and not flat):
                yield element
            elif element.tag == _OTHER_FILE:
                self._miss(_OTHER)
            elif element.tag not in _SKIPPED and not _is_deleted(element):
                yield from self._blocks(element, flat)

    def _lines(self, paragraphs: Iterable[_Element]) -> Iterator[str]:
        """The text of neighbouring paragraphs, after each that of the text boxes in it.

        A paragraph whose mark was deleted goes on with the next, but never out of its story.
        """
        carried = ""
        for element in paragraphs:
            boxes: list[_Element] = []
            mark = element.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
            style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            text = self._text(element, boxes, self._taken_out_by(style))
            gone = mark is not None and mark.find(qn("w:del")) is not None
            hidden = mark is not None and _is_on(mark.find(qn("w:vanish")))
            number = "" if (gone or hidden) and not text else self.numbering.of(element)
            # Word counts a paragraph that is struck through, but nothing of it is read.
            number = "" if self.unread.get(_STRUCK) and not text else number
            carried = carried + text if carried else number + text
            if not gone:
                yield carried
                carried = ""
            for box in boxes:
                yield from self._lines(self._blocks(box, flat=True))
        if carried:
            yield carried

    def _text(self, element: _Element, boxes: list[_Element], by_style: Switches) -> str:
        """What a paragraph shows; the text boxes in it are put into `boxes`."""
        parts: list[str] = []
        for child in element:
            if child.tag == _TEXT:
                parts.append(child.text or "")
            elif child.tag == _BREAK:
                parts.append("\n" if child.get(qn("w:type")) in (None, "textWrapping") else "")
            elif child.tag in _SIGNS:
                parts.append(_SIGNS[child.tag])
            elif child.tag == qn("w:txbxContent"):
                boxes.append(child)
            elif child.tag in _UNREAD:
                self._miss_element(child)
            elif child.tag == _RUN and (kind := self._taken_out(child, by_style)):
                self._miss(kind, _words(child))
            elif child.tag not in _SKIPPED:
                parts.append(self._text(child, boxes, by_style))
        return "".join(parts)

    def _table(self, table: _Element) -> None:
        self.tables += 1
        number = self.tables
        rows = 0
        for row in table.iter(_ROW):
            if not _is_deleted(row) and next(row.iterancestors(_TABLE)) is table:
                paragraph, rows = self.writer.number, rows + 1
                self.writer.row(number, self._cells(row), rows)
                self._remark(paragraph)

    def _cells(self, row: _Element) -> Iterator[str]:
        """The texts of a row by columns of the table: of merged cells, the first has the text."""
        yield from [""] * _count(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        for cell in row.iter(qn("w:tc")):
            if next(cell.iterancestors(_ROW)) is not row:
                continue
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            below = merged is not None and merged.get(qn("w:val")) != "restart"
            lines = list(self._lines(self._blocks(cell, flat=True)))
            yield "" if below else "\n".join(lines)
            yield from [""] * (_count(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1) - 1)

    # What is not read

    def _taken_out(self, run: _Element, by_style: Switches) -> Sentence | None:
        """The kind of _TAKEN_OUT that a run is, or None."""
        own = _switches(run)
        named = self._taken_out_by(run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}"))
        on = [name for name, is_on in (by_style | named | own).items() if is_on]
        return next((kind for kind, names in _TAKEN_OUT.items() if {*names} & {*on}), None)

    def _taken_out_by(self, named: _Element | None) -> Switches:
        """What a style, given by the element that names it, and those below it say of _TAKEN_OUT."""
        switches: Switches = {}
        for _ in range(20):  # a style based on itself would never end
            style = self.numbering.styles.get(named.get(qn("w:val"))) if named is not None else None
            if style is None:
                break
            switches = _switches(style) | switches
            named = style.find(qn("w:basedOn"))
        return switches

    def _miss_element(self, element: _Element) -> None:
        kind = _UNREAD[element.tag]
        if kind in _NOTES.values():
            self._miss(kind, self.notes.get((kind, element.get(qn("w:id"))), ""))
        elif element.tag == _SYMBOL:
            self._miss(kind, f"{element.get(qn('w:font'))} {element.get(qn('w:char'))}")
        else:
            self._miss(kind, element.get("string") or _words(element, qn("m:t")))

    def _miss(self, kind: Sentence, words: str = "") -> None:
        if kind not in _TAKEN_OUT or trimmed(words):
            self.unread.setdefault(kind, []).append(words)

    def _remark(self, number: int) -> None:
        """Says in remarks on a paragraph what has not been read."""
        for kind, all_words in self.unread.items():
            # Word cuts hidden text into many runs.
            words = ("" if kind in _TAKEN_OUT else "、").join(filter(None, all_words))
            shown = f"{words[:SHOWN]}{'…' * (len(words) > SHOWN)}"
            without = Sentence("没有读入%(kind)s，请核对。", {"kind": kind})
            quoted = Sentence(
                "没有读入%(kind)s“%(words)s”，请核对。", {"kind": kind, "words": shown}
            )
            self.writer.remark(number, quoted if words else without)
        self.unread = {}


def _words(element: _Element, tag: str = _TEXT) -> str:
    return "".join(text.text or "" for text in element.iter(tag))


def _is_deleted(element: _Element) -> bool:
    """Whether an element is a row of a table whose deletion is tracked."""
    return element.tag == _ROW and element.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None


def _switches(element: _Element) -> Switches:
    """What a run or a style itself says of _TAKEN_OUT."""
    own = ((name, element.find(f"{qn('w:rPr')}/{qn(name)}")) for name in _SWITCHES)
    return {name: _is_on(switch) for name, switch in own if switch is not None}


def _is_on(switch: _Element | None) -> bool:
    return switch is not None and switch.get(qn("w:val"), "1") not in ("0", "false", "off")


def _count(element: _Element | None, default: int) -> int:
    """How many columns an element names; more than any table of Word has (63) are not meant."""
    return min(int(element.get(qn("w:val"), default)), 100) if element is not None else default

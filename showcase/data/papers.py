"""The page of official papers of China (GB/T 9704) as a document of Word."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from showcase.text import HAN, labelled

from .exports import legible

# Margins of official papers in millimetres: above, right, below, left.
MARGINS = (37, 26, 35, 28)
# (size, line) in points of texts, titles and tables, for Chinese and for English.
SIZES = {False: ((16, 28), (22, 36), (10.5, 16)), True: ((12, 20), (18, 28), (9.5, 13))}
SONG, HEI, KAI, FANGSONG = "宋体", "黑体", "楷体", "仿宋"


class Paper:
    """A document of Word that is being written: headings are counted, texts have the faces of such papers."""

    def __init__(self, title: str, day: str) -> None:
        self.english = get_language() == "en"
        self._document = docx.Document()
        self._counts = [0, 0]
        self._set_faces()
        self._set_page()
        self._set_properties(title)
        self._add(title, self._document.styles["Title"])
        self._add(date_format(datetime.fromisoformat(day)), self._document.styles["Subtitle"])

    def head(self, text: str, level: int = 1) -> None:
        """A heading, counted as 一、 or （一） in Chinese."""
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * len(self._counts[level:])
        number = self._counts[level - 1]
        if self.english:
            mark = f"{number}. " if level == 1 else f"({number}) "
        else:
            mark = f"{_han(number)}、" if level == 1 else f"（{_han(number)}）"
        self._add(mark + text, self._headings[level - 1])

    def say(self, text: str, label: str = "", quoted: bool = False) -> None:
        """Each line of a text as a paragraph; the first begins with a label if it has one.

        What is `quoted` is told apart by its face, as it may have quotation marks of its own.
        """
        for line in text.splitlines() or [""]:
            paragraph = self._add("", self._text)
            if label:
                run = _run(paragraph, labelled(label, ""), HEI)
                run.bold, label = self.english, ""
            _run(paragraph, line, KAI if quoted else "").italic = quoted and not HAN.search(line)

    def draw(self, rows: Sequence[Sequence[str]]) -> None:
        """A table of three lines, whose head is repeated on each page."""
        table = self._document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.paragraphs[0].style = self._plain
                _run(cell.paragraphs[0], text)
        _three_lines(table)

    def written(self) -> bytes:
        made = io.BytesIO()
        self._document.save(made)
        return made.getvalue()

    def _add(self, text: str, style: ParagraphStyle) -> Paragraph:
        paragraph = self._document.add_paragraph(style=style)
        if text:
            _run(paragraph, text)
        return paragraph

    def _set_faces(self) -> None:
        styles = self._document.styles
        # The theme of the template has faces of its own, which come before those that are named.
        for fonts in styles.element.iter(qn("w:rFonts")):
            for name in [one for one in fonts.attrib if one.endswith("Theme")]:
                del fonts.attrib[name]
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        text, title, small = SIZES[self.english]
        self._text, self._plain = styles["Normal"], styles["No Spacing"]
        self._headings = [styles["Heading 1"], styles["Heading 2"]]
        for style, face, (size, line) in (
            (self._text, FANGSONG, text),
            (self._headings[0], HEI, text),
            (self._headings[1], KAI, text),
            (styles["Title"], HEI, title),
            (styles["Subtitle"], KAI, text),
            (self._plain, FANGSONG, small),
            (styles["Footer"], SONG, small),
        ):
            _set_face(style, face, size, line)
        if not self.english:
            _indent(self._text)
        for style in (styles["Title"], styles["Subtitle"], self._plain, styles["Footer"]):
            _indent(style, 0)
        for style in (styles["Title"], styles["Subtitle"]):
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for border in styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)

    def _set_page(self) -> None:
        (section,) = self._document.sections
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(
            Mm, MARGINS
        )
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(footer, "— ")
        number = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), "PAGE")
        number.append(OxmlElement("w:r"))
        number[0].append(OxmlElement("w:t"))
        number[0][0].text = "1"
        footer._p.append(number)
        _run(footer, " —")

    def _set_properties(self, title: str) -> None:
        about = self._document.core_properties
        about.title, about.author = legible(title)[:255], _("社区治理创新成果库")
        about.language = "en" if self.english else "zh-CN"
        about.comments = about.last_modified_by = ""
        about.created = about.modified = datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def _set_face(style: ParagraphStyle, face: str, size: float, line: float) -> None:
    """Chinese in a face of China, all else in a serif one; sizes and lines in points."""
    english, named = get_language() == "en", style.name or ""
    style.font.name, style.font.size = "Times New Roman", Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    # Where a machine has none of the faces, headings still stand out.
    style.font.bold = named in ("Title", "Heading 1") or (english and named == "Heading 2")
    style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    form = style.paragraph_format
    form.line_spacing, form.space_before, form.space_after = Pt(line), Pt(0), Pt(0)
    if english and named.startswith(("Heading", "Normal")):
        form.space_after = Pt(line / 3)
    if named == "No Spacing":
        form.space_before = form.space_after = Pt(2)
    if named in ("Title", "Subtitle"):
        form.space_after = Pt(line / 2)
    if named == "Heading 1":
        form.space_before = Pt(line / 2)


def _indent(style: ParagraphStyle, characters: int = 2) -> None:
    """So many characters before the first line, whatever their size."""
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(100 * characters))
    indent.set(qn("w:firstLine"), str(320 * characters))


def _run(paragraph: Paragraph, text: str, face: str = "") -> Run:
    """A text in another `face` than its paragraph's, if one is given."""
    run = paragraph.add_run(legible(text))
    if HAN.search(text):
        fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
        # Or the marks “ ” would be as narrow as English ones.
        fonts.set(qn("w:hint"), "eastAsia")
        if face:
            fonts.set(qn("w:eastAsia"), face)
    return run


def _han(number: int) -> str:
    """12 as 十二; below a hundred."""
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    if not tens:
        return digits[ones]
    return (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")


def _three_lines(table: Table) -> None:
    """A line above, one below the head, one beneath."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom"):
        borders.append(_line(side, 12))
    table._tbl.tblPr.append(borders)
    head = table.rows[0]
    repeated = OxmlElement("w:tblHeader")
    head._tr.get_or_add_trPr().append(repeated)
    for cell in head.cells:
        below = OxmlElement("w:tcBorders")
        below.append(_line("bottom", 6))
        cell._tc.get_or_add_tcPr().append(below)


def _line(side: str, width: int) -> Any:
    """Of so many eighths of a point."""
    line = OxmlElement(f"w:{side}")
    line.set(qn("w:val"), "single")
    line.set(qn("w:sz"), str(width))
    return line

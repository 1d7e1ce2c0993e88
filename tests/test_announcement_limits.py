"""Small files that would take all memory: refused before they do."""

import docx
import pytest

from governance.announcements import Unreadable, read
from governance.announcements.files import documents

from .helpers.office import announced, as_csv, as_ods, as_xlsx, ods_row, part, repacked, saved

pytestmark = pytest.mark.once

HEAD = ["序号", "成果名称", "申报单位"]
ROW = ["1", "院落夜话", "北京市西城区民政局"]
DOCUMENT, SHEET = "word/document.xml", "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "bomb",
    [
        "<w:p/>" * 1_600_000,
        f"<w:p>{'<w:r/>' * 1_600_000}</w:p>",
        '<w:p w:a="" w:b="" w:c="" w:d="" w:e="" w:f="" w:g=""/>' * 200_000,
    ],
    ids=["paragraphs", "runs", "attributes"],
)
def test_it_refuses_more_elements_than_a_document_has(bomb):
    content = saved(docx.Document())
    xml = part(content, DOCUMENT).replace("<w:sectPr", f"{bomb}<w:sectPr", 1)
    with pytest.raises(Unreadable, match=r"word/document\.xml 里有太多段落"):
        read("公告.docx", repacked(content, **{DOCUMENT: xml.encode()}))


def test_it_counts_a_part_by_its_content_and_not_by_its_name():
    content = repacked(
        announced("1.院落夜话（北京市西城区民政局）"), **{"word/a.foo": b"<a/>" * 2_000_000}
    )
    with pytest.raises(Unreadable, match=r"word/a\.foo"):
        read("公告.docx", content)
    content = repacked(content, **{"word/a.foo": b"\xff\xfe <!DOCTYPE a>"})
    with pytest.raises(Unreadable, match="DOCTYPE"):
        read("公告.docx", content)


def test_it_refuses_encodings_in_which_a_declaration_hides():
    content = saved(docx.Document())
    xml = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-'
    with pytest.raises(Unreadable, match="UTF-7"):
        read("公告.docx", repacked(content, **{DOCUMENT: xml.encode()}))


def test_it_takes_a_picture_that_names_its_doctype():
    content = announced("1.院落夜话（北京市西城区民政局）")
    picture = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" ""><svg/>'
    assert read("公告.docx", repacked(content, **{"word/media/a.svg": picture})).entries


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("公告.txt", b"\n" * 200_000),
        ("公告.docx", announced(f"<w:p><w:r>{'<w:br/>' * 200_000}</w:r></w:p>")),
        ("名单.csv", as_csv([HEAD, ROW]) + b"\r\na,b,c" * 200_000),
        ("名单.ods", as_ods([HEAD, ods_row(ROW, 'table:number-rows-repeated="1000000"') * 300])),
    ],
    ids=["txt", "docx", "csv", "ods"],
)
def test_it_refuses_more_lines_than_an_announcement_has(name, content):
    with pytest.raises(Unreadable, match="100000 行以上"):
        read(name, content)


def test_it_reads_rows_that_are_repeated_as_often_as_they_are():
    content = as_ods([HEAD, ods_row(ROW, 'table:number-rows-repeated="1500"')])
    assert read("获奖.ods", content).document.text.count("院落夜话") == 1500


@pytest.mark.parametrize("times", ["0", "-5", "abc"])
def test_it_refuses_rows_that_are_repeated_no_times(times):
    content = as_ods([HEAD, ods_row(ROW, f'table:number-rows-repeated="{times}"')])
    with pytest.raises(Unreadable, match=f"“名单”的第 2 行写着重复 {times} 次"):
        read("名单.ods", content)


def sheet_with(rows):
    """A workbook with these rows of XML below its own."""
    content = as_xlsx(("获奖", [HEAD, ROW]))
    xml = part(content, SHEET).replace("</sheetData>", f"{rows}</sheetData>")
    return repacked(content, **{SHEET: xml.encode()})


def test_it_refuses_a_sheet_of_blank_cells_without_end():
    rows = "".join(f'<row r="{at}"><c r="XFD{at}"/></row>' for at in range(3, 20_000))
    with pytest.raises(Unreadable, match=r"“获奖”为止.*1000000 格以上"):
        read("名单.xlsx", sheet_with(rows))


def test_it_refuses_a_row_that_no_sheet_has(monkeypatch):
    monkeypatch.setattr("governance.announcements.files.sheets.MAX_ROWS", 1000)
    rows = '<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>'
    with pytest.raises(Unreadable, match=r"“获奖”为止.*1000 行"):
        read("名单.xlsx", sheet_with(rows))


def test_it_refuses_cells_without_end(monkeypatch):
    monkeypatch.setattr("governance.announcements.files.paragraphs.MAX_CELLS", 1000)
    cells = "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='100'/></w:tcPr><w:p/></w:tc></w:tr>"
    with pytest.raises(Unreadable, match="1000 格以上"):
        read("公告.docx", announced(f"<w:tbl>{cells * 20}</w:tbl>"))


FAR = 'r="XFD3" t="inlineStr"><is><t>远</t></is></c>'
FILLED = "<table:table-cell><text:p>远</text:p></table:table-cell>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名单.csv", as_csv([HEAD, [*ROW, *[""] * 300, "远"]])),
        ("名单.xlsx", sheet_with(f'<row r="3"><c {FAR}</row>')),
        (
            "名单.ods",
            as_ods(
                [
                    HEAD,
                    f"<table:table-row><table:table-cell table:number-columns-repeated='300'/>{FILLED}</table:table-row>",
                ]
            ),
        ),
    ],
    ids=["csv", "xlsx", "ods"],
)
def test_it_says_that_words_stand_too_far_to_the_right(name, content):
    with pytest.raises(Unreadable, match="第 200 列之后还有文字（“远”）"):
        read(name, content)


def test_it_refuses_text_that_is_larger_than_any_announcement(monkeypatch):
    monkeypatch.setattr(documents, "MAX_TEXT", 2**20)
    with pytest.raises(Unreadable, match="超过上限 1 MB"):
        read("公告.txt", "院落夜话\n".encode() * 200_000)

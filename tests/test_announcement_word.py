"""What Word shows and what it hides: text boxes once each, and a remark for all that is not read."""

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from governance.announcements import read

from .helpers.office import HEAD, W, announced, saved, table

pytestmark = pytest.mark.once

FIRST = "1.院落夜话（北京市西城区民政局）"
SECOND = "2.楼道微花园（北京市东城区民政局）"
SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)


def paragraph(inner):
    return f"<w:p>{inner}</w:p>"


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def box(*paragraphs):
    return f"<w:pict><w:txbxContent>{''.join(paragraphs)}</w:txbxContent></w:pict>"


def drawn_twice(*paragraphs):
    """A text box as Word writes it: once as it is, once for programs that are old."""
    return (
        f"<w:r><mc:AlternateContent {SPACES}><mc:Choice>{box(*paragraphs)}</mc:Choice>"
        f"<mc:Fallback>{box(*paragraphs)}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def remarks(reading):
    return [(remark.paragraph, str(remark.sentence)) for remark in reading.remarks]


def test_it_reads_a_text_box_in_a_cell_once():
    document = docx.Document()
    document.add_paragraph("获奖成果")
    made = table(document, [HEAD, ["1", "院落夜话", "北京市西城区民政局", ""]])
    inner = drawn_twice(paragraph(run("框中的话") + drawn_twice(paragraph(run("框中之框")))))
    made.cell(1, 1)._tc.append(parse_xml(f"<w:p {W}>{run('格中一段')}{inner}</w:p>"))
    reading = read("公告.docx", saved(document))
    assert reading.entries[0].title.text == "院落夜话\n格中一段\n框中的话\n框中之框"
    assert reading.entries[0].organization_text.text == "北京市西城区民政局"


def test_it_reads_boxes_within_boxes_once_each():
    nested = paragraph(run("第0层"))
    for depth in range(1, 19):
        nested = paragraph(run(f"第{depth}层") + f"<w:r>{box(nested)}</w:r>")
    reading = read("公告.docx", announced(nested, FIRST))
    assert reading.document.text.count("\n") == 1 + 19 + 1
    assert reading.document.text.count("第0层") == 1


def test_it_still_reads_tables_within_cells():
    document = docx.Document()
    document.add_paragraph("获奖成果")
    made = table(document, [HEAD, ["1", "院落夜话", "北京市西城区民政局", ""]])
    inner = made.cell(1, 3).add_table(2, 2)
    for cell, text in zip(inner._cells, "甲乙丙丁", strict=True):
        cell.text = text
    inner.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {W} w:id="1"/>'))
    reading = read("公告.docx", saved(document))
    assert reading.entries[0].summary.text == "甲\n乙"


DELETED_MARK = '<w:pPr><w:rPr><w:del w:id="9" w:author="编辑"/></w:rPr></w:pPr>'


def test_a_deleted_mark_joins_paragraphs_but_not_with_a_table():
    document = docx.Document()
    end = document.element.body.sectPr
    for text in ("获奖", "成果", "表前的一句话"):
        end.addprevious(
            parse_xml(f"<w:p {W}>{'' if text == '成果' else DELETED_MARK}{run(text)}</w:p>")
        )
    table(document, [HEAD, ["1", "院落夜话", "北京市西城区民政局", ""]])
    reading = read("公告.docx", saved(document))
    assert reading.document.text.split("\n")[:3] == ["获奖成果", "表前的一句话", "\t".join(HEAD)]
    assert reading.entries[0].marker.text == "1"


def test_a_deleted_mark_does_not_join_cells_or_go_into_a_box():
    document = docx.Document()
    document.add_paragraph("获奖成果")
    made = table(document, [HEAD, ["1", "", "北京市西城区民政局", ""]])
    inner = DELETED_MARK + run("院落夜话") + drawn_twice(paragraph(run("框中的话")))
    cell = made.cell(1, 1)._tc
    cell.replace(cell.p_lst[0], parse_xml(f"<w:p {W}>{inner}</w:p>"))
    entry = read("公告.docx", saved(document)).entries[0]
    assert sorted(entry.title.text.split("\n")) == ["框中的话", "院落夜话"]
    assert entry.organization_text.text == "北京市西城区民政局"


def test_a_row_that_begins_later_keeps_its_columns():
    document = docx.Document()
    document.add_paragraph("获奖成果")
    made = table(
        document,
        [
            ["地区", "成果名称", "申报单位"],
            ["北京", "院落夜话", "北京市西城区民政局"],
            ["", "楼道微花园", "北京市东城区民政局"],
        ],
    )
    row = made.rows[2]._tr
    row.remove(row.tc_lst[0])
    row.get_or_add_trPr().append(parse_xml(f'<w:gridBefore {W} w:val="1"/>'))
    reading = read("公告.docx", saved(document))
    assert reading.entries[1].title.text == "楼道微花园"
    assert reading.entries[1].organization_text.text == "北京市东城区民政局"


@pytest.mark.parametrize(
    ("inner", "sentence"),
    [
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "符号“Wingdings F0FC”"),
        ("<m:oMath><m:r><m:t>1+1</m:t></m:r></m:oMath>", "公式“1+1”"),
        ('<w:r><w:footnoteReference w:id="7"/></w:r>', "脚注"),
        ("<w:r><w:object/></w:r>", "嵌入的对象"),
        (f'<w:r><w:pict><v:textpath {SPACES} string="红头"/></w:pict></w:r>', "艺术字“红头”"),
        (run("（未定）", "<w:vanish/>"), "隐藏文字“（未定）”"),
    ],
)
def test_it_says_what_it_does_not_read_and_where(inner, sentence):
    whole = paragraph(run("2.楼道") + inner + run("微花园（北京市东城区民政局）"))
    reading = read("公告.docx", announced(FIRST, whole))
    assert reading.entries[1].title.text == "楼道微花园"
    assert remarks(reading) == [(3, f"没有读入{sentence}，请核对。")]


def test_it_says_so_in_the_row_of_a_table_too():
    document = docx.Document()
    document.add_paragraph("获奖成果")
    made = table(document, [HEAD, ["1", "院落夜话", "北京市西城区民政局", ""]])
    made.cell(1, 1)._tc.append(parse_xml(f"<w:p {W}>{run('不公开', '<w:vanish/>')}</w:p>"))
    reading = read("公告.docx", saved(document))
    assert reading.entries[0].title.text == "院落夜话"
    assert remarks(reading) == [(3, "没有读入隐藏文字“不公开”，请核对。")]


def test_it_leaves_out_an_entry_that_word_hides():
    hidden = paragraph(
        "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>"
        + run("3.不公", "<w:vanish/>")
        + run("开（北京市房山区民政局）", "<w:vanish/>")
    )
    shown = paragraph(run(SECOND, '<w:vanish w:val="0"/>'))
    reading = read("公告.docx", announced(FIRST, shown, hidden))
    assert [entry.title.text for entry in reading.entries] == ["院落夜话", "楼道微花园"]
    assert remarks(reading) == [(4, "没有读入隐藏文字“3.不公开（北京市房山区民政局）”，请核对。")]


@pytest.mark.parametrize("kind", ["character", "paragraph"])
def test_it_knows_text_that_a_style_hides(kind):
    document = docx.Document()
    styles = document.styles.element
    styles.append(
        parse_xml(
            f'<w:style {W} w:type="{kind}" w:styleId="Below"><w:name w:val="b"/>'
            f"<w:rPr><w:vanish/></w:rPr></w:style>"
        )
    )
    styles.append(
        parse_xml(
            f'<w:style {W} w:type="{kind}" w:styleId="Unseen"><w:name w:val="u"/>'
            f'<w:basedOn w:val="Below"/></w:style>'
        )
    )
    document.add_paragraph("社区治理创新获奖成果")
    document.add_paragraph(FIRST)
    named = (
        run("不公开", '<w:rStyle w:val="Unseen"/>')
        if kind == "character"
        else f'<w:pPr><w:pStyle w:val="Unseen"/></w:pPr>{run("不公开")}'
    )
    document.element.body.sectPr.addprevious(parse_xml(f"<w:p {W}>{named}</w:p>"))
    reading = read("公告.docx", saved(document))
    assert "不公开" not in reading.document.text
    assert remarks(reading) == [(3, "没有读入隐藏文字“不公开”，请核对。")]


def test_it_quotes_footnotes_and_endnotes_that_it_does_not_read():
    document = docx.Document()
    document.add_paragraph("社区治理创新获奖成果")
    document.add_paragraph(FIRST)
    for kind, words in (("footnote", "与街道联合申报"), ("endnote", "公示期内")):
        xml = f'<w:{kind}s {W}><w:{kind} w:id="2"><w:p>{run(words)}</w:p></w:{kind}></w:{kind}s>'
        name = PackURI(f"/word/{kind}s.xml")
        media = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}s+xml"
        part = Part(name, media, xml.encode(), document.part.package)
        document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, f"{kind}s".upper()))
        document.paragraphs[1]._p.append(parse_xml(f'<w:r {W}><w:{kind}Reference w:id="2"/></w:r>'))
    assert remarks(read("公告.docx", saved(document))) == [
        (2, "没有读入脚注“与街道联合申报”，请核对。"),
        (2, "没有读入尾注“公示期内”，请核对。"),
    ]


def test_it_says_what_headers_and_footers_say_unless_they_count_pages():
    document = docx.Document()
    document.add_paragraph("社区治理创新获奖成果")
    document.add_paragraph(FIRST)
    section = document.sections[0]
    section.header.paragraphs[0].text = SECOND
    section.footer.paragraphs[0].text = "— 第 1 页，共 3 页 —"
    assert remarks(read("公告.docx", saved(document))) == [(1, f"没有读入页眉“{SECOND}”，请核对。")]


def test_it_says_that_another_file_was_put_in():
    reading = read("公告.docx", announced(FIRST, '<w:altChunk r:id="rId99"/>'))
    assert remarks(reading) == [(2, "没有读入插入的另一个文件（altChunk），请核对。")]


@pytest.mark.parametrize("switch", ["<w:strike/>", "<w:dstrike/>"])
def test_it_leaves_out_what_is_struck_through_and_says_so(switch):
    partly = paragraph(run("2.楼道") + run("小", switch) + run("微花园（北京市东城区民政局）"))
    whole = paragraph(run("3.旧院（北京市房山", switch) + run("区民政局）", switch))
    kept = paragraph(run("4.新院（北京市房山区民政局）", switch.replace("/>", ' w:val="0"/>')))
    reading = read("公告.docx", announced(FIRST, partly, whole, kept))
    assert [entry.title.text for entry in reading.entries] == ["院落夜话", "楼道微花园", "新院"]
    assert remarks(reading)[:2] == [
        (3, "没有读入带删除线的文字“小”，请核对。"),
        (4, "没有读入带删除线的文字“3.旧院（北京市房山区民政局）”，请核对。"),
    ]


def test_a_struck_paragraph_counts_in_an_automatic_list():
    document = docx.Document()
    document.add_paragraph("社区治理创新获奖成果")
    for text in (
        "院落夜话（北京市西城区民政局）",
        "旧院（北京市房山区民政局）",
        "新院（北京市通州区民政局）",
    ):
        document.add_paragraph(text, style="List Number")
    document.paragraphs[2].runs[0].font.strike = True
    reading = read("公告.docx", saved(document))
    assert [entry.title.text for entry in reading.entries] == ["院落夜话", "新院"]
    assert [entry.marker.text.strip() for entry in reading.entries] == ["1.", "3."]
    assert reading.unread == []


def test_it_knows_what_a_style_strikes_through():
    document = docx.Document()
    style = f'<w:style {W} w:type="character" w:styleId="Gone"><w:name w:val="g"/><w:rPr><w:strike/></w:rPr></w:style>'
    document.styles.element.append(parse_xml(style))
    document.add_paragraph("社区治理创新获奖成果")
    struck = run("2.旧院（北京市房山区民政局）", '<w:rStyle w:val="Gone"/>')
    for inner in (run(FIRST), struck):
        document.element.body.sectPr.addprevious(parse_xml(f"<w:p {W}>{inner}</w:p>"))
    assert len(read("公告.docx", saved(document)).entries) == 1


def test_it_takes_the_title_from_the_header_if_no_line_is_one():
    document = docx.Document()
    document.add_paragraph("一、获奖成果")
    document.add_paragraph(FIRST)
    header = document.sections[0].header.paragraphs[0]
    header.text = "2019年度社区治理创新成果名单"
    reading = read("公告.docx", saved(document))
    assert reading.document.title == "2019年度社区治理创新成果名单"
    assert (1, "文件没有写明标题，暂用页眉“2019年度社区治理创新成果名单”，请核对。") in remarks(
        reading
    )
    header.text = "— 第 3 页 —"
    assert read("通知.docx", saved(document)).document.title == "通知"


def test_it_puts_lines_and_pages_together_above_a_table():
    document = docx.Document()
    for text in ("2019年度社区治理创新", "成果获奖名单", "- 1 -"):
        document.add_paragraph(text)
    table(document, [HEAD, ["1", "院落夜话", "北京市西城区民政局", ""]])
    reading = read("公告.docx", saved(document))
    assert reading.document.title == "2019年度社区治理创新成果获奖名单"
    (entry,) = reading.entries
    assert (entry.title.text, entry.organization_text.text) == ("院落夜话", "北京市西城区民政局")
    assert reading.document.text[entry.title.start : entry.title.end] == "院落夜话"
    assert (reading.lines[-1].row, reading.unread) == (2, [])

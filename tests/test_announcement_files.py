"""Reading files: Word with automatic numbers, tables and tracked changes, and what is refused."""

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from governance.announcements import Unreadable, read
from governance.announcements.files.word_numbering import FORMATS, chinese

from .helpers.office import HEAD, W, repacked, saved, table

pytestmark = pytest.mark.once


def numbered(document, *levels):
    """A list of these (format, pattern) levels; gives its w:numId."""
    numbering = document.part.numbering_part.element
    number = str(900 + len(numbering))
    abstract = parse_xml(
        f'<w:abstractNum {W} w:abstractNumId="{number}">'
        + "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:suff w:val="nothing"/><w:lvlText w:val="{pattern}"/></w:lvl>'
            for depth, (form, pattern) in enumerate(levels)
        )
        + "</w:abstractNum>"
    )
    numbering.insert(0, abstract)
    return another(document, number)


def another(document, abstract, start=None):
    """A list that counts with an abstract one; with `start`, anew."""
    numbering = document.part.numbering_part.element
    number = str(9000 + len(numbering))
    override = (
        f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        if start
        else ""
    )
    numbering.append(
        parse_xml(
            f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>{override}</w:num>'
        )
    )
    return number


def add(document, text, number=None, depth=0):
    paragraph = document.add_paragraph(text)
    if number:
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
            )
        )
    return paragraph


def lines(reading):
    return reading.document.text.split("\n")


def test_it_counts_automatic_numbers_as_word_does():
    document = docx.Document()
    add(document, "2016年度社区治理创新成果")
    number = numbered(document, ("chineseCounting", "%1、"), ("decimal", "%2."))
    add(document, "获奖成果", number)
    add(document, "“红色物业”服务居民（湖北省武汉市江汉区民政局）", number, 1)
    add(document, "江汉区把物业服务企业纳入社区治理体系。")
    add(document, "院落“微自治”（四川省成都市青羊区民政局）", number, 1)
    add(document, "提名成果", number)
    add(document, "百姓议事厅（北京市西城区广安门外街道办事处）", number, 1)
    reading = read("公告.docx", saved(document))
    assert lines(reading)[:7] == [
        "2016年度社区治理创新成果",
        "一、获奖成果",
        "1.“红色物业”服务居民（湖北省武汉市江汉区民政局）",
        "江汉区把物业服务企业纳入社区治理体系。",
        "2.院落“微自治”（四川省成都市青羊区民政局）",
        "二、提名成果",
        "1.百姓议事厅（北京市西城区广安门外街道办事处）",
    ]
    assert [(e.tier, e.rank, e.marker.text, e.title.text) for e in reading.entries] == [
        ("winner", 1, "1.", "“红色物业”服务居民"),
        ("winner", 2, "2.", "院落“微自治”"),
        ("nominee", 1, "1.", "百姓议事厅"),
    ]


def test_it_begins_a_list_anew_where_word_does():
    document = docx.Document()
    first = numbered(document, ("decimal", "(%1)"))
    abstract = document.part.numbering_part.element.find(qn("w:abstractNum")).get(
        qn("w:abstractNumId")
    )
    same, anew = another(document, abstract), another(document, abstract, start=1)
    add(document, "一等奖")
    add(document, "楼道微花园（北京市东城区民政局）", first)
    add(document, "院落夜话（北京市西城区民政局）", same)
    add(document, "二等奖")
    add(document, "共享晾衣架（北京市朝阳区民政局）", anew)
    add(document, "老街坊议事厅（北京市丰台区民政局）", anew)
    reading = read("公告.docx", saved(document))
    assert [entry.marker.text for entry in reading.entries] == ["(1)", "(2)", "(1)", "(2)"]
    assert reading.remarks == []


def test_it_takes_numbers_from_styles():
    document = docx.Document()
    number = numbered(document, ("decimalEnclosedCircle", "%1"))
    style = document.styles["List Number"].element
    properties = style.get_or_add_pPr()
    for old in properties.findall(qn("w:numPr")):
        properties.remove(old)
    properties.append(parse_xml(f'<w:numPr {W}><w:numId w:val="{number}"/></w:numPr>'))
    document.add_paragraph("社区治理创新获奖成果")
    document.add_paragraph("楼道微花园（北京市东城区民政局）", style="List Number")
    document.add_paragraph("院落夜话（北京市西城区民政局）", style="List Number")
    reading = read("公告.docx", saved(document))
    assert [entry.marker.text for entry in reading.entries] == ["①", "②"]


@pytest.mark.parametrize(
    ("form", "number", "written"),
    [
        ("chineseCounting", 10, "十"),
        ("chineseCountingThousand", 21, "二十一"),
        ("taiwaneseCounting", 105, "一百零五"),
        ("decimalEnclosedCircleChinese", 20, "⑳"),
        ("ideographTraditional", 11, "甲"),
        ("ideographDigital", 12, "一二"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 7, "07"),
    ],
)
def test_it_writes_numbers_in_words_formats(form, number, written):
    assert FORMATS[form](number) == written


def test_it_counts_in_chinese():
    assert [chinese(n) for n in (1, 11, 100, 110, 1001, 1010)] == [
        "一", "十一", "一百", "一百一十", "一千零一", "一千零一十",
    ]  # fmt: skip


def track(run, tag):
    """Wraps a run as a tracked insertion or deletion."""
    change = OxmlElement(tag)
    change.set(qn("w:id"), "1")
    change.set(qn("w:author"), "编辑")
    run._r.addprevious(change)
    change.append(run._r)
    if tag == "w:del":
        for text in run._r.findall(qn("w:t")):
            text.tag = qn("w:delText")


def test_it_reads_insertions_and_leaves_deletions_out():
    document = docx.Document()
    document.add_paragraph("社区治理创新获奖成果")
    paragraph = document.add_paragraph("1.院落“")
    track(paragraph.add_run("大"), "w:del")
    track(paragraph.add_run("微"), "w:ins")
    paragraph.add_run("自治”（四川省成都市青羊区民政局）")
    gone = document.add_paragraph()
    track(gone.add_run("2.已删除的成果（北京市东城区民政局）"), "w:del")
    gone._p.get_or_add_pPr().append(
        parse_xml(f'<w:rPr {W}><w:del w:id="2" w:author="编辑"/></w:rPr>')
    )
    document.add_paragraph("2.院落夜话（北京市西城区民政局）")
    reading = read("公告.docx", saved(document))
    assert [entry.title.text for entry in reading.entries] == ["院落“微自治”", "院落夜话"]
    assert "删除" not in reading.document.text
    assert "大" not in reading.document.text


def test_it_reads_soft_breaks_tabs_and_text_boxes():
    document = docx.Document()
    document.add_paragraph("社区治理创新获奖成果")
    paragraph = document.add_paragraph()
    run = paragraph.add_run("1.\t院落夜话（北京市西城区民政局）")
    run.add_break()
    run.add_text("居民晚饭后在院落里围坐，商定公共事务。")
    boxed = document.add_paragraph()
    boxed.add_run()._r.append(
        parse_xml(
            f"<w:pict {W}><w:txbxContent><w:p><w:r><w:t>2.楼道微花园（北京市东城区民政局）</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict>"
        )
    )
    reading = read("公告.docx", saved(document))
    assert [(e.title.text, e.summary and e.summary.text) for e in reading.entries] == [
        ("院落夜话", "居民晚饭后在院落里围坐，商定公共事务。"),
        ("楼道微花园", None),
    ]


def test_it_reads_tables_between_headings():
    document = docx.Document()
    document.add_paragraph("2016年度社区治理创新成果名单")
    document.add_paragraph("一、获奖成果")
    first = table(
        document,
        [
            HEAD,
            ["1", "“红色物业”服务居民", "湖北省武汉市江汉区民政局", "把物业企业纳入治理。"],
            ["2", "院落“微自治”", "四川省成都市青羊区民政局", "推选居民代表。"],
        ],
    )
    first.cell(2, 3).add_paragraph("议定院落公约。")
    document.add_paragraph("二、提名成果")
    table(document, [HEAD, ["1", "百姓议事厅", "北京市西城区广安门外街道办事处", ""]])
    reading = read("公告.docx", saved(document))
    assert [
        (e.tier, e.rank, e.title.text, e.organization_text.text, e.summary and e.summary.text)
        for e in reading.entries
    ] == [
        ("winner", 1, "“红色物业”服务居民", "湖北省武汉市江汉区民政局", "把物业企业纳入治理。"),
        ("winner", 2, "院落“微自治”", "四川省成都市青羊区民政局", "推选居民代表。\n议定院落公约。"),
        ("nominee", 1, "百姓议事厅", "北京市西城区广安门外街道办事处", None),
    ]
    for entry in reading.entries:
        for passage in (entry.title, entry.organization_text, entry.summary):
            if passage:
                assert reading.document.text[passage.start : passage.end] == passage.text
    assert reading.unread == []


def test_it_reads_merged_cells_and_tables_that_go_on():
    document = docx.Document()
    made = table(
        document,
        [
            ["奖项", "案例名称", "申报单位"],
            ["一等奖", "红色物业", "湖北省武汉市江汉区民政局"],
            ["", "院落微自治", "四川省成都市青羊区民政局"],
            ["入围奖", "百姓议事厅", "北京市西城区民政局"],
        ],
    )
    made.cell(1, 0).merge(made.cell(2, 0))
    after = table(document, [["入围奖", "楼道党小组", "江苏省苏州市姑苏区民政局"]])
    assert after is not None
    reading = read("公告.docx", saved(document))
    assert [(entry.tier, entry.title.text) for entry in reading.entries] == [
        ("winner", "红色物业"),
        ("winner", "院落微自治"),
        ("nominee", "百姓议事厅"),
        ("nominee", "楼道党小组"),
    ]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "啊啊啊啊">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_it_refuses_entities(encoding):
    document = docx.Document()
    document.add_paragraph("1.楼道微花园（北京市东城区民政局）")
    content = saved(document)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("word/document.xml").decode()
    bomb = BOMB + xml.partition("?>")[2].replace("楼道", "&i;")
    if encoding == "utf-16":
        bomb = bomb.replace('version="1.0"', 'version="1.0" encoding="utf-16"')
    with pytest.raises(Unreadable, match="DOCTYPE"):
        read("公告.docx", repacked(content, **{"word/document.xml": bomb.encode(encoding)}))
    external = (
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
    )
    with pytest.raises(Unreadable, match="DOCTYPE"):
        read("公告.docx", repacked(content, **{"word/comments.xml": external}))


def test_it_refuses_zip_bombs_without_unpacking_them():
    content = saved(docx.Document())
    with pytest.raises(Unreadable, match="解压后"):
        read("公告.docx", repacked(content, **{"word/document.xml": b" " * 200_000_000}))
    many = repacked(content, **{f"word/media/{n}.bin": b"x" for n in range(6000)})
    with pytest.raises(Unreadable, match="解压后"):
        read("公告.docx", many)


OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("公告.doc", OLD_WORD, "另存为 .docx"),
        ("公告.docx", OLD_WORD, "另存为 .docx"),
        ("公告.txt", OLD_WORD, "另存为 .docx"),
        ("公告.wps", OLD_WORD, "另存为 .docx"),
        ("公告.WPS", b"abc", "另存为 .docx"),
        ("公告.pdf", b"%PDF-1.7", "另存为 .docx"),
        ("公告.txt", b"%PDF-1.7", "另存为 .docx"),
        ("公告.rtf", b"{\\rtf1 ", "另存为 .docx"),
        ("公告.xls", OLD_WORD, "另存为 .xlsx"),
        ("公告.docx", "1.楼道微花园（北京市东城区民政局）".encode(), "不是这种格式"),
        ("公告.html", b"<!DOCTYPE html><p>1.</p>", "网页"),
        ("公告.png", b"\x89PNG\r\n\x1a\n", "图片"),
        ("公告.txt", b"", "空"),
        ("公告.txt", b" \n\n", "空"),
        ("公告.docx", b"PK\x03\x04" + b"x" * 100, "损坏"),
        ("公告.docx", saved(docx.Document()), "空|没有"),
        ("公告.txt", "获奖名单".encode() + b"\xe7\xa4", "第 1 段第 5 个字"),
        ("公告.txt", b"\xef\xbb\xbf\xff\xff", "第 1 段第 1 个字"),
        ("公告.txt", "社區治理創新成果獲獎名單，各縣市政府民政局轉知".encode("big5"), "编码"),
        ("公告.txt", b"1.\x01\x02", "控制字符"),
        ("公告.csv", '序号,成果名称\n1,"没有写完'.encode(), "没有|读不下去"),
        ("公告.xlsx", b"", "空"),
    ],
)
def test_it_refuses_with_a_sentence_that_helps(name, content, words):
    with pytest.raises(Unreadable, match=words):
        read(name, content)


def test_it_refuses_an_archive_of_something_else():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("公告.txt", "1.楼道微花园")
    with pytest.raises(Unreadable, match="压缩包"):
        read("公告.zip", file.getvalue())


def test_it_says_that_a_file_has_a_password():
    content = bytearray(saved(docx.Document()))
    # The flags of the first part in the archive's directory.
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unreadable, match="文件设有密码，没有打开"):
        read("公告.docx", bytes(content))


def test_it_refuses_a_damaged_word_file():
    content = saved(docx.Document())
    with pytest.raises(Unreadable, match="损坏"):
        read("公告.docx", repacked(content, **{"word/document.xml": b"<w:document"}))
    with pytest.raises(Unreadable):
        read("公告.docx", content[: len(content) // 2])

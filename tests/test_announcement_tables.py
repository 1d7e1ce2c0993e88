"""Announcements that are tables: every kind of file, every sheet, every column accounted for."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from governance.announcements import Unreadable, read

ROWS = [
    ["2016年度社区治理创新成果名单", None, None, None, None],
    ["序号", "成果名称", "申报单位", "奖项", "成果简介"],
    [1, "“红色物业”服务居民", "湖北省武汉市江汉区民政局", "十佳成果", "把物业企业纳入治理。"],
    [2, "院落“微自治”", "四川省成都市青羊区民政局", None, "推选居民代表。\n议定公约。"],
    [3, "百姓议事厅", "北京市西城区广安门外街道办事处", "提名成果", None],
]
READ = [
    (
        "winner",
        "1",
        "“红色物业”服务居民",
        "红色物业",
        "湖北省武汉市江汉区民政局",
        "把物业企业纳入治理。",
    ),
    (
        "winner",
        "2",
        "院落“微自治”",
        "微自治",
        "四川省成都市青羊区民政局",
        "推选居民代表。\n议定公约。",
    ),
    ("nominee", "3", "百姓议事厅", "", "北京市西城区广安门外街道办事处", None),
]


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
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_ods(rows):
    def cell(value):
        if value is None:
            return '<table:table-cell table:number-columns-repeated="1"/>'
        paragraphs = "".join(f"<text:p>{line}</text:p>" for line in str(value).split("\n"))
        return f"<table:table-cell>{paragraphs}</table:table-cell>"

    names = "office table text"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names.split()
    )
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="名单">{body}{blank}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名单.csv", as_csv(ROWS)),
        ("名单.csv", as_csv(ROWS, "gb18030")),
        ("名单.xlsx", as_xlsx(("名单", ROWS))),
        ("名单.ods", as_ods(ROWS)),
    ],
)
def test_it_reads_tables_of_each_kind(name, content):
    reading = read(name, content)
    assert [
        (
            entry.tier,
            entry.marker.text,
            entry.title.text,
            entry.short_name,
            entry.organization_text.text,
            entry.summary and entry.summary.text,
        )
        for entry in reading.entries
    ] == READ
    for entry in reading.entries:
        for passage in (entry.marker, entry.title, entry.organization_text, entry.summary):
            if passage:
                assert reading.document.text[passage.start : passage.end] == passage.text
    assert reading.document.title == "2016年度社区治理创新成果名单"
    assert reading.unread == []


def test_it_reads_a_sheet_for_each_tier():
    head = ["项目名称", "完成单位"]
    content = as_xlsx(
        ("获奖", [head, ["红色物业", "湖北省武汉市江汉区民政局"]]),
        ("提名", [head, ["百姓议事厅", "北京市西城区民政局"]]),
        ("空表", []),
        ("其他", [head, ["邻里节", "天津市和平区民政局"]]),
    )
    reading = read("名单.xlsx", content)
    assert [(entry.tier, entry.title.text) for entry in reading.entries] == [
        ("winner", "红色物业"),
        ("nominee", "百姓议事厅"),
    ]
    assert [line.text for line in reading.unread] == ["邻里节\t天津市和平区民政局"]


def test_it_says_which_columns_it_left():
    content = as_csv(
        [["成果名称", "申报单位", "联系人"], ["红色物业", "武汉市江汉区民政局", "王老师"]]
    )
    reading = read("获奖.csv", content)
    assert any("联系人" in remark.sentence for remark in reading.remarks)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (["申报单位", "联系人", "备注"], "没有标题"),
        (["成果名称", "成果名称", "申报单位"], "成果名称、成果名称"),
        (["成果名称", "申报单位", "完成单位"], "申报单位、完成单位"),
    ],
)
def test_it_says_which_column_is_missing_or_doubled(head, words):
    with pytest.raises(Unreadable, match=words):
        read("名单.csv", as_csv([head, ["甲", "乙", "丙"]]))


def test_it_says_that_a_hidden_sheet_was_not_read():
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.create_sheet("旧名单").append(["成果名称", "申报单位"])
    book["旧名单"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    reading = read("名单.xlsx", file.getvalue())
    assert len(reading.entries) == 3
    assert "旧名单" in reading.remarks[0].sentence


def test_it_counts_rows_as_the_file_does():
    rows = [ROWS[0], [], *ROWS[1:]]
    for name, content in (
        ("名单.xlsx", as_xlsx(("名单", rows))),
        ("名单.ods", as_ods(rows)),
        ("名单.csv", as_csv(rows)),
    ):
        reading = read(name, content)
        assert [line.row for line in reading.lines] == [1, 3, 4, 5, 5, 6]
        assert {line.sheet for line in reading.lines} == {"" if name.endswith("csv") else "名单"}


def test_it_names_the_row_of_a_heading_without_titles():
    rows = [["名单"], ["申报单位", "联系人", "备注"], ["甲", "乙", "丙"]]
    with pytest.raises(Unreadable, match="工作表“名单”第 2 行的表头没有"):
        read("名单.xlsx", as_xlsx(("名单", rows)))


HEAD = ["成果名称", "申报单位", "所在地区"]


def test_it_takes_the_title_from_a_row_above_and_else_from_the_sheet():
    entry = ["议事会", "太仓市民政局", "江苏省太仓市"]
    titled = as_xlsx(("表一", [["2017年度创新成果入选名单"], HEAD, entry]), ("表二", [HEAD, entry]))
    assert read("名单.xlsx", titled).document.title == "2017年度创新成果入选名单"
    bare = as_xlsx(("获奖", [HEAD, entry]), ("提名", [HEAD, ["睦邻点", "太仓市民政局", ""]]))
    reading = read("名单.xlsx", bare)
    assert reading.document.title == "获奖"
    assert [line.use for line in reading.lines if not line.row] == ["heading", "heading"]


def test_it_reads_the_column_of_the_region():
    reading = read("获奖.csv", as_csv([HEAD, ["议事会", "鼓楼区民政局", "江苏省南京市鼓楼区"]]))
    (entry,) = reading.entries
    assert (entry.organization_text.text, entry.region_text.text) == (
        "鼓楼区民政局",
        "江苏省南京市鼓楼区",
    )
    assert not any("没有读入" in remark.sentence for remark in reading.remarks)


def test_a_list_of_telephones_is_no_signature():
    content = as_xlsx(
        ("获奖", [HEAD, ["议事会", "太仓市民政局", "江苏省太仓市"], ["备注：排名不分先后"]]),
        ("联系方式", [["联系人", "电话"], ["张三", "010-12345678"]]),
    )
    reading = read("名单.xlsx", content)
    assert [line.text for line in reading.unread] == ["联系人\t电话", "张三\t010-12345678"]
    assert [line.text.strip() for line in reading.lines if line.use == "closing"] == [
        "备注：排名不分先后"
    ]

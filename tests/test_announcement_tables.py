"""Announcements that are tables: every kind of file, every sheet, every column accounted for."""

import io

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from governance.announcements import Unreadable, read

from .helpers.office import as_csv, as_ods, as_xlsx, ods_row, part, repacked, saved

pytestmark = pytest.mark.once

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
    assert any("联系人" in str(remark.sentence) for remark in reading.remarks)


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
    assert "旧名单" in str(reading.remarks[0].sentence)


def test_it_says_that_a_hidden_sheet_of_ods_was_not_read():
    hides = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    rows = ods_row(["成果名称", "申报单位"]) + ods_row(["旧成果", "北京市西城区民政局"])
    old = f'<table:table table:name="旧名单" table:style-name="ta2">{rows}</table:table>'
    reading = read("名单.ods", as_ods(ROWS, old, hides))
    assert len(reading.entries) == 3
    assert "旧名单" in str(reading.remarks[0].sentence)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('1,十佳,"幸福里"议事会,北京市西城区民政局,甲', "第 2 行"),
        ('1,十佳,幸福里议事会,北京市西城区民政局,"甲', "第 2 行"),
    ],
)
def test_it_refuses_quotes_that_are_not_in_pairs(line, words):
    head = "序号,等次,成果名称,申报单位,简介"
    other = "2,十佳,街坊百事堂,北京市东城区民政局,乙"
    with pytest.raises(Unreadable, match=f"CSV 文件{words}起的一条读不下去.*引号"):
        read("名单.csv", "\n".join([head, line, other]).encode())


def test_it_reads_quotes_in_a_csv_that_are_written_twice():
    text = '成果名称,申报单位\n"“幸福里""甲""”",北京市西城区民政局\n5"屏,北京市东城区民政局\n'
    reading = read("获奖.csv", text.encode())
    assert [entry.title.text for entry in reading.entries] == ['“幸福里"甲"”', '5"屏']


def test_it_refuses_formulas_without_their_results():
    rows = [["成果名称", "申报单位"], ["院落夜话", "北京市西城区民政局"], ["=A2", "=B2"]]
    content = as_xlsx(("名单", rows))
    with pytest.raises(Unreadable, match="“名单”的单元格 A3 是公式"):
        read("获奖.xlsx", content)
    formula = '<table:table-cell table:formula="of:=[.A2]"/>'
    row = f"<table:table-row>{formula}</table:table-row>"
    with pytest.raises(Unreadable, match="“名单”的第 3 行 是公式"):
        read("获奖.ods", as_ods([*rows[:2], row]))


def test_it_reads_the_results_of_formulas_empty_ones_too():
    sheet = "xl/worksheets/sheet1.xml"
    rows = [["成果名称", "申报单位", "简介"], ["=A9", "北京市西城区民政局", "=B9"]]
    content = as_xlsx(("名单", rows))
    xml = part(content, sheet)
    for cell, value in (("A2", "院落夜话"), ("C2", "")):
        xml = xml.replace(f'r="{cell}"', f'r="{cell}" t="str"')
        xml = xml.replace("<v></v>", f"<v>{value}</v>", 1).replace("<v />", f"<v>{value}</v>", 1)
    reading = read("获奖.xlsx", repacked(content, **{sheet: xml.encode()}))
    assert [(entry.title.text, entry.summary) for entry in reading.entries] == [("院落夜话", None)]


def test_it_reads_every_kind_of_text_in_a_cell_of_ods_once():
    item = "<text:list><text:list-item><text:p>其二</text:p></text:list-item></text:list>"
    note = "<office:annotation><text:p>批注</text:p></office:annotation>"
    cells = (
        f"<table:table-cell>{note}<text:p>其一</text:p>{item}</table:table-cell>"
        '<table:table-cell office:value-type="string" office:string-value="北京市西城区民政局"/>'
    )
    content = as_ods([["成果名称", "申报单位"], f"<table:table-row>{cells}</table:table-row>"])
    entry = read("获奖.ods", content).entries[0]
    assert (entry.title.text, entry.organization_text.text) == ("其一\n其二", "北京市西城区民政局")


def test_it_leaves_out_the_blank_cells_to_the_edge_of_a_sheet():
    edge = '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
    rows = [ods_row(row).replace("</table:table-row>", edge) for row in ROWS]
    reading = read("名单.ods", as_ods(rows))
    assert {line.count("\t") for line in reading.document.text.splitlines()} <= {0, 4}
    assert len(reading.entries) == 3


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
    assert not any("没有读入" in str(remark.sentence) for remark in reading.remarks)


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


ENTRIES = [
    ["序号", "成果名称", "申报单位"],
    ["1", "院落夜话", "北京市西城区民政局"],
    ["2", "楼道微花园", "北京市东城区民政局"],
    ["3", "百姓议事厅", "北京市丰台区民政局"],
]


def sentences(reading):
    return [str(remark.sentence) for remark in reading.remarks]


def test_it_says_that_rows_and_columns_are_hidden():
    book = Workbook()
    for row in ENTRIES:
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["C"].hidden = True
    reading = read("2019年获奖名单.xlsx", saved(book))
    assert len(reading.entries) == 3
    assert "第 3 行是隐藏的，照样读入，请核对。" in sentences(reading)
    assert "第 3 列是隐藏的，照样读入，请核对。" in sentences(reading)
    hide = 'table:visibility="filter"'
    columns = f'<table:table-column table:number-columns-repeated="2"/><table:table-column {hide}/>'
    rows = [columns + ods_row(ENTRIES[0]), ods_row(ENTRIES[1]), ods_row(ENTRIES[2], hide)]
    reading = read("2019年获奖名单.ods", as_ods(rows))
    assert "第 3 行是隐藏的，照样读入，请核对。" in sentences(reading)
    assert "第 3 列是隐藏的，照样读入，请核对。" in sentences(reading)


def test_it_leaves_out_struck_cells_and_says_so():
    book = Workbook()
    for row in ENTRIES:
        book.active.append(row)
    for cell in (*book.active[3], book.active["C4"]):
        cell.font = Font(strike=True)
    reading = read("2019年获奖名单.xlsx", saved(book))
    assert [(one.title.text, one.organization_text) for one in reading.entries][1:] == [
        ("百姓议事厅", None)
    ]
    assert "第 3 行带删除线的“楼道微花园”没有读入，请核对。" in sentences(reading)
    assert "第 4 行带删除线的“北京市丰台区民政局”没有读入，请核对。" in sentences(reading)
    line = '<style:text-properties style:text-line-through-style="solid"/>'
    struck = f'<style:style style:name="x" style:family="table-cell">{line}</style:style>'
    row = ods_row(ENTRIES[2]).replace("table-cell>", 'table-cell table:style-name="x">', 1)
    reading = read("2019年获奖名单.ods", as_ods([*ENTRIES[:2], row], styles=struck))
    assert [one.marker and one.marker.text for one in reading.entries] == ["1", None]
    assert "第 3 行带删除线的“2”没有读入，请核对。" in sentences(reading)


def test_it_says_which_cells_have_no_heading():
    rows = [
        ["2019年获奖名单"],
        ["成果名称", "申报单位", ""],
        ["院落夜话", "太仓市民政局", "待定", "甲"],
    ]
    reading = read("名单.csv", as_csv(rows))
    assert "这一行有表头没有的格子，没有读入：待定、甲。" in sentences(reading)


@pytest.mark.parametrize(
    ("total", "said", "found"),
    [
        (["合计", "3项", ""], 3, 3),
        (["", "总  计：", "4"], 4, 3),
        (["共 3 项", "", ""], 3, 3),
    ],
)
def test_a_total_is_a_claim_and_no_entry(total, said, found):
    reading = read("2019年获奖名单.csv", as_csv([*ENTRIES, total]))
    assert len(reading.entries) == 3
    assert [(claim.said, claim.found) for claim in reading.claims] == [(said, found)]
    assert reading.lines[-1].use == "closing"


def test_a_total_may_count_a_part():
    rows = [*ENTRIES[:3], ["小计", "2项", ""], ENTRIES[3], ["小计", "1项", ""], ["合计", "3项", ""]]
    reading = read("2019年获奖名单.csv", as_csv(rows))
    assert [(claim.said, claim.found) for claim in reading.claims] == [(2, 2), (1, 1), (3, 3)]


def test_the_title_stands_in_no_row_of_notes():
    rows = [
        ["附件1", "", ""],
        ["2019年度社区治理创新成果获奖名单", "", ""],
        ["填报单位：某某协会", "", "日期：2020年1月"],
        *ENTRIES,
    ]
    assert read("名单.csv", as_csv(rows)).document.title == "2019年度社区治理创新成果获奖名单"


@pytest.mark.parametrize(
    ("sheet", "title"),
    [("2019年获奖名单", "2019年获奖名单"), ("Sheet1", "入选"), ("工作表 1", "入选")],
)
def test_it_is_called_as_its_sheet_or_its_file_if_no_row_says_it(sheet, title):
    reading = read("入选.xlsx", as_xlsx((sheet, ENTRIES)))
    assert reading.document.title == title
    assert f"“{title}”，请核对。" in sentences(reading)[0]

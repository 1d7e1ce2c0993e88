"""Announcements that are tables: every kind of file, every sheet, every column accounted for."""

import io

import pytest
from openpyxl import Workbook

from governance.announcements import Unreadable, read

from .office import as_csv, as_ods, as_xlsx

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

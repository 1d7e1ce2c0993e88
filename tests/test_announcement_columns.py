"""What the columns of a table say: places, years, prizes, bodies, and who only sent an entry in."""

import pytest

from governance.announcements import read

from .helpers.office import as_csv
from .test_announcement_tables import sentences

pytestmark = pytest.mark.once


def test_several_columns_name_a_region_together():
    rows = [
        ["项目名称", "完成单位", "省", "市", "区县"],
        ["院落夜话", "民政局", "江苏省", "徐州市", "鼓楼区"],
        ["楼道微花园", "民政局", "北京市", "", "朝阳区"],
    ]
    reading = read("2019年获奖名单.csv", as_csv(rows))
    assert [one.region_text.text for one in reading.entries] == [
        "江苏省徐州市鼓楼区",
        "北京市朝阳区",
    ]


def test_a_column_may_tell_the_year():
    rows = [
        ["年度", "成果名称", "申报单位", "奖项"],
        ["2018年", "院落夜话", "北京市西城区民政局", "一等奖"],
        ["2019", "楼道微花园", "北京市东城区民政局", "一等奖"],
        ["2018年度", "百姓议事厅", "北京市丰台区民政局", "二等奖"],
    ]
    reading = read("获奖名单.csv", as_csv(rows))
    assert reading.years == [2018, 2019]
    assert [(one.year, one.rank) for one in reading.entries] == [(2018, 1), (2019, 1), (2018, 2)]
    assert [one.title.text for one in reading.of_year(2018).entries] == ["院落夜话", "百姓议事厅"]


def test_a_prize_for_bodies_in_a_column_is_left_out():
    rows = [
        ["奖项", "成果名称", "申报单位"],
        ["一等奖", "院落夜话", "北京市西城区民政局"],
        ["优秀组织奖", "东城区", "北京市东城区民政局"],
    ]
    reading = read("获奖名单.csv", as_csv(rows))
    assert [one.title.text for one in reading.entries] == ["院落夜话"]
    left = "“优秀组织奖”不是成果的内容，没有录入：第 3 行。原文仍在年度的公告全文里。"
    assert left in sentences(reading)
    assert reading.unread == []


def test_votes_in_a_column_or_beside_a_title_are_told():
    rows = [
        ["成果名称", "申报单位", "得票数"],
        ["院落夜话", "北京市西城区民政局", "1,234"],
        ["楼道微花园", "北京市丰台区民政局", ""],
        ["百姓议事厅 9876票", "北京市东城区民政局", ""],
        ["满意率100%", "北京市海淀区民政局", "86.5%"],
    ]
    reading = read("2019年获奖名单.csv", as_csv(rows))
    told = "“得票、得分或占比”不是成果的内容，没有录入：第 2 行、第 4 行、第 5 行。原文仍在年度的公告全文里。"
    assert [one for one in sentences(reading) if "得票" in one] == [told]


def test_a_row_may_be_the_heading_of_a_place():
    rows = [
        ["成果名称", "申报单位"],
        ["吉林省", ""],
        ["院落夜话", "长春市朝阳区民政局"],
        ["北京市（1项）", ""],
        ["楼道微花园", "朝阳区民政局"],
    ]
    reading = read("2019年获奖名单.csv", as_csv(rows))
    assert [(one.title.text, one.region_text.text) for one in reading.entries] == [
        ("院落夜话", "吉林省"),
        ("楼道微花园", "北京市"),
    ]


def test_who_recommended_an_entry_is_not_its_organization():
    rows = [["成果名称", "推荐单位", "指导单位"], ["院落夜话", "北京市民政局", "民政部"]]
    reading = read("2019年获奖名单.csv", as_csv(rows))
    assert reading.entries[0].organization_text is None
    assert "表中这些列没有读入：推荐单位、指导单位。" in sentences(reading)
    reason = "表里没有“申报单位”一列；若上面某一列就是成果的单位，请把列名改成“申报单位”。"
    assert reason in sentences(reading)


@pytest.mark.parametrize(
    ("head", "unread"),
    [
        (["成果名称", "报送单位"], None),
        (["成果名称", "主办单位"], None),
        (["成果名称", "报送单位", "推荐单位"], "推荐单位"),
    ],
)
def test_who_sent_an_entry_in_is_its_organization_if_the_table_names_no_other(head, unread):
    row = ["院落夜话", "北京市东城区民政局", "北京市民政局"][: len(head)]
    reading = read("2019年获奖名单.csv", as_csv([head, row]))
    assert reading.entries[0].organization_text.text == "北京市东城区民政局"
    told = [sentence for sentence in sentences(reading) if "列" in sentence]
    assert told == ([f"表中这些列没有读入：{unread}。"] if unread else [])


def test_who_sent_it_in_is_not_asked_beside_who_applied():
    head = ["成果名称", "申报单位", "报送单位"]
    row = ["院落夜话", "北京市东城区民政局", "北京市民政局"]
    reading = read("2019年获奖名单.csv", as_csv([head, row]))
    assert reading.entries[0].organization_text.text == "北京市东城区民政局"
    assert "表中这些列没有读入：报送单位。" in sentences(reading)

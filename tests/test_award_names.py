"""What a document calls its award: taken from it, never from another year."""

import pytest

from governance.announcements import read_text
from governance.announcements.entries.award_names import award_name_in

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("“2015年度中国社区治理十大创新成果”及提名成果简介", "中国社区治理十大创新成果"),
        ("2016年度中国社区治理十大创新成果揭晓", "中国社区治理十大创新成果"),
        ("关于公布2018年度全国社区治理创新成果名单的通知", "全国社区治理创新成果"),
        ("关于2018年度社区治理创新成果评选结果的公告", "社区治理创新成果"),
        ("2018年度社區治理創新成果公佈", "社區治理創新成果"),
        ("2017年度社区治理创新成果入选名单", "社区治理创新成果"),
        ("二〇一九年度社区治理创新成果", "社区治理创新成果"),
        ("第三届全国社区治理创新成果提名成果名单", "全国社区治理创新成果"),
        ("2024年全国社会工作与基层治理创新案例", "全国社会工作与基层治理创新案例"),
        ("民政部办公厅关于公布全国基层治理创新典型案例的通知", "全国基层治理创新典型案例"),
        ("社区治理十佳案例（共10个）", "社区治理十佳案例"),
        (
            "“联动融合协同治理——珠海市域社会治理创新项目培育行动”入围名单网络投票结果",
            "珠海市域社会治理创新项目培育行动",
        ),
        ("以人民为中心--社区微更新计划获奖名单", "社区微更新计划"),
        ("获奖名单", ""),
        ("2017年度获奖成果名单", ""),
        ("社区治理创新获奖成果", ""),
        ("优秀案例获奖名单", ""),
        ("一等奖", ""),
        ("", ""),
    ],
)
def test_it_takes_the_name_from_a_title(title, name):
    assert award_name_in(title) == name


def test_it_takes_the_name_from_what_stands_below_a_title_only_after_a_year():
    preamble = "为推广经验，民政部开展了2017年度中国社区治理创新成果评选活动，现予公布。"
    assert award_name_in("获奖名单", [preamble]) == "中国社区治理创新成果"
    assert award_name_in("获奖名单", ["现将社区治理创新成果予以公布。"]) == ""
    heading = "一、2017年度中国社区治理十大创新成果"
    assert award_name_in("获奖名单", ["各单位：", heading]) == "中国社区治理十大创新成果"


def test_it_is_told_by_a_reading():
    entry = "1.“院落夜话”（江苏省太仓市民政局）\n"
    assert read_text(f"2018年社区治理创新成果名单\n{entry}").document.award == "社区治理创新成果"
    assert read_text(f"获奖名单\n{entry}").document.award == ""

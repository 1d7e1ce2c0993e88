"""Entries as forms: lines with labels, 案例名称：…, 申报单位：…, which a page may have broken."""

import pytest

from governance.announcements import read_text

pytestmark = pytest.mark.once

HEAD = "2019年度社区治理优秀案例名单\n"
TITLE = "“邻里议事厅”推动老旧小区居民自治的实践与探索"
BODY = "江苏省苏州市太仓市城厢镇人民政府"
SUMMARY = "太仓市推行邻里议事厅，居民每周商量一次小区里的事。"
FORM = "案例名称：{title}\n申报单位：{body}\n案例简介：{summary}\n"
OTHER = FORM.format(title="“院落夜话”", body="江苏省太仓市民政局", summary="居民在院落里围坐夜话。")


def broken(text, at):
    return f"{text[:at]}\n{text[at:]}"


def entries(text):
    reading = read_text(text)
    assert reading.unread == []
    found = [
        (one.title.text, one.organization_text.text, one.summary and one.summary.text)
        for one in reading.entries
    ]
    return found, [str(remark.sentence) for remark in reading.remarks]


@pytest.mark.parametrize("at", [3, 8, 12, 18, 21])
def test_a_title_goes_on_until_the_next_field(at):
    text = HEAD + FORM.format(title=broken(TITLE, at), body=BODY, summary=SUMMARY) + OTHER
    (first, second), remarks = entries(text)
    assert first[:2] == (TITLE, BODY)
    assert second[:2] == ("“院落夜话”", "江苏省太仓市民政局")
    assert any("换行不是段落的结尾" in sentence for sentence in remarks)


@pytest.mark.parametrize("at", [10, 12, 13, 14])
@pytest.mark.parametrize("label", ["申报单位", "完成单位", "申报主体"])
def test_a_body_goes_on_where_it_is_none_by_itself(at, label):
    form = FORM.format(title=TITLE, body=broken(BODY, at), summary=SUMMARY)
    (first, _second), _remarks = entries(HEAD + form.replace("申报单位", label) + OTHER)
    assert first[:2] == (TITLE, BODY)


@pytest.mark.parametrize(
    "form", ["1.{title}\n申报单位：{body}\n", "一、项目名称：{title}\n实施单位：{body}\n"]
)
def test_a_list_with_labels_is_no_other_case(form):
    text = HEAD + form.format(title="“院落夜话”", body=broken(BODY, 13))
    text += form.format(title=TITLE, body="江苏省太仓市民政局、\n太仓市沙溪镇人民政府").replace(
        "1.", "2."
    )
    found, _remarks = entries(text.replace("一、", "二、").replace("二、", "一、", 1))
    assert [body for _title, body, _summary in found] == [
        BODY,
        "江苏省太仓市民政局、太仓市沙溪镇人民政府",
    ]


@pytest.mark.parametrize("below", ["居民议事，共建共治", SUMMARY, "每月一次"])
def test_a_summary_without_a_label_is_not_the_end_of_a_body(below):
    text = f"{HEAD}1.“院落夜话”\n申报单位：{BODY}\n{below}\n2.“楼道茶座”\n申报单位：江苏省太仓市民政局\n"
    found, remarks = entries(text)
    assert found[0] == ("“院落夜话”", BODY, below)
    assert not any("换行" in sentence for sentence in remarks)

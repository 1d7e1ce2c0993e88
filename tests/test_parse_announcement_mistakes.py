"""The command parse_announcement: files that it does not take, and does not overwrite."""

import pytest

from governance.announcements import read_text
from governance.announcements.award import announced_year
from governance.intake import parsing
from governance.intake.parse_report import problems
from governance.models import Region

from .helpers.announced import region_table
from .test_parse_announcement import NEW_YEAR, document, run

pytestmark = pytest.mark.django_db

__all__ = ["document"]


def test_it_asks_for_a_title_where_nothing_is_one(document):
    award = announced_year(
        read_text("一、获奖成果\n1.“院落夜话”（江苏省太仓市民政局）\n"),
        2016,
        "2016",
        region_table(),
    )
    assert list(problems(award)) == [
        "文件没有标题；请在第一行写上标题，如“2016年度中国社区治理十大创新成果名单”。"
    ]


def test_it_refuses_what_loading_would_refuse(document):
    long = "院" * 101
    text = NEW_YEAR.format(more=f"3.“{long}”议事（江苏省太仓市民政局）\n")
    objects, report, code = run(document(text))
    assert (objects, code) == (None, 1)
    assert "成果 2016-w03" in report
    assert "简称" in report
    assert "有 1 处未定" in report


def test_it_never_overwrites_another_file(document, tmp_path):
    output = tmp_path / "2016.yaml"
    output.write_text("# 工作人员的标注\n", encoding="utf-8")
    path = document(NEW_YEAR.format(more=""))
    _objects, report, code = run(path, output=output)
    assert code == 1
    assert "已经存在，内容不同，没有改动它" in report
    assert output.read_text(encoding="utf-8") == "# 工作人员的标注\n"
    output.unlink()
    assert [run(path, output=output)[2], run(path, output=output)[2]] == [0, 0]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("content", "name", "year", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "公告.doc", 2016, "另存为 .docx"),
        (
            "关于开展评选的通知\n请各地申报。\n",
            "公告.txt",
            2016,
            "公告.txt：文件中没有找到成果列表",
        ),
        (NEW_YEAR, "公告.txt", 1890, "年度应在 1999 与 2100 之间，不是 1890。"),
    ],
)
def test_it_refuses_with_a_sentence(document, content, name, year, sentence):
    objects, report, code = run(document(content, name), year)
    assert (objects, code) == (None, 1)
    assert sentence in report


def test_it_says_that_a_file_is_missing_or_cannot_be_written(document, tmp_path):
    assert "打不开文件" in run(tmp_path / "没有.txt")[1]
    nowhere = tmp_path / "没有这个目录" / "2016.yaml"
    assert "写不了文件" in run(document(NEW_YEAR.format(more="")), output=nowhere)[1]


def test_it_says_that_the_region_table_is_missing(document, monkeypatch):
    path = document(NEW_YEAR.format(more=""))
    with monkeypatch.context() as without_rows:
        without_rows.setattr(parsing.Region, "objects", Region.objects.none())
        assert_missing(run(path))
    monkeypatch.setattr(parsing.Region._meta, "db_table", "governance_nothing")
    assert_missing(run(path))


def assert_missing(result):
    objects, report, code = result
    assert (objects, code) == (None, 1)
    assert "数据库里没有行政区划表" in report
    assert "manage.py prepare" in report


def test_it_tells_a_place_alone_as_whole_and_a_body_that_is_open_as_open(document):
    """A place without a body is no failure: the report and the exit say the same."""
    head = "2016年度社区治理实验区名单\n"
    _objects, report, code = run(document(head + "1.江苏省太仓市：探索三社联动\n"))
    assert code == 0
    assert "地区：江苏省/苏州市/太仓市 320585　机构：无（原文只写了地区）" in report
    assert "未定" not in report
    _objects, report, code = run(document(head + "1.“议事会”（江苏省太仓市某某小组）\n"))
    assert code == 1
    assert "机构：未定" in report

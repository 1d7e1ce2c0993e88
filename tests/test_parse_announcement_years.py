"""The command parse_announcement: of which year a document is, and documents of several."""

import pytest

from governance import loading
from governance.models import Achievement
from governance.readable_yaml import dump

from .test_parse_announcement import NEW_YEAR, document, fields_of, run, text_of_2015

pytestmark = pytest.mark.django_db

__all__ = ["document", "text_of_2015"]


def test_it_refuses_a_document_that_names_only_another_year(document, text_of_2015):
    objects, report, code = run(document(text_of_2015), 2016)
    assert (objects, code) == (None, 1)
    assert "公告.txt：文件写的是 2015 年度，没有 2016 年度的成果。" in report
    without = NEW_YEAR.format(more="").replace("2016年度", "")
    assert run(document(without), 2017)[2] == 0


SEVERAL = """\
中国社区治理十大创新成果（2016—2017）
一、2016年度中国社区治理十大创新成果
1.“院落夜话”议事项目（江苏省太仓市沙溪镇人民政府）
2.“红色物业”（成都市锦江区民政局）
二、2017年度中国社区治理十大创新成果
1.“楼门自治”（江苏省太仓市沙溪镇人民政府）
"""


def test_several_years_become_several_award_years(document, tmp_path):
    objects, report, code = run(document(SEVERAL), None)
    assert code == 0, report
    years = fields_of(objects, "awardyear")
    assert [each["year"] for each in years] == [2016, 2017]
    assert {each["text"] for each in years} == {SEVERAL}
    codes = [each["code"] for each in fields_of(objects, "achievement")]
    assert codes == ["2016-w01", "2016-w02", "2017-w01"]
    assert len(fields_of(objects, "organization")) == 2
    assert len(fields_of(objects, "region")) == 1
    assert "没有读入" not in report
    loading.load([loading.FixtureFile("x.yaml", dump(objects).encode())])
    assert Achievement.objects.filter(award_year__year__in=(2016, 2017)).count() == 3


def test_one_of_several_years_can_be_picked(document):
    objects, report, code = run(document(SEVERAL), 2017)
    assert code == 0
    (entry,) = fields_of(objects, "achievement")
    assert (entry["code"], entry["title"]) == ("2017-w01", "“楼门自治”")
    assert "文件里还有 2016 年度的 2 项成果，2017 年度没有读入它们。" in report
    assert fields_of(objects, "awardyear")[0]["text"] == SEVERAL
    assert "文件写的是 2016、2017 年度，没有 2015 年度的成果。" in run(document(SEVERAL), 2015)[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "获奖名单\n1.“院落夜话”（江苏省太仓市民政局）\n",
            "文件没有写明年度，看不出是哪一年度的成果",
        ),
        (
            "获奖名单（2016、2017年）\n1.“院落夜话”（江苏省太仓市民政局）\n",
            "文件写了几个年份（2016、2017），看不出是哪一年度的成果；请用 --year 写明。",
        ),
    ],
)
def test_it_asks_for_a_year_that_it_cannot_tell(document, text, sentence):
    objects, report, code = run(document(text), None)
    assert (objects, code) == (None, 1)
    assert sentence in report
    assert run(document(NEW_YEAR.format(more="")), None)[2] == 0

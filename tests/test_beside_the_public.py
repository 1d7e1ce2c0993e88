"""A document that tells of other entries of a public year takes the place of nothing that the public reads."""

import pytest

from governance import loading
from governance.index import current
from governance.intake import parsing
from governance.loading import FixtureFile
from governance.models import Achievement, AwardYear

pytestmark = pytest.mark.django_db

OTHERS = """2015年度中国社区治理十大创新成果增补名单

获奖成果
1.院落“夜话”议事（四川省成都市金牛区民政局）
居民围坐院落，逐项商定停车、绿化和垃圾分类。
2.“银发讲堂”进楼门（湖北省武汉市江汉区民政局）
退休教师轮流授课，楼门成了邻里学习的地方。
"""


def public():
    names = ("code", "rank", "title_offset", "summary_offset")
    return list(Achievement.objects.published().order_by("code").values_list(*names))


def test_ranks_places_and_text_of_the_public_stay():
    before, year = public(), AwardYear.objects.values().get(code="2015")
    digest = current().digest
    parsed = parsing.parse("增补.txt", OTHERS.encode(), 2015)
    (told, *_rest) = [str(one.sentence) for one in parsed.award.reading.remarks]
    assert told.startswith("2015 年度已公开 20 项，本文件没有其中多数：公告全文仍是库中那一份")
    loading.load([FixtureFile("增补.yaml", b"", objects=parsed.fixture)])
    assert public() == before
    assert AwardYear.objects.values().get(code="2015") == year
    new = Achievement.objects.filter(status="draft").order_by("rank")
    assert [(one.code, one.rank, one.title_offset) for one in new] == [
        ("2015-w12", 12, None),
        ("2015-w13", 13, None),
    ]
    assert current().digest == digest


def test_the_announcement_itself_is_read_with_its_places():
    text = AwardYear.objects.get(code="2015").text
    parsed = parsing.parse("公告.txt", text.encode(), 2015)
    rows = [row["fields"] for row in parsed.fixture if row["model"] == "governance.achievement"]
    assert len(rows) == 20
    assert all(row["title_offset"] is not None for row in rows)
    (year,) = [row["fields"] for row in parsed.fixture if row["model"] == "governance.awardyear"]
    assert year["text"] == text


def test_reading_it_again_changes_nothing():
    parsed = parsing.parse("增补.txt", OTHERS.encode(), 2015)
    loading.load([FixtureFile("增补.yaml", b"", objects=parsed.fixture)])
    again = parsing.parse("增补.txt", OTHERS.encode(), 2015)
    (report,) = loading.load([FixtureFile("增补.yaml", b"", objects=again.fixture)])
    assert report.changes == 0

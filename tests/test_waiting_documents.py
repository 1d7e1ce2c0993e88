"""A document that waits says nothing of what staff fill in meanwhile: of what is there, only which it is."""

import pytest

from governance import loading
from governance.intake import parsing
from governance.models import Award, AwardYear, Load, Organization, Region

from .helpers.browser import form_data
from .helpers.loads import address, choose, newest, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]

DOCUMENT = """%(year)s年度中国社区治理十大创新成果名单
一、十大创新成果
1.“%(name)s”（江苏省太仓市民政局）
太仓市推行%(name)s。
"""
UNNAMED = "获奖名单\n1.“%(name)s”（江苏省太仓市民政局）\n太仓市推行%(name)s。\n"
BODY = "太仓市民政局"


def parsed(year, name, document=DOCUMENT):
    """A fixture made of a document, not loaded yet."""
    objects = parsing.parse_text(document % {"year": year, "name": name}, year).fixture
    return loading.FixtureFile(f"{year}.yaml", b"", objects)


def differing(report):
    return [(one.outcome, one.key, one.field) for one in report.details]


def staff_write():
    Award.objects.filter(prefix="").update(
        name="社区治理创新奖",
        description="由研究会评选。",
        issuer="研究会",
        winner_label="获奖成果",
    )
    Organization.objects.filter(name=BODY).update(
        short_name="太仓民政", name_en="Taicang Civil Affairs Bureau", kind="other",
        level="prefecture", region=Region.objects.get(code="320500"), slug="taicang",
    )  # fmt: skip


def assert_as_staff_wrote():
    award, body = Award.objects.get(prefix=""), Organization.objects.get(name=BODY)
    assert (award.name, award.description) == ("社区治理创新奖", "由研究会评选。")
    assert (award.issuer, award.winner_label) == ("研究会", "获奖成果")
    assert (body.short_name, body.name_en) == ("太仓民政", "Taicang Civil Affairs Bureau")
    assert (body.kind, body.level, body.region.code) == ("other", "prefecture", "320500")
    assert body.slug == "taicang"


def test_it_takes_back_no_words_of_staff_that_another_document_has_met():
    loading.load([parsed(2011, "院落夜话")])
    waiting = parsed(2012, "楼道茶座")
    staff_write()
    # This one is read and loaded after staff have written.
    loading.load([parsed(2013, "街坊百事堂")])
    (report,) = loading.load([waiting])
    assert_as_staff_wrote()
    assert differing(report) == []


def test_nor_does_a_preview_that_waits(staff_client):
    upload(staff_client, DOCUMENT % {"year": 2011, "name": "院落夜话"}, 2011)
    choose(staff_client, load="1")
    upload(staff_client, DOCUMENT % {"year": 2012, "name": "楼道茶座"}, 2012)
    waiting = newest()
    staff_write()
    upload(staff_client, DOCUMENT % {"year": 2013, "name": "街坊百事堂"}, 2013)
    choose(staff_client, load="1")
    url = address(waiting)
    staff_client.post(url, form_data(staff_client.get(url), "choices_form") | {"load": "1"})
    assert Load.objects.get(pk=waiting.pk).state == "loaded"
    assert_as_staff_wrote()


def test_nor_do_choices_that_were_kept_with_it(staff_client):
    text = DOCUMENT % {"year": 2012, "name": "楼道茶座"}
    upload(staff_client, text, 2012)
    choose(staff_client, load="1", **{"award-issuer": "研究会"})
    upload(staff_client, text, 2012)
    waiting = newest()
    choose(staff_client)
    AwardYear.objects.filter(code="2012").update(issuer="社区治理研究会")
    upload(staff_client, text, 2012)
    choose(staff_client, load="1")
    url = address(waiting)
    staff_client.post(url, form_data(staff_client.get(url), "choices_form") | {"load": "1"})
    assert Load.objects.get(pk=waiting.pk).state == "loaded"
    assert AwardYear.objects.get(code="2012").issuer == "社区治理研究会"


def test_a_year_keeps_what_its_award_was_called_if_the_document_does_not_say_it():
    loading.load([parsed(2012, "楼道茶座", UNNAMED)])
    assert AwardYear.objects.get(code="2012").name == "中国社区治理十大创新成果"
    waiting = parsed(2012, "楼道茶座", UNNAMED)
    AwardYear.objects.filter(code="2012").update(name="社区治理创新成果")
    loading.load([parsed(2012, "楼道茶座", UNNAMED)])
    (report,) = loading.load([waiting])
    assert AwardYear.objects.get(code="2012").name == "社区治理创新成果"
    assert differing(report) == []


def test_what_is_gone_when_it_is_loaded_is_said_in_one_sentence():
    (first,) = loading.load([parsed(2011, "院落夜话")])
    waiting = parsed(2012, "楼道茶座")
    loading.undo(first.load)
    assert not Organization.objects.filter(name=BODY).exists()
    with pytest.raises(loading.Invalid) as raised:
        loading.load([waiting])
    (problem,) = raised.value.problems
    assert (
        f"没有 机构 {BODY}，文件也只写了它叫什么；请重新读取公告，或在文件中写全它的内容。"
        in str(problem)
    )
    loading.load([parsed(2012, "楼道茶座")])
    assert Organization.objects.get(name=BODY).short_name == BODY

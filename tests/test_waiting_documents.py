"""A document that waits says nothing of what staff fill in meanwhile: of what is there, only which it is."""

import pytest

from governance import loading
from governance.intake import parsing
from governance.models import Achievement, Award, AwardYear, Load, Organization, Region

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
    text = document % {"year": year, "name": name}
    objects = parsing.parse("a.txt", text.encode(), year).fixture
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


def test_nor_does_a_preview_bring_back_a_region_that_staff_have_corrected(staff_client):
    """Of several that the words may mean, the preview takes the one that the record has: as of now."""
    text = (DOCUMENT % {"year": 2012, "name": "楼道茶座"}).replace(
        "江苏省太仓市民政局", "鼓楼区民政局"
    )
    upload(staff_client, text, 2012)
    choose(staff_client, load="1", **{"2012-w01-region": "320106:1999"})
    # Without the choice of the last load, which a person has made: as the record has it.
    Load.objects.update(choices=None)
    upload(staff_client, text, 2012)
    waiting = newest()
    entry = Achievement.objects.get(code="2012-w01")
    entry.region = Region.objects.get(code="350102", valid_to=None)
    entry.save()
    upload(staff_client, text, 2012)
    choose(staff_client, load="1")
    url = address(waiting)
    staff_client.post(url, form_data(staff_client.get(url), "choices_form") | {"load": "1"})
    assert Load.objects.get(pk=waiting.pk).state == "loaded"
    entry.refresh_from_db()
    assert entry.region.code == "350102"


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


AWARDS = """%(year)s年度%(name)s名单
一等奖
1.“%(entry)s”（江苏省太仓市民政局）
太仓市推行%(entry)s。
"""
# The same initials; the same sound; and both of another year than the first.
ALIKE = [
    ("社区治理优秀案例", "社区自理优先案例", 2019),
    ("苏州市社区治理优秀案例", "宿州市社区治理优秀案例", 2019),
    ("苏州市社区治理优秀案例", "宿州市社区治理优秀案例", 2020),
]


def of_new_award(name, year, entry):
    text = AWARDS % {"year": year, "name": name, "entry": entry}
    objects = parsing.parse("a.txt", text.encode(), year)
    return loading.FixtureFile(f"{name}.yaml", b"", objects.fixture)


def assert_apart(first, second):
    awards = {one.name: one for one in Award.objects.filter(name__in=(first, second))}
    assert len(awards) == 2
    for name, entry in ((first, "院落夜话"), (second, "楼道茶座")):
        (year,) = awards[name].years.all()
        assert (year.name, year.code) == (name, awards[name].year_code(year.year))
        (achievement,) = year.achievements.all()
        assert (achievement.code, achievement.short_name) == (f"{year.code}-w01", entry)
        assert achievement.organizations.count() == 1
    assert awards[first].prefix != awards[second].prefix


@pytest.mark.parametrize(("first", "second", "year"), ALIKE)
def test_new_awards_that_wait_get_addresses_apart(first, second, year):
    files = [of_new_award(first, 2019, "院落夜话"), of_new_award(second, year, "楼道茶座")]
    assert files[0].objects != files[1].objects
    loading.load(files[:1])
    loading.load(files[1:])
    assert_apart(first, second)
    # Each is known again though its file still says what both said.
    for report in loading.load(files):
        assert (report.changes, differing(report)) == (0, [])


@pytest.mark.parametrize(("first", "second", "year"), ALIKE)
def test_so_do_those_of_previews(first, second, year, staff_client):
    upload(staff_client, AWARDS % {"year": 2019, "name": first, "entry": "院落夜话"}, 2019)
    before = newest()
    upload(staff_client, AWARDS % {"year": year, "name": second, "entry": "楼道茶座"}, year)
    choose(staff_client, load="1")
    assert newest().state == "loaded"
    url = address(before)
    fields = form_data(staff_client.get(url), "choices_form")
    page = staff_client.post(url, fields | {"load": "1"}, follow=True)
    before.refresh_from_db()
    assert before.state == "loaded"
    assert_apart(first, second)
    # Its page lists the entry under the code that it has.
    assert Achievement.objects.get(short_name="院落夜话").code in page.content.decode()
    assert before.scope == AwardYear.objects.get(award__name=first).code


def test_a_first_award_that_waits_beside_another_gets_a_prefix():
    Achievement.objects.all().delete()
    AwardYear.objects.all().delete()
    Award.objects.all().delete()
    files = [
        of_new_award("社区治理优秀案例", 2019, "院落夜话"),
        of_new_award("珠海市社会治理创新项目", 2019, "楼道茶座"),
    ]
    loading.load(files)
    assert dict(Award.objects.values_list("name", "prefix")) == {
        "社区治理优秀案例": "",
        "珠海市社会治理创新项目": "zhsshzlc",
    }
    codes = Achievement.objects.values_list("code", flat=True)
    assert set(codes) == {"2019-w01", "zhsshzlc-2019-w01"}


def test_it_is_of_the_award_that_staff_have_made_of_this_name_meanwhile(staff_client):
    upload(
        staff_client, AWARDS % {"year": 2019, "name": "社区治理优秀案例", "entry": "院落夜话"}, 2019
    )
    waiting = of_new_award("社区治理优秀案例", 2020, "楼道茶座")
    award = Award.objects.create(slug="cases", prefix="yxal", name="社区治理优秀案例")
    choose(staff_client, load="1")
    loading.load([waiting])
    assert [year.code for year in award.years.order_by("year")] == ["yxal-2019", "yxal-2020"]
    assert Award.objects.filter(name="社区治理优秀案例").count() == 1
    assert Load.objects.get(kind="document").scope == "yxal-2019"


def test_a_fixture_that_renames_an_award_is_of_that_award():
    loading.load([of_new_award("社区治理优秀案例", 2019, "院落夜话")])
    award = Award.objects.get(name="社区治理优秀案例")
    fields = {
        "slug": award.slug,
        "prefix": award.prefix,
        "name": "社区治理样板",
        "issuer": "研究会",
    }
    row = {"model": "governance.award", "fields": fields}
    loading.load([loading.FixtureFile("a.json", b"", [row])])
    award.refresh_from_db()
    assert (award.name, award.issuer) == ("社区治理样板", "研究会")

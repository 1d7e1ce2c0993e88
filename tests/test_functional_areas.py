"""Areas that the standard never listed get a code of ours when an entry needs one, and their first year is asked."""

import pytest
import yaml
from django.core.management import CommandError, call_command

from governance.intake import parsing
from governance.models import Achievement, Organization, Region
from governance.readable_yaml import dump

from .helpers.browser import form_data
from .helpers.loads import address, card, choose, said, upload
from .test_parse_announcement import document, fields_of, run

__all__ = ["document"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]

HEAD = "2018年度中国社区治理十大创新成果名单\n一、十大创新成果\n"
XIONGAN = HEAD + (
    "1.“一站式”（河北雄安新区管委会）\n推行。\n2.“邻里中心”（雄安新区党工委、管委会）\n推行。\n"
)
SINCE = [("130000-FA01", 2017)]


def candidates(organization, year=2018):
    text = f"{HEAD}1.“议事”（{organization}）\n推行。\n".replace("2018", str(year))
    (entry,) = parsing.parse("公告.txt", text.encode(), year).award.entries
    return [each.region.code for each in entry.resolution.candidates]


@pytest.mark.parametrize(
    ("organization", "codes"),
    [
        ("吉林省长白山管委会", ["220000-FA01"]),
        ("长白山保护开发区管委会", ["220000-FA01"]),
        ("河北雄安新区管委会", ["130000-FA01"]),
        ("四川天府新区管委会", ["510100-FA01"]),
        ("四川省成都市天府新区管委会", ["510100-FA01"]),
        ("陕西省西咸新区沣东新城管委会", ["610000-FA01"]),
        ("河北省130000-FA01", ["130000-FA01"]),
        # What the table has is not what only sounds like it.
        ("吉林省长白县政府", ["220623"]),
        ("雄安新区容城县民政局", ["130000-FA01", "130629"]),
        ("深圳市坪山新区管委会", ["440300-FA01"]),
    ],
)
def test_it_finds_them_and_never_the_nearest_county(organization, codes):
    year = 2015 if "坪山" in organization else 2018
    assert candidates(organization, year) == codes


def test_it_asks_for_the_first_year(document):
    objects, report, code = run(document(XIONGAN), 2018)
    assert (objects, code) == (None, 1)
    assert "地区：河北省/雄安新区 130000-FA01　机构：未定" in report
    assert "它始于哪一年？请查明，再以 --since 130000-FA01=年份 告知。" in report


def test_with_its_first_year_the_file_loads_and_the_next_one_asks_no_more(document, tmp_path):
    objects, report, code = run(document(XIONGAN), 2018, since=SINCE)
    assert code == 0, report
    (region,) = fields_of(objects, "region")
    assert (region["code"], region["valid_from"], region["parent"]) == (
        *("130000-FA01", 2017),
        ["130000", 1999],
    )
    path = tmp_path / "2018.yaml"
    path.write_text(dump(objects), encoding="utf-8")
    call_command("load_awards", str(path), verbosity=0)
    entry = Achievement.objects.get(code="2018-w02")
    assert entry.region.full_name == "河北省雄安新区"
    assert {one.name for one in entry.organizations.all()} == {
        "中国共产党河北省雄安新区工作委员会",
        "河北省雄安新区管理委员会",
    }
    objects, report, code = run(document(XIONGAN.replace("2018", "2019")), 2019)
    assert code == 0, report
    assert fields_of(objects, "region") == []


def test_it_leaves_what_it_does_not_know_open(document):
    objects, _report, code = run(document(XIONGAN), 2018, partial=True)
    assert code == 1
    assert fields_of(objects, "achievement")[0]["region"] is None
    assert fields_of(objects, "region") == fields_of(objects, "organization") == []
    assert yaml.safe_load(dump(objects)) == objects


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("130000-FA01=去年", "里没有年份；应如 130000-FA01=2017"),
        ("130000-FA01", "里没有年份；应如 130000-FA01=2017"),
        ("130000-FA09=2017", "不是本库备有代码的功能区"),
    ],
)
def test_it_refuses_a_first_year_that_is_none(document, words, sentence):
    path = str(document(XIONGAN))
    with pytest.raises(CommandError, match=sentence):
        call_command("parse_announcement", path, "--year", "2018", "--since", words)


def bring(client, text=XIONGAN, year=2018):
    upload(client, text, year)
    return client.get(address())


def test_the_preview_asks_and_the_load_makes_the_region(staff_client):
    page = bring(staff_client)
    assert "它始于哪一年？" in card(page, "2018-w01")
    assert "国标区划表里没有的功能区" in said(page)
    assert "2 项：功能区始于哪一年 " in said(page)
    page = choose(staff_client, **{"2018-w01-since": "2017"})
    # Said of one entry, known of all.
    assert 'name="2018-w02-since" value="2017"' in page.content.decode()
    assert "2 项：功能区始于哪一年（已选定 2 项）" in said(page)
    assert "河北省雄安新区管理委员会" in card(page, "2018-w02")
    choose(staff_client, load="1")
    (region,) = Region.objects.filter(code="130000-FA01")
    assert (region.valid_from, region.parent.name) == (2017, "河北省")
    assert set(Achievement.objects.filter(award_year__year=2018).values_list("region")) == {
        (region.pk,)
    }
    assert Organization.objects.get(name="河北省雄安新区管理委员会").region == region


def test_without_a_first_year_the_region_stays_open(staff_client):
    bring(staff_client)
    choose(staff_client, load="1")
    assert not Region.objects.filter(code="130000-FA01").exists()
    assert Achievement.objects.get(code="2018-w01").region is None
    assert Achievement.objects.get(code="2018-w01").organizations.count() == 0


def test_two_years_that_wait_make_one_region(staff_client):
    bring(staff_client, XIONGAN.replace("2018", "2019"), 2019)
    waiting = address()
    choose(staff_client, **{"2019-w01-since": "2018"})
    bring(staff_client)
    choose(staff_client, **{"2018-w01-since": "2017"})
    choose(staff_client, load="1")
    sent = form_data(staff_client.get(waiting), "choices_form") | {"load": "1"}
    staff_client.post(waiting, sent, follow=True)
    assert Achievement.objects.get(code="2019-w01").region.code == "130000-FA01"
    assert [one.valid_from for one in Region.objects.filter(code="130000-FA01")] == [2017]


def test_a_year_before_the_tables_is_refused(staff_client):
    bring(staff_client)
    page = choose(staff_client, **{"2018-w01-since": "1800"})
    assert "1999" in card(page, "2018-w01")

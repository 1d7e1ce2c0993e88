"""Load an award year in the admin: a region that was not recognized, or wrongly."""

import pytest

from governance.intake import region_labels, regions_named
from governance.models import Achievement

from .helpers.browser import form_data
from .helpers.loads import address, card, choose, newest, said, staff_with, upload
from .helpers.new_year import ANNOUNCEMENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]

# A body whose name is the same wherever one says that it is.
PARK = ANNOUNCEMENT.replace("江苏省太仓市沙溪镇人民政府", "江苏省苏州工业园区管理委员会")


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("320585", ["320585"]),
        ("太仓市", ["320585"]),
        ("太仓", ["320585"]),
        ("江苏太仓", ["320585"]),
        ("江苏省/苏州市/太仓市 320585", ["320585"]),
        ("江苏省苏州市太仓市", ["320585"]),
        ("鼓楼区", ["320106", "320302", "350102", "410204"]),
        ("南京市鼓楼区", ["320106"]),
        ("浙江省太仓市", []),
        ("没有这个地方", []),
        ("999999", []),
        ("，", []),
    ],
)
def test_it_knows_regions_by_code_and_by_name(words, codes):
    assert sorted(one.code for one in regions_named(words, 2016)) == codes


def test_it_knows_them_as_they_were_in_the_year():
    assert [one.code for one in regions_named("即墨", 2010)] == ["370282"]
    assert [one.name for one in regions_named("即墨", 2020)] == ["即墨区"]


def test_it_offers_the_regions_of_the_year(staff_client):
    upload(staff_client)
    offered = staff_client.get(address(view="regions")).json()["regions"]
    assert "江苏省苏州市太仓市 320585" in offered
    assert offered == region_labels(2016)
    assert staff_with("view_load").get(address(view="regions")).status_code == 403


def test_it_takes_what_was_typed_though_nothing_was_ticked(staff_client):
    upload(staff_client)
    page = choose(staff_client, **{"2016-w01-region_typed": "昆山市"})
    assert "江苏省苏州市昆山市 320583" in card(page, "2016-w01")
    choose(staff_client, load="1")
    assert Achievement.objects.get(code="2016-w01").region.code == "320583"


@pytest.mark.parametrize("ticked", [{}, {"2016-w03-region": "other"}])
def test_it_says_that_there_is_no_such_region(staff_client, ticked):
    upload(staff_client)
    page = choose(staff_client, **{"2016-w03-region_typed": "999999"}, **ticked)
    assert "区划表里没有 2016 年的“999999”" in card(page, "2016-w03")
    assert "没有保存，也没有装入" in said(page)
    assert newest().choices is None


def test_it_shows_all_regions_that_a_name_may_mean(staff_client):
    upload(staff_client)
    fields = {"2016-w01-region_typed": "鼓楼区", "2016-w01-mechanisms": ["deliberation"]}
    page = choose(staff_client, **fields)
    words = card(page, "2016-w01")
    assert "“鼓楼区”可能是以下 4 个地区，请勾选一个。" in words
    assert "江苏省徐州市鼓楼区 320302" in words
    sent = form_data(page, "choices_form")
    assert sent["2016-w01-mechanisms"] == ["deliberation"]
    staff_client.post(address(), sent | {"2016-w01-region": "320302:1999", "load": "1"})
    assert Achievement.objects.get(code="2016-w01").region.code == "320302"


def test_it_refuses_a_region_that_is_none(staff_client):
    upload(staff_client)
    page = choose(staff_client, **{"2016-w01-region": "999999:1999"})
    assert "999999:1999" in card(page, "2016-w01")
    assert newest().choices is None


def test_it_refuses_one_ticked_and_another_typed(staff_client):
    upload(staff_client)
    fields = {"2016-w03-region": "320106:1999", "2016-w03-region_typed": "太仓市"}
    assert "既勾选了一个地区，又填了“太仓市”；请只留一样。" in card(
        choose(staff_client, **fields), "2016-w03"
    )
    fields |= {"2016-w03-region_typed": "鼓楼区"}
    choose(staff_client, **fields)
    assert newest().choices["entries"]["2016-w03"]["region"] == "320106:1999"


def test_it_asks_which_other_region_is_meant(staff_client):
    upload(staff_client)
    page = choose(staff_client, **{"2016-w03-region": "other"})
    assert "请填写地区的名称或代码" in card(page, "2016-w03")


def test_it_keeps_the_organizations_beside_another_region(staff_client):
    upload(staff_client, PARK)
    page = choose(staff_client, **{"2016-w01-region_typed": "320506"})
    words = card(page, "2016-w01")
    assert "江苏省苏州市吴中区 320506" in words
    assert "苏州工业园区管理委员会" in words
    assert "所选地区不是从机构文字里认出的" in words
    assert "没有认出" not in words
    # Once more, with nothing changed.
    choose(staff_client, load="1")
    entry = Achievement.objects.get(code="2016-w01")
    assert entry.region.code == "320506"
    assert [one.name for one in entry.organizations.all()] == ["苏州工业园区管理委员会"]


def test_it_says_that_the_text_names_no_body_of_that_region(staff_client):
    upload(staff_client)
    page = choose(staff_client, **{"2016-w03-region_typed": "太仓市"})
    assert "所选的地区里没有认出机构；原文照留" in card(page, "2016-w03")


def test_it_remembers_unticked_organizations_when_the_region_changes(staff_client):
    upload(staff_client)
    body = "杭州市上城区民政局"
    choose(staff_client, **{"2016-n01-organizations": [body]})
    choose(staff_client, **{"2016-n01-region_typed": "杭州市下城区"})
    fields = form_data(staff_client.get(address()), "choices_form")
    assert fields["2016-n01-organizations"] == [body]

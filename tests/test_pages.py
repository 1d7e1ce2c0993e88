"""The pages of regions, mechanisms, organizations and years, and those about the site."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from governance import index
from governance.models import Achievement, Coding, Mechanism, Organization, Region
from showcase.views.organizations import OrganizationList

from .helpers.pages import Page

pytestmark = pytest.mark.django_db


def test_home_says_how_much_there_is(client):
    page = Page(client, "/")
    assert f"20 项创新成果，{Coding.objects.count()} 条机制标注" in page.html
    assert "15 个省级地区有成果" in page.html


def test_organizations_come_in_pages_by_their_reading_with_their_entries(client, monkeypatch):
    monkeypatch.setattr(OrganizationList, "paginate_by", 10)
    pages = [Page(client, f"/organizations/?page={number}") for number in (1, 2, 3, 4)]
    rows = [row for page in pages for row in page.response.context_data["organizations"]]
    there = Organization.objects.order_by("pinyin", "name")
    assert [organization for organization, _count in rows] == list(there)
    for organization, count in rows:
        assert count == organization.achievements.count()
    assert ("下一页", "/organizations/?page=3") in pages[1].links
    assert ("上一页", "/organizations/?page=1") in pages[1].links
    assert client.get("/organizations/?page=5").status_code == 404


def test_home_shows_how_one_entry_is_read(client):
    """The first of the newest with five codings: their words are marked, and each mechanism is named."""
    page = Page(client, "/")
    entries = [Achievement.objects.get(code=card["code"]) for card in index.select().cards[:20]]
    entry = next(one for one in entries if one.codings.count() == 5)
    assert page.codes == [entry.code]
    for coding in entry.codings.all():
        assert (coding.mechanism.name, f"/mechanisms/{coding.mechanism.slug}/") in page.links


def test_home_leads_on_by_mechanism_region_and_year(client):
    page = Page(client, "/")
    count = len(index.select(field=["participation"]))
    assert (f"公众参与 {count}", "/achievements/?field=participation") in page.links
    mechanisms = {href for _text, href in page.links if href.startswith("/mechanisms/")}
    assert {f"/mechanisms/{one.slug}/" for one in Mechanism.objects.all()} <= mechanisms
    assert ("江苏 2", "/regions/320000/") in page.links
    assert ("2015年度 20", "/years/2015/") in page.links
    assert ("其中提名成果 9", "/achievements/?year=2015&tier=nominee") in page.links


def test_what_home_gives_as_an_example_finds_something(client):
    page = Page(client, "/")
    examples = [href for _text, href in page.links if "?q=" in href]
    assert len(examples) == 4
    assert all(Page(client, href).codes for href in examples)


def test_home_without_entries_is_a_page_all_the_same(client):
    Achievement.objects.all().delete()
    index.rebuild()
    page = Page(client, "/")
    assert page.heading == "各地怎样治理社区"
    assert page.codes == []


def test_a_region_page_shows_its_path_children_and_entries(client):
    page = Page(client, "/regions/320000/")
    assert page.heading == "江苏省"
    assert page.codes == ["2015-w01", "2015-n02"]
    assert ("苏州市 1", "/regions/320500/") in page.links
    assert "东部" in page.html


def test_a_code_stands_for_the_region_that_carries_it_now(client):
    page = Page(client, "/regions/130502/")
    assert page.heading == "襄都区"
    assert "桥东区" in page.html


def test_an_ended_code_stands_for_the_latest_that_carried_it(client):
    page = Page(client, "/regions/440300-FA01/")
    assert page.heading == "坪山新区"
    assert "2009–2017" in page.html
    assert ("坪山区", "/regions/440310/") in page.links


def test_a_region_without_entries_says_so(client):
    assert "尚未收录这里的成果" in Page(client, "/regions/710000/").html


def test_cases_come_first_on_the_page_of_a_region(client):
    headings = [text for text, _href in Page(client, "/regions/320000/").headings]
    assert headings[:3] == ["江苏省", "成果 2 项", "下级地区"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/regions/440310/", "“坪山新区”后来成为坪山区，它当时的成果也列在这里。"),
        ("/regions/360113/", "“红谷滩新区”后来成为红谷滩区，它当时的成果也列在这里。"),
        (
            "/en/regions/440310/",
            "later became Pingshan District; its innovations are listed here, too.",
        ),
        ("/regions/440300/", None),
        ("/regions/440300-FA01/", None),
    ],
)
def test_it_says_why_a_case_of_another_name_is_there(client, path, sentence):
    html = Page(client, path).html
    assert html.count('<p class="understood">') == bool(sentence)
    assert sentence is None or sentence in html


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("440310", "坪山区 2016 年列入区划代码，坪山新区沿用至 2017 年，其间两者并存。"),
        ("440300-FA01", "坪山区 2016 年列入区划代码，坪山新区沿用至 2017 年，其间两者并存。"),
        # A year of change belongs to both; 闸北区 joined what had long been there.
        ("360113", None),
        ("440311", None),
        ("310106", None),
    ],
)
def test_it_explains_years_that_a_place_shares_with_what_it_became(client, path, sentence):
    html = Page(client, f"/regions/{path}/").html
    assert ("其间两者并存" in html) == bool(sentence)
    assert sentence is None or sentence in html


def test_a_case_of_a_place_that_lies_elsewhere_today_is_explained(client):
    entry = Achievement.objects.get(code="2015-n08")
    entry.region = Region.objects.get(name="居巢区")
    entry.save()
    index.update([entry.pk])
    later = entry.region.successor
    assert "“居巢区”后来成为" in Page(client, later.get_absolute_url()).html
    above = Page(client, later.parent.get_absolute_url()).html
    assert f"“居巢区”如今在{later.parent.name}境内" in above


def test_mechanisms_stand_under_their_four_fields(client):
    headings = [text.split(" ")[0] for text, _href in Page(client, "/mechanisms/").headings]
    assert headings == ["机制", "治理体制", "公众参与", "公共服务", "支撑保障"]


def test_an_organization_page_gives_its_full_name_and_entries(client):
    organization = Organization.objects.get(name="中国共产党太仓市委员会")
    page = Page(client, organization.get_absolute_url())
    assert page.heading == "中共太仓市委员会"
    assert "中国共产党太仓市委员会" in page.html
    assert page.codes == ["2015-w01"]


def test_the_organizations_are_listed_by_reading(client):
    slugs = [href for _text, href in Page(client, "/organizations/").links if href.count("/") == 3]
    expected = [item.get_absolute_url() for item in Organization.objects.order_by("pinyin", "name")]
    assert [href for href in slugs if href.startswith("/organizations/")] == expected


def test_a_year_page_gives_tiers_and_the_document(client):
    page = Page(client, "/years/2015/")
    assert "十大创新成果 11" in [text for text, _href in page.headings]
    assert "提名成果 9" in [text for text, _href in page.headings]
    assert len(page.codes) == 20
    assert "一、2015年度中国社区治理十大创新成果" in page.html


def test_headings_above_several_are_plural_in_english(client):
    headings = [text for text, _href in Page(client, "/en/years/2015/").headings]
    assert {"Top-ten innovations 11", "Nominees 9"} < set(headings)


@pytest.mark.parametrize(
    "address",
    [
        "/nope/",
        "/regions/999999/",
        "/regions/江苏/",
        "/mechanisms/x/",
        "/organizations/x/",
        "/years/2014/",
        "/years/99999999999999999999/",
        "/fr/",
        "/zh-hans/",
    ],
)
def test_an_unknown_address_is_not_found(client, address):
    assert "页面不存在" in Page(client, address, status=404).html


@pytest.mark.parametrize(
    ("address", "section"),
    [
        ("/achievements/", "成果"),
        ("/achievements/2015-w01/", "成果"),
        ("/mechanisms/deliberation/", "机制"),
        ("/regions/320585/", "地区"),
        ("/organizations/wuhan-municipal-peoples-government/", "机构"),
        ("/years/2015/", "年度"),
        ("/awards/community-governance-innovation/", "年度"),
        ("/compare/", "比较"),
        ("/analysis/", "制表"),
        ("/about/data/", "关于本库"),
    ],
)
def test_the_navigation_says_under_what_a_page_stands(client, address, section):
    navigation = Page(client, address).html.partition('<nav id="menu"')[2].partition("</nav>")[0]
    assert re.findall('aria-current="true">([^<]+)<', navigation) == [section]


def test_an_unexpected_fault_ends_in_a_plain_page(monkeypatch):
    monkeypatch.setattr("showcase.views.about.About.get_context_data", lambda *a, **k: 1 / 0)
    response = Client(raise_request_exception=False).get("/about/")
    assert response.status_code == 500
    html = response.content.decode()
    assert "服务器遇到了意外的问题" in html
    # It looks like the site, and asks nothing for that but files which are there under these names.
    style, seal = sorted(re.findall(r'<link rel="\w+" href="/static/([^"]+)"', html))[::-1]
    assert all(map(finders.find, (style, seal)))


@pytest.mark.parametrize("address", ["/achievements/", "/nope/", "/api/achievements/"])
def test_nothing_is_sent_to_the_public_site(client, address):
    assert client.post(address, {"x": "1"}).status_code == 405

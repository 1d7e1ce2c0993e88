"""Two awards in view: pages, lists and the API tell them apart; with one, no page looks otherwise."""

import random
import re

import pytest

from governance import index
from governance.models import Achievement, Award, Region

from .helpers.browser import send
from .helpers.pages import Page
from .helpers.worlds import make_achievement
from .helpers.years import award_year

pytestmark = pytest.mark.django_db

NAME, DOCUMENT = "珠海市域社会治理创新项目", "珠海市域社会治理创新项目入围名单"


@pytest.fixture
def other():
    """Another award, with a winner and a nominee in 2015 and a winner in 2020; published."""
    award = Award.objects.create(
        slug="zhuhai", prefix="zhsj", name=NAME, issuer="珠海市委政法委", winner_label="优秀项目"
    )
    region = Region.objects.get(code="440400", valid_to=None)
    for year, letter in ((2015, "w"), (2015, "n"), (2020, "w")):
        one = award_year(year, "zhsj", name=NAME, document_title=DOCUMENT, edition="第三批")
        entry = make_achievement(random, (one, letter, 1), region)
        entry.title, entry.status, entry.grade = f"“海心花”{year}{letter}", "published", "一等奖"
        entry.save()
    index.rebuild()
    return award


def facets_of(client, query=""):
    html = client.get(f"/achievements/{query}").content.decode()
    return html.count('id="facet-award"'), html


def test_one_award_is_no_facet_and_no_dimension(client):
    shown, html = facets_of(client)
    assert shown == 0
    assert "十大创新成果" in html
    assert 'value="award"' not in client.get("/analysis/").content.decode()
    assert (
        client.get("/api/achievements/?award=community-governance-innovation").json()["count"] == 20
    )


def test_two_are_a_facet_and_a_dimension(client, other):
    shown, html = facets_of(client)
    assert shown == 1
    assert "?award=zhuhai" in html
    assert 'value="award"' in client.get("/analysis/").content.decode()
    table = client.get("/analysis.json?rows=award&columns=tier").json()
    assert {row["label"]: row["count"] for row in table["rows"]["values"]} == {
        "中国社区治理十大创新成果": 20,
        NAME: 3,
    }
    assert [column["label"] for column in table["columns"]["values"]] == ["获奖", "提名"]


def test_entries_are_called_as_any_award_has_them_unless_one_is_in_view(client, other):
    both = facets_of(client)[1]
    assert ">十大创新成果</span>" not in both
    assert ">获奖</span>" in both
    first = facets_of(client, "?award=community-governance-innovation")[1]
    assert ">十大创新成果</span>" in first
    assert ">获奖</span>" not in first
    second = facets_of(client, "?award=zhuhai&tier=winner")[1]
    assert ">优秀项目</span>" in second
    assert (
        Page(client, "/achievements/?award=zhuhai&tier=winner").heading
        == f"{NAME}，且优秀项目： 2 项"
    )
    assert "优秀项目" in client.get("/achievements/zhsj-2015-w01/").content.decode()
    assert "十大创新成果" in client.get("/achievements/2015-w01/").content.decode()
    english = client.get("/en/achievements/zhsj-2015-w01/").content.decode()
    assert "Winner" in english


def test_a_year_names_each_of_its_awards_once_and_no_result_that_nobody_had(client, other):
    Achievement.objects.filter(code="zhsj-2015-n01").update(status="draft")
    index.rebuild()
    page = Page(client, "/years/2015/")
    assert page.html.partition("<main")[2].count(f">{NAME}<") == 1
    assert "提名 0" not in page.html
    assert ">提名 " not in page.html
    listed = client.get("/years/").content.decode()
    assert "优秀项目 1" in listed
    assert "提名 0" not in listed


@pytest.mark.parametrize(
    "page",
    ["/achievements/", "/achievements/?view=table", "/regions/440400/"],
)
def test_an_entry_says_of_which_award_it_is_where_several_are_in_view(client, other, page):
    html = Page(client, page).html
    assert re.search(rf"获奖(</span>| )<span lang=\"zh-Hans\">一等奖</span>.{{0,30}}{NAME}", html)


def test_one_award_in_view_needs_no_name_beside_each_entry(client, other):
    html = facets_of(client, "?award=zhuhai")[1]
    assert re.search(
        r"优秀项目</span><span lang=\"zh-Hans\">一等奖</span><span class=\"code\">", html
    )
    Achievement.objects.filter(award_year__award=other).update(status="draft")
    index.rebuild()
    cards = facets_of(client)[1].split('<ol class="list')[1]
    assert "中国社区治理十大创新成果" not in cards.split("</ol>")[0]


def test_an_award_that_is_worded_otherwise_is_so_at_once(staff_client, client, other):
    assert ">优秀项目</span>" in facets_of(client, "?award=zhuhai")[1]
    change = f"/admin/governance/award/{other.pk}/change/"
    send(staff_client, change, "award_form", winner_label="年度项目", name="珠海治理项目")
    html = facets_of(client, "?award=zhuhai")[1]
    assert ">年度项目</span>" in html
    assert "珠海治理项目" in html
    assert ">优秀项目</span>" not in html


def test_a_former_address_of_an_award_leads_on(client, other):
    Award.objects.filter(pk=other.pk).update(slug="zhuhai-2")
    index.update(index.touched_by(other), named=True)
    answer = client.get("/awards/zhuhai/")
    assert (answer.status_code, answer["Location"]) == (301, "/awards/zhuhai-2/")
    assert client.get("/api/achievements/?award=zhuhai").json()["count"] == 3


def test_a_list_is_in_the_order_of_year_award_tier_rank(client, other):
    codes = [
        entry["code"] for entry in client.get("/api/achievements/?page_size=100").json()["results"]
    ]
    assert codes[0] == "zhsj-2020-w01"
    assert codes[1:21] == sorted(codes[1:21], key=lambda code: (code[5] != "w", code))
    assert codes[21:] == ["zhsj-2015-w01", "zhsj-2015-n01"]


def test_a_calendar_year_has_each_award_of_it(client, other):
    html = client.get("/years/2015/").content.decode()
    assert html.index('id="2015"') < html.index('id="zhsj-2015"')
    assert "优秀项目 <b>1</b>" in html
    assert "十大创新成果 <b>11</b>" in html
    assert "/achievements/?year=2015&amp;award=zhuhai&amp;tier=winner" in html
    assert f"《{DOCUMENT}》" in html
    assert "第三批" in html
    html = client.get("/years/2020/").content.decode()
    assert '<a href="/awards/zhuhai/">' in html


def test_a_year_of_the_only_award_leads_to_no_award(client):
    main = client.get("/years/2015/").content.decode().split("<main")[1]
    assert "/awards/" not in main.split("</main>")[0]


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_address_of_an_award_year_leads_to_its_part(client, other, language):
    answer = client.get(f"{language}/years/zhsj-2015/")
    assert (answer.status_code, answer["Location"]) == (301, f"{language}/years/2015/#zhsj-2015")
    assert client.get(f"{language}/years/zhsj-2016/").status_code == 404


def test_an_award_has_a_page_with_its_years_and_its_list(client, other):
    html = client.get("/awards/zhuhai/").content.decode()
    assert NAME in html
    assert "珠海市委政法委" in html
    assert 'href="/years/2020/#zhsj-2020"' in html
    assert 'href="/years/2015/#zhsj-2015"' in html
    assert "/achievements/?award=zhuhai" in html
    assert ">优秀项目</span>" in html
    listed = client.get("/awards/").content.decode()
    assert f"{NAME} <b>3</b>" in listed
    assert "中国社区治理十大创新成果 <b>20</b>" in listed
    assert 'href="/awards/"' in client.get("/years/").content.decode()
    assert client.get("/awards/nowhere/").status_code == 404


def test_an_award_without_public_entries_has_no_page(client):
    one = award_year(2020, "zhsj")
    assert client.get(f"/awards/{one.award.slug}/").status_code == 404
    assert one.award.name not in client.get("/api/awards/").content.decode()


def test_the_api_tells_awards_and_grades(client, other):
    answer = client.get("/api/awards/").json()
    assert answer["count"] == 2
    assert answer["version"] == client.get("/api/achievements/").json()["version"]
    award = answer["results"][1]
    assert (award["slug"], award["name"], award["url"]) == (
        "zhuhai",
        NAME,
        "http://testserver/awards/zhuhai/",
    )
    assert [(year["code"], year["edition"], year["count"]) for year in award["years"]] == [
        ("zhsj-2020", "第三批", 1),
        ("zhsj-2015", "第三批", 2),
    ]
    entry = client.get("/api/achievements/zhsj-2015-w01/").json()
    assert (entry["award"], entry["grade"]) == (
        {"slug": "zhuhai", "name": NAME, "name_en": ""},
        "一等奖",
    )
    wrong = client.get("/api/achievements/?award=zhuhia").json()["problems"][0]
    assert wrong["suggestions"] == ["zhuhai"]


def test_the_entry_names_its_grade(client, other):
    assert "一等奖" in client.get("/achievements/zhsj-2015-w01/").content.decode()


def test_neighbours_are_of_the_same_award(client, other):
    Achievement.objects.filter(code="zhsj-2015-n01").update(rank=1)
    html = client.get("/achievements/2015-n09/").content.decode()
    assert "/achievements/zhsj-2015-w01/" not in html


def test_the_sitemap_has_awards(client, other):
    assert "/awards/zhuhai/" in client.get("/sitemap-awards.xml").content.decode()

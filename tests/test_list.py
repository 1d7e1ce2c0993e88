import re

import pytest

from governance import index
from governance.models import Achievement, Organization, Region

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

DELIBERATION = ["w05", "w08", "w09", "w10", "w11", "n01", "n02", "n06", "n09"]


def listed(client, query=""):
    return [code.removeprefix("2015-") for code in Page(client, f"/achievements/?{query}").codes]


def test_it_lists_all_twenty_as_announced(client):
    page = Page(client, "/achievements/")
    assert page.heading == "全部成果： 20 项"
    assert page.codes[:2] == ["2015-w01", "2015-w02"]
    assert page.codes[-1] == "2015-n09"
    assert len(page.codes) == 20


def test_it_filters_by_province(client):
    page = Page(client, "/achievements/?region=320000")
    assert page.heading == "江苏省： 2 项"
    assert page.codes == ["2015-w01", "2015-n02"]


def test_it_filters_by_mechanism_as_means_only(client):
    assert listed(client, "mechanism=deliberation") == DELIBERATION
    # 太仓 and 温江 only aim at or claim self-governance.
    assert listed(client, "mechanism=self-governance") == ["w02", "n01", "n06"]


def test_it_narrows_by_facets_together(client):
    assert listed(client, "region=320000&mechanism=deliberation") == ["n02"]


def test_it_widens_within_a_facet(client):
    assert listed(client, "region=320000&region=110105") == ["w01", "w02", "n02"]
    assert listed(client, "mechanism=grid-management&mechanism=property-management") == [
        "n03",
        "n07",
    ]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("tier=nominee&zone=northeast", []),
        ("zone=west", ["w08", "n04", "n08"]),
        ("zone3=central", ["w11", "n01", "n07", "n09"]),
        ("organization_kind=management_committee", ["w07", "n09"]),
        ("organization_level=township", ["n05"]),
        ("organization_level=prefecture", ["n07"]),
        ("setting=rural", ["w06", "n01", "n05"]),
        ("organization=ninghai-county", None),
        (
            "field=support&tier=winner&organization_kind=government",
            ["w02", "w03", "w10"],
        ),
        ("year=2015&region=&q=&tier=winner&region=310000", []),
        ("region=310117116", ["n05"]),
        ("region_level=prefecture", ["n07"]),
        ("mechanism=deliberation&also=mechanism.self-governance", ["n01", "n06"]),
        ("also=organization_kind.party_committee&also=organization_kind.department", []),
        ("also=region.320000&zone=east", ["w01", "n02"]),
        ("zone=none", []),
    ],
)
def test_it_answers_what_the_data_says(client, query, codes):
    if codes is None:
        slug = Achievement.objects.get(code="2015-w06").organizations.last().slug
        query, codes = f"organization={slug}", ["w06"]
    assert listed(client, query) == codes


def test_a_region_finds_what_its_predecessors_did_and_not_the_reverse(client):
    """坪山新区 became 坪山区 in 2017, 红谷滩新区 became 红谷滩区 in 2019."""
    assert listed(client, "region=440310") == ["w07"]
    assert listed(client, "region=440300-FA01") == ["w07"]
    assert listed(client, "region=360113") == ["n09"]
    entry = Achievement.objects.get(code="2015-w07")
    entry.region = Region.objects.get(code="440310")
    entry.save()
    index.update([entry.pk])
    assert listed(client, "region=440310") == ["w07"]
    assert listed(client, "region=440300-FA01") == []


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("zone=none", "未划入四大地区"),
        ("zone3=none", "未划入东中西部"),
        ("organization_kind=none", "未载机构"),
        ("organization_level=none", "未载机构"),
        ("field=none", "无机制标注"),
    ],
)
def test_it_finds_what_has_no_value(client, draft, publish, query, label):
    draft.region = Region.objects.get(code="810000")
    draft.organizations.clear()
    draft.codings.all().delete()
    publish(draft)
    page = Page(client, f"/achievements/?{query}")
    assert page.heading == f"{label}： 1 项"
    assert page.codes == ["2015-w12"]


@pytest.mark.parametrize(
    ("q", "some"),
    [
        ("协商", DELIBERATION),
        ("物业", ["n03"]),
        ("权力清单", ["w06"]),
        ("居民提案", ["w02"]),
        ("三留守", ["n08"]),
        ("太仓", ["w01"]),
        ("社區治理", ["w03"]),
        ("ｏ２ｏ", ["w10"]),
        ("Taicang", ["w01"]),
        ("坪山区", ["w07"]),
        ("《两份清单》", ["w01"]),
        ("“协商于民，协商为民”", ["w08"]),
        ("城乡 网络化", ["w05"]),
    ],
)
def test_it_finds_words_in_any_script_and_width(client, q, some):
    assert set(some) <= set(listed(client, f"q={q}"))


def test_all_words_must_be_there(client):
    assert listed(client, "q=协商 美丽楼院") == ["w11"]
    assert Page(client, "/achievements/?q=协商 美丽楼院 月球").heading.endswith(" 0 项")


def test_it_puts_a_hit_in_the_title_first(client):
    codes = listed(client, "q=协商")
    in_title = ["w08", "w09", "w11", "n02", "n06", "n09"]
    assert codes[: len(in_title)] == in_title


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("region", "w09", "w08"),
        ("title", None, None),
        ("year", "w01", "n09"),
        ("-year", "w01", "n09"),
    ],
)
def test_it_sorts(client, sort, first, last):
    codes = listed(client, f"sort={sort}")
    if sort == "title":
        titles = Achievement.objects.in_bulk([f"2015-{code}" for code in codes], field_name="code")
        readings = [titles[f"2015-{code}"].pinyin for code in codes]
        assert readings == sorted(readings)
        return
    assert (codes[0], codes[-1]) == (first, last)


def test_a_table_has_the_same_entries_and_keeps_the_query(client):
    page = Page(client, "/achievements/?q=协商&view=table")
    assert "<table" in page.html
    assert page.codes == Page(client, "/achievements/?q=协商").codes
    assert all("view=table" in href for _text, href in page.links if "sort=" in href)


def test_the_map_counts_what_the_other_facets_leave(client):
    page = Page(client, "/achievements/?tier=winner")
    tiles = {text: href for text, href in page.links if re.fullmatch(r"(江苏|广东) \d", text)}
    assert tiles.keys() == {"江苏 1", "广东 2"}
    assert Page(client, tiles["广东 2"]).heading == "十大创新成果，且广东省： 2 项"
    assert "台湾省资料暂缺" in page.html


def test_a_province_is_added_on_the_map_and_taken_away_with_what_lies_in_it(client):
    page = Page(client, "/achievements/?region=320500&region=110000&view=map")
    tiles = dict(page.links)
    # What is added joins what was chosen, so that its number is not that of the list.
    assert Page(client, tiles["广东"]).heading == "苏州市、北京市或广东省： 5 项"
    assert Page(client, tiles["江苏"]).heading == "北京市： 2 项"


def test_a_province_without_anything_can_be_chosen_too(client):
    tiles = dict(Page(client, "/achievements/?region=110000").links)
    assert Page(client, tiles["西藏 ：0 项"]).heading == "北京市或西藏自治区： 2 项"


def test_an_unknown_view_is_said_with_those_that_are(client):
    page = Page(client, "/achievements/?view=grid", status=400)
    assert "没有“grid”这个取值" in page.html
    offered = [
        text for text, href in page.links if re.search("view=(list|summary|table|map)$", href)
    ]
    assert offered == ["依据", "简介", "表格", "地图"]


def test_the_api_knows_no_view(client):
    assert client.get("/api/achievements/?view=table").status_code == 400


def test_organizations_are_offered_within_a_region_with_exact_counts(client):
    assert 'facet-organization"' not in Page(client, "/achievements/").html
    assert 'facet-organization"' not in Page(client, "/achievements/?region=320000").html
    page = Page(client, "/achievements/?region=320500")
    assert 'facet-organization"' in page.html
    found = {text: href for text, href in page.links if "organization=" in href}
    assert len(found) == 2
    for text, href in found.items():
        assert len(Page(client, href).codes) == int(text.rsplit(" ", 1)[1]), text


def test_organizations_of_drafts_are_not_offered(client):
    entry = Achievement.objects.get(code="2015-w01")
    entry.status = "draft"
    entry.save()
    assert "太仓市" not in Page(client, "/achievements/?region=320000").html


def test_a_list_shows_the_words_that_show_the_mechanism_asked_for(client):
    html = Page(client, "/achievements/?mechanism=resident-agenda-setting").html
    entry = Achievement.objects.get(code="2015-w02")
    coding = entry.codings.get(mechanism__slug="resident-agenda-setting")
    for evidence in coding.evidence.filter(field="summary"):
        assert f"<mark>{evidence.text}</mark>" in html
    assert (
        '归入 <a href="/mechanisms/resident-agenda-setting/">居民提案与议题征集</a>（主要做法）'
        in html
    )


@pytest.mark.parametrize(
    "query", ["", "q=协商", "mechanism=self-governance&also=mechanism.deliberation"]
)
def test_what_a_result_says_of_its_mechanisms_is_coded(client, query):
    html = Page(client, f"/achievements/?{query}").html
    results = html.split('<ol class="list hits">')[1].split("</ol>")[0].split("<li>")[1:]
    for result in results:
        entry = Achievement.objects.get(code=re.search(r'class="code">([^<]+)<', result)[1])
        means = entry.codings.filter(aspect="means")
        weights = {"主要做法": "primary", "次要做法": "secondary"}
        named = re.findall(r'href="/mechanisms/([^/]+)/">[^<]+</a>（(\w+)）', result)
        assert named or not means
        for slug, weight in named:
            assert means.get(mechanism__slug=slug).weight == weights[weight]
        further = re.search(r"另有 (\d+) 个机制", result)
        assert len(named) + (int(further[1]) if further else 0) == means.count()


def test_a_list_has_the_whole_summary_for_paper(client):
    text = re.sub("<[^>]+>", "", Page(client, "/achievements/?q=协商").html.replace("……", ""))
    for entry in Achievement.objects.filter(code__in=["2015-w08", "2015-n06"]):
        assert entry.summary.replace("……", "") in text


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/achievements/",
        "/achievements/?region=320000",
        "/achievements/?region=440000&mechanism=deliberation&mechanism=government-purchase",
        "/achievements/?q=协商&zone=east",
        "/achievements/?tier=winner&organization_kind=government&setting=unstated",
        "/achievements/?region=440310",
        "/organizations/",
        "/years/2015/",
        "/mechanisms/",
        "/mechanisms/deliberation/",
        "/regions/320000/",
    ],
)
def test_every_number_is_the_length_of_the_list_that_it_leads_to(client, address):
    counted = list(Page(client, address).counted_links)
    for number, target in counted:
        assert len(Page(client, target).codes) == number, target
    assert counted or address in ("/", "/mechanisms/deliberation/", "/regions/320000/")


def test_a_number_on_a_page_of_names_is_what_that_page_lists(client):
    """The rows of the home page and of the regions lead to pages, not to lists."""
    checked = 0
    for text, href in [*Page(client, "/").links, *Page(client, "/regions/").links]:
        last = text.split(" ")[-1] if text else ""
        if not last.isdigit() or href.endswith("s/"):
            continue
        if "/regions/" in href:
            heading = next(
                text for text, _href in Page(client, href).headings if text.endswith("项")
            )
            assert heading.split(" ")[-2] == last, href
            checked += 1
        elif "/mechanisms/" in href:
            slug = href.rstrip("/").split("/")[-1]
            assert len(index.select(mechanism=[slug])) == int(last), href
            checked += 1
    assert checked > 40


def test_pages_of_twenty(client, draft, publish):
    publish(draft)
    page = Page(client, "/achievements/?sort=title")
    assert len(page.codes) == 20
    following = Page(client, dict(page.links)["下一页"])
    assert len(following.codes) == 1
    assert following.heading == "全部成果： 21 项"
    Page(client, "/achievements/?page=3", status=404)


def test_the_number_of_queries_does_not_grow_with_the_entries(
    client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(60):
        client.get("/achievements/?q=协商&region=320000&region=110000&mechanism=deliberation")


@pytest.mark.django_db
def test_an_organization_counts_the_entries_of_the_list_alone():
    organization = Organization.objects.get(name="太仓市人民政府")
    for code in ("2015-n02", "2015-w02"):  # 南京, and 北京, which the list leaves out
        entry = Achievement.objects.get(code=code)
        entry.organizations.add(organization)
        index.update([entry.pk])
    jiangsu = index.select(region=["32"])
    counts = {row.name: row.found for row in Organization.objects.of_entries(jiangsu.numbers)}
    assert counts["太仓市人民政府"] == 2
    assert counts["中国共产党太仓市委员会"] == 1


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("zone=east", "四大地区：东部： 13 项"),
        ("zone3=east&zone=west", "东中西部：东部，且四大地区：西部： 0 项"),
        ("region_level=county&tier=winner", "地区级别：县级，且十大创新成果： 11 项"),
        # One meaning under both.
        ("organization_level=none", "未载机构： 0 项"),
        # Of one facet alone.
        ("zone=northeast", "东北： 0 项"),
    ],
)
def test_a_word_of_two_facets_says_which_is_meant(client, query, heading):
    assert Page(client, f"/achievements/?{query}").heading == heading


def test_a_year_that_is_not_there_yet_can_be_asked_for(client):
    page = Page(client, "/achievements/?year=2016&region=320000")
    assert page.heading == "2016年度，且江苏省： 0 项"
    # What is left without it.
    assert any(href.endswith("/achievements/?region=320000") for _text, href in page.links)
    both = client.get("/api/achievements/?year=2016&year=2015").json()
    assert both["count"] == 20
    assert client.get("/analysis/?rows=tier&columns=year&year=1999").status_code == 200

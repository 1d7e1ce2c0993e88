from urllib.parse import quote, quote_plus

import pytest

from governance import index
from governance.models import Achievement, Region

from .helpers.pages import Page

pytestmark = pytest.mark.django_db


def problem(client, query):
    return Page(client, f"/achievements/?{query}", status=400)


@pytest.mark.parametrize(
    ("query", "sentence", "way_out"),
    [
        ("regoin=320000", "没有名为“regoin”的参数。", "/achievements/?region=320000"),
        ("tier=win", "“评选结果”（tier）没有“win”这个取值。", "/achievements/?tier=winner"),
        ("region=江苏", "“地区”（region）没有“江苏”这个取值。", "/achievements/?region=320000"),
        # A name of which only the end is a place; nothing that is merely a little like it.
        ("region=江苏省苏州", "没有“江苏省苏州”这个取值。", "/achievements/?region=320500"),
        ("region=foo", "没有“foo”这个取值，正确的取值如“110000”（北京市）。", None),
        ("organization=foo", "没有“foo”这个取值，正确的取值如“", None),
        ("also=foo", "没有“foo”这个取值，正确的取值如“region.110000”（兼有北京市）。", None),
        ("region=3205", "没有“3205”这个取值。", "/achievements/?region=320500"),
        ("region=3205855", "没有“3205855”这个取值", "/achievements/?region=320585"),
        ("mechanism=協商議事", "没有“協商議事”这个取值", "/achievements/?mechanism=deliberation"),
        (
            "mechanism=deliberatoin",
            "没有“deliberatoin”这个取值",
            "/achievements/?mechanism=deliberation",
        ),
        ("year=1998", "“年度”（year）没有“1998”这个取值。", "/achievements/?year=2015"),
        ("year=2101", "“年度”（year）没有“2101”这个取值。", "/achievements/?year=2015"),
        ("zone=east&year=９９", "没有“９９”这个取值", "/achievements/?zone=east&year=2015"),
        ("sort=random", "“排序”（sort）没有“random”这个取值。", "/achievements/?sort=relevance"),
        ("organization=太仓", "“机构”（organization）没有“太仓”这个取值。", None),
        ("page=两", "“page”应为正整数，不能是“两”。", None),
        ("page=0", "“page”应为正整数，不能是“0”。", None),
        ("page=" + "9" * 5000, "“page”应为", None),
        ("q=太仓&q=协商", "参数“q”只能给一次。", None),
        ("sort=year&sort=title", "参数“sort”只能给一次。", None),
        ("q=%00", "无法识别的字符", None),
        # 协商 in GBK, and in Big5.
        ("q=%D0%AD%C9%CC", "参数“q”不是 UTF-8 编码的文字", None),
        ("region=320000&q=%A8%F3%B0%D3", "参数“q”不是 UTF-8 编码的文字", None),
        ("region=%00", "无法识别的字符", None),
        ("year=99999999999999999999999", "没有“99999999999999999999999”这个取值", None),
        (
            "q=" + "长" * 201,
            "“检索词”（q）最多 200 个字，这里有 201 个。",
            "/achievements/?q=" + quote("“" + "长" * 198 + "”"),
        ),
        (
            "q=" + "+".join("一二三四五六七八九十百千万亿兆京垓"),
            "“检索词”（q）最多 16 个词，这里有 17 个。",
            "/achievements/?q="
            + quote_plus("“一 二 三 四 五 六 七 八 九 十 百 千 万 亿 兆 京 垓”"),
        ),
        ("mechanisms=deliberation", "没有名为“mechanisms”的参数。", None),
        ("Regions=320000", "没有名为“Regions”的参数。", "/achievements/?region=320000"),
        (
            "regoin=110000&region=320000",
            "没有名为“regoin”的参数。",
            "/achievements/?region=320000&region=110000",
        ),
        (
            "&".join(f"region={code}" for code in range(51)),
            "参数“region”给了 51 个值，最多 50 个。",
            None,
        ),
    ],
)
def test_it_says_what_is_wrong_and_what_would_be_right(client, query, sentence, way_out):
    page = problem(client, query)
    assert sentence in page.html
    assert page.codes == []
    if way_out:
        assert way_out in [href for _text, href in page.links]


@pytest.mark.parametrize("value", ["foo", "99", "火星", "oo", "-", "x" * 300])
def test_it_suggests_no_place_that_is_not_near(client, value):
    assert "可以试试" not in problem(client, f"region={value}").html


def test_of_what_the_record_has_nothing_no_value_is_right(client):
    Achievement.objects.all().delete()
    index.rebuild()
    assert "（organization）没有“foo”这个取值。" in problem(client, "organization=foo").html


def test_it_tells_all_problems_at_once(client):
    page = problem(client, "tier=win&regoin=1&page=x")
    for name in ("win", "regoin", "“x”"):
        assert name in page.html


def test_it_escapes_what_was_asked(client):
    assert "<script>" not in problem(client, "tier=<script>alert(1)</script>1").html


def test_a_wrong_value_beside_a_right_one_is_still_an_error(client):
    page = problem(client, "tier=winner&tier=win")
    assert "/achievements/?tier=winner" in [href for _text, href in page.links]


@pytest.mark.parametrize(
    "empty", ["region=", "tier=&q=", "mechanism=&mechanism=", "page=", "sort="]
)
def test_an_empty_value_counts_as_absent(client, empty):
    assert len(Page(client, f"/achievements/?{empty}").codes) == 20


@pytest.mark.parametrize(
    "junk",
    [
        *("utm_source=wx", "from=singlemessage&isappinstalled=0", "spm=a.b", "fbclid=x"),
        *("%75tm_source=wx", "fr%6Fm=singlemessage", "nsukey=a%2Fb&scene=1&clicktime=1448"),
        *("gclid=1", "msclkid=2", "bd_vid=3", "source=weibo&sharer_shareid=4", "wx_header=1"),
        *("pagesize=50", "%00=1", "来源=微信", "a=1&a=2&b=" + "b" * 9000),
    ],
)
def test_pages_drop_what_platforms_add_to_links_by_redirect(client, junk):
    response = client.get(f"/achievements/?q=太仓&{junk}&tier=winner&tier=nominee")
    assert response.status_code == 302
    assert response["Location"] == "/achievements/?q=%E5%A4%AA%E4%BB%93&tier=winner&tier=nominee"
    for path in ("/", "/achievements/2015-w01/", "/regions/320585/", "/en/about/", "/compare/"):
        assert client.get(f"{path}?{junk}")["Location"] == path
    assert client.get(f"/analysis/?rows=year&{junk}")["Location"] == "/analysis/?rows=year"
    assert client.get(f"/analysis.csv?rows=year&{junk}").status_code == 400
    assert client.get(f"/api/achievements/?{junk}").status_code == 400


def test_a_page_past_the_end_is_not_found_and_leads_back(client):
    page = Page(client, "/achievements/?tier=winner&page=2", status=404)
    assert "结果共 1 页。" in page.html
    assert ("最后一页", "/achievements/?tier=winner&page=1") in page.links


def test_it_suggests_no_value_that_is_itself_wrong(client):
    for query in ("sort=foo", "q=a&q=b", "region=abc", "sorts=year&sort=title"):
        for _text, href in problem(client, query).links:
            if "?" in href and "#" not in href and "/en/" not in href:
                assert client.get(href).status_code == 200, href


@pytest.mark.parametrize(
    "marks", ["%22%22", "「」", "“ ”", "%22", " ", "%E2%80%8B", "。", "，、", "——", "*", "_", "😀"]
)
def test_words_of_nothing_but_marks_count_as_absent(client, marks):
    page = Page(client, f"/achievements/?q={marks}&tier=winner")
    assert page.heading == Page(client, "/achievements/?tier=winner").heading
    assert len(page.codes) == 11


def test_fifty_values_are_answered_and_fifty_one_known_ones_are_not(client):
    codes = Region.objects.filter(parent__parent__code="320000", valid_to=None).order_by("code")
    regions = [f"region={code}" for code in codes.values_list("code", flat=True)[:51]]
    assert client.get("/api/achievements/?" + "&".join(regions[:50])).status_code == 200
    answer = client.get("/api/achievements/?" + "&".join(regions))
    assert answer.status_code == 400
    assert "最多 50 个" in answer.json()["problems"][0]["message"]


def test_a_value_given_twice_says_no_more_than_once(client):
    once, often = (client.get("/achievements/?" + "&".join(["tier=winner"] * n)) for n in (1, 500))
    assert len(often.content) - len(once.content) < 20_000


def test_a_wrong_host_gets_a_plain_refusal(client):
    response = client.get("/achievements/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "请求的格式不被接受" in response.content.decode()


def test_a_thousand_wrong_names_are_not_all_explained(client):
    query = "&".join(f"organization_level{n:03}=1" for n in range(900))
    assert len(problem(client, query).html) < 2_000_000


def test_words_that_cannot_be_looked_up_come_back_to_be_rewritten(client):
    page = problem(client, "region=320000&q=" + "老旧小区" * 51)
    assert f'value="{"老旧小区" * 51}"' in page.html
    assert '<input type="hidden" name="region" value="320000">' in page.html
    assert "修改检索词" not in problem(client, "region=江苏").html

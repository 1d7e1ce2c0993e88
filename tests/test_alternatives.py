"""What is offered beside an empty list, on its page and in the API; nothing takes it for a hit."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import index
from governance.models import Achievement

from .helpers.oracle import Oracle
from .helpers.pages import Page

pytestmark = pytest.mark.django_db


def offered(client, query, path="/achievements/"):
    """[(text, count, address)] of the other questions on the page."""
    ways = re.findall(
        r'<li><a href="([^"]+)"><span class="n">(\d+) <small>\w+</small></span> <span><span class="title">(.+?)</span> <span class="sub">',
        Page(client, f"{path}?{query}").html,
    )
    return [
        (unescape(re.sub("<.*?>", "", text)), int(count), path + unescape(address))
        for address, count, text in ways
    ]


def test_of_a_place_and_a_mechanism_each_alone_and_the_next_wider_place_are_offered(client):
    """For each place that has entries, and each third mechanism of which it has none."""

    def count(**asked):
        return client.get("/api/achievements/", asked).json()["count"]

    used = {slug: count(mechanism=slug) for slug in index.select().counts("mechanism")}
    for number, entry in enumerate(Achievement.objects.published().select_related("region")):
        *above, here = entry.region.lineage
        for slug in sorted(used)[number % 3 :: 3]:
            answer = client.get(
                "/api/achievements/", {"region": here.code, "mechanism": slug}
            ).json()
            ways = {
                frozenset(parse_qsl(urlsplit(one["url"]).query)): one["count"]
                for one in answer.get("alternatives", [])
            }
            wider = [
                (place.code, count(region=place.code, mechanism=slug)) for place in above[::-1]
            ]
            found = next(((code, many) for code, many in wider if many), None)
            expected = {
                frozenset({("region", here.code)}): count(region=here.code),
                frozenset({("mechanism", slug)}): used[slug],
            }
            if found:
                expected[frozenset({("region", found[0]), ("mechanism", slug)})] = found[1]
            assert ways == ({} if answer["count"] else expected), (here, slug)


def heading(client, address):
    return Page(client, address).heading


@pytest.mark.parametrize(
    ("query", "offered"),
    [
        (
            "q=苏州 协商",
            [("without", "“协商”", 11), ("without", "“苏州”", 1), ("wider", "“江苏省” “协商”", 1)],
        ),
        (
            "q=协商&region=320500",
            [("without", "“协商”", 11), ("without", "苏州市", 1), ("wider", "“协商”，江苏省", 1)],
        ),
        # Which years there are, and the rest without the year.
        ("year=2016", [("year", "2015年度", 20)]),
        ("q=2016", [("year", "“2015”", 20)]),
        ("q=2016年的获奖名单", [("year", "“2015”", 20)]),
        ("q=2016年有哪些社区", [("year", "“2015”", 20)]),
        ("q=2016年哪些地方做了协商", [("without", "“协商”", 11), ("year", "“2015” “协商”", 11)]),
        # No year, though four digits.
        ("q=9999", []),
        ("q=0000年 太仓", [("without", "“太仓”", 1)]),
        (
            "q=二〇一六年 太仓",
            [("without", "“太仓”", 1), ("year", "“2015” “太仓”", 1)],
        ),
        (
            "q=协商&year=2014&year=2017",
            [("without", "“协商”", 11), ("year", "“协商”，2015年度", 11)],
        ),
        ("q=协商义事", [("spelling", "“协商议事”", 9)]),
        ("q=加装电梯", [("search_word", "老旧小区与楼院治理", 2)]),
        (
            "year=2015&tier=winner&region=320106&q=太仓",
            [("without", "“太仓”，2015年度，十大创新成果", 1)],
        ),
        ("q=加装电梯改造", [("search_word", "“改造”，老旧小区与楼院治理", 1)]),
        ("q=紫禁城火星", []),
        (
            "q=deliberator",
            [("spelling", "“deliberation”", 9), ("spelling", "“deliberative”", 4)],
        ),
    ],
)
def test_a_list_that_finds_nothing_offers_what_would(client, query, offered):
    """Each with a true count, at an address of its own."""
    answer = client.get(f"/api/achievements/?{query}").json()
    assert answer["count"] == 0
    found = [one for one in answer["alternatives"] if one["kind"] != "near"]
    kinds = [(one["kind"], one["text"], one["count"]) for one in found]
    assert [one for one in kinds if one in offered] == offered
    for one in found:
        assert client.get(one["url"]).json()["count"] == one["count"] > 0


def test_a_list_that_finds_nothing_offers_up_to_ten_near_entries_with_the_reason(client):
    answer = client.get("/api/achievements/?q=苏州 协商").json()
    near = [one for one in answer["alternatives"] if one["kind"] == "near"]
    assert len(near) == 10
    assert (
        near[0]["text"]
        == "“政社互动”开创社会治理新格局（机制、机构或地区名有“苏州”；没有写到“协商”）"
    )
    assert near[0]["url"] == "http://testserver/achievements/2015-w01/"
    assert {one["count"] for one in near} == {1}


def test_a_near_entry_is_named_by_its_year_or_code_where_it_is(client):
    for query in ("2015年 太仓 火星", "2015-w01 太仓 火星", "320585 太仓 火星"):
        answer = client.get(f"/api/achievements/?q={query}").json()
        (near,) = [one["text"] for one in answer["alternatives"] if "政社互动" in one["text"]]
        reason = f"写到“太仓”；年度或编号是“{query.split()[0]}”；没有写到“火星”"
        assert near.endswith(f"（{reason}）"), near


def test_an_empty_list_offers_each_condition_to_drop_that_then_finds_something(client):
    assert heading(client, "/achievements/?region=110000&tier=nominee").endswith(" 0 项")
    ways = offered(client, "q=协商&region=110000&tier=nominee")
    # Without the words there is still no nominee of 北京.
    assert [(text, count) for text, count, _address in ways] == [
        ("“协商”，提名成果", 4),
        ("“协商”，北京市", 2),
    ]
    for _text, count, address in ways:
        assert heading(client, address).endswith(f" {count} 项")


@pytest.mark.parametrize(
    ("said", "meant", "count"),
    [
        ("泰仓", "“太仓市”", 1),
        ("太沧市", "“太仓市”", 1),
        ("taicnag", "“中共太仓市委员会”", 1),
        ("deliberatoin", "“协商议事”", 9),
        ("太沧市 政社互动", "“太仓市” “政社互动”", 1),
        # There are several of the name, of which one has entries.
        ("朝阴区", "“朝阳区”", 1),
        # British spelling; the translations have the American one.
        ("neighbourhood", "“neighborhood”", 1),
    ],
)
def test_an_empty_list_offers_names_spelt_alike_that_find_something(client, said, meant, count):
    addresses = {(text, n): address for text, n, address in offered(client, f"q={said}")}
    assert heading(client, addresses[meant, count]).endswith(f" {count} 项")


def test_names_spelt_alike_are_offered_in_the_language_of_the_page(client):
    for said, meant, count in [
        ("deliberatoin", "“Deliberation on community affairs”", 9),
        ("太沧市", "“Taicang”", 1),
        ("taicnag", "“CPC Taicang Municipal Committee”", 1),
    ]:
        found = {
            text: address for text, _n, address in offered(client, f"q={said}", "/en/achievements/")
        }
        assert len(Page(client, found[meant]).codes) == count


def test_a_word_that_is_a_filter_is_no_slip_for_a_name(client):
    """东部 is like 东城 and 山东, and is offered as a filter; 昆山 is a place, and no slip for 山西."""
    assert offered(client, "q=东部") == []
    assert [text for text, _n, _address in offered(client, "q=昆山 社区")] == [
        "“社区”",
        "“江苏省” “社区”",
    ]


def test_an_empty_list_offers_nothing_that_finds_nothing(client):
    assert offered(client, "q=梅花香自苦寒来") == []
    assert "相近的成果" not in Page(client, "/achievements/?q=梅花香自苦寒来").html


def test_a_page_says_how_a_run_was_read_and_leads_back_to_the_letters(client):
    page = Page(client, "/achievements/?q=太仓政社互动")
    assert page.codes == ["2015-w01"]
    assert "没有成果连续写到“太仓政社互动”，已拆分为" in page.html
    assert page.heading.startswith("“太仓” “政社互动”")
    (back,) = [address for text, address in page.links if text == "仅按原词检索"]
    assert heading(client, back).endswith(" 0 项")


def test_how_a_query_was_read_is_said_in_sentences(client):
    html = Page(client, "/en/achievements/?q=哪些地方做了协商").html
    assert ". Left out, as they only ask:" in re.sub("<.*?>", "", html)


@pytest.mark.parametrize(
    ("asked", "same", "left_out"),
    [
        ("哪些地方做了协商", "协商", ["哪些地方做了"]),
        ("太仓的经验是什么？", "太仓", ["经验是什么"]),
        ("如何解决老旧小区物业问题", "老旧小区 物业", ["如何解决", "问题"]),
        ("苏州 有哪些 社区协商 做法", "苏州 社区协商", ["有哪些", "做法"]),
        ("哪里有网格化管理", "网格化管理", ["哪里有"]),
        ("2015年的获奖名单", "2015年", ["获奖", "名单"]),
        ("什么叫“政社互动”", "“政社互动”", ["什么叫"]),
        ("which places did deliberation", "deliberation", ["which", "places", "did"]),
        (
            "Are there any cases of grid management?",
            "grid management",
            ["Are", "there", "any", "cases", "of"],
        ),
        ("有没有在线协商", "在线协商", ["有没有"]),
        ("哪些地方做实网格化管理", "做实网格化管理", ["哪些地方"]),
        ("怎么样做好协商", "协商", ["怎么样做好"]),
        ("太仓有哪些好的做法", "太仓", ["有哪些好的做法"]),
        # It begins another word.
        ("做法创新", "做法创新", []),
        ("问题清单", "问题清单", []),
        # Quoted, it is asked for; and so is what stands by itself.
        ("“怎么” 协商", "“怎么” 协商", []),
        ("怎么", "怎么", []),
        # Five translations say which; only if no entry says all of a query, a word of it may go.
        ("which deliberation", "which deliberation", []),
    ],
)
def test_what_a_question_is_put_with_is_no_word_of_it_where_nothing_says_it(
    client, asked, same, left_out
):
    """哪些地方做了协商 finds what 协商 finds, and the page says which words were left out."""
    hits, plain = (index.select(query).hits for query in (asked, same))
    assert [word.written for word in hits.asking] == left_out
    assert hits.all == plain.all
    page = Page(client, f"/achievements/?{urlencode({'q': asked})}")
    assert page.codes == Page(client, f"/achievements/?{urlencode({'q': same})}").codes
    assert ("提问用语未作检索词" in page.html) == bool(left_out)
    if left_out:
        (back,) = [address for text, address in page.links if text == "仅按原词检索"]
        assert heading(client, back).endswith(" 0 项")


# What they ask for, and how people put it.
QUESTIONS = {
    "政社互动": (
        *("什么叫政社互动", "什么叫做政社互动", "什麼叫政社互動", "甚麼是政社互動", "啥是政社互动"),
        *(
            "何谓政社互动",
            "所谓政社互动",
            "政社互动是什么意思",
            "政社互动指的是什么",
            "什么是 政社互动",
        ),
        *("政社互动的含义是什么", "政社互动由谁提出", "政社互动是谁提出的", "如何实现政社互动"),
    ),
    "协商": (
        *(
            "谁来协商",
            "誰來協商",
            "由谁来协商",
            "谁知道协商",
            "哪家单位负责协商",
            "由哪个部门牵头协商",
        ),
        *(
            "何为协商",
            "为什么要协商",
            "為什麼要協商",
            "为何要推行协商",
            "协商为什么重要",
            "协商有什么好处",
        ),
        *("哪一年开始协商", "哪个城市最早做协商", "什么时候开始协商", "何时协商", "何处有协商"),
        *("有多少个社区做了协商", "多少個社區做了協商", "协商有多少个案例", "有几个协商案例"),
        *("哪几个城市做了协商", "都有哪些地方做了协商", "还有哪些县做了协商", "哪些成果涉及协商"),
        *(
            "怎样才能做好协商",
            "怎麼做協商",
            "协商是怎么做的",
            "协商应该怎么做",
            "如何推进协商",
            "咋协商",
        ),
        *("有没有人做过协商", "能不能协商", "可以协商吗", "协商了吗", "哪些地方协商做得好"),
        *(
            "协商能解决什么问题",
            "什么样的社区需要协商",
            "我想了解协商的情况",
            "协商做得好的地方有哪些",
        ),
        *(
            "关于协商的案例",
            "有关协商的好经验",
            "协商有什么用",
            "协商是干什么的",
            "哪个省做协商的最多",
        ),
        *("协商做得最好的城市", "谁发起的协商", "协商简介", "哪些社区有协商"),
    ),
    "太仓": ("请介绍一下太仓的做法", "太仓是怎么做的", "太仓做了什么", "太仓呢", "谁知道太仓"),
    "deliberation": (
        *(
            "how many places did deliberation",
            "what does deliberation mean",
            "who's behind deliberation",
        ),
        *(
            "which cities practise deliberation?",
            "when did deliberation start",
            "how does deliberation work",
        ),
        *(
            "whose deliberation",
            "show me examples of deliberation",
            "what is meant by deliberation",
        ),
    ),
}


@pytest.mark.parametrize("same", QUESTIONS)
def test_it_finds_what_a_question_asks_for(same):
    expected = index.select(same).hits.all
    assert expected
    for asked in QUESTIONS[same]:
        hits = index.select(asked).hits
        assert (hits.all, [word.text for word in hits.words]) == (expected, [same]), asked


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        # It begins the next word, of which one character would be left.
        ("谁来访", ["来访"]),
        ("如何在线协商", ["在线协商"]),
        ("怎样做优服务", ["做优服务"]),
        ("哪些村民自治", ["村民自治"]),
        ("有什么社区协商的好经验", ["社区协商"]),
        ("谁会议事协商", ["会议事协商"]),
        # An order of words that is a word: nobody asks.
        ("任何时候协商", ["任何时候协商"]),
        ("思想介绍会", ["思想介绍会"]),
    ],
)
def test_a_question_takes_nothing_of_the_words_beside_it(asked, words):
    assert [word.text for word in index.select(asked).hits.words] == words


@pytest.fixture
def oracle():
    return Oracle()


WORDS = st.sampled_from(
    [
        *("太仓", "苏州", "江苏省", "taicang", "浙江", "鼓楼区"),
        *("协商", "协商议事", "加装电梯", "老旧小区", "政府购买服务", "deliberation", "policies"),
        *("紫禁城", "月球火星", "xyzzy", "“太仓协商”", "太仓市协商", "协商义事", "的"),
        *("哪些地方做了协商", "怎么做", "which places", "什么叫政社互动", "谁来访", "可以协商吗"),
    ]
)


@settings(
    max_examples=settings.default.max_examples,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(WORDS, min_size=1, max_size=3).map(" ".join))
def test_no_face_counts_tabulates_or_cites_what_was_not_asked(client, oracle, query):
    """Every face has the entries that say each of the words, as the oracle reads them, and no other."""
    expected = oracle.select(query).codes
    asked = {"q": query}
    answer = client.get("/api/achievements/", asked | {"page_size": 100}).json()
    assert [one["code"] for one in answer["results"]] == expected
    assert answer["count"] == len(expected)
    assert ("alternatives" in answer) == (not expected)
    assert f" {len(expected)} 项" in heading(client, f"/achievements/?{urlencode(asked)}")
    table = client.get("/analysis.json", asked | {"rows": "tier"}).json()
    assert table["count"] == len(expected)

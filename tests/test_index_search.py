"""What people find in the twenty entries of 2015."""

import re

import pytest

from governance import index
from governance.index.names import Names, _Lines
from governance.index.near import near
from governance.index.rows import records
from governance.index.text import fold
from showcase.text import excerpt, marked_excerpt, marks, marks_in_english

from .helpers.oracle import Oracle

pytestmark = pytest.mark.django_db


def found(query, **facets):
    return [record["code"].removeprefix("2015-") for record in index.select(query, **facets)]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        # First those that say it in the title, then those coded so, then those that say it somewhere.
        ("协商", "w08 w09 w11 n02 n06 n09 w05 w10 n01 w02 w03"),
        ("物业", "n03"),
        ("权力清单", "w06"),
        ("居民提案", "w02 w10 n06"),
        ("三留守", "n08"),
        ("社会组织", "n04 w05 w07 w09"),
        ("太仓", "w01"),
        ("taicang", "w01"),
        ("Taicang", "w01"),
        ("tc", "w01"),
        # “互联社区”治理 says it, too: quotation marks are no border.
        ("社區治理", "w04 w10 w03 w05 w11 n01 n07"),
        ("社区治理", "w04 w10 w03 w05 w11 n01 n07"),
        ("ｏ２ｏ", "w10"),
        ("O2O", "w10"),
        ('"互联社区"', "w10"),
        ("“互联社区”", "w10"),
        ("坪山区", "w07"),
        ("坪山新区", "w07"),
        ("红谷滩区", "n09"),
        ("太仓 政社互动", "w01"),
        # In English, by whole words in any number, whatever signs stand between them.
        ("Deliberation", "w05 w08 w09 w10 w11 n01 n02 n06 n09"),
        ("“standardizing village”", "n05"),
        ("“people's concerns”", "n09"),
    ],
)
def test_it_finds_what_the_text_says(query, codes):
    assert found(query) == codes.split()


def test_every_english_title_finds_its_entry():
    for record in index.select():
        for title in (record["title_en"], record["title_en"].replace("’", "'").rstrip(".")):
            selection = index.select(title)
            assert record["code"] in [one["code"] for one in selection], title


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("The People’s Concerns Council", "people's concerns", ["People’s Concerns"]),
        ("The People’s Concerns Council", "peoples", ["People’s"]),
        ("resident self-governance", "residents'", ["resident"]),
        ("a policy of the police", "policies", ["policy"]),
        ("an approach to apps", "app", ["apps"]),
        (
            "Résidents\u200b’ coun\u00adcils",
            "resident's council",
            ["Résidents\u200b’ coun\u00adcils"],
        ),
        ("Residents, and proposals", "residents,", ["Residents"]),
        ("Government–Society interaction", "government-society", ["Government–Society"]),
        ("A new model", "a", ["A"]),
    ],
)
def test_it_marks_whole_words_of_english(text, query, marked):
    assert [text[start:end] for start, end in marks_in_english(text, [fold(query)])] == marked


def test_it_finds_every_phrase_of_every_entry():
    """Each stretch of one, two, three, four, seven and twelve characters, wherever it begins."""
    oracle = Oracle()
    for entry in oracle.entries:
        for size, step in ((1, 31), (2, 23), (3, 29), (4, 29), (7, 37), (12, 41)):
            for at in range(0, len(entry.body) - size, step):
                query = f"“{' '.join(entry.body[at : at + size].split())}”"
                expected = oracle.select(query)
                selection = index.select(query)
                assert [record["code"] for record in selection] == expected.codes, query


@pytest.mark.parametrize(
    ("query", "codes", "parts"),
    [
        ("太仓政社互动", "w01", {"太仓政社互动": ["太仓", "政社互动"]}),
        ("社区协商江苏省", "n02", {"社区协商江苏省": ["社区协商", "江苏省"]}),
        ("老旧小区物业", "n03", {"老旧小区物业": ["老旧小区", "物业"]}),
        # Of two names the longest counts.
        (
            "太仓市人民政府双向协议",
            "w01",
            {"太仓市人民政府双向协议": ["太仓市人民政府", "双向协议"]},
        ),
        # Said as it is, and a synonym of 协商议事, so it is not cut.
        ("社区协商", "w08 n02 n06 w05 w09 w10 w11 n01 n09 w02", {}),
        # A sign that joins words parts them where nothing says them so joined.
        ("太仓+政社互动", "w01", {"太仓+政社互动": ["太仓", "政社互动"]}),
        ("+太仓 +政社互动", "w01", {}),
        ("太仓+", "w01", {"太仓+": ["太仓"]}),
        ("1+10", "n07", {}),
        # No part of one character: not 太仓 and 市.
        ("“太仓政社互动”", "", {}),
        # 的 between a name and what is of it asks for nothing.
        ("太仓的政社互动", "w01", {"太仓的政社互动": ["太仓", "政社互动"]}),
        ("北京市朝阳区的“居民提案”", "w02", {"北京市朝阳区的": ["北京市", "朝阳区"]}),
        ("“居民提案”的北京", "w02", {"的北京": ["北京"]}),
        ("农村协商", "n01", {"农村协商": ["农村", "协商"]}),
    ],
)
def test_a_run_that_is_said_nowhere_is_cut_at_known_names(query, codes, parts):
    selection = index.select(query)
    assert found(query) == codes.split()
    assert selection.hits.read == parts
    assert index.select(selection.hits.uncut).count() == (0 if parts else len(codes.split()))


def test_it_cuts_out_the_longest_names_and_leaves_no_single_character():
    names = Names()
    for run, parts in {
        "太仓市协商议事": ["太仓市", "协商议事"],
        "太仓市民主": ["太仓市", "民主"],
        "太仓市民": ["太仓", "市民"],
        "在太仓市": ["在太仓市"],
        "协商议事在太仓市": ["协商议事", "在太仓市"],
        "太仓": ["太仓"],
        "协商的太仓市": ["协商", "太仓市"],
        "目的太仓市": ["目的", "太仓市"],
        "太仓的人": ["太仓的人"],
        "太仓市的": ["太仓市"],
        "乡村网格化": ["乡村", "网格化"],
        # A + parts what it joins, be it a name or not.
        "协商+议事": ["协商", "议事"],
        "太仓+协商++议事": ["太仓", "协商", "议事"],
        "协商+人": ["协商+人"],
    }.items():
        assert names.parts(run) == parts, run


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        # A synonym is the name, as a whole, also as neighbouring words of whatever number.
        ("政府购买服务", "w07"),
        ("参与式预算", "w04"),
        ("participatory budgeting", "w04"),
        ("citizen budgeting", "w04"),
        ("政府购买服", ""),
        # A search word leads to a mechanism and is not it.
        ("加装电梯", ""),
        ("时间银行", ""),
    ],
)
def test_a_synonym_is_a_name_and_a_search_word_is_none(query, codes):
    assert found(query) == codes.split()


def test_a_place_is_never_dropped():
    """协商 is said eleven times and 苏州 is named once, but not together."""
    assert found("苏州 协商") == []
    selection = index.select("苏州 协商")
    assert [len(bits) for bits in selection.hits.found] == [1, 11]


def test_near_entries_say_most_of_the_words_a_place_first():
    now = index.current()
    for query, codes in {
        "苏州 协商": ["2015-w01", "2015-w02"],
        "社区协商七化模式": ["2015-n02", "2015-w08"],
        "紫禁城火星": [],
    }.items():
        numbers = near(now, index.select(query).hits, now.all)
        assert [one["code"] for one in records(numbers)][:2] == codes, query


def test_it_finds_nothing_rather_than_anything():
    selection = index.select("紫禁城火星")
    assert (selection.count(), list(selection)) == (0, [])
    assert selection.counts("tier") == {}


def test_a_word_in_some_other_facet_is_counted_there():
    """太仓 is said, though nowhere in 浙江."""
    selection = index.select("政社互动", region=["33"])
    assert selection.count() == 0
    assert selection.counts("region2") == {"32": 1}


@pytest.mark.parametrize("query", ["", " ", "　", "“”", "「」"])
def test_a_query_without_words_asks_for_all(query):
    assert index.select(query).count() == 20


@pytest.mark.parametrize("query", ["%", "_", "'", '"', "\\", "*", "社_治理", "社%治理", "' OR 1=1"])
def test_signs_that_databases_know_mean_themselves(query):
    expected = Oracle().select(query)
    assert [record["code"] for record in index.select(query)] == expected.codes


def test_a_query_of_any_length_is_answered():
    oracle = Oracle()
    for query in ("社区协商" * 300, " ".join(map(chr, range(0x4E00, 0x5000)))):
        found, expected = index.select(query), oracle.select(query)
        assert [record["code"] for record in found] == expected.codes
        assert found.count() == len(expected.codes)


def test_it_pages_and_sorts_as_it_counts():
    selection = index.select(sort="title")
    assert [*selection[:7], *selection[7:14], *selection[14:99]] == list(selection)
    assert selection[20:40] == []


@pytest.mark.parametrize("sort", ["", "relevance", "year", "-year", "region", "title"])
def test_it_sorts(sort):
    expected = Oracle().select("社区", sort).codes
    assert [record["code"] for record in index.select("社区", sort)] == expected


def test_the_nearest_names_are_offered():
    names = Names()
    assert "协商议事" in names.nearest("协商义事").values()
    assert "坪山新区" in names.nearest("坪山新取").values()
    assert names.nearest("紫禁城火星") == {}
    # Of each place that has the name; half of a longer name are another name.
    assert list(names.nearest("朝阴区").values()).count("朝阳区") > 1
    assert "物业治理" not in names.nearest("社区自治").values()


def test_a_name_is_found_by_its_words_and_no_name_by_one_letter():
    names = Names()
    for term in ("garze", "zoige", "taicang", "tcs", "tai"):
        assert names.keys(term), term
    assert names.keys("t") == set()
    assert names.keys("aicang") == set()
    # Across a reading and its initials nothing is said.
    assert names.keys("taicangshi tcs") == set()


def test_a_line_break_in_a_name_does_not_shift_the_others():
    lines = _Lines([("one", "社\n区"), ("two", "协商")])
    assert lines.containing("协商") == {"two"}
    assert lines.containing("区") == {"one"}


# Marks and excerpts


@pytest.mark.parametrize(
    ("text", "terms", "marked"),
    [
        # “互联社区”治理 says it, too: quotation marks are no border.
        ("社區治理", ["社区"], ["社區"]),
        ("“互联社区”Ｏ２Ｏ平台", ["o2o", "互联社区"], ["互联社区", "Ｏ２Ｏ"]),
        # ㈠ is three characters once folded: what stands after it must not slip.
        ("㈠社區㈡治理", ["社区"], ["社區"]),
        ("㈠社區㈡治理", ["治理"], ["治理"]),
        ("㈠社區", ["一"], ["㈠"]),
        ("㈠社區", ["一 社"], ["㈠社"]),
        # What nobody sees stays between, and marks are borders of any length.
        ("政\u200b社互\u2060动", ["社互"], ["社互"]),
        ("太\u00ad仓，政\u200b社互动", ["政社", "太仓"], ["太\u00ad仓", "政\u200b社"]),
        ("“政社”——互动", ["政社 互动"], ["政社”——互动"]),
        ("哈哈哈哈", ["哈哈"], ["哈哈哈哈"]),
        ("社区居民", ["社区", "居民"], ["社区居民"]),
        ("社区居民", ["区居", "社区居民"], ["社区居民"]),
        ("社区", ["协商"], []),
        ("", ["协商"], []),
    ],
)
def test_it_marks_the_words_as_the_entry_writes_them(text, terms, marked):
    assert [text[start:end] for start, end in marks(text, terms)] == marked


@pytest.mark.parametrize("width", [12, 30, 1000])
def test_an_excerpt_shows_a_mark_and_leaves_nothing_out_of_the_page(width):
    text = "一" * 40 + "社区协商" + "二" * 40 + "㈠社區" + "三" * 40
    found = marks(text, ["社区"])
    start, end = excerpt(text, found, width)
    assert any(start <= first and last <= end for first, last in found)
    assert end - start <= max(width + width // 4, 12)
    page = marked_excerpt(text, found, width)
    assert re.sub('<span class="cut">……</span>|<[^>]+>', "", page) == text


def test_an_excerpt_keeps_english_words_whole():
    text = "Mechanisms of deliberation were institutionalized in neighborhoods " * 4
    for width in range(20, 90):
        found = marks(text, ["deliberation"])
        start, end = excerpt(text, found, width)
        assert set(text[start:end].split()) <= set(text.split()), width
        assert "deliberation" in text[start:end]


def test_an_excerpt_shows_where_most_is_said():
    text = "协商。" + "一" * 60 + "，居民提案，社区协商，居民" + "二" * 60
    start, end = excerpt(text, marks(text, ["协商", "居民"]), 24)
    assert text[start:end].startswith("居民提案，社区协商，居民")
    assert end < len(text)


@pytest.mark.parametrize(
    ("text", "terms", "width", "said"),
    [
        # Where most is said, from clause to clause; a mark before the ellipsis is left out, a full stop as well.
        (
            "协商。" + "一" * 60 + "，居民提案，社区协商，居民，" + "二" * 60,
            ["协商", "居民"],
            24,
            "居民提案，社区协商，居民",
        ),
        ("甲乙丙丁，戊己庚辛；" + "壬" * 40, [], 10, "甲乙丙丁，戊己庚辛"),
        ("甲乙丙丁，戊己庚辛。" + "壬" * 40, [], 10, "甲乙丙丁，戊己庚辛"),
        ("他们说“协商于民。”" + "壬" * 40, ["协商"], 12, "他们说“协商于民。”"),
        (
            "One clause here, another clause there, and more of it all.",
            [],
            40,
            "One clause here, another clause there",
        ),
        # A little too long is not worth a cut.
        ("壬" * 45, [], 40, "壬" * 45),
        ("", [], 40, ""),
    ],
)
def test_an_excerpt_goes_from_clause_to_clause(text, terms, width, said):
    start, end = excerpt(text, marks(text, terms), width)
    assert text[start:end] == said

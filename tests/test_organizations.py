"""Organization texts become organizations and a region as of a year."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.announcements.places.organizations import resolve

from .helpers.announced import record_of_2015, region_table, rows

pytestmark = pytest.mark.once

CASES = rows(Path(__file__).with_name("region_cases.csv"))


def kinds(resolution):
    """Kinds in the order of the text, other:… for words that name no kind; none without a region."""
    named = [(mention.start, mention.kind) for mention in resolution.mentions]
    left = [(leftover.start, f"other:{leftover.text}") for leftover in resolution.leftovers]
    return "|".join(kind for _start, kind in sorted(named + left)) if resolution.candidates else ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text']}-{case['year']}")
def test_it_resolves(case):
    resolution = resolve(case["text"], int(case["year"]), region_table())
    codes, paths = (set(filter(None, case[column].split("|"))) for column in ("codes", "paths"))
    assert {each.region.code for each in resolution.candidates} == codes
    assert {each.path for each in resolution.candidates} == paths
    assert kinds(resolution) == case["organizations"]
    assert "|".join(each.name for each in resolution.organizations) == case["names"]
    assert resolution.whole == (len(codes) == 1 and "other:" not in case["organizations"])


def test_it_finds_the_organizations_and_regions_of_2015_from_their_texts_alone():
    record = record_of_2015()
    organizations = {each["name"]: each for each in record["organization"]}
    named = {}
    for link in record["achievementorganization"]:
        named.setdefault(link["achievement"][0], []).append(link["organization"][0])
    fields = ("name", "short_name", "kind", "level")
    compared = 0
    for entry in record["achievement"]:
        resolution = resolve(entry["organization_text"], 2015, region_table())
        expected = [organizations[name] for name in named[entry["code"]]]
        assert resolution.whole
        assert list(resolution.region.key) == entry["region"]
        assert [
            ({field: getattr(each, field) for field in fields}, list(each.region.key))
            for each in resolution.organizations
        ] == [({field: each[field] for field in fields}, each["region"]) for each in expected]
        compared += 1
    assert compared == 20


# The whole region table, against an oracle that knows nothing but rows


@pytest.mark.parametrize(
    ("text", "beside", "paths", "names"),
    [
        ("鼓楼区民政局", "江苏省南京市鼓楼区", ["江苏省/南京市/鼓楼区"], ["南京市鼓楼区民政局"]),
        ("鼓楼区民政局", "江苏省南京市", ["江苏省/南京市/鼓楼区"], ["南京市鼓楼区民政局"]),
        ("南京市鼓楼区民政局", "鼓楼区", ["江苏省/南京市/鼓楼区"], ["南京市鼓楼区民政局"]),
        (
            "东莞市长安镇人民政府",
            "广东省东莞市",
            ["广东省/东莞市/长安镇"],
            ["东莞市长安镇人民政府"],
        ),
        (
            "福建省福州市鼓楼区民政局",
            "江苏省南京市鼓楼区",
            ["江苏省/南京市/鼓楼区", "福建省/福州市/鼓楼区"],
            [],
        ),
        ("太仓市民政局", "江苏省南京市", ["江苏省/南京市", "江苏省/苏州市/太仓市"], []),
        ("", "江苏省太仓市", ["江苏省/苏州市/太仓市"], []),
        ("民政局", "江苏省\t南京市\t鼓楼区", ["江苏省/南京市/鼓楼区"], ["南京市鼓楼区民政局"]),
        ("民政局", "江苏 | 南京 | 鼓楼区", ["江苏省/南京市/鼓楼区"], ["南京市鼓楼区民政局"]),
        ("民政局", "上海市\t市辖区\t静安区", ["上海市/静安区"], ["上海市静安区民政局"]),
        ("", "湖北省\t省直辖县级行政区划\t仙桃市", ["湖北省/仙桃市"], []),
    ],
)
def test_it_takes_words_for_the_region_that_stand_beside_a_text(text, beside, paths, names):
    resolution = resolve(text, 2015, region_table(), beside)
    assert [each.path for each in resolution.candidates] == paths
    assert [each.name for each in resolution.organizations] == names
    assert resolution.whole == (len(paths) == 1)


def test_it_offers_no_district_elsewhere_for_the_last_of_three_columns():
    resolution = resolve("民政局", 2015, region_table(), "浙江省\t杭州市\t鼓楼区")
    assert [each.path for each in resolution.candidates] == ["浙江省/杭州市"]
    assert not resolution.whole


def test_it_keeps_words_beside_a_text_that_are_no_region():
    resolution = resolve("太仓市民政局", 2015, region_table(), "华东片区")
    assert resolution.unknown_region == "华东片区"
    assert not resolution.whole


@pytest.mark.parametrize(
    ("text", "beside", "path", "left"),
    [
        ("浙江省杭州市鼓楼区民政局", "", "浙江省/杭州市", "鼓楼区民政局"),
        ("杭州市鼓楼区民政局", "", "浙江省/杭州市", "鼓楼区民政局"),
        ("河北省河北区政府", "", "河北省", "河北区政府"),
        ("江苏省宁海县委、县政府", "", "江苏省", "宁海县委"),
        ("江苏省苏州市鼓楼区民政局", "", "江苏省/苏州市", "鼓楼区民政局"),
        ("鼓楼区民政局", "浙江省杭州市", "浙江省/杭州市", "鼓楼区民政局"),
        ("浙江省杭州市（鼓楼区民政局）", "", "浙江省/杭州市", "鼓楼区民政局"),
    ],
)
def test_it_offers_no_region_that_contradicts_the_words(text, beside, path, left):
    resolution = resolve(text, 2015, region_table(), beside)
    assert [each.path for each in resolution.candidates] == [path]
    assert resolution.leftovers[0].text == left
    assert not resolution.whole


def independent(text, year=2016):
    """(name, region) of the bodies of a text that are none of a place's own."""
    bodies = resolve(text, year, region_table()).organizations
    return [(each.name, each.region.name) for each in bodies if each.kind == "other"]


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("浙江省宁波市海曙区人民政府、宁波大学", [("宁波大学", "宁波市")]),
        ("上海市普陀区长寿路街道办事处、华东师范大学", [("华东师范大学", "普陀区")]),
        ("万科物业（深圳）有限公司、深圳市福田区民政局", [("万科物业（深圳）有限公司", "福田区")]),
        ("厦门市思明区社会组织服务中心", [("厦门市思明区社会组织服务中心", "思明区")]),
        ("太仓市总工会服务中心", [("太仓市总工会服务中心", "太仓市")]),
        ("北京市朝阳区“义仓”发展中心", [("北京市朝阳区“义仓”发展中心", "朝阳区")]),
        (
            "江苏省南京市鼓楼区民政局、鼓楼区志愿者协会、南京大学社会治理与发展研究院和爱德基金会",
            [
                ("南京市鼓楼区志愿者协会", "鼓楼区"),
                ("南京大学社会治理与发展研究院", "南京市"),
                ("爱德基金会", "鼓楼区"),
            ],
        ),
        # The name of a place that several have tells nothing of where 中山大学 is.
        ("广东省广州市海珠区政府、中山大学", [("中山大学", "海珠区")]),
    ],
)
def test_it_takes_universities_companies_and_societies_whole(text, bodies):
    assert independent(text) == bodies
    assert resolve(text, 2016, region_table()).whole


@pytest.mark.parametrize(
    "text", ["中山大学", "某某科技有限公司", "清华大学与北京某协会等、天津某中心"]
)
def test_it_credits_no_body_while_the_region_is_open(text):
    resolution = resolve(text, 2016, region_table())
    assert resolution.region is None
    assert resolution.organizations == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("某某科技有限公司", ["某某科技有限公司"]),
        # Every place has one: whose it is, the words do not say.
        ("北京市东城区民政局、社区服务中心", ["社区服务中心"]),
    ],
)
def test_it_leaves_over_bodies_of_which_nobody_knows_where_they_are(text, left):
    resolution = resolve(text, 2016, region_table())
    assert [each.text for each in resolution.leftovers] == left


@pytest.mark.parametrize(
    ("text", "year", "code", "left"),
    [
        ("新疆生产建设兵团第八师石河子市民政局", 2016, "659001", []),
        ("农八师石河子市委", 2010, "659001", []),
        ("新疆生产建设兵团第一师阿拉尔市", 2016, "659002", []),
        ("兵团第三师图木舒克市民政局", 2016, "659003", []),
        ("新疆生产建设兵团第六师五家渠市社区", 2016, "659004", ["社区"]),
        ("新疆兵团十四师昆玉市民政局", 2017, "659009", []),
        ("新疆生产建设兵团第八师石河子市东城街道办事处", 2016, "659001005", []),
        ("新疆生产建设兵团民政局", 2016, "650000", ["生产建设兵团民政局"]),
    ],
)
def test_it_finds_the_cities_of_the_corps_behind_their_divisions(text, year, code, left):
    resolution = resolve(text, year, region_table())
    assert [each.region.code for each in resolution.candidates] == [code]
    assert [each.text for each in resolution.leftovers] == left


@pytest.mark.parametrize(
    ("beside", "text", "code"),
    [
        ("新疆生产建设兵团", "第八师石河子市民政局", "659001"),
        ("新疆生产建设兵团", "石河子市民政局", "659001"),
        ("兵团", "图木舒克市民政局", "659003"),
        ("新疆生产建设兵团第一师", "阿拉尔市民政局", "659002"),
        ("新疆生产建设兵团第六师五家渠市", "五家渠市民政局", "659004"),
    ],
)
def test_the_corps_as_a_heading_names_where_it_is(beside, text, code):
    """As a heading has it, 新疆生产建设兵团（1个）, or a column for regions."""
    resolution = resolve(text, 2016, region_table(), beside)
    assert [each.region.code for each in resolution.candidates] == [code]
    assert resolution.whole


def test_it_says_since_when_there_is_a_city_of_the_corps():
    (left,) = resolve("新疆生产建设兵团第七师胡杨河市民政局", 2015, region_table()).leftovers
    assert [each.path for each in left.out_of_year] == ["新疆维吾尔自治区/胡杨河市"]


@pytest.mark.parametrize(
    ("text", "year", "region", "then"),
    [
        ("山东省济南市莱芜区民政局", 2017, "山东省/济南市/莱芜区", ["山东省/莱芜市/莱城区"]),
        ("山东省即墨市市委、市政府", 2017, "山东省/青岛市/即墨市", ["山东省/青岛市/即墨区"]),
        ("江苏省太仓市市委", 2017, None, []),
        ("江苏省太仓市沙溪镇政府", 2017, None, []),
    ],
)
def test_it_says_that_only_a_neighbouring_year_had_a_region(text, year, region, then):
    resolution = resolve(text, year, region_table())
    assert resolution.whole
    assert [each.path for each in resolution.out_of_year] == [region] * bool(region)
    assert [path for each in resolution.out_of_year for path in each.then.values()] == then


@pytest.mark.parametrize(
    ("text", "year", "region", "then"),
    [
        ("山东省济南市莱芜区民政局", 2014, "山东省/济南市/莱芜区", ["山东省/莱芜市/莱城区"]),
        ("浙江省杭州市临平区民政局", 2017, "浙江省/杭州市/临平区", []),
        ("上海市闸北区人民政府", 2019, "上海市/闸北区", ["上海市/静安区"]),
        ("四川省成都市双流县民政局", 2019, "四川省/成都市/双流县", ["四川省/成都市/双流区"]),
        ("闸北区人民政府", 2019, "上海市/闸北区", ["上海市/静安区"]),
        ("南昌市新区管委会", 2015, None, []),
        ("太仓市爱心互助小组", 2015, None, []),
    ],
)
def test_it_says_which_year_had_a_region_that_it_does_not_take(text, year, region, then):
    (leftover,) = resolve(text, year, region_table()).leftovers
    assert [each.path for each in leftover.out_of_year] == [region] * bool(region)
    assert [path for each in leftover.out_of_year for path in each.then.values()] == then


# Any text

WORDS = st.sampled_from(
    [
        "江苏省",
        "苏州市",
        "太仓",
        "太仓市",
        "市委",
        "市",
        "政府",
        "人民政府",
        "、",
        "，",
        "和",
        "与",
        "及",
        "空",
        "新区",
        "管委会",
        "鼓楼区",
        "区委",
        "街道办事处",
        "湖南路街道",
        "居委会",
        "村委会",
        "民政局",
        "共青团",
        "中共",
        "某协会",
        "（",
        "）",
        "等",
        "朝阳",
        "北京市",
        "縣",
        "縣委",
        "🏙",
    ]
)


@given(st.lists(WORDS | st.text(max_size=3), max_size=12).map("".join), st.integers(1999, 2030))
@settings(deadline=None)
def test_it_keeps_the_words_of_any_text_and_invents_none(text, year):
    resolution = resolve(text, year, region_table())
    for words in (*resolution.mentions, *resolution.leftovers):
        assert words.text
        assert text[words.start :].startswith(words.text)
    for candidate in resolution.candidates:
        assert candidate.region.existed_in(year, grace=1)
    named = {each.name for candidate in resolution.candidates for each in candidate.organizations}
    assert text.count("某协会") == sum(
        each.text.count("某协会") for each in resolution.leftovers
    ) or (any("某协会" in name for name in named))


def test_it_shows_every_candidate_with_its_own_organizations():
    resolution = resolve("鼓楼区区委、区政府", 2015, region_table())
    assert resolution.region is None
    assert resolution.organizations == ()
    assert {
        candidate.path: [each.name for each in candidate.organizations]
        for candidate in resolution.candidates
    }["河南省/开封市/鼓楼区"] == ["中国共产党开封市鼓楼区委员会", "开封市鼓楼区人民政府"]


@pytest.mark.parametrize(
    "text",
    [
        "太仓市" + "市委" * 1000,
        "太仓市和" * 300,
        "太仓 " * 400,
        "朝阳和" * 200,
        "和" * 2000,
        "协会和" * 1000,
        "宁波大学" * 500,
        "中心" * 1000,
        "中心" * 28 + "甲协会",
        "志愿者服务" * 11 + "甲协会",
    ],
)
def test_it_reads_texts_of_any_length(text):
    resolution = resolve(text, 2015, region_table())
    assert resolution.candidates or resolution.leftovers


def test_it_keeps_what_it_does_not_know_as_it_is_written():
    resolution = resolve("太倉市政府、愛心互助協會", 2015, region_table())
    (leftover,) = resolution.leftovers
    assert (leftover.text, leftover.start) == ("愛心互助協會", 6)
    assert not resolution.whole

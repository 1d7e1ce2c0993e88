"""Years, codes and addresses are words that find what has them."""

import pytest
from django.utils.http import urlencode

from governance import index
from governance.models import Achievement, Region

from .helpers.pages import Page

pytestmark = pytest.mark.django_db


def found(query):
    return [record["code"] for record in index.select(query)]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("2015-w01", ["2015-w01"]),
        ("２０１５－Ｗ０１", ["2015-w01"]),
        ("2015‑w01 太仓", ["2015-w01"]),
        ("w01", ["2015-w01"]),
        ("2015W01", ["2015-w01"]),
        ("2015 太仓", ["2015-w01"]),
        ("2016 太仓", []),
        *((year, ["2015-w01"]) for year in ("2015年 太仓", "2015年度太仓", "２０１５ 年，太仓")),
        *(
            (year, ["2015-w01"])
            for year in ("二〇一五年太仓", "太仓二零一五年度", "二○一五年 太倉")
        ),
        ("2015年政社互动", ["2015-w01"]),
        *((year, []) for year in ("2016年 太仓", "2015年内太仓", "15年 太仓", "“2015 年太仓”")),
        ("2015-w99", []),
        # Of a part of it nothing is the code.
        ("2015-w0", []),
        ("320585", ["2015-w01"]),
        ("320585000000", ["2015-w01"]),
        # What it was in 2015, and what it is.
        ("440300-FA01", ["2015-w07"]),
        ("440310 坪山", ["2015-w07"]),
    ],
)
def test_a_fact_is_a_word(query, codes):
    assert found(query) == codes


def test_a_year_and_a_province_find_all_of_theirs():
    assert len(found("2015")) == Achievement.objects.published().count()
    assert sorted(found("320000")) == sorted(
        record["code"] for record in index.select(region=["32"])
    )
    # The earlier code of a place stands for it.
    assert Region.objects.filter(code="419001").exists()
    assert found("410881") == found("419001") == found("济源市")


def test_the_words_of_the_organizations_find_their_entries():
    for entry in Achievement.objects.published():
        assert entry.code in found(f"“{entry.organization_text}”")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("2015-W01", "/achievements/2015-w01/"),
        ("２０１５－ｎ０９", "/achievements/2015-n09/"),
        ("2015n09", "/achievements/2015-n09/"),
        ("320585", "/regions/320585/"),
        ("440300-fa01", "/regions/440300-FA01/"),
        ("410881", "/regions/419001/"),
        (
            "https://governance.example.cn/en/achievements/2015-w01/?from=timeline",
            "/achievements/2015-w01/",
        ),
        ("/mechanisms/deliberation/", "/mechanisms/deliberation/"),
        ("governance.example.cn/years/2015/", None),
        # The address of a list or a table, with what it asks for.
        (
            "https://governance.example.cn/en/achievements/?region=320000",
            "/achievements/?region=320000",
        ),
        ("/analysis/?rows=tier&q=%E5%8D%8F%E5%95%86", "/analysis/?rows=tier&q=%E5%8D%8F%E5%95%86"),
        ("2015", None),
        ("2015-w99", None),
        ("w01", None),
        ("2015-w01 太仓", None),
        ("999999", None),
        ("\x00320585", "/regions/320585/"),
        ("https://a.example.cn/achievements/2015-W01/。", "/achievements/2015-w01/"),
        ("https://a.example.cn/regions/440300-fa01", "/regions/440300-FA01/"),
    ],
)
def test_a_code_or_an_address_alone_leads_to_its_page(client, prefix, words, page):
    response = client.get(f"{prefix}/achievements/", {"q": words})
    if page:
        assert (response.status_code, response["Location"]) == (302, f"{prefix}{page}")
    else:
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("words", "sentence", "there_is"),
    [
        (
            "https://a.example.cn/achievements/2015-w99/",
            "没有“2015-w99”这一成果。",
            ("十大创新成果：2015-w01 至 2015-w11", "/years/2015/"),
        ),
        (
            "2015-w99",
            "没有“2015-w99”这一成果。",
            ("提名成果：2015-n01 至 2015-n09", "/years/2015/"),
        ),
        ("/achievements/2016-w01/", "没有“2016-w01”这一成果。", ("2015年度", "/years/2015/")),
        ("http://a.example.cn/years/2016/", "没有“2016”这一年度。", ("2015年度", "/years/2015/")),
        (
            "https://a.example.cn/mechanisms/deliberations/。",
            "没有“deliberations”这一机制。",
            ("协商议事", "/mechanisms/deliberation/"),
        ),
        ("/regions/320598/", "没有“320598”这一行政区划。", ("昆山市", "/regions/320583/")),
    ],
)
def test_what_names_no_page_is_told_with_what_there_is(client, words, sentence, there_is):
    """Rather than lead to a page that there is not."""
    page = Page(client, f"/achievements/?{urlencode({'q': words})}")
    assert sentence in page.html
    assert there_is in page.links


def test_beside_another_condition_it_is_a_word(client):
    assert Page(client, "/achievements/?q=2015-w01&tier=winner").codes == ["2015-w01"]
    for words in ("2015-w01", "https://a.example.cn/achievements/2015-w01/", "/en/regions/320585/"):
        assert client.get("/api/achievements/", {"q": words}).json()["count"] == 1
    assert client.get("/analysis/?rows=tier&q=2015-w01").status_code == 200


def test_the_code_of_a_draft_finds_and_leads_nowhere(client):
    entry = Achievement.objects.get(code="2015-w02")
    Achievement.objects.filter(pk=entry.pk).update(status="draft", code="2015-w77", rank=77)
    index.rebuild()
    assert found("2015-w77") == []
    assert client.get("/achievements/?q=2015-w77").status_code == 200


def test_words_that_are_given_twice_are_refused_as_everywhere(client):
    assert client.get("/achievements/?q=太仓&q=2015-w01").status_code == 400


def test_a_pasted_passage_finds_its_entry(client):
    """A summary has more clauses than a query has words, and a translation more letters."""
    api = "/api/achievements/"
    for entry in Achievement.objects.published():
        other = entry.summary.translate(str.maketrans("“”《》", "「」『』"))
        for words in (entry.summary, other, f"　{entry.summary}\n"):
            answer = client.get(api, {"q": words}).json()
            assert [one["code"] for one in answer["results"]] == [entry.code], words
        (problem,) = client.get(api, {"q": entry.summary_en}).json()["problems"]
        (beginning,) = problem["suggestions"]
        assert entry.summary_en.startswith(beginning[1:9])
        answer = client.get(api, {"q": beginning}).json()
        assert [one["code"] for one in answer["results"]] == [entry.code], beginning


def test_the_page_of_a_passage_says_it_as_it_was_pasted(client):
    entry = Achievement.objects.get(code="2015-w04")
    said = entry.summary.replace("“", "").replace("”", "")
    assert Page(client, f"/achievements/?q={entry.summary}").heading == f"“{said}”： 1 项"

import re

import pytest

from governance import index
from governance.models import Achievement, IndexState

from .helpers.pages import Page
from .helpers.pictures import attach

pytestmark = pytest.mark.django_db


def test_it_shows_what_the_announcement_says_word_for_word(client):
    page = Page(client, "/achievements/2015-n04/")
    text = page.response.context_data["entry"]["summary"]
    assert "减化申报程序" in text, "the announcement's own slip is kept"
    shown = "".join(segment.text for segment in page.response.context_data["summary"])
    assert shown == text
    assert page.heading == "“加减乘除法”精准孵化社区社会组织"


def test_it_shows_evidence_numbers_organizations_source_and_permalink(client):
    page = Page(client, "/achievements/2015-w06/")
    assert "阳光晒权" in page.html
    assert ("阳光晒权\N{WORD JOINER} 3", "/achievements/2015-w06/#coding-3") in page.links
    assert ("宁海县人民政府") in [text for text, _href in page.links]
    assert "来源待补" in page.html
    assert "浙江省宁海县县委、县政府" in page.html
    assert ("http://testserver/achievements/2015-w06/",) * 2 in page.links


def test_it_tells_goals_and_effects_from_means(client):
    page = Page(client, "/achievements/2015-w11/")
    assert "次要 · 目标" in page.html
    assert "主要 · 做法" in page.html


def test_it_names_the_region_of_its_year_and_what_that_became(client):
    page = Page(client, "/achievements/2015-w07/")
    names = [text for text, _href in page.links]
    assert "坪山新区" in names
    assert "坪山区" in names


@pytest.mark.parametrize("code", ["2015-w12", "2015-w1", "太仓", "2015-w01\x00"])
def test_an_unknown_code_is_not_found(client, code):
    page = Page(client, f"/achievements/{code}/", status=404)
    assert "没有这一页" in page.html


@pytest.mark.parametrize("code", ["2015-w01", "2015-w08", "2015-n01", "2015-n09"])
def test_a_detail_page_asks_the_database_a_fixed_number_of_questions(
    client, code, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        client.get(f"/achievements/{code}/")


def test_every_entry_has_its_page_in_both_languages(client):
    for entry in Achievement.objects.all():
        assert entry.title_en in Page(client, f"/en/achievements/{entry.code}/").html.replace(
            "&#39;", "'"
        )
        assert entry.organization_text in Page(client, f"/achievements/{entry.code}/").html


def test_it_shows_pictures_in_every_size_with_alt_and_credit(client):
    entry = Achievement.objects.get(code="2015-w01")
    picture = attach(entry)
    index.update([entry.pk])
    html = Page(client, "/achievements/2015-w01/").html
    assert f'src="/media/images/{picture.digest}/{picture.width}.webp"' in html
    assert f"/media/images/{picture.digest}/480.webp 480w" in html
    assert f'alt="{picture.alt}"' in html
    assert picture.credit in html


def test_evidence_and_coding_lead_to_each_other(client):
    page = Page(client, "/achievements/2015-w06/")
    texts = {text.split(" ")[-1]: href for text, href in page.links if "的原文依据 " in text}
    for number in (1, 2, 3):
        here = texts[str(number)].split("#")[1]
        words = re.search(f'<a id="{here}" class="ev means([^"]*)"', page.html)[1]
        assert f" k{number}" in words
        assert f'<li class="k{number}" id="coding-{number}">' in page.html


def test_codings_are_numbered_as_their_words_are_read(client):
    for entry in Achievement.objects.all():
        page = Page(client, f"/achievements/{entry.code}/")
        segments = page.response.context_data["summary"] + page.response.context_data["title"]
        first = list(dict.fromkeys(number for part in segments for number in part.codings))
        assert first == sorted(first), entry.code


def test_it_quotes_the_passage_of_the_document_verbatim(client):
    for entry in Achievement.objects.select_related("award_year"):
        passage = Page(client, f"/achievements/{entry.code}/").response.context_data["passage"]
        assert passage in entry.award_year.text
        assert passage.startswith(entry.marker + entry.title)
        assert passage.endswith(entry.summary)


def test_a_passage_that_lies_apart_is_not_shown(client):
    entry = Achievement.objects.get(code="2015-w02")
    entry.title_offset = entry.marker_offset = 0
    entry.save()
    assert Page(client, "/achievements/2015-w02/").response.context_data["passage"] == ""


def neighbours(page):
    context = page.response.context_data
    return [card and card["code"] for card in (context["before"], context["after"])]


def test_without_a_list_its_neighbours_are_those_of_its_year(client):
    assert neighbours(Page(client, "/achievements/2015-w01/")) == [None, "2015-w02"]
    assert neighbours(Page(client, "/achievements/2015-n01/")) == ["2015-w11", "2015-n02"]
    assert neighbours(Page(client, "/achievements/2015-n09/")) == ["2015-n08", None]


@pytest.mark.parametrize(
    "query",
    [
        "mechanism=deliberation",
        "q=协商",
        "sort=year",
        "sort=title",
        "sort=region&tier=winner",
        "q=政府购买服务",
        "view=table&sort=-year",
    ],
)
def test_it_has_the_neighbours_of_the_list_that_one_came_from(client, query):
    listing = Page(client, f"/achievements/?{query}")
    codes = listing.codes
    # Followed as a reader would: from the first, by "next", to the last.
    here = next(href for _text, href in listing.links if f"/{codes[0]}/?" in href)
    walked = []
    for place, code in enumerate(codes):
        page = Page(client, here)
        walked.append(page.response.context_data["entry"]["code"])
        around = [codes[place - 1] if place else None, *codes[place + 1 : place + 2]]
        assert neighbours(page) == (around if len(around) == 2 else [*around, None]), code
        if place + 1 < len(codes):
            here = next(href for _text, href in page.links if f"/{codes[place + 1]}/?" in href)
    assert walked == codes
    assert dict(page.links)["返回列表"].startswith("/achievements/?")


def test_a_list_that_lost_the_entry_gives_way_to_its_year(client):
    page = Page(client, "/achievements/2015-w01/?mechanism=deliberation")
    assert neighbours(page) == [None, "2015-w02"]
    assert "返回列表" not in page.html


def test_a_wrong_query_is_said_here_too(client):
    assert "没有名为“regoin”的参数" in Page(client, "/achievements/2015-w01/?regoin=1", 400).html


def test_neighbours_are_no_drafts(client):
    Achievement.objects.filter(code="2015-w02").update(status="draft")
    assert neighbours(Page(client, "/achievements/2015-w01/")) == [None, None]


def test_related_entries_say_what_is_shared(client):
    related = Page(client, "/achievements/2015-w06/").response.context_data["related"]
    assert [(other["code"], reasons) for other, reasons in related][:2] == [
        ("2015-n01", ["同用权责清单与契约、监督评议与评估、村（居）务公开"]),
        ("2015-w01", ["同用权责清单与契约、监督评议与评估"]),
    ]
    for entry in Achievement.objects.all():
        for other, reasons in Page(client, f"/achievements/{entry.code}/").response.context_data[
            "related"
        ]:
            assert reasons, (entry.code, other["code"])
            assert other["code"] != entry.code


def test_related_entries_are_no_drafts(client):
    Achievement.objects.filter(code="2015-n01").update(status="draft")
    related = Page(client, "/achievements/2015-w06/").response.context_data["related"]
    assert "2015-n01" not in [other["code"] for other, _reasons in related]


def test_a_citation_names_the_database_and_no_author(client):
    page = Page(client, "/achievements/2015-w02/?q=协商")
    cited = page.response.context_data["citation"]
    assert cited.startswith("“居民提案”激活社区居民自治细胞[EB/OL]. 社区治理创新成果库, 数据版本 ")
    assert cited.endswith("]. http://testserver/achievements/2015-w02/.")
    assert "朝阳区人民政府" not in cited


def test_it_stands_without_an_index(client):
    IndexState.objects.update(shape=0)
    page = Page(client, "/achievements/2015-w02/")
    assert page.heading == "“居民提案”激活社区居民自治细胞"
    assert "相关成果" not in page.html


def test_a_list_of_facts_holds_terms_and_what_is_said_of_them_alone(client):
    """HTML allows nothing else in it, the picture of the map neither."""
    html = Page(client, "/achievements/2015-w01/").html
    groups = re.findall(r"<dl[^>]*>(.*?)</dl>", html, re.DOTALL)
    assert any("<svg" in group for group in groups)
    for group in groups:
        bare = re.sub(r"<(dt|dd)\b.*?</\1>", "", group, flags=re.DOTALL)
        assert set(re.findall(r"<(\w+)", bare)) <= {"div"}

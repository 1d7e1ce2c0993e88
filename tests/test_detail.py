import pytest

from governance import index
from governance.models import Achievement

from .pages import Page
from .pictures import attach

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
    assert ("3", "/achievements/2015-w06/#coding-3") in page.links
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


@pytest.mark.parametrize("code", ["2015-w12", "2015-W01", "2015-w1", "太仓", "2015-w01\x00"])
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

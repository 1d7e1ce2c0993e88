"""What lists show of an entry: drawn once, escaped once, marked where it was found."""

import pytest
from markupsafe import Markup, escape

from governance import index
from governance.models import Organization
from showcase.html.cards import draw

from .helpers.pages import Page

TITLE = "院落<b>&amp;“夜话”</b>'协商'\"议事\""
TITLE_EN = 'Yard <b>talks</b> & others\' "votes"'


TIERS = {"winner": "获奖", "nominee": "提名"}


class Drawing:
    """Draws as a macro does, and remembers what."""

    def __init__(self):
        self.drawn = []

    def __call__(self, card, tiers, **look):
        self.drawn.append((card["title"], look))
        return Markup('<a href="{}">{}</a>').format(card["address"], card["title"])


def a_card(**fields):
    card = {"code": "2015-w01", "title": "院落夜话", "summary": "夜话"}
    jiangsu = {"code": "320000", "name": "江苏省", "name_en": "Jiangsu"}
    return card | {"places": [jiangsu], "means": []} | fields


def test_it_draws_a_card_once_and_fills_in_the_query_of_the_list():
    macro = Drawing()
    first = draw(macro, [a_card()], "?a=1&b=2", tiers=TIERS, boxed=True)
    second = draw(macro, [a_card()], '?q="', tiers=TIERS, boxed=True)
    assert first == '<a href="/achievements/2015-w01/?a=1&amp;b=2">院落夜话</a>'
    assert second == '<a href="/achievements/2015-w01/?q=&#34;">院落夜话</a>'
    assert (
        draw(macro, [a_card()], tiers=TIERS, boxed=True)
        == '<a href="/achievements/2015-w01/">院落夜话</a>'
    )
    assert macro.drawn == [("院落夜话", {"boxed": True})]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "新名"},
        {"means": [{"slug": "x", "name": "协商", "name_en": "", "weight": "primary", "spans": []}]},
        {"summary": ""},
    ],
)
def test_it_draws_a_card_anew_that_says_something_else(fields):
    macro = Drawing()
    draw(macro, [a_card(), a_card(**fields)], tiers=TIERS)
    assert len(macro.drawn) == 2


def test_it_draws_a_card_anew_that_looks_otherwise():
    macro = Drawing()
    for look in ({"boxed": True}, {"boxed": False}, {}):
        draw(macro, [a_card()], tiers=TIERS, **look)
    assert [look for _title, look in macro.drawn] == [{"boxed": True}, {"boxed": False}, {}]


def test_it_draws_a_card_anew_that_is_called_otherwise():
    macro = Drawing()
    for tiers in (TIERS, {"winner": "十大创新成果", "nominee": "提名成果"}, TIERS):
        draw(macro, [a_card()], tiers=tiers)
    assert len(macro.drawn) == 2


def test_it_keeps_no_card_with_marks():
    macro = Drawing()
    for _ in range(2):
        assert "<mark>夜话</mark>" in draw(macro, [a_card()], terms=["夜话"], tiers=TIERS)
    assert len(macro.drawn) == 2


@pytest.fixture
def sharp(draft, publish):
    """An entry whose names hold everything that HTML takes for its own."""
    draft.title, draft.title_en = TITLE, TITLE_EN
    draft.summary_en = f"{TITLE_EN}, said at length."
    Organization.objects.filter(slug="shaxi-zhen-zhengfu").update(short_name=TITLE)
    publish(draft)
    return draft


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/achievements/",
        "/achievements/?view=table",
        "/achievements/?region=320585",
        "/achievements/2015-w12/",
        "/compare/?code=2015-w12",
        "/years/2015/",
        "/regions/320585/",
    ],
)
def test_it_escapes_what_the_record_says_once(client, sharp, address):
    # A heading keeps what stands in quotation marks on one line.
    html = Page(client, address).html.replace('<span class="whole">“夜话”</span>', "“夜话”")
    assert str(escape(TITLE)) in html
    assert str(escape(TITLE_EN)) in Page(client, f"/en{address}").html
    assert "<b>&amp;" not in html
    assert "&amp;lt;b" not in html


@pytest.mark.django_db
def test_it_escapes_what_it_marks_once(client, sharp):
    found = Page(client, "/achievements/?q=夜话").html
    title = str(escape(TITLE)).replace("夜话", "<mark>夜话</mark>")
    assert f'<span lang="zh-Hans">{title}</span>' in found
    assert "<mark>votes</mark>" in Page(client, "/en/achievements/?q=votes").html
    assert "<b>talks" not in Page(client, "/en/achievements/?q=votes").html


@pytest.mark.django_db
def test_it_escapes_what_a_reader_asks_once(client):
    html = Page(client, '/achievements/?q="><script>&tier=winner').html
    assert '<input type="search" name="q" value="&#34;&gt;&lt;script&gt;"' in html
    assert '<input type="hidden" name="tier" value="winner">' in html
    assert "<script>&" not in html
    assert '"><script>' not in html


@pytest.mark.django_db
def test_an_edit_shows_in_the_lists_of_both_languages_at_once(client, sharp, publish):
    for address in ("/achievements/", "/en/achievements/"):
        Page(client, address)
    sharp.title, sharp.title_en = "改后的名称", "The name after the edit"
    publish(sharp)
    assert "改后的名称" in Page(client, "/achievements/").html
    assert "The name after the edit" in Page(client, "/en/achievements/").html
    sharp.region.name_en = "Taicang anew"
    sharp.region.save()
    index.update([sharp.pk])
    assert "Taicang anew" in Page(client, "/en/achievements/").html


@pytest.mark.django_db
def test_a_chinese_card_shows_the_words_that_only_the_translation_says(client):
    page = client.get("/achievements/?q=volunteers").content.decode()
    assert page.count("英文译文：") == index.select("volunteers").count() > 0
    assert '<span lang="en">' in page
    assert "<mark>volunteer" in page
    # A name says it, or the announcement does; and an English page shows it anyway.
    for query in ("taicang", "o2o", "协商", "deliberation on community affairs"):
        assert "英文译文：" not in client.get(f"/achievements/?q={query}").content.decode(), query
    assert "英文译文：" not in client.get("/en/achievements/?q=volunteers").content.decode()

"""Entries side by side: what they share and what sets them apart, with the state in the address."""

import re
from html import unescape

import pytest

from governance import index
from governance.models import Achievement

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

FOUR = ["2015-w02", "2015-n01", "2015-n05", "2015-n06"]


def address(*codes):
    return "/compare/?" + "&".join(f"code={code}" for code in codes)


def groups(page):
    """{heading of a group of mechanisms: their slugs}."""
    parts = re.split(r'<th class="group"[^>]*>', page.html)[1:]
    return {
        re.match(r"[^<]+", part)[0].strip(): re.findall(r'href="/mechanisms/([\w-]+)/"', part)
        for part in parts
    }


def coded(code, *aspects):
    codings = Achievement.objects.get(code=code).codings.filter(aspect__in=aspects)
    return set(codings.values_list("mechanism__slug", flat=True))


def test_it_shows_the_entries_in_the_order_of_the_address(client):
    page = Page(client, address("2015-n02", "2015-w01"))
    assert page.heading == "比较 2 项成果"
    assert page.codes == ["2015-n02", "2015-w01"]
    for words in ("太仓市", "鼓楼区", "十大创新成果", "提名成果", "中共太仓市委员会"):
        assert words in page.html


@pytest.mark.parametrize("codes", [FOUR[:2], FOUR[:3], FOUR, ["2015-w01", "2015-w08"]])
def test_it_sorts_mechanisms_by_who_uses_them(client, codes):
    found = groups(Page(client, address(*codes)))
    means = [coded(code, "means") for code in codes]
    every = set().union(*(coded(code, "means", "goal", "effect") for code in codes))
    users = {slug: sum(slug in one for one in means) for slug in every}
    expected = {
        "共有的机制": {slug for slug, n in users.items() if n == len(codes)},
        "其中几项共有的机制": {slug for slug, n in users.items() if 1 < n < len(codes)},
        "只有一项采用的机制": {slug for slug, n in users.items() if n == 1},
        "只作目标或成效的机制": {slug for slug, n in users.items() if n == 0},
    }
    assert {label: set(slugs) for label, slugs in found.items()} == {
        label: slugs for label, slugs in expected.items() if slugs
    }
    assert sum(map(len, found.values())) == len(every)


def test_it_quotes_the_words_of_every_coding(client):
    html = Page(client, address("2015-w01", "2015-n02")).html
    for code in ("2015-w01", "2015-n02"):
        for coding in Achievement.objects.get(code=code).codings.all():
            for span in coding.evidence.all():
                assert f'<q lang="zh-Hans">{span.text}</q>' in html


def test_each_entry_can_be_dropped(client):
    page = Page(client, address(*FOUR))
    drops = dict(page.links)
    titles = dict(Achievement.objects.values_list("code", "title"))
    for code in FOUR:
        rest = Page(client, drops[f"移除 {titles[code]}"])
        assert rest.codes == [other for other in FOUR if other != code]
    alone = dict(Page(client, address("2015-w01")).links)[f"移除 {titles['2015-w01']}"]
    assert Page(client, alone).heading == "比较成果"


def test_the_form_adds_one_until_there_are_four(client):
    html = Page(client, address("2015-w01", "2015-w02")).html
    hidden = re.findall(r'<input type="hidden" name="code" value="([\w-]+)"', html)
    assert hidden == ["2015-w01", "2015-w02"]
    assert '<input id="code" name="code"' in html
    assert '<input id="code" name="code"' not in Page(client, address(*FOUR)).html


def test_without_entries_it_offers_some_to_choose_from(client):
    html = Page(client, "/compare/").html
    boxes = re.findall(r'<input type="checkbox" name="code" value="([\w-]+)" form="tray">', html)
    assert boxes == [record["code"] for record in index.select()[:20]]
    assert Page(client, address(*boxes[:4])).codes == boxes[:4]


@pytest.mark.parametrize("path", ["/compare/", "/achievements/", "/achievements/2015-w01/"])
def test_a_box_is_called_by_the_title_of_its_entry(client, path):
    for at, of in (path, "title"), (f"/en{path}", "title_en"):
        titles = dict(Achievement.objects.values_list("code", of))
        named = re.findall(
            r'value="([\w-]+)" form="tray"> \w+ <span class="unseen">(.*?)</span>(?:</span>)?</label>',
            Page(client, at).html,
        )
        assert named
        for code, said in named:
            assert unescape(said).removeprefix('<span lang="zh-Hans">') == titles[code]


def test_the_same_code_twice_is_one(client):
    assert Page(client, address("2015-w01", "2015-w01", "")).heading == "比较 1 项成果"


@pytest.mark.parametrize(
    ("query", "sentence", "way_out"),
    [
        ("code=2015-w99", "没有编号为“2015-w99”的成果", address("2015-w09")),
        (
            "code=2015-w1&code=2015-n02",
            "没有编号为“2015-w1”的成果",
            address("2015-n02", "2015-w01"),
        ),
        ("code=2015-W01", "没有编号为“2015-W01”的成果", address("2015-w01")),
        ("codes=2015-w01", "没有名为“codes”的参数。", address("2015-w01")),
        ("code=%00", "没有编号为“”的成果", None),
        ("code=太仓", "没有编号为“太仓”的成果", None),
        ("code=" + "9" * 5000, "的成果；编号形如 2015-w01。", None),
        (address(*FOUR, "2015-w05")[10:], "最多比较四项成果，这里有 5 项。", address(*FOUR)),
    ],
)
def test_a_bad_question_is_explained(client, query, sentence, way_out):
    page = Page(client, f"/compare/?{query}", status=400)
    assert sentence in page.html
    ways = [href for _text, href in page.links if href.startswith("/compare/?") and "#" not in href]
    assert way_out is None or way_out in ways


def test_a_thousand_codes_are_not_all_looked_up(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        Page(client, address(*(f"2015-w{n}" for n in range(1000, 2000))), status=400)


def test_a_thousand_wrong_names_are_not_all_explained(client):
    query = "&".join(f"code{chr(n)}=1" for n in range(0x4E00, 0x5000))
    assert Page(client, f"/compare/?{query}", status=400).html.count("没有名为") == 20


def test_a_draft_cannot_be_compared_nor_guessed(client, draft):
    page = Page(client, address(draft.code), status=400)
    assert draft.code not in [text for text, _href in page.links]
    assert "院落夜话" not in page.html


def test_a_published_entry_can_be(client, draft, publish):
    publish(draft)
    assert Page(client, address(draft.code)).codes == [draft.code]


def test_in_english_it_shows_the_original_beside_the_translation(client):
    page = Page(client, "/en" + address("2015-w01", "2015-w02"))
    entry = Achievement.objects.get(code="2015-w01")
    assert entry.title_en in page.html
    assert entry.title in page.html
    assert entry.summary_en in page.html
    assert dict(page.links)


def test_only_reading_is_allowed(client):
    assert client.post("/compare/", {"code": "2015-w01"}).status_code == 405

"""Entries side by side: what they share and what sets them apart, with the state in the address."""

import re
from html import unescape

import pytest
from django.utils import timezone

from governance import index, publishing
from governance.models import Achievement

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

FOUR = ["2015-w02", "2015-n01", "2015-n05", "2015-n06"]


def address(*codes):
    return "/compare/?" + "&".join(f"code={code}" for code in codes)


def rows(page):
    """{label of a row of the table: its cells}, each cell as the text and the slugs of mechanisms it has."""
    table = re.search(r'<table class="compare.*?</table>', page.html, re.DOTALL)[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table.partition("</thead>")[2], re.DOTALL):
        label, *cells = re.split(r"<td>", row)
        found[text(label).split(" ")[0]] = [
            (text(cell), re.findall(r'href="/mechanisms/([\w-]+)/"', cell)) for cell in cells
        ]
    return found


def text(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def coded(code):
    codings = Achievement.objects.get(code=code).codings.select_related("mechanism")
    return {coding.mechanism.slug: coding.mechanism.name for coding in codings}


def test_it_shows_the_entries_in_the_order_of_the_address(client):
    page = Page(client, address("2015-n02", "2015-w01"))
    assert page.heading == "比较 2 项成果"
    assert page.codes == ["2015-n02", "2015-w01"]
    for words in ("太仓市", "鼓楼区", "十大创新成果", "提名成果", "中共太仓市委员会"):
        assert words in page.html


@pytest.mark.parametrize("codes", [FOUR[:1], FOUR[:2], FOUR[:3], FOUR, ["2015-w01", "2015-w08"]])
def test_shared_mechanisms_are_rows_and_single_ones_lists(client, codes):
    """So that no row has a value of one entry alone, and no cell is a dash."""
    page = Page(client, address(*codes))
    found, every = rows(page), [coded(code) for code in codes]
    names = {name for one in every for name in one.values()}
    users = {name: sum(name in one.values() for one in every) for name in names}
    assert {label for label in found if label in names} == {n for n, k in users.items() if k > 1}
    for name in names & found.keys():
        cells = [said for said, _slugs in found[name]]
        assert [not said.endswith("没有写到") for said in cells] == [
            name in one.values() for one in every
        ]
    own = found["仅此一项写到" if len(codes) > 1 else "机制"]
    for (said, slugs), one in zip(own, every, strict=True):
        assert set(slugs) == {slug for slug, name in one.items() if users[name] == 1}
        assert bool(slugs) != said.endswith("没有其他机制")
    assert "—" not in " ".join(said for cells in found.values() for said, _slugs in cells)


def test_it_says_what_the_comparison_comes_to(client):
    said = re.search(r'<p class="understood">(.*?)</p>', Page(client, address(*FOUR)).html)[1]
    every = [coded(code) for code in FOUR]
    users = [sum(slug in one for one in every) for slug in set().union(*every)]
    assert f"仅一项写到的机制有 {users.count(1)} 个。" in said
    for count in set(users) - {1}:
        assert f"{count} 项{'都' if count == 4 else ''}写到 <b>" in said
    apart = re.search(
        r'<p class="understood">(.*?)</p>', Page(client, address("2015-w01", "2015-w08")).html
    )[1]
    both = Page(client, address("2015-w08", "2015-n02")).html
    assert "两项都写到 <b>" in both
    assert ("没有共有的机制" in apart) == (not coded("2015-w01").keys() & coded("2015-w08").keys())


def test_every_cell_says_whose_it_is(client):
    """Where cells stand below each other, as on a phone."""
    page = Page(client, address("2015-w08", "2015-w11"))
    for label, cells in rows(page).items():
        assert [said.split(" ")[0] for said, _slugs in cells] == ["“343”", "“334”"], label
    english = Page(client, "/en" + address("2015-w08", "2015-w06")).html
    assert english.count('<span class="who">Wenjiang District</span>') > 5


def test_all_are_called_in_one_way(client):
    """By what they call themselves if each does so, by their places if these differ, else by code."""

    def called(*codes):
        return [said.split(" ")[0] for said, _slugs in rows(Page(client, address(*codes)))["城乡"]]

    assert called("2015-w08", "2015-w06") == ["温江区", "宁海县"]
    Achievement.objects.filter(code="2015-n02").update(short_name="343")
    index.rebuild()
    assert called("2015-w08", "2015-n02", "2015-w11") == ["温江区", "鼓楼区", "解放区"]
    place = Achievement.objects.get(code="2015-w08").region
    Achievement.objects.filter(code="2015-n02").update(region=place)
    index.rebuild()
    assert called("2015-w08", "2015-n02", "2015-w11") == ["2015-w08", "2015-n02", "2015-w11"]


def test_it_can_be_taken_to_a_word_processor(client):
    """As a table of three lines that says what it is, as of when, and where it stands."""
    page = Page(client, address("2015-w08", "2015-n02"))
    table = re.search(r'<table class="three-line".*?</table>', page.html, re.DOTALL)[0]
    caption = text(re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)[1])
    today = timezone.localdate().isoformat()
    assert f"数据版本 {index.current().digest}，{today}，" in caption
    assert caption.endswith("http://testserver" + address("2015-w08", "2015-n02"))
    for words in ("协商程序规范化", "主要做法", "2015-n02", "江苏省南京市鼓楼区"):
        assert words in text(table)
    assert 'data-copy="three-line"' in page.html


def test_what_is_gone_is_told_and_left_out(client):
    entry = Achievement.objects.get(code="2015-n02")
    publishing.take_back([entry.pk], "信息有误。")
    page = Page(client, address("2015-w08", "2015-n02", "2015-w11"))
    assert page.heading == "比较 2 项成果"
    assert "2015-n02 社区协商“六化”模式 已撤下，未列入比较。" in page.html
    assert ("查看原因", "/achievements/2015-n02/") in page.links
    assert 'data-compared="2015-w08 2015-w11"' in page.html
    assert 'data-gone="2015-n02"' in page.html
    alone = Page(client, address("2015-n02"))
    assert alone.heading == "比较成果"
    assert "已撤下，未列入比较" in alone.html


def test_a_former_code_leads_to_its_entry(client):
    entry = Achievement.objects.get(code="2015-n02")
    Achievement.objects.filter(pk=entry.pk).update(code="2015-n12")
    index.update([entry.pk])
    page = Page(client, address("2015-w08", "2015-n02", "2015-n12"))
    assert [code for code in page.codes if code.startswith("2015")] == ["2015-w08", "2015-n12"]


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

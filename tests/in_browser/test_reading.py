"""Reading and comparing as one does: with a finger at 360 pixels, with a mouse, and what one takes along."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from .page_types import LANGUAGES

COMPARED = "/compare/?code=2015-w08&code=2015-w11&code=2015-n02"
READ = [
    "/achievements/2015-n01/",
    COMPARED,
    "/mechanisms/deliberation/",
    "/regions/440310/",
    "/organizations/cpc-taicang-municipal-committee/",
    "/years/2015/",
]
# Since the page is wider than a screen where one of these stands out of it.
EVERY_WIDTH = (320, 390, 768, 1024, 1280, 1440)
SMALL = """() => [...document.querySelectorAll('main :is(.btn, button, input, summary, .status a, a.no)')]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 23.5)
    .map(one => one.outerHTML.slice(0, 90))"""
LEVELS = "() => [...document.querySelectorAll('h1, h2, h3')].map(one => Number(one.tagName[1]))"
# Words that stand on two lines: between its letters, a Latin word has one box.
BROKEN_WORDS = """selector => [...document.querySelectorAll(selector)]
    .flatMap(one => [...one.childNodes].filter(node => node.nodeType === Node.TEXT_NODE))
    .flatMap(text => [...text.data.matchAll(/[\\w()]+/g)].filter(word => {
        const range = document.createRange()
        range.setStart(text, word.index)
        range.setEnd(text, word.index + word[0].length)
        return range.getClientRects().length > 1
    }).map(word => word[0]))"""
# What begins each line of an element, by where its characters stand.
LINE_STARTS = """element => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    const starts = []
    let bottom = -Infinity
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        for (let at = 0; at < node.length; at++) {
            const range = document.createRange()
            range.setStart(node, at)
            range.setEnd(node, at + 1)
            const box = range.getBoundingClientRect()
            if (box.width && box.top >= bottom - 4) starts.push(node.data[at])
            if (box.width) bottom = Math.max(bottom, box.bottom)
        }
    }
    return starts
}"""

# The style of what does not light up.
UNLIT = ("background-color", "rgba(0, 0, 0, 0)")

# Quoted words of headings that stand on two lines, though one would hold them.
BROKEN_QUOTES = """() => [...document.querySelectorAll('h1, h2, h3, .title')].flatMap(heading => {
    const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT), chars = []
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (let at = 0; at < node.length; at++) {
            const range = document.createRange()
            range.setStart(node, at)
            range.setEnd(node, at + 1)
            chars.push([node.data[at], range.getBoundingClientRect()])
        }
    const text = chars.map(([char]) => char).join('')
    return [...text.matchAll(/“[^“”]+”/g)].filter(quoted => {
        const boxes = chars.slice(quoted.index, quoted.index + quoted[0].length).map(one => one[1])
        const width = boxes.reduce((sum, box) => sum + box.width, 0)
        const { paddingLeft, paddingRight } = getComputedStyle(heading)
        const line = heading.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)
        // Boxes of two lines overlap.
        return boxes.at(-1).top > boxes[0].top + boxes[0].height / 2 && width < line - 2
    }).map(quoted => quoted[0])
})"""


def texts(page, selector):
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def copied(page, selector):
    """What the clipboard gets of an element that was selected."""
    return page.evaluate(
        """selector => {
            getSelection().selectAllChildren(document.querySelector(selector))
            let text
            const take = () => { text = getSelection().toString() }
            document.addEventListener('copy', take)
            document.execCommand('copy')
            document.removeEventListener('copy', take)
            return text
        }""",
        selector,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", READ)
def test_it_fits_every_screen_and_is_in_order(visit, path, language):
    page = visit(path, language)
    for width in EVERY_WIDTH:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        assert page.evaluate(SMALL) == [], width
    levels = page.evaluate(LEVELS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels)), levels


def test_filters_with_long_names_fit_a_phone(visit):
    page = visit("/achievements/?q=老旧小区物业", "en")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("code", ["2015-w01", "2015-n01", "2015-w08"])
def test_what_is_copied_is_the_text_alone(visit, code):
    page = visit(f"/achievements/{code}/")
    entry = page.request.get(f"/api/achievements/{code}/").json()
    assert copied(page, "h1") == entry["title"]
    assert copied(page, ".text p") == entry["summary"]
    # The numbers are there to be seen.
    drawn = page.locator(".text .number, h1 .number").evaluate_all(
        "all => all.map(one => getComputedStyle(one, '::before').content)"
    )
    assert len(drawn) >= len(entry["mechanisms"]) - 2
    assert all(re.search(r"\d", content) for content in drawn)


@pytest.mark.parametrize("width", [320, 360, 390, 430, 768, 1440])
def test_no_line_begins_with_what_ends_something(visit, width):
    """Nor with the number of the words above."""
    page = visit("/achievements/2015-n01/")
    page.set_viewport_size({"width": width, "height": 900})
    for selector in ("h1", ".text p"):
        starts = page.locator(selector).first.evaluate(LINE_STARTS)
        assert len(starts) > 1 or selector == "h1"
        assert not set(starts) & set("，。、；：！？”’》）"), starts
    apart = page.locator(".number").evaluate_all(
        """all => all.filter(one => one.previousElementSibling.getClientRects().length
            && Math.abs([...one.previousElementSibling.getClientRects()].at(-1).bottom
                        - one.getBoundingClientRect().bottom) > 20).length"""
    )
    assert apart == 0


@pytest.mark.parametrize(
    "path",
    [
        "/achievements/2015-n01/",
        "/achievements/?q=居民",
        "/achievements/?q=苏州 协商",
        "/years/2015/",
        "/compare/?code=2015-w02&code=2015-n01",
    ],
)
def test_no_heading_breaks_within_quotation_marks(visit, path):
    """But where a line cannot hold what they enclose."""
    page = visit(path, width="phone")
    for width in (320, 360, 375, 390, 414, 430, 600, 768, 1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(BROKEN_QUOTES) == [], width


def test_a_finger_reads_an_entry(visit):
    """At 360 pixels: the text comes first, a tap on its words lights their mechanism, and all acts
    are under the thumb."""
    page = visit("/achievements/2015-w02/", width="phone")
    assert page.locator(".text").first.bounding_box()["y"] < 600
    words, note = page.locator("a.ev").nth(2), page.locator("#coding-3")
    words.tap()
    expect(note).to_have_class(re.compile("lit"))
    expect(note).to_be_in_viewport()
    page.locator("#coding-3 a.no").tap()
    expect(words).to_be_in_viewport()
    cite = page.locator(".head .acts").get_by_role("link", name="引用")
    box = cite.bounding_box()
    assert box["y"] + box["height"] > 880
    assert box["height"] >= 40
    cite.tap()
    expect(page.locator("#citation")).to_be_in_viewport()


def test_a_finger_compares(visit):
    """One question a block, each answer under the name of its entry; the names stay in sight."""
    page = visit(COMPARED, width="phone")
    names = texts(page, "thead .title")
    assert names == ["“343”", "“334”", "“六化”"]
    rows = page.locator(".compare tbody tr:not(.sum)")
    for row in rows.all():
        assert row.locator("td .who").all_inner_texts() == names
        values = row.locator("td > div").all_inner_texts()
        assert all(values)
        # No row in which one entry alone has a value.
        assert sum(value not in ("没有写到",) for value in values) > 1
    page.locator("tbody tr").last.scroll_into_view_if_needed()
    for name in page.locator("thead .title").all():
        expect(name).to_be_in_viewport()
    page.get_by_role("link", name="移除").first.tap()
    page.wait_for_url(re.compile(r"/compare/\?code=2015-w11&code=2015-n02$"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_nor_act_is_broken_within_a_word(visit, language):
    """Four names beside each other; Jiaoqu (Suburban) District has the longest words."""
    four = "/compare/?code=2015-w01&code=2015-n01&code=2015-w03&code=2015-w07"
    page = visit(four, language, width="phone")
    assert page.locator("thead .who").count() == 4
    assert page.evaluate(BROKEN_WORDS, ".who") == []
    for path in (four, "/achievements/2015-w02/", "/mechanisms/deliberation/", "/analysis/"):
        page.goto(LANGUAGES[language] + path)
        assert page.evaluate(BROKEN_WORDS, ".head .acts > *") == []
    page.goto(LANGUAGES[language] + four)
    assert page.locator(".compare thead").bounding_box()["height"] <= 120


def test_it_copies_the_comparison_as_a_table(visit):
    page = visit(COMPARED)
    page.evaluate(
        """() => window.addEventListener('copy', event => {
            window.taken = event.clipboardData.getData('text/plain')
        })"""
    )
    page.get_by_role("button", name="复制为表格").click()
    expect(page.locator(".head .acts [role=status]")).to_have_text("已复制。")
    lines = page.evaluate("window.taken").split("\n")
    assert "code=2015-w08&code=2015-w11&code=2015-n02" in lines[0]
    assert lines[1].split("\t") == ["项目", *texts(page, "thead .title .long")]
    assert {len(line.split("\t")) for line in lines[1:]} == {4}


def test_paper_says_where_and_when(visit):
    page = visit(COMPARED)
    page.emulate_media(media="print")
    said = page.locator(".on-paper").inner_text()
    assert "/compare/?code=2015-w08&code=2015-w11&code=2015-n02" in said
    assert re.search(r"\d{4}-\d\d-\d\d", said)
    expect(page.locator(".head .acts")).to_be_hidden()
    expect(page.locator(".compare")).to_be_visible()
    # A4 between its margins.
    page.set_viewport_size({"width": 643, "height": 900})
    for code in ("2015-w08", "2015-w11", "2015-n02"):
        expect(page.locator(".compare .code", has_text=code)).to_be_visible()
    assert page.locator("thead .title .long").first.is_visible()


def test_paper_has_the_code_and_the_citation_of_an_entry(visit):
    page = visit("/achievements/2015-w02/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 643, "height": 900})
    expect(page.locator(".code", has_text="2015-w02")).to_be_visible()
    expect(page.locator("#citation")).to_be_visible()
    expect(page.locator(".head .acts")).to_be_hidden()


TRAY = "JSON.parse(localStorage.getItem('compare')).map(one => one.code)"


def test_the_tray_is_what_was_compared(visit):
    page = visit(COMPARED)
    assert page.evaluate(TRAY) == ["2015-w08", "2015-w11", "2015-n02"]


def test_the_tray_loses_what_is_gone(visit):
    """The page says of each what is gone; here one is said to be."""
    page = visit(COMPARED)

    def said(route):
        answer = route.fetch()
        notice = '<p data-gone="2015-w11"></p>'
        route.fulfill(response=answer, body=answer.text().replace("</main>", notice + "</main>"))

    page.route("**/compare/", said)
    page.goto("/compare/")
    assert page.evaluate(TRAY) == ["2015-w08", "2015-n02"]
    expect(page.locator("#tray [role=status]")).to_have_text("已选 2 项")


def test_a_finger_shares_an_entry_and_keeps_it_for_comparing(visit, address):
    page = visit("/achievements/2015-w02/", width="phone")
    acts = page.locator(".head .acts")
    acts.get_by_text("比较", exact=False).first.tap()
    tray = page.locator("#tray")
    expect(tray.get_by_role("status")).to_have_text("已选 1 项")
    # It stands above the acts, which both can be used.
    assert tray.bounding_box()["y"] + tray.bounding_box()["height"] <= acts.bounding_box()["y"] + 1
    acts.get_by_role("link", name="分享").tap()
    expect(page.locator("#address")).to_have_text(f"{address}/achievements/2015-w02/")
    expect(page.get_by_role("img", name="二维码")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_announcement_opens_at_the_passage_marked(visit, javascript):
    page = visit("/achievements/2015-n04/", javascript=javascript)
    page.get_by_role("link", name="公告全文中的原文").click()
    page.wait_for_url("**/years/2015/#document-2015-n04")
    passage = page.locator("#document-2015-n04")
    expect(passage).to_be_in_viewport()
    expect(passage).not_to_have_css(*UNLIT)
    expect(page.locator("#document-2015-n03")).to_have_css(*UNLIT)


def test_both_sides_light_up(visit):
    """By a mouse above either, by the focus, and by an address."""
    page = visit("/achievements/2015-w02/")
    words, note = page.locator("a.ev.k2"), page.locator("#coding-2")
    expect(note).to_have_css(*UNLIT)
    words.hover()
    expect(note).not_to_have_css(*UNLIT)
    note.hover()
    expect(words).not_to_have_css(*UNLIT)
    page.mouse.move(0, 0)
    expect(words).to_have_css(*UNLIT)
    words.focus()
    expect(note).not_to_have_css(*UNLIT)
    page.goto("/achievements/2015-w02/#coding-2")
    expect(words).not_to_have_css(*UNLIT)


def test_words_of_a_concordance_stand_in_one_column(visit):
    page = visit("/mechanisms/deliberation/")
    starts = page.locator(".hit").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().left)"
    )
    ends = page.locator(".pre").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().right)"
    )
    assert len(starts) > 10
    assert len({round(place) for place in starts + ends}) == 1
    phone = visit("/mechanisms/deliberation/", width="phone")
    expect(phone.locator(".hit b").first).to_be_visible()
    assert phone.locator(".head .acts").get_by_role("link").first.bounding_box()["height"] >= 40

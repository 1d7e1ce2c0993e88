"""Finding and narrowing as one does: with a finger at 360 pixels, with a mouse or a keyboard at 1440,
with scripts and without.
"""

import itertools
import re

import pytest
from playwright.sync_api import expect

from .page_types import LANGUAGES
from .test_accessibility import AXE_SCRIPT, RUN, beyond
from .test_reading import EVERY_WIDTH, LEVELS, LINE_STARTS, SMALL
from .test_walks import Walker, count_of

FOUND = [
    "/",
    "/achievements/",
    "/achievements/?q=协商&mechanism=deliberation&region=110000&region=320000",
    "/achievements/?q=协商&view=table",
    "/achievements/?q=协商&view=summary",
    "/achievements/?region=320000&mechanism=party-leadership",
    "/achievements/?q=苏州 协商",
    "/analysis/?rows=mechanism&columns=tier",
    "/analysis/?rows=organization_level",
]
TALKS, SELF = "deliberation", "self-governance"


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def javascript(request):
    return request.param


def box_of(page, facet, name):
    return page.locator(f"#facet-{facet} li").filter(has_text=name).get_by_role("link").first


def settled(page):
    """Waits until what was asked for is in place."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "() => !document.querySelector('.htmx-request, .htmx-settling, .htmx-swapping')"
    )
    # Scrolling is smooth.
    before = None
    while (now := page.evaluate("scrollY")) != before:
        before = now
        page.wait_for_timeout(200)


def expect_in_sight(element):
    """All of it, once what scrolls to it is done."""
    expect(element).to_be_in_viewport(ratio=1)


# On a phone


def test_a_finger_filters_in_a_sheet_and_comes_to_what_was_found(visit, javascript):
    page = visit("/achievements/", width="phone", javascript=javascript)
    heading, sheet = page.get_by_role("heading", level=1), page.locator("#filters")
    everything = count_of(heading)
    expect(sheet).to_be_hidden()
    page.locator("#dock").get_by_role("link", name="筛选").tap()
    expect(sheet).to_be_visible()
    go = sheet.get_by_role("link", name=re.compile("^看 "))
    expect(go).to_have_text(f"看 {everything} 项")

    box_of(page, "mechanism", "协商议事").tap()
    page.wait_for_url(f"**/achievements/?mechanism={TALKS}#filters")
    settled(page)
    expect(sheet).to_be_visible()
    expect(box_of(page, "mechanism", "协商议事")).to_have_attribute("aria-current", "true")
    one = int(re.search(r"\d+", go.inner_text())[0])
    assert one < everything

    sheet.get_by_role("link", name="且", exact=True).tap()
    page.wait_for_url(f"**/achievements/?also=mechanism.{TALKS}#filters")
    settled(page)
    box_of(page, "mechanism", "居民（村民）自治").tap()
    page.wait_for_url(f"**/achievements/?also=mechanism.{TALKS}&also=mechanism.{SELF}#filters")
    settled(page)
    both = int(re.search(r"\d+", go.inner_text())[0])
    assert both < one

    go.tap()
    expect(sheet).to_be_hidden()
    settled(page)
    assert count_of(heading) == both
    first = page.locator("ol.list h3").first
    for element in (heading, page.locator("#found .chips"), first):
        expect_in_sight(element)
    # One button says how many conditions hold.
    expect(page.locator("#dock .main")).to_have_text(re.compile("^筛选 2"))
    first.get_by_role("link").tap()
    page.wait_for_url("**/achievements/2015-*/?also=*")


def test_the_sheet_keeps_its_place_and_the_way_back_passes_over_its_states(visit):
    page = visit("/achievements/", width="phone")
    page.locator("#dock .main").tap()
    within = page.locator(".within")
    tier = box_of(page, "tier", "提名成果")
    tier.scroll_into_view_if_needed()
    place = within.evaluate("element => element.scrollTop")
    assert place > 300
    tier.tap()
    page.wait_for_url("**/achievements/?tier=nominee#filters")
    settled(page)
    assert abs(within.evaluate("element => element.scrollTop") - place) < 300
    expect_in_sight(tier)
    expect(tier).to_be_focused()
    page.locator(".go a").tap()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("全部成果：20 项")
    expect(page.locator("#filters")).to_be_hidden()


def test_nothing_behind_the_sheet_is_reached_and_escape_closes_it(visit):
    page = visit("/achievements/?tier=winner", width="phone")
    page.locator("#dock .main").tap()
    expect(page.locator("#filters")).to_be_focused()
    for _ in range(60):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "() => document.activeElement === document.body"
            " || Boolean(document.activeElement.closest('#filters'))"
        )
        assert inside, page.evaluate("() => document.activeElement.outerHTML.slice(0, 90)")
    page.keyboard.press("Escape")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert page.locator("#found").evaluate("element => element.inert") is False


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_is_found_the_thumb_goes_on(visit, language):
    page = visit("/achievements/?q=苏州 协商", language, width="phone")
    heading = page.get_by_role("heading", level=1)
    assert count_of(heading) == 0
    on = page.locator("#dock .main")
    number = int(re.findall(r"\d+", on.inner_text())[-1])
    assert number > 0
    on.tap()
    expect(heading).to_have_text(re.compile(rf"\D{number}\D*$"))
    expect_in_sight(heading)


def test_without_a_script_the_next_tab_is_in_the_sheet(visit):
    page = visit("/achievements/", width="phone", javascript=False)
    page.locator("#dock .main").tap()
    expect(page.locator("#filters")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#filters .close a").first).to_be_focused()


def test_a_phone_opens_the_menu_without_a_script(visit):
    page = visit("/achievements/", width="phone", javascript=False)
    menu = page.get_by_role("navigation", name="主导航")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="菜单").tap()
    menu.get_by_role("button", name="关闭").tap()
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="菜单").tap()
    menu.get_by_role("link", name="制表").tap()
    page.wait_for_url("**/analysis/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_desk_has_no_menu_to_open_or_close(visit, language):
    page = visit("/achievements/", language)
    expect(page.locator("#menu")).to_be_visible()
    expect(page.locator(".bar [popovertarget]:visible")).to_have_count(0)


def test_a_finger_shares_what_was_found(visit, address):
    page = visit("/achievements/?mechanism=deliberation&region=110000", width="phone")
    page.evaluate(
        "() => { navigator.share = (what) => { window.shared = what; return Promise.resolve() } }"
    )
    page.locator("#dock").get_by_role("link", name="分享").tap()
    shown = page.locator("#address")
    expect(shown).to_have_text(f"{address}/achievements/?region=110000&mechanism=deliberation")
    picture = page.locator("#share img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('#share img').naturalWidth > 0")
    page.get_by_role("button", name="复制链接").tap()
    expect(page.locator("#share [role=status]")).to_have_text("已复制。")
    # As a system with a list of ways has it.
    page.evaluate("() => document.querySelector('[data-share]').hidden = false")
    page.get_by_role("button", name="系统分享").tap()
    page.wait_for_function("url => window.shared?.url === url", arg=shown.inner_text())


@pytest.mark.parametrize("place", ["filters", "share", "cite"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_address_opens_has_no_violation(visit, language, place):
    page = visit(f"/achievements/?q=协商&mechanism=deliberation#{place}", language, width="phone")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN)
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert beyond(page, "320 px") == []


# On a desk


def test_a_choice_on_a_desk_leaves_heading_and_count_in_sight(visit, javascript):
    page = visit("/achievements/", javascript=javascript)
    heading = page.get_by_role("heading", level=1)
    page.evaluate("() => scrollTo(0, 1500)")
    expect(heading).not_to_be_in_viewport()
    for facet, name, count in [("tier", "十大创新成果", 11), ("mechanism", "协商议事", None)]:
        box_of(page, facet, name).click()
        expect(box_of(page, facet, name)).to_have_attribute("aria-current", "true")
        settled(page)
        expect_in_sight(heading)
        assert count is None or count_of(heading) == count
    page.locator("#rail .tiles").get_by_role("link", name="北京").click()
    page.wait_for_url("**/achievements/?*region=110000*")
    settled(page)
    expect_in_sight(heading)
    page.locator("#found .chips").get_by_role("link").last.click()
    expect(heading).to_have_text("全部成果：20 项")


def test_a_keyboard_narrows_widens_and_goes_back(visit, javascript):
    walker = Walker(visit("/achievements/?q=协商", javascript=javascript))
    page = walker.page
    heading = page.get_by_role("heading", level=1)
    before, found = heading.text_content(), count_of(heading)
    walker.press(box_of(page, "mechanism", "协商议事"))
    page.wait_for_url(f"**/achievements/?q=*&mechanism={TALKS}#filters")
    settled(page)
    narrowed = count_of(heading)
    assert narrowed < found
    if javascript:
        expect(box_of(page, "mechanism", "协商议事")).to_be_focused()
        expect(page.locator("#said")).to_contain_text(str(narrowed))
        # The words to search for keep what was chosen beside them; so does the other language.
        expect(page.locator("#search input[name=mechanism]")).to_have_value(TALKS)
        expect(page.locator("#language")).to_have_attribute("href", re.compile("mechanism="))
    walker.press(page.locator("#facet-mechanism").get_by_role("link", name="且", exact=True))
    page.wait_for_url("**/achievements/?*also=mechanism*")
    settled(page)
    loads = []
    page.on("request", lambda request: loads.append(request.is_navigation_request()))
    page.go_back()
    settled(page)
    page.go_back()
    expect(heading).to_have_text(before)
    settled(page)
    # Each step once: of two loads that cross, a renderer may die.
    assert sum(loads) == 2


def test_what_was_found_comes_before_the_filters(visit):
    page = visit("/achievements/")
    assert page.evaluate(
        "() => Boolean(document.getElementById('found').compareDocumentPosition("
        "document.getElementById('filters')) & Node.DOCUMENT_POSITION_FOLLOWING)"
    )


# Everywhere


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", FOUND)
def test_every_width_holds_it_and_every_box_can_be_hit(visit, path, language):
    page = visit(path, language)
    found = []
    for width in EVERY_WIDTH:
        page.set_viewport_size({"width": width, "height": 900})
        found += beyond(page, str(width)) + page.evaluate(SMALL)
    assert found == []
    levels = page.evaluate(LEVELS)
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels


def test_a_row_of_the_sheet_is_as_high_as_a_finger(visit):
    page = visit("/achievements/#filters", width="phone")
    heights = page.eval_on_selector_all(
        "#filters li > a",
        "all => all.filter(one => one.checkVisibility()).map(one => one.offsetHeight)",
    )
    assert len(heights) > 10
    assert min(heights) >= 40


@pytest.mark.parametrize("path", ["/achievements/?q=协商", "/analysis/?rows=province&columns=tier"])
def test_figures_that_stand_below_each_other_are_tabular(visit, path):
    uneven = visit(path).eval_on_selector_all(
        "main :is(li, td, th, h3) :is(b, a), main td",
        """all => all.filter(one => /^[\\d,]+$/.test(one.textContent.trim()) && one.checkVisibility()
            && !getComputedStyle(one).fontVariantNumeric.includes('tabular-nums'))
            .map(one => one.outerHTML.slice(0, 90))""",
    )
    assert uneven == []


def test_a_list_prints_codes_where_there_is_room(visit):
    page = visit("/achievements/")
    for width, shown in ((897, True), (896, False)):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator(".hits .code").first.is_visible() is shown


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_no_line_begins_with_what_ends_one(visit, width):
    page = visit("/achievements/?q=协商", width=width)
    for element in page.locator("main :is(h1, h3, .summary, .because)").all():
        starts = element.evaluate(LINE_STARTS)
        assert not set("".join(starts)) & set("，。；：！？、”）"), element.inner_text()


def test_a_printed_list_does_not_cut_summaries(visit):
    page = visit("/achievements/?q=协商")
    entry = page.locator("ol.list li").first
    shown = len(entry.locator(".summary").inner_text())
    page.emulate_media(media="print")
    printed = entry.locator(".summary").inner_text()
    assert len(printed) > shown
    assert "……" not in printed
    expect(page.locator("#filters")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="简介", exact=True).click()
    expect(entry.locator(".summary")).to_have_text(printed, use_inner_text=True)


def test_marks_of_a_chinese_text_come_from_a_chinese_face(visit):
    """On an English page too, whose own quotation marks are narrow."""
    page = visit("/achievements/?q=协商", "en")
    face = "element => getComputedStyle(element).fontFamily.split(',')[0]"
    assert "Source Han Serif" in page.locator("p.original [lang=zh-Hans]").first.evaluate(face)
    assert "Georgia" in page.locator("h3.title").first.evaluate(face)
    echoed = page.get_by_role("heading", level=1).locator("[lang=zh-Hans]")
    expect(echoed).to_have_text("协商")
    assert "Source Han Serif" in echoed.evaluate(face)
    expect(page.get_by_role("searchbox")).to_have_attribute("lang", "zh-Hans")

"""From a search to facets, an innovation, a comparison and a table: by keyboard alone, in either
language, with JavaScript and without.

Elements are found as a screen reader finds them, by role and name, and by the addresses that are
the site's contract.
"""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import expect

from .page_types import LANGUAGES

# More than there are on any way of these walks.
MOST_TABS = 400


class Walker:
    """Someone with a keyboard and no mouse on one page."""

    def __init__(self, page):
        self.page = page

    def go_to(self, element):
        """Press Tab until the element has the focus, which must then be seen."""
        expect(element).to_be_attached()
        for _ in range(MOST_TABS):
            if element.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        expect(element).to_be_focused()
        seen = element.evaluate(
            "element => [element, element.parentElement].some(each =>"
            " getComputedStyle(each).outlineStyle !== 'none' || getComputedStyle(each).boxShadow !== 'none')"
        )
        assert seen, f"the focus is not seen on {element}"

    def press(self, element, key="Enter"):
        self.go_to(element)
        self.page.keyboard.press(key)

    def type(self, element, text):
        self.go_to(element)
        self.page.keyboard.insert_text(text)

    def choose(self, element, value):
        """An option of a list, by arrow keys."""
        self.go_to(element)
        values = element.evaluate("list => [...list.options].map(option => option.value)")
        now = values.index(element.input_value())
        key = "ArrowDown" if values.index(value) > now else "ArrowUp"
        for _ in range(abs(values.index(value) - now)):
            self.page.keyboard.press(key)
        expect(element).to_have_value(value)


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def javascript(request):
    return request.param


@pytest.fixture(params=LANGUAGES)
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def walk(visit, language, javascript):
    """A function: someone who has opened this address."""
    return lambda path: Walker(visit(path, language, javascript=javascript))


def count_of(heading):
    """The number of entries that a list's heading names last."""
    return int(re.findall(r"\d+", heading.inner_text())[-1])


def test_search_narrow_and_read(walk):
    walker = walk("/")
    page = walker.page
    walker.type(page.get_by_role("searchbox").first, "协商")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/achievements/\?.*q="))
    heading = page.get_by_role("heading", level=1)
    found = count_of(heading)
    assert found > 1

    walker.press(page.locator("main a[href*='tier=nominee']").first)
    page.wait_for_url(re.compile(r"q=.*tier=nominee|tier=nominee.*q="))
    expect(heading).to_contain_text(gettext("提名"))
    assert 0 < count_of(heading) < found

    entry = page.locator("main").get_by_role("heading", level=3).get_by_role("link").first
    title = entry.inner_text()
    walker.press(entry)
    page.wait_for_url(re.compile(r"/achievements/2015-n\d+/"))
    expect(page.locator("main")).to_contain_text(title)
    page.go_back()
    expect(heading).to_contain_text(gettext("提名"))


def test_compare_two(walk):
    walker = walk("/achievements/2015-w06/")
    page = walker.page
    walker.press(page.get_by_role("navigation").get_by_role("link", name=gettext("比较")))
    page.wait_for_url("**/compare/")
    boxes = page.get_by_role("checkbox")
    for number in range(2):
        walker.press(boxes.nth(number), "Space")
        expect(boxes.nth(number)).to_be_checked()
    walker.press(page.get_by_role("button", name=gettext("比较所选成果")))
    page.wait_for_url(re.compile(r"/compare/\?code=[^&]+&code=[^&]+$"))
    expect(page.get_by_role("columnheader")).to_have_count(2)


def test_evidence_leads_to_its_coding_and_back(walk, javascript):
    walker = walk("/achievements/2015-w02/")
    page = walker.page
    words, note = page.locator("a.ev").first, page.locator("#coding-1 a.no")
    walker.press(words)
    page.wait_for_url("**/#coding-1")
    if javascript:
        # Where a script holds back the jump, the browser does not begin anew from there by itself.
        expect(note).to_be_focused()
    walker.press(note)
    expect(words).to_be_focused()


def test_cross_and_follow_a_number(walk):
    walker = walk("/compare/?code=2015-w01&code=2015-w02")
    page = walker.page
    walker.press(page.get_by_role("navigation").get_by_role("link", name=pgettext("act", "制表")))
    page.wait_for_url("**/analysis/")
    walker.choose(page.get_by_role("combobox", name=gettext("行"), exact=True), "province")
    walker.choose(page.get_by_role("combobox", name=gettext("列"), exact=True), "tier")
    walker.press(page.get_by_role("button", name=gettext("制表")))
    page.wait_for_url(re.compile(r"rows=province&columns=tier"))

    cell = page.get_by_role("table").first.locator("a[href*='region='][href*='tier=winner']").first
    number = int(cell.inner_text().replace(",", ""))
    walker.press(cell)
    page.wait_for_url(re.compile(r"/achievements/\?"))
    assert count_of(page.get_by_role("heading", level=1)) == number


def test_change_the_language_and_stay(walk, language):
    walker = walk("/regions/320000/")
    page = walker.page
    other = "en" if language == "zh-hans" else "zh-hans"
    walker.press(page.get_by_role("link", name="English" if other == "en" else "中文", exact=True))
    page.wait_for_url(f"**{LANGUAGES[other]}/regions/320000/")
    with translation.override(other):
        name = {"en": "Jiangsu", "zh-hans": "江苏省"}[other]
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        expect(page).to_have_title(re.compile(gettext("社区治理创新成果库")))
        achievements = pgettext("plural", "成果")
    expect(page.get_by_role("navigation").first).to_contain_text(achievements)


def test_skip_to_the_text(walk):
    walker = walk("/achievements/")
    page = walker.page
    walker.press(page.get_by_role("link", name=gettext("跳到正文")))
    expect(page.get_by_role("main")).to_be_focused()

"""axe-core finds nothing wrong with any page, in either language, light or dark, on phone or desktop.

Nor is any wider than its screen.
"""

from itertools import product

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from .page_types import LANGUAGES, PAGES, SCHEMES, WIDTHS

# To preload is to fetch each style sheet again, for a rule that does not run, and takes half the time.
RUN = """axe.run(document, {resultTypes: ['violations'], preload: false})
    .then(found => found.violations)"""
LOOKS = list(product(SCHEMES, WIDTHS))
# WCAG 1.4.10: the narrowest screen; wide tables scroll in boxes of their own.
NARROW = {"width": 320, "height": 700}
# WCAG 1.4.12: for whoever reads with more space between lines, words and letters.
SPACED = """() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
                           word-spacing: .16em !important; }`)
    document.adoptedStyleSheets = [sheet]
}"""
# The colours of a scheme, not those on the way to it.
STILL = """() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('* { transition: none !important; animation: none !important }')
    document.adoptedStyleSheets = [sheet]
}"""
# Those that stand out of the screen, the innermost first; and a list of staff that scrolls within itself.
BEYOND = """() => {
    const screen = document.documentElement
    const list = document.querySelector('#changelist .results')
    if (list && list.scrollWidth > list.clientWidth) return [`the columns of a list: ${list.scrollWidth}`]
    if (screen.scrollWidth <= screen.clientWidth) return []
    return [...document.querySelectorAll('body :not(.scroll *)')].reverse()
        .filter(element => element.getBoundingClientRect().right > screen.clientWidth + 1)
        .map(element => element.outerHTML.slice(0, 120))
}"""
# An id names one element.
TWICE = """() => [...document.querySelectorAll('[id]')].map(one => one.id)
    .filter((id, at, all) => all.indexOf(id) < at).map(id => `twice: ${id}`)"""
# Words, letters and values that nobody breaks.
LONG = [
    f"/achievements/?q={'w' * 200}",
    f"/achievements/?q={'居' * 200}",
    f"/achievements/?q=https://example.org/achievements/?q={'a' * 120}",
    f"/achievements/?region={'9' * 300}",
    f"/achievements/?regoin{'n' * 5}={'9' * 300}",
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_it_has_no_violation_and_fits_its_screen(visit, name, language):
    page = visit(PAGES[name], language)
    found = wrong(page) + page.evaluate(TWICE)
    page.set_viewport_size(NARROW)
    found += beyond(page, "320 px")
    page.evaluate(SPACED)
    found += beyond(page, "320 px with space")
    assert not found, "\n".join(found)


def wrong(page, looks=LOOKS):
    """What axe-core finds, and what stands out of the screen, in each of these (scheme, width)."""
    page.evaluate(AXE_SCRIPT)
    page.evaluate(STILL)
    found = []
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": WIDTHS[width], "height": 900})
        found += [
            f"{scheme} {width} {violation['id']}: {node['html'][:160]} {node['failureSummary']}"
            for violation in page.evaluate(RUN)
            for node in violation["nodes"]
        ]
        found += beyond(page, width)
    return found


@pytest.mark.parametrize("path", LONG)
def test_what_nobody_breaks_is_broken(visit, path):
    page = visit(path)
    page.set_viewport_size(NARROW)
    assert beyond(page, "320 px") == []


def beyond(page, width):
    return [f"{width}: beyond the screen: {element}" for element in page.evaluate(BEYOND)[:3]]


def test_it_finds_what_is_wrong(visit):
    page = visit("/about/")
    page.evaluate(AXE_SCRIPT)
    page.evaluate("document.querySelector('h1').innerHTML = '<img src=\"/static/x.png\">'")
    assert "image-alt" in {violation["id"] for violation in page.evaluate(RUN)}

"""axe-core finds nothing wrong with any page, in either language, light or dark, on phone or desktop.

Nor is any wider than its screen.
"""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from .page_types import LANGUAGES, PAGES, SCHEMES, WIDTHS

RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
SCROLLED = "document.documentElement.scrollWidth"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_it_has_no_violation_and_fits_its_screen(visit, name, language):
    page = visit(PAGES[name], language)
    page.evaluate(AXE_SCRIPT)
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width, pixels in WIDTHS.items():
            page.set_viewport_size({"width": pixels, "height": 900})
            said = [
                f"{scheme} {width} {violation['id']}: {node['html'][:160]} {node['failureSummary']}"
                for violation in page.evaluate(RUN)
                for node in violation["nodes"]
            ]
            found += said
            if page.evaluate(SCROLLED) > pixels:
                found.append(f"{width}: wider than the screen")
    assert not found, "\n".join(found)


def test_it_finds_what_is_wrong(visit):
    page = visit("/about/")
    page.evaluate(AXE_SCRIPT)
    page.evaluate("document.querySelector('h1').innerHTML = '<img src=\"/static/x.png\">'")
    assert "image-alt" in {violation["id"] for violation in page.evaluate(RUN)}

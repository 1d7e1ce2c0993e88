"""What a first view of each page costs and asks of the browser."""

import json

import pytest
from playwright.sync_api import expect

from .page_types import LANGUAGES, PAGES, STATUSES

MOST_BYTES, MOST_REQUESTS = 60 * 1024, 6


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_first_view_is_light(visit, answers, name, language):
    page = visit(PAGES[name], language)
    page.wait_for_load_state("networkidle")
    document = answers[0]
    assert document.status == STATUSES.get(name, 200)
    sent = {
        answer.url: answer.request.sizes()["responseBodySize"]
        for answer in answers
        if answer.request.resource_type != "image"
    }
    assert sum(sent.values()) <= MOST_BYTES, sent
    assert len(answers) <= MOST_REQUESTS, [answer.url for answer in answers]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_shows_the_tray_in_one_row(visit, language):
    """Two hide what is read, evidence that is chosen above all."""
    page = visit("/achievements/", language, width="phone")
    for number in range(2):
        page.get_by_role("checkbox").nth(number).check()
    tray = page.locator("#tray")
    chosen = {"zh-hans": "已选 2 项", "en": "2 chosen"}
    expect(tray.get_by_role("status")).to_have_text(chosen[language])
    assert tray.bounding_box()["height"] < 70
    titles = page.locator("h3 a").all_inner_texts()[:2]
    expect(tray.get_by_role("listitem")).to_have_text(titles, use_inner_text=True)


@pytest.mark.parametrize("name", ["detail", "not-found"])
def test_a_strict_policy_holds(visit, answers, name):
    """What breaches it, on any page that a test visits, is said in the console, and a fault."""
    visit(PAGES[name])
    policy = answers[0].headers["content-security-policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert (parts["default-src"], parts["script-src"]) == ("'self'", "'self'")
    assert "unsafe" not in policy


def test_the_structured_data_are_there_for_scripts_to_read(visit):
    said = json.loads(
        visit(PAGES["detail"]).locator("script[type='application/ld+json']").text_content()
    )
    assert [node["@type"] for node in said["@graph"]] == ["CreativeWork", "BreadcrumbList"]


@pytest.mark.parametrize(
    ("event", "script", "said"),
    [
        (
            "console",
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "Content Security Policy",
        ),
        (
            "request",
            "new Image().src = 'https://example.com/x.png'",
            "a request to https://example.com/x.png",
        ),
        ("console", "console.error('不对')", "error: 不对"),
    ],
)
def test_a_fault_of_a_page_is_found(visit, faults, event, script, said):
    page = visit("/about/")
    with page.expect_event(event):
        page.evaluate(script)
    assert said in " ".join(faults)
    faults.clear()

"""What browsers are told about what a page may load and run."""

import re

import pytest

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/achievements/",
    "/achievements/?q=协商&view=table",
    "/achievements/?view=map",
    "/achievements/2015-w02/",
    "/regions/320000/",
    "/mechanisms/deliberation/",
    "/organizations/",
    "/years/2015/",
    "/compare/?code=2015-w01&code=2015-w02",
    "/analysis/",
    "/about/",
    "/en/",
]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_keeps_to_its_own_policy(client, address):
    page = Page(client, address)
    policy = page.response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert not re.search("unsafe|http", policy)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", page.html)
    for script in re.findall(r"<script([^>]*)>", page.html):
        assert 'src="/static/' in script or "application/ld+json" in script
    loaded = re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="(https?:[^"]*)"', page.html)
    assert all(address.startswith("http://testserver/") for address in loaded)


def test_errors_have_the_policy_too(client):
    assert "default-src 'self'" in client.get("/nothing/")["Content-Security-Policy"]
    assert "default-src 'self'" in client.get("/achievements/?x=1")["Content-Security-Policy"]


def test_the_admin_may_write_styles_but_runs_no_inline_script(admin_client):
    policy = admin_client.get("/admin/governance/achievement/add/")["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "default-src 'self'" in policy
    html = admin_client.get("/admin/governance/achievement/add/").content.decode()
    for script in re.findall(r"<script([^>]*)>", html):
        assert "src=" in script or "application/json" in script
    assert not re.search(r'\son[a-z]+="', html)

"""What browsers are told about what a page may load and run."""

import re

import pytest
from django.test import Client

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


ADMIN_PAGES = [
    "/admin/",
    "/admin/login/",
    "/admin/password_change/",
    "/admin/auth/user/add/",
    *(
        f"/admin/governance/{name}/{page}"
        for name in ("achievement", "awardyear", "mechanism", "organization", "region")
        for page in ("", "add/")
    ),
    "/admin/governance/coding/",
    "/admin/governance/load/",
    "/admin/governance/errorreport/",
]


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_the_admin_keeps_to_a_policy_as_strict(admin_client, address):
    client = Client() if "login" in address else admin_client
    page = client.get(address)
    assert page.status_code == 200
    policy = page["Content-Security-Policy"]
    assert "script-src 'self'; style-src 'self'; img-src 'self' blob:;" in policy
    assert "unsafe" not in policy
    html = page.content.decode()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", html)
    for script in re.findall(r"<script([^>]*)>", html):
        assert "src=" in script or "application/json" in script

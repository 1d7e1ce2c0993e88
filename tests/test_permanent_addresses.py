"""What is cited, and what identifies an entry, begins with SITE_URL by whatever name the site was asked for."""

import pytest
from django.core.management import call_command

from .test_heads import PAGES, Head

pytestmark = pytest.mark.django_db

SITE = "https://governance.example.cn"
ASKED = {"HTTP_HOST": "localhost:8123"}
FILES = (
    "/sitemap.xml",
    "/sitemap-achievements.xml",
    "/robots.txt",
    "/opensearch.xml",
    "/analysis.json?rows=field&columns=zone3",
    "/api/achievements/2015-w01/",
    "/api/achievements/?q=协商",
)


@pytest.fixture
def site_url(settings):
    settings.SITE_URL = SITE


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_names_no_other_origin(client, site_url, prefix, address):
    client.defaults |= ASKED
    head = Head(client, prefix + address)
    assert head.links["canonical"] == SITE + prefix + address
    assert head.meta["og:url"] == SITE + prefix + address
    assert "localhost" not in head.html
    assert SITE in str(head.data)


@pytest.mark.parametrize("address", FILES)
def test_a_file_names_no_other_origin(client, site_url, address):
    said = client.get(address, **ASKED).content.decode()
    assert SITE in said
    assert "localhost" not in said


def test_a_citation_and_the_permanent_address_beside_it_have_it(client, site_url):
    for address in ("/achievements/2015-w01/", "/about/", "/analysis/?rows=field&columns=zone3"):
        shown = client.get(address, **ASKED)
        assert f" {SITE}/" in shown.context_data["citation"], address
    shown = client.get("/achievements/2015-w01/", **ASKED).content.decode()
    assert f'<a href="{SITE}/achievements/2015-w01/">{SITE}/achievements/2015-w01/</a>' in shown


def test_the_pages_of_a_list_are_turned_under_the_name_that_was_asked_for(client, site_url):
    found = client.get("/api/achievements/?page_size=5", **ASKED).json()
    assert found["next"] == "http://localhost:8123/api/achievements/?page_size=5&page=2"
    assert all(entry["url"].startswith(f"{SITE}/achievements/2015-") for entry in found["results"])


def test_without_it_they_begin_with_the_name_that_was_asked_for(client):
    assert Head(client, "/").links["canonical"] == "http://testserver/"
    said = client.get("/sitemap-achievements.xml", **ASKED).content.decode()
    assert "<loc>http://localhost:8123/achievements/2015-w01/</loc>" in said


def test_the_check_before_service_wants_it(settings, capsys):
    call_command("check", "--deploy")
    assert "SITE_URL is not set" in capsys.readouterr().err
    settings.SITE_URL = SITE
    call_command("check", "--deploy")
    assert "SITE_URL" not in capsys.readouterr().err

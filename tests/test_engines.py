"""The sitemap, robots.txt and the search description."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest

from governance.models import Achievement, Organization
from showcase.data.sitemaps import SITEMAPS, Pages

from .test_heads import HOST, PAGES, Head

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def locations(root):
    return [element.text.removeprefix(HOST) for element in root.iter(f"{SITEMAP}loc")]


def sitemap(client):
    """Every address of every part."""
    parts = locations(read(client, "/sitemap.xml"))
    return [address for part in parts for address in locations(read(client, part))]


def test_the_sitemap_has_both_languages_of_every_page_once(client):
    found = sitemap(client)
    assert len(found) == len(set(found))
    chinese = {address for address in found if not address.startswith("/en/")}
    assert set(found) - chinese == {f"/en{address}" for address in chinese}
    assert chinese >= {address for address in PAGES if "?" not in address}
    assert sum(address.startswith("/organizations/") for address in chinese) == 1 + 36


def test_each_address_of_the_sitemap_is_a_page_that_wants_to_be_found(client):
    for address in sitemap(client)[::5]:
        head = Head(client, address)
        assert head.links["canonical"] == HOST + address


def test_the_sitemap_names_the_other_language(client):
    urls = read(client, "/sitemap-achievements.xml")
    url = next(url for url in urls if url[0].text == f"{HOST}/achievements/2015-w01/")
    assert [(link.get("hreflang"), link.get("href")) for link in url.iter(LINK)] == [
        ("zh-hans", f"{HOST}/achievements/2015-w01/"),
        ("en", f"{HOST}/en/achievements/2015-w01/"),
        ("x-default", f"{HOST}/achievements/2015-w01/"),
    ]


def test_a_large_sitemap_comes_in_parts(client, monkeypatch):
    whole = sitemap(client)
    monkeypatch.setattr(Pages, "limit", 16)
    assert "/sitemap-achievements.xml?p=3" in locations(read(client, "/sitemap.xml"))
    assert sitemap(client) == whole


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_the_sitemap_has_nothing_unpublished(client, draft, publish, status):
    publish(draft, status)
    assert not any(draft.code in address or "shaxi" in address for address in sitemap(client))
    publish(draft)
    found = sitemap(client)
    assert draft.get_absolute_url() in found
    assert Organization.objects.get(slug="shaxi-zhen-zhengfu").get_absolute_url() in found


def test_the_sitemap_is_sent_once_and_again_after_a_change(client, draft, publish):
    for address in ("/sitemap.xml", "/sitemap-achievements.xml"):
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
        publish(draft)
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_an_unknown_part_of_the_sitemap_is_not_found(client):
    assert client.get("/sitemap-drafts.xml").status_code == 404
    assert client.get("/sitemap-years.xml?p=9").status_code == 404
    assert set(SITEMAPS) == {
        part.removeprefix("/sitemap-").removesuffix(".xml")
        for part in locations(read(client, "/sitemap.xml"))
    }


def test_robots_may_read_the_pages_and_not_the_admin(client):
    text = client.get("/robots.txt").content.decode()
    robots = RobotFileParser()
    robots.parse(text.splitlines())
    code = Achievement.objects.published().first().code
    for address in ("/", "/en/", f"/achievements/{code}/", "/analysis/", "/api/achievements/"):
        assert robots.can_fetch("*", HOST + address), address
    for address in (
        "/admin/",
        "/en/admin/login/",
        "/compare/?code=2015-w01",
        "/analysis/?rows=zone",
    ):
        assert not robots.can_fetch("*", HOST + address), address
    assert robots.site_maps() == [f"{HOST}/sitemap.xml"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_browser_learns_how_to_search(client, prefix):
    assert Head(client, f"{prefix}/").links["search"] == f"{prefix}/opensearch.xml"
    described = read(client, f"{prefix}/opensearch.xml")
    # The standard's limits.
    assert len(described.findtext(f"{OPENSEARCH}ShortName")) <= 16
    assert len(described.findtext(f"{OPENSEARCH}LongName")) <= 48
    template = described.find(f"{OPENSEARCH}Url").get("template").removeprefix(HOST)
    assert client.get(template.replace("{searchTerms}", "协商")).context_data["entries"]

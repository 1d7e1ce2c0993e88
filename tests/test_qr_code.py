"""QR codes of our own pages: one picture an address, and none for anybody else's."""

from xml.etree import ElementTree

import pytest
import segno

from .helpers.pages import Page

SVG = "{http://www.w3.org/2000/svg}"
LIST = "/achievements/?q=%E5%8D%8F%E5%95%86&region=320000"


def asked(client, path, status=200):
    response = client.get("/qr-code.svg", {"of": path})
    assert response.status_code == status, path
    return response


def modules(response):
    """The way that the dark squares of a picture go."""
    picture = ElementTree.fromstring(response.content)
    return [path.get("d") for path in picture.iter(f"{SVG}path")][-1]


@pytest.mark.parametrize("path", ["/", LIST, "/en/achievements/2015-w01/", "/analysis/?rows=field"])
def test_it_is_the_address_of_the_page(client, settings, path):
    settings.SITE_URL = "https://example.org"
    expected = segno.make(f"https://example.org{path}", micro=False, error="m", boost_error=False)
    squares = segno.make(f"https://example.org{path}#", micro=False, error="m", boost_error=False)
    response = asked(client, path)
    assert response["Content-Type"] == "image/svg+xml"
    assert modules(response) in expected.svg_inline(border=4, light="#ffffff", omitsize=True)
    assert modules(response) not in squares.svg_inline(border=4, light="#ffffff", omitsize=True)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "https://example.com/",
        "//example.com/",
        "/\\example.com",
        "achievements/",
        "/no-such-page/",
        "/admin/",
        "/healthz",
        "/qr-code.svg",
        "/achievements/?q=协商",
        "/achievements/?q=a b",
        "/achievements/\n",
        f"/achievements/?q={'%E5%8D%8F' * 100}",
        "/achievements/\0",
    ],
)
def test_it_draws_no_other_address(client, path):
    assert "/achievements/?year=2015" in asked(client, path, status=400).content.decode()


def test_without_an_address_it_says_what_is_needed(client):
    assert client.get("/qr-code.svg").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/achievements/?q=协商&region=320000&view=table", "/analysis/?rows=field&zone=east"]
)
def test_a_page_offers_the_picture_of_its_own_address(client, path):
    html = Page(client, path).html
    picture = html.split('class="qr" src="')[1].split('"')[0].replace("&amp;", "&")
    shown = html.split('id="address">')[1].split("<")[0].replace("&amp;", "&")
    assert modules(client.get(picture)) == modules(
        asked(client, shown.removeprefix("http://testserver"))
    )
    # What is shared is what the list has, not how it is shown.
    assert "view=" not in shown
    assert Page(client, shown.removeprefix("http://testserver")).codes == Page(client, path).codes

"""What region, mechanism, organization and year pages say of their entries beside all entries."""

import pytest

from governance import index
from showcase.tables import profiles
from showcase.tables.profiles import Profile

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

PAGES = [
    "/regions/320000/",
    "/regions/110000/",
    "/years/2015/",
    "/en/years/2015/",
    "/organizations/cpc-taicang-municipal-committee/",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_number_is_the_length_of_the_list_beside_it(client, address):
    profile = Page(client, address).response.context_data["profile"]
    lines = [line for _label, lines in profile.tables for line in lines]
    assert lines
    for line in lines:
        assert len(Page(client, f"/achievements/{line.href}").codes) == line.entries, line


def test_its_map_counts_and_leads_to_the_lists(client):
    page = Page(client, "/years/2015/")
    tiles = {text: href for text, href in page.links if "year=2015&region=" in href}
    assert tiles["北京 2"] == "/achievements/?year=2015&region=110000"
    assert sum(int(text.split(" ")[-1]) for text in tiles) == 20
    assert "台湾省资料暂缺" in page.html


def test_shares_of_a_few_are_not_told(client, monkeypatch):
    """Of fewer than five entries one reads each."""
    assert "概况" not in Page(client, "/regions/320000/").html
    assert "概况" in Page(client, "/years/2015/").html
    monkeypatch.setattr(profiles, "FEWEST", 2)
    assert "概况" in Page(client, "/regions/320000/").html


def test_it_says_since_when(client, monkeypatch):
    monkeypatch.setattr(profiles, "FEWEST", 2)
    assert "最早见于2015年度，2 项" in Page(client, "/regions/320000/").html


def test_nothing_is_made_of_nothing(client):
    assert Profile(index.select(region=["71"]), "?region=710000", "region").tables == []
    assert "概况" not in Page(client, "/regions/710000/").html

"""What region, mechanism, organization and year pages say of their entries beside all entries."""

import pytest

from governance import index
from showcase.tables.profiles import Profile

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

PAGES = [
    "/regions/320000/",
    "/regions/110000/",
    "/mechanisms/deliberation/",
    "/mechanisms/grid-management/",
    "/years/2015/",
    "/en/mechanisms/self-governance/",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_number_is_the_length_of_the_list_beside_it(client, address):
    profile = Page(client, address).response.context_data["profile"]
    lines = [line for _label, lines in profile.tables for line in lines]
    assert lines
    for line in lines:
        assert len(Page(client, f"/achievements/{line.href}").codes) == line.entries, line


def test_a_mechanism_says_with_which_others_it_goes(client):
    tables = dict(Page(client, "/mechanisms/deliberation/").response.context_data["profile"].tables)
    first = tables["机制"][0]
    assert (first.label, first.entries) == ("规范化标准化建设", 4)
    assert round(first.share) == 36
    assert round(first.overall) == 25
    assert "协商议事" not in [line.label for line in tables["机制"]]


def test_its_map_counts_and_leads_to_the_lists(client):
    page = Page(client, "/mechanisms/deliberation/")
    tiles = {text: href for text, href in page.links if "mechanism=deliberation&region=" in href}
    assert tiles["北京 2"] == "/achievements/?mechanism=deliberation&region=110000"
    assert sum(int(text.split(" ")[-1]) for text in tiles) == 11
    assert "台湾省资料暂缺" in page.html


def test_it_says_since_when(client):
    assert "最早见于2015年度，2 项" in Page(client, "/regions/320000/").html


def test_nothing_is_made_of_nothing(client):
    assert Profile(index.select(region=["71"]), "?region=710000", "region").tables == []
    assert "概貌" not in Page(client, "/regions/710000/").html

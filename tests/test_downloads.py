"""Toolbars: what can be had of a list, an entry and a comparison, and that it is what is seen."""

import re

import pytest
from django.http import QueryDict

from governance import index
from showcase.data.downloads import SAID, downloads_of, list_downloads
from showcase.data.faces import FACES

from .helpers.pages import Page
from .test_files import codes, named
from .test_files import pytestmark as pytestmark

FILE = re.compile(r"^(?:/en)?/(?:achievements|codings|compare)(?:/[^/.?]+)?\.([a-z.]+)(?:\?|$)")


def files(page):
    """{face: address} of the files that a page leads to."""
    found = {}
    for _label, href in page.links:
        if match := FILE.search(href):
            found["codings" if "codings" in href else match[1]] = href
    return found


def test_each_face_is_told_of():
    assert set(SAID) == set(FACES)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_list_leads_to_all_its_files(client, prefix):
    page = Page(client, f"{prefix}/achievements/?tier=winner&sort=title&view=table&page=1")
    found = files(page)
    assert set(found) == set(FACES)
    for face, href in found.items():
        joined = href + named(face).replace("?", "&") if named(face) != "?" else href
        answer = client.get(joined)
        assert answer.status_code == 200
        if face != "codings":
            assert codes(face, answer) == page.codes
    (feed,) = {href for _label, href in page.links if "/feeds/" in href}
    assert feed == f"{prefix}/feeds/achievements.atom?tier=winner"
    # Without a script, by its address alone, and under the thumb on a phone.
    assert page.html.count('href="#download"') == 2
    assert 'class="reveal" id="download"' in page.html


def test_a_file_that_cannot_hold_the_list_is_told_of_and_not_offered(client, monkeypatch):
    monkeypatch.setitem(FACES, "docx", FACES["docx"]._replace(most=11))
    page = Page(client, "/achievements/")
    assert "docx" not in files(page)
    assert "最多 11 项，这里有 20 项" in page.html
    assert "docx" in files(Page(client, "/achievements/?tier=winner"))


def test_of_many_entries_what_can_be_had_is_offered():
    query = QueryDict("q=协商&view=map")
    (csv, *others) = downloads_of(list_downloads(query, 3000), "csv", "xlsx", "docx")
    assert others == []
    assert csv.address == "/achievements.csv?q=%E5%8D%8F%E5%95%86"
    assert downloads_of(list_downloads(query, 20_000), *SAID) == []


def test_nothing_found_is_no_file(client):
    assert files(Page(client, "/achievements/?q=无此词语")) == {}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_entry_leads_to_all_its_files(client, prefix):
    found = files(Page(client, f"{prefix}/achievements/2015-w01/"))
    assert set(found) == {"xlsx", "docx", "csv", "json", "bib", "ris", "csl.json"}
    for face, href in found.items():
        assert codes(face, client.get(href + named(face))) == ["2015-w01"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_comparison_leads_to_a_brief_and_a_table(client, prefix):
    page = Page(client, f"{prefix}/compare/?code=2015-w08&code=2015-n02&code=2015-w11")
    found = files(page)
    assert set(found) == {"docx", "xlsx"}
    assert codes("docx", client.get(found["docx"])) == ["2015-w08", "2015-n02", "2015-w11"]
    table = client.get(f"{found['xlsx']}&header=names")
    assert set(codes("xlsx", table)) == {"2015-w08", "2015-n02", "2015-w11"}
    assert "[DS/OL]" in page.html
    assert files(Page(client, f"{prefix}/compare/")) == {}


def test_home_leads_to_the_whole(client):
    found = files(Page(client, "/"))
    assert set(found) == {"xlsx", "csv", "json"}
    assert client.get(found["json"]).json()[0]["code"] == index.select()[0]["code"]

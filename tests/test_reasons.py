"""A list says why an entry is there, where nothing that it shows has the word."""

import re

import pytest

pytestmark = pytest.mark.django_db


def why(client, query, prefix=""):
    """{code: reasons} of the entries of a list."""
    html = client.get(f"{prefix}/achievements/", {"q": query}).content.decode()
    found = {}
    for entry in re.findall(r"<li><h3.*?</li>", html, re.DOTALL):
        told = re.search('<p class="because meta">(.*?)</p>', entry)
        code = re.search('<span class="code">(.*?)</span>', entry)[1]
        spans = re.findall("<span>(.*?)</span>(?=<span>|$)", told[1]) if told else []
        found[code] = [re.sub("<.*?>", "", one) for one in spans]
    return found


@pytest.mark.parametrize(
    ("query", "code", "reasons"),
    [
        # It was another region then.
        ("坪山区", "2015-w07", ["地区：坪山区（当时坪山新区）"]),
        ("440310 社区", "2015-w07", ["地区：坪山区（当时坪山新区）"]),
        ("中共太仓市委员会", "2015-w01", ["机构：中国共产党太仓市委员会"]),
        ("xieshang", "2015-w08", ["机制：协商议事"]),
        ("協商議事 wenjiang", "2015-w08", ["机制：协商议事"]),
        # The place of the card says it, or its text.
        ("江苏", "2015-w01", []),
        ("太仓", "2015-w01", []),
        ("2015-w01 太仓", "2015-w01", []),
    ],
)
def test_it_says_where_a_word_stands(client, query, code, reasons):
    assert why(client, query)[code] == reasons


def test_it_says_so_in_english(client):
    assert why(client, "坪山区", "/en")["2015-w07"] == [
        "Region: Pingshan District (then Pingshan New Area)"
    ]


def test_no_more_than_two_are_given(client):
    found = why(client, "xieshang jiandu pingyi wenjiangqu")
    assert all(len(reasons) <= 2 for reasons in found.values())

"""A list says why an entry is there, where nothing that it shows has the word."""

import re

import pytest

from governance import index
from governance.models import Mechanism, Organization, Region

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


def test_every_reason_is_true(client):
    """Of names, and of how they are read: the entry has what the reason says, and that has the word."""
    lists = {"机制": "mechanisms", "机构": "organizations"}
    records = {record["code"]: record for record in index.select()}
    here = {place["code"] for one in records.values() for place in one["region"]["lineage"]}
    rows = [*Mechanism.objects.all(), *Organization.objects.published()]
    rows += Region.objects.filter(code__in=here)
    read = {row.name: row.pinyin.replace(" ", "") for row in rows}
    told = 0
    # Every fourth, each other one as it is read.
    for number, (name, reading) in enumerate([*read.items()][::4]):
        query = reading if number % 2 else name
        for code, reasons in why(client, query).items():
            for kind, said in (reason.split("：") for reason in reasons):
                region = records[code]["region"]
                if kind == "地区":
                    now, _mark, then = said.rstrip("）").partition("（当时")
                    assert then in ("", region["name"]), (query, code, said)
                    has = region["became"] if then else region["lineage"]
                    assert now in [one["name"] for one in has], (query, code, said)
                else:
                    has = [one["name"] for one in records[code][lists[kind]]]
                    assert said in has, (query, code, said)
                # Brackets part words.
                has_word = any(word in said for word in re.findall(r"\w+", query))
                assert has_word or read[said].startswith(reading), (query, code, said)
                told += 1
    assert told > 8


def test_it_says_so_in_english(client):
    assert why(client, "坪山区", "/en")["2015-w07"] == [
        "Region: Pingshan District (then Pingshan New Area)"
    ]


def test_no_more_than_two_are_given(client):
    found = why(client, "xieshang jiandu pingyi wenjiangqu")
    assert all(len(reasons) <= 2 for reasons in found.values())

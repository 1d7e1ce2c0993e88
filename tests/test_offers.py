"""Words that may mean a filter are offered as one, and taken as words all the same."""

import csv
import re
from html import unescape
from urllib.parse import unquote_plus

import pytest
from django.conf import settings

from governance.index.meanings import region_sets
from governance.models import Region

from .helpers.pages import Page

pytestmark = pytest.mark.django_db


def offered(client, query, prefix=""):
    """{label: address} of the offers above a list, each with the count that its list has."""
    html = Page(client, f"{prefix}/achievements/?{query}").html
    _before, _mark, rest = html.partition('<p class="understood offers">')
    links = re.findall('<a href="(.*?)">(.*?)</a>', rest.partition("</p>")[0])
    found = {}
    for href, words in links:
        label, count = re.fullmatch('(.*) <span class="n">(\\d+) .*</span>', words).groups()
        label = re.sub("<.*?>", "", label)
        found[label] = f"{prefix}/achievements/{unquote_plus(unescape(href))}"
        assert client.get(f"/api/achievements/{href.replace('&amp;', '&')}").json()["count"] == int(
            count
        )
    return found


@pytest.mark.parametrize(
    ("query", "label", "address"),
    [
        ("q=提名", "提名成果", "/achievements/?tier=nominee"),
        ("q=获奖", "十大创新成果", "/achievements/?tier=winner"),
        ("q=东部", "四大地区：东部", "/achievements/?zone=east"),
        ("q=东部", "东中西部：东部", "/achievements/?zone3=east"),
        ("q=農村 协商", "农村", "/achievements/?q=协商&setting=rural"),
        ("q=区县级", "机构级别：县级", "/achievements/?organization_level=county"),
        ("q=公共服务&year=2015", "公共服务", "/achievements/?year=2015&field=service"),
        # A filter of the same facet gives way.
        ("q=提名&tier=winner", "提名成果", "/achievements/?tier=nominee"),
        ("q=nominee", "提名成果", "/achievements/?tier=nominee"),
        # A search word that is said itself leads to its mechanism as well, in a run and in English.
        ("q=监督", "监督评议与评估", "/achievements/?mechanism=oversight-evaluation"),
        ("q=监督机制", "监督评议与评估", "/achievements/?q=机制&mechanism=oversight-evaluation"),
        ("q=village elections", "居民（村民）自治", "/achievements/?mechanism=self-governance"),
        # A run is cut at what means a filter, too.
        ("q=东部网格化", "四大地区：东部", "/achievements/?q=网格化&zone=east"),
        ("q=获奖社区", "十大创新成果", "/achievements/?q=社区&tier=winner"),
        ("q=2015年的获奖名单", "十大创新成果", "/achievements/?q=2015年&tier=winner"),
    ],
)
def test_a_value_of_a_facet_is_offered_with_its_count(client, query, label, address):
    found = offered(client, query)
    assert found.get(label) == address, found


def test_a_set_of_regions_is_offered_with_its_codes(client):
    found = offered(client, "q=长三角 协商")
    ((label, address),) = found.items()
    assert label == "长三角"
    assert address == (
        "/achievements/?q=协商&region=310000&region=320000&region=330000&region=340000"
    )
    # A run is read as the words in it.
    for run in ("长三角协商议事", "长三角协商", "协商长江三角洲"):
        assert offered(client, f"q={run}")["长三角"].endswith("&region=340000"), run
    assert [*offered(client, "q=yangtze river delta", "/en")] == ["Yangtze River Delta"]
    # In English in any number, and once.
    assert [*offered(client, "q=nominees", "/en")] == ["Nominee"]
    assert [*offered(client, "q=eastern China deliberation")] == [
        "四大地区：东部",
        "东中西部：东部",
    ]


@pytest.mark.parametrize(
    "query",
    # Where nothing says it, what 加装电梯 leads to stands beside the empty list.
    ["q=太仓", "q=协商", "q=“提名”", "q=提名吧", "tier=nominee", "q=2015", "q=加装电梯"],
)
def test_nothing_is_offered_where_no_word_is_a_filter(client, query):
    assert offered(client, query) == {}


@pytest.mark.parametrize("query", ["q=东北 火星", "q=東部，提名，1,000", "q=%，东部，加装电梯"])
def test_a_filter_with_nothing_in_it_is_no_way_out(client, query):
    """Nothing else is offered either: then what is under the thumb on a phone is the filters."""
    for prefix in ("", "/en"):
        html = Page(client, f"{prefix}/achievements/?{query}").html
        assert '<span class="n">0 ' in html.partition('understood offers">')[2]
        assert '<a class="main" href="#filters">' in html


def test_the_words_stay_words(client):
    assert Page(client, "/achievements/?q=农村").heading.startswith("“农村”")


def test_every_set_names_regions_of_today_and_its_source():
    for row in region_sets():
        codes = row["codes"].split()
        assert len(codes) == len(set(codes)) <= 50
        assert Region.objects.filter(code__in=codes, valid_to=None).count() == len(codes)
        assert "《" in row["source"]
    with open(settings.BASE_DIR / "fixtures/region_sets.csv", encoding="utf-8") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [r["name"] for r in region_sets()]

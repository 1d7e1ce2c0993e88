"""What search engines and shared links read of the pages."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.utils import translation

from governance import index
from governance.models import Achievement, Organization
from showcase.text import clipped

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
PAGES = [
    "/",
    "/achievements/",
    "/achievements/?mechanism=deliberation",
    "/achievements/2015-w06/",
    "/regions/",
    "/regions/320585/",
    "/mechanisms/",
    "/mechanisms/self-governance/",
    "/organizations/",
    "/organizations/cpc-taicang-municipal-committee/",
    "/years/",
    "/years/2015/",
    "/compare/",
    "/analysis/",
    "/about/",
]


class Head(HTMLParser):
    """The links, meta elements and structured data of a page."""

    def __init__(self, client, address, status=200):
        super().__init__()
        self.title, self.meta, self.links, self._in = "", {}, {}, None
        response = client.get(address)
        assert response.status_code == status
        self.html = response.content.decode()
        self.feed(self.html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self._in = (tag, attributes.get("type"))
        if tag == "meta":
            self.meta[attributes.get("name") or attributes.get("property")] = attributes.get(
                "content"
            )
        elif tag == "link":
            self.links[attributes.get("hreflang") or attributes["rel"]] = attributes["href"]

    def handle_data(self, data):
        if self._in and self._in[0] == "title":
            self.title += data
        elif self._in == ("script", "application/ld+json"):
            self.data = json.loads(data)

    def handle_endtag(self, tag):
        self._in = None

    def node(self, kind):
        (found,) = [node for node in self.data["@graph"] if node["@type"] == kind]
        return found


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("address", PAGES)
def test_it_says_where_the_page_is_in_either_language(client, address, prefix):
    head = Head(client, prefix + address)
    assert head.links["canonical"] == head.meta["og:url"] == f"{HOST}{prefix}{address}"
    assert head.links["zh-Hans"] == head.links["x-default"] == HOST + address
    assert head.links["en"] == f"{HOST}/en{address}"
    assert "robots" not in head.meta


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_each_page_has_a_title_and_a_description_of_its_own(client, prefix):
    heads = [Head(client, prefix + address) for address in PAGES]
    assert len({head.title for head in heads}) == len(PAGES)
    assert len({head.meta["description"] for head in heads}) == len(PAGES)
    for head in heads:
        assert 15 < len(head.meta["description"]) <= 160, head.title
        assert head.meta["og:description"] == head.meta["description"]
        assert head.title.startswith(head.meta["og:title"])


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/achievements/?page=1", "/achievements/"),
        ("/achievements/?sort=title", "/achievements/"),
        (
            "/achievements/?tier=winner&region=440000&region=110000&q=",
            "/achievements/?tier=winner&region=110000&region=440000",
        ),
        ("/analysis/?columns=tier&rows=zone", "/analysis/?rows=zone&columns=tier&measure=count"),
    ],
)
def test_the_same_list_has_one_address(client, address, canonical):
    assert Head(client, address).meta["og:url"] == HOST + canonical


def test_a_further_page_of_a_list_is_a_page_of_its_own(client, taicang, publish):
    year = Achievement.objects.first().award_year
    for rank in range(20, 24):
        publish(
            Achievement(
                code=f"2015-n{rank}",
                award_year=year,
                tier="nominee",
                rank=rank,
                title=f"第{rank}项",
                summary="逐项商定公共事务。",
                region=taicang,
            )
        )
    assert Head(client, "/achievements/?page=2").links["canonical"].endswith("/?page=2")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/achievements/?q=协商", 200),
        ("/achievements/?sort=title", 200),
        ("/achievements/?region=320000&mechanism=deliberation", 200),
        ("/achievements/?region=320000&region=110000", 200),
        ("/achievements/?region=710000", 200),
        ("/regions/710000/", 200),
        ("/compare/?code=2015-w01&code=2015-w02", 200),
        ("/analysis/?rows=zone", 200),
        ("/achievements/?regoin=320000", 400),
        ("/achievements/?page=99", 404),
        ("/nope/", 404),
    ],
)
def test_what_repeats_other_pages_stays_out_of_search_engines(client, address, status):
    head = Head(client, address, status)
    assert head.meta["robots"] == "noindex"
    assert "canonical" not in head.links


def test_an_entry_is_described_in_its_own_words(client):
    entry = Achievement.objects.get(code="2015-w01")
    chinese = Head(client, "/achievements/2015-w01/").meta["description"]
    assert entry.summary.startswith(chinese.removesuffix("…"))
    assert len(chinese) <= 110
    english = Head(client, "/en/achievements/2015-w01/").meta["description"]
    assert entry.summary_en.startswith(english.removesuffix("…"))


def test_a_description_without_english_says_that_it_is_chinese(client, draft, publish):
    publish(draft)
    head = Head(client, f"/en/achievements/{draft.code}/")
    assert re.search(
        r'<meta name="description" content="居民晚饭后[^>]+ lang="zh-Hans">', head.html
    )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("社" * 110, "社" * 110),
        ("社" * 111, "社" * 109 + "…"),
        ("word " * 40, "word " * 30 + "word…"),
    ],
)
def test_a_long_description_is_cut_between_words(text, short):
    assert clipped(text) == short


def test_the_structured_data_name_the_database_and_no_author(client):
    head = Head(client, "/")
    dataset = head.node("Dataset")
    assert dataset["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert dataset["temporalCoverage"] == "2015"
    assert len(dataset["description"]) >= 50
    assert (
        "{search_term_string}" in head.node("WebSite")["potentialAction"]["target"]["urlTemplate"]
    )
    entry = Head(client, "/achievements/2015-w01/").node("CreativeWork")
    assert not {"author", "creator", "contributor"} & entry.keys()
    assert entry["isPartOf"]["@id"] == dataset["@id"]
    assert entry["abstract"] == Achievement.objects.get(code="2015-w01").summary
    names, place = [], entry["spatialCoverage"]
    while place:
        names.append(place["name"])
        place = place.get("containedInPlace")
    assert names == ["太仓市", "苏州市", "江苏省", "中国"]


def test_the_breadcrumbs_lead_from_home_to_the_page(client):
    steps = Head(client, "/en/regions/320585/").node("BreadcrumbList")["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3, 4, 5]
    assert [step["item"].removeprefix(HOST) for step in steps] == [
        *("/en/", "/en/regions/", "/en/regions/320000/"),
        *("/en/regions/320500/", "/en/regions/320585/"),
    ]
    assert [step["name"] for step in steps[2:]] == ["Jiangsu", "Suzhou", "Taicang"]


def test_words_of_an_entry_cannot_end_the_structured_data(client, draft, publish):
    draft.title = draft.short_name = "</script><script>alert(1)</script>&<!--"
    publish(draft)
    head = Head(client, draft.get_absolute_url())
    assert head.node("CreativeWork")["name"] == draft.title
    assert "<script>alert" not in head.html


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_picture_of_a_shared_link_is_the_size_it_says(client, language, settings):
    from PIL import Image

    with translation.override(language):
        head = Head(client, "/en/" if language == "en" else "/")
    assert head.meta["og:image"] == f"{HOST}/static/showcase/share.png"
    with Image.open(settings.BASE_DIR / "showcase/static/showcase/share.png") as picture:
        size = [str(side) for side in picture.size]
    assert size == [head.meta["og:image:width"], head.meta["og:image:height"]]


def nodes(data):
    """Everything that has a type, however deep."""
    if isinstance(data, list):
        return [node for item in data for node in nodes(item)]
    if isinstance(data, dict):
        return [data, *[node for value in data.values() for node in nodes(value)]]
    return []


def test_another_name_is_another_one(client):
    """Where the short name is the full one, or the title the short one, there is none."""
    Organization.objects.filter(short_name__startswith="北京").update(name_en="")
    Achievement.objects.filter(code="2015-w06").update(short_name="宁海36条", title_en="")
    index.rebuild()
    told = 0
    rows = [*Organization.objects.all(), *Achievement.objects.all()]
    paths = [row.get_absolute_url() for row in rows]
    for language in ("", "/en"):
        for path in paths:
            for node in nodes(Head(client, language + path).data):
                others = node.get("alternateName", [])
                assert node.get("name") not in ([others] if isinstance(others, str) else others)
                assert others or "alternateName" not in node
                told += bool(others)
    assert told > 50

"""The tables: counted as plain queries count, and every number the length of the list that it leads to."""

import json
import re
from collections import Counter
from datetime import date
from itertools import product
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Count

from governance import facets, index
from governance.models import Achievement, Mechanism, Region
from showcase.tables.crosstabs import MEASURES
from showcase.tables.notes import EXAMPLES

from .helpers.pages import Page
from .helpers.tables import Tables, table

pytestmark = pytest.mark.django_db

TIERS = {"winner": "十大创新成果", "nominee": "提名成果"}
SVG = "{http://www.w3.org/2000/svg}"


def numbers(rows):
    """{(row heading, place of column): count}, counts alone or in parentheses."""
    return {
        (row[0][0], at): int(re.findall(r"[\d,]+", text)[-1].replace(",", ""))
        for row in rows
        for at, (text, _href) in enumerate(row[1:])
    }


def values(achievement):
    """What a plain reading of the record gives an achievement in each dimension, by label."""
    province = achievement.region.lineage[0]
    codings = achievement.codings.filter(aspect="means").select_related("mechanism")
    organizations = list(achievement.organizations.all())
    return {
        "year": {str(achievement.award_year.year)},
        "award": {achievement.award_year.award.name},
        "tier": {TIERS[achievement.tier]},
        "setting": {achievement.get_setting_display()},
        "zone": {province.get_zone_display() or "未划入四大地区"},
        "zone3": {province.get_zone3_display() or "未划入东中西部"},
        "province": {province.name},
        "organization_kind": {o.get_kind_display() for o in organizations} or {"未载机构"},
        "organization_level": {o.get_level_display() for o in organizations} or {"未载机构"},
        "region_level": {achievement.region.get_level_display()},
        "field": {c.mechanism.get_field_display() for c in codings} or {"无机制标注"},
        "mechanism": {c.mechanism.name for c in codings} or {"无机制标注"},
    }


@pytest.fixture
def hong_kong(draft, publish):
    """An entry that has no zone, no organization and no mechanism."""
    draft.region = Region.objects.get(code="810000")
    draft.organizations.clear()
    draft.codings.all().delete()
    publish(draft)
    return draft


@pytest.fixture
def plain_values(hong_kong):
    published = Achievement.objects.published().select_related("region__parent__parent__parent")
    return [values(achievement) for achievement in published]


@pytest.mark.parametrize("rows", facets.TABLE.dimensions())
def test_it_counts_as_a_plain_reading_of_the_record(client, plain_values, rows):
    for columns in facets.TABLE.dimensions():
        heads, lines = table(client, f"rows={rows}&columns={columns}")
        found = {
            (line[0][0], head): int(text)
            for line in lines
            for head, (text, _href) in zip(heads[1:], line[1:], strict=True)
        }
        expected = Counter(
            pair for entry in plain_values for pair in product(entry[rows], entry[columns])
        )
        for name, total in (("rows", rows), ("columns", columns)):
            for value, count in Counter(v for e in plain_values for v in e[total]).items():
                expected[(value, "N") if name == "rows" else ("N", value)] = count
        expected["N", "N"] = len(plain_values)
        assert {pair: count for pair, count in found.items() if count} == expected, columns


@pytest.mark.parametrize(
    "query",
    [
        "rows=mechanism&columns=zone3",
        "rows=mechanism&columns=mechanism&tier=nominee",
        "rows=organization_kind&columns=organization_level",
        "rows=field&columns=field&field=service",
        "rows=zone&columns=mechanism&zone=west&measure=row",
        "rows=province&columns=field&region=320585&region=330000&measure=column",
        "rows=mechanism&columns=field&mechanism=deliberation&mechanism=property-management",
        "rows=mechanism&columns=mechanism&mechanism=deliberation&mechanism=covenants&organization_level=county",
        "rows=region_level&columns=setting&q=协商&measure=total",
        "rows=organization_level&tier=winner",
        "rows=field&columns=zone&also=mechanism.deliberation",
        "columns=province",
    ],
)
def test_every_number_is_the_length_of_the_list_that_it_leads_to(client, hong_kong, query):
    _heads, rows = table(client, query)
    followed = 0
    for row in rows:
        for text, href in row[1:]:
            if text == "–":
                # A share of nothing, which has no list.
                assert not href
                continue
            if text == "–":
                # A share of nothing.
                continue
            count = int(re.findall(r"[\d,]+", text)[-1])
            if href:
                heading = Page(client, href).heading
                assert int(re.search(r"(\d+) 项$", heading)[1]) == count, href
                followed += 1
            elif "." not in text or "(" in text:
                assert count == 0, row
    assert followed >= 3


def test_what_is_missing_is_a_row_and_leads_to_its_list(client, hong_kong):
    _heads, rows = table(client, "rows=mechanism&columns=organization_kind")
    name, *cells, total = rows[-2]
    assert name[0] == "无机制标注"
    assert [text for text, _href in cells][-1] == total[0] == "1"
    assert Page(client, cells[-1][1]).codes == Page(client, total[1]).codes == [hong_kong.code]
    html = Page(client, "/analysis/?rows=zone&columns=zone3").html
    assert "缺失值单列一行或一列（未划入四大地区、未划入东中西部），计入 N。" in html


def test_without_anything_missing_nothing_is_said_of_it(client):
    assert "缺失的成果" not in Page(client, "/analysis/?rows=zone&columns=zone3").html


def test_it_gives_shares_of_rows_columns_and_all(client):
    cells = {}
    for measure in MEASURES:
        heads, rows = table(client, f"rows=setting&columns=tier&measure={measure}")
        assert heads == ["城乡", "十大创新成果", "提名成果", "N"]
        cells[measure] = {row[0][0]: [text for text, _href in row[1:]] for row in rows}["农村"]
    assert cells == {
        "count": ["1", "2", "3"],
        "row": ["33.3 (1)", "66.7 (2)", "3"],
        "column": ["9.1 (1)", "22.2 (2)", "3"],
        "total": ["5.0 (1)", "10.0 (2)", "3"],
    }


def test_one_dimension_alone_is_a_table_of_frequencies(client):
    heads, rows = table(client, "rows=zone3")
    assert heads == ["东中西部", "百分比", "N"]
    assert [[text for text, _href in row] for row in rows] == [
        ["东部", "65.0", "13"],
        ["中部", "20.0", "4"],
        ["西部", "15.0", "3"],
        ["N", "100.0", "20"],
    ]
    assert table(client, "columns=zone3")[1] == rows


def test_what_occurs_together_is_shown_as_table_and_picture(client):
    page = Page(client, "/analysis/?rows=mechanism&columns=mechanism")
    assert page.heading == "机制共现"
    assert "对角线上是各自的项数" in page.html
    both = Achievement.objects.published().filter(codings__aspect="means").distinct()
    expected = (
        both.filter(codings__mechanism__slug="deliberation", codings__aspect="means")
        .filter(pk__in=both.filter(codings__mechanism__slug="covenants").values("pk"))
        .count()
    )
    _heads, rows = table(client, "rows=mechanism&columns=mechanism")
    at = [row[0][0] for row in rows].index("居民公约与村规民约")
    assert int(rows[0][at + 1][0]) == int(rows[at][1][0]) == expected == 2
    picture = ElementTree.fromstring(re.search("<svg.*?</svg>", page.html, re.S)[0])
    assert len(picture.findall(f".//{SVG}circle")) == len(rows) - 1
    assert picture.find(f"{SVG}title").text == "机制共现（N = 20；单位：项）"
    assert "顺时针" in picture.find(f"{SVG}desc").text


def test_the_filters_of_the_list_apply_and_can_be_taken_away(client):
    page = Page(client, "/analysis/?rows=field&columns=zone&region=320000&tier=winner")
    assert "江苏省；十大创新成果；N = 1" in Tables(page.html).captions[0]
    less = dict(page.links)["江苏省 × 移除"]
    assert "tier=winner" in less
    assert "N = 11" in Tables(Page(client, less).html).captions[0]


def test_the_form_asks_for_the_same_table_again(client):
    html = Page(client, "/analysis/?rows=year&columns=tier&measure=row&zone=east&zone=west").html
    assert re.findall(r'<option value="(\w+)" selected', html) == ["year", "tier", "row"]
    assert re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', html) == [
        ("zone", "east"),
        ("zone", "west"),
    ]


def test_without_a_question_it_shows_a_table(client):
    assert Page(client, "/analysis/").heading == "领域 × 四大地区"
    assert Page(client, "/analysis/?rows=&columns=&measure=").heading == "领域 × 四大地区"


def test_a_selection_of_nothing_has_no_table(client):
    page = Page(client, "/analysis/?rows=field&columns=zone&tier=nominee&zone=northeast")
    assert "没有同时符合这些条件的成果" in page.html
    assert "<table" not in page.html
    # To the list, which offers what would find something.
    assert ("看看可以怎样改", "/achievements/?tier=nominee&zone=northeast") in page.links
    for face in ("csv", "json", "svg"):
        assert client.get(f"/analysis.{face}?zone=northeast&rows=year").status_code == 200


@pytest.mark.parametrize(
    ("query", "sentence", "way_out"),
    [
        ("rows=mechanisms", "“行”（rows）没有“mechanisms”这个取值。", "rows=mechanism"),
        (
            "columns=zones&rows=year",
            "“列”（columns）没有“zones”这个取值。",
            "rows=year&columns=zone",
        ),
        ("measure=percent", "“单元格”（measure）没有“percent”这个取值。", None),
        ("row=zone", "没有名为“row”的参数。", "rows=zone"),
        ("rows=zone&rows=year", "参数“rows”只能给一次。", None),
        ("rows=zone&tier=win", "“评选结果”（tier）没有“win”这个取值。", "rows=zone&tier=winner"),
        ("rows=%00", "无法识别的字符", None),
    ],
)
def test_a_bad_question_is_explained(client, query, sentence, way_out):
    page = Page(client, f"/analysis/?{query}", status=400)
    assert sentence in page.html
    if way_out:
        ways = [href for _text, href in page.links if "?" in href and "#" not in href]
        ways = [href for href in ways if href.startswith("/analysis/")]
        assert any(
            sorted(href.partition("?")[2].split("&")) == sorted(way_out.split("&")) for href in ways
        )
        assert all(client.get(href).status_code == 200 for href in ways)
    assert client.get(f"/analysis.csv?{query}").status_code == 400
    answer = client.get(f"/analysis.json?{query}")
    assert answer.status_code == 400
    assert sentence in json.loads(answer.content)["problems"][0]["message"]


def test_each_ready_made_table_is_one(client):
    for words, query in EXAMPLES:
        page = Page(client, f"/analysis/{query}")
        assert len(Tables(page.html).tables) == 2
        assert (str(words), f"/analysis/{query}") in page.links


def test_the_three_line_table_says_the_same_without_links(client):
    shaded, three = Tables(
        Page(client, "/analysis/?rows=field&columns=zone3&measure=row").html
    ).tables
    assert [[text for text, _href in row] for row in three] == [
        [text for text, _href in row] for row in shaded
    ]
    assert not any(href for row in three for _text, href in row)


def test_it_cites_the_data_version_and_the_day(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 12, 1))
    page = Page(client, "/analysis/?columns=zone3&rows=field&tier=winner")
    citation = re.search(r'id="citation">(.*?)</p>', page.html)[1].replace("&amp;", "&")
    assert re.fullmatch(
        r"领域 × 东中西部（十大创新成果；N = 11；单位：项）\[DS/OL\]\. V0\.1\.0-[0-9a-f]{12}\. "
        r"社区治理创新成果库（\d{4}-\d\d-\d\d）\[2026-12-01\]\. "
        r"http://testserver/analysis/\?tier=winner&rows=field&columns=zone3&measure=count\.",
        citation,
    )
    assert f"-{index.current().digest}. " in citation


def test_a_kept_page_is_not_taken_for_the_next_days(client, monkeypatch):
    etag = client.get("/analysis/")["ETag"]
    assert client.get("/analysis/", headers={"if-none-match": etag}).status_code == 304
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2031, 12, 1))
    assert client.get("/analysis/", headers={"if-none-match": etag}).status_code == 200


def test_a_draft_counts_nowhere(client, draft, publish):
    pages = [
        "/analysis/?rows=mechanism&columns=mechanism",
        "/analysis.json?rows=province&columns=zone",
    ]
    publish(draft, "in_review")
    with_draft = [client.get(page).content for page in pages]
    draft.delete()
    index.update([])
    without = [client.get(page).content for page in pages]
    mark = re.compile(rb"0\.1\.0-[0-9a-f]{8}")
    assert [mark.sub(b"", c) for c in with_draft] == [mark.sub(b"", c) for c in without]


def test_english_tables_lead_to_english_lists(client):
    _heads, rows = table(client, "rows=mechanism&columns=tier", prefix="/en")
    assert all(href.startswith("/en/achievements/") for row in rows for _t, href in row if href)
    assert rows[0][0][0] == "Oversight and evaluation"


def test_the_number_of_queries_is_small(client, django_assert_max_num_queries):
    client.get("/analysis/?rows=mechanism&columns=mechanism")
    with django_assert_max_num_queries(6):
        client.get("/analysis/?rows=mechanism&columns=mechanism")


def test_every_mechanism_of_the_record_is_in_the_table(client):
    used = (
        Mechanism.objects.filter(codings__aspect="means", codings__achievement__status="published")
        .annotate(entries=Count("codings__achievement", distinct=True))
        .order_by("-entries")
    )
    _heads, rows = table(client, "rows=mechanism")
    assert {row[0][0]: int(row[2][0]) for row in rows[:-1]} == {m.name: m.entries for m in used}


def test_no_mechanism_can_be_called_none():
    mechanism = Mechanism.objects.get(slug="deliberation")
    mechanism.slug = "none"
    with pytest.raises(ValidationError, match="表示没有机制"):
        mechanism.full_clean()


@pytest.mark.parametrize(
    ("query", "fixed"),
    [
        ("year=2015", {"year"}),
        ("region=320500", {"province"}),
        ("tier=winner&zone=east", {"tier", "zone"}),
        ("zone=east&zone=west", set()),
        # An entry may have several of these, so that they still say something.
        ("mechanism=deliberation&organization_kind=government", set()),
    ],
)
def test_it_does_not_offer_a_dimension_that_is_fixed(client, query, fixed):
    html = Page(client, f"/analysis/?{query}&rows=field").html
    rows = re.search(r'<select id="ask-rows".*?</select>', html, re.DOTALL)[0]
    offered = set(re.findall(r'<option value="(\w+)"', rows))
    assert not offered & fixed
    everything = re.search(
        r'<select id="ask-rows".*?</select>', Page(client, "/analysis/").html, re.DOTALL
    )[0]
    assert set(re.findall(r'<option value="(\w+)"', everything)) - offered == fixed

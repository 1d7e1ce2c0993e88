"""The analysis as files: the same numbers as CSV, JSON and SVG."""

import csv
import io
import re
import sys
from html import unescape
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from governance import index
from governance.facet_table import MISSING
from governance.models import Achievement, Coding, Mechanism
from showcase.data.exports import DOUBTFUL, FORMULA, safe_cell
from showcase.html import charts

from .helpers.tables import table
from .test_analysis import SVG

pytestmark = pytest.mark.django_db


def test_csv_has_the_same_numbers_and_opens_in_excel(client):
    response = client.get("/analysis.csv?rows=setting&columns=tier&measure=row")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="analysis-setting-tier-row.csv"' in response["Content-Disposition"]
    text = response.content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0] == ["城乡 (行百分比)", "十大创新成果", "提名成果", "N"]
    assert [] in rows
    table, beneath = rows[: rows.index([])], rows[rows.index([]) + 1 :]
    assert any(row[0] == "农村" for row in table)
    assert table[-1] == ["N", "11", "9", "20"]
    assert len({len(row) for row in table}) == 1
    assert all(len(row) == 1 for row in beneath)


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("rows=setting&columns=tier&measure=row&region=330000", "浙江省"),
        ("rows=province&mechanism=deliberation", "协商议事"),
    ],
)
def test_what_is_taken_along_says_what_it_counts_and_as_of_when(client, query, filters):
    """The file as well as the table for a word processor."""
    text = client.get(f"/analysis.csv?{query}").content.decode()
    beneath = text.split("\r\n\r\n")[1].replace('"', "")
    html = client.get(f"/analysis/?{query}").content.decode()
    said = unescape(re.sub("<[^>]+>", "\n", html[html.index('id="three-line"') :]))
    version = f"数据版本 {index.current().digest}，{timezone.localdate().isoformat()}，"
    for taken in (beneath, said):
        assert filters in taken
        assert "N = " in taken
        assert "N 是成果数，每项成果只计一次。" in taken
        assert f"{version}http://testserver/analysis/?" in taken


def test_a_name_that_looks_like_a_formula_is_not_run(client):
    mechanism = Mechanism.objects.get(slug="deliberation")
    mechanism.name = '=HYPERLINK("http://x","协商")'
    mechanism.save()
    index.update([], named=True)
    rows = list(
        csv.reader(io.StringIO(client.get("/analysis.csv?rows=mechanism").content.decode()))
    )
    assert rows[1][0] == "'" + mechanism.name


def test_no_beginning_of_a_formula_is_passed_over():
    characters = map(chr, range(sys.maxunicode + 1))
    assert {one for one in characters if FORMULA.match(f"{one}=")} == DOUBTFUL


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "\r=1"])
def test_it_defuses(text):
    assert safe_cell(text) == "'" + text


def test_it_leaves_numbers_and_names_alone():
    assert [safe_cell(cell) for cell in (-1, 0.5, "协商", "2015", "")] == [
        -1,
        0.5,
        "协商",
        "2015",
        "",
    ]


def test_json_has_the_same_numbers(client):
    answer = client.get("/analysis.json?rows=setting&columns=tier&zone=east").json()
    assert answer["url"] == (
        "http://testserver/analysis/?zone=east&rows=setting&columns=tier&measure=count"
    )
    assert answer["filters"] == {"zone": ["east"]}
    assert answer["columns"]["values"][0] == {
        "value": "winner",
        "label": "十大创新成果",
        "count": 9,
    }
    assert sum(map(sum, answer["cells"])) == answer["count"] == 13


@pytest.mark.parametrize(
    "query",
    [
        "rows=province",
        "rows=mechanism&columns=zone3&measure=row",
        "rows=zone&columns=mechanism",
        "rows=mechanism&columns=mechanism",
        "rows=field&columns=field&field=system",
    ],
)
def test_svg_is_a_picture_that_can_be_read(client, query):
    response = client.get(f"/analysis.svg?{query}")
    assert response["Content-Type"] == "image/svg+xml"
    picture = ElementTree.fromstring(response.content)
    assert picture.get("role") == "img"
    assert picture.find(f"{SVG}title").text
    assert picture.find(f"{SVG}desc").text
    assert "style" not in response.content.decode()
    texts = " ".join(text.text or "" for text in picture.iter(f"{SVG}text"))
    heads = [row[0][0] for row in table(client, query)[1]][:-1]
    assert all(head in texts for head in heads if head != "无机制标注")


@pytest.mark.parametrize("most", [0, 1, 5, 60, 1000])
def test_a_picture_of_pairs_draws_the_strongest_that_fit(client, monkeypatch, most):
    monkeypatch.setattr(charts, "MOST_LINES", most)
    query = "rows=mechanism&columns=mechanism"
    picture = ElementTree.fromstring(client.get(f"/analysis.svg?{query}").content)
    lines = [one for one in picture.iter(f"{SVG}path") if one.get("class", "").startswith("line")]
    said = picture.find(f"{SVG}desc").text
    least = int(re.search(r"仅绘出不少于 (\d+) 项", said)[1])
    cells = index.select().crosstab("mechanism", "mechanism").cells
    pairs = [
        cells[one, other] for one, other in cells if MISSING not in (one, other) and one < other
    ]
    assert len(lines) == sum(count >= least for count in pairs) <= most
    assert least == 1 or sum(count >= least - 1 for count in pairs) > most


def test_entries_without_a_mechanism_make_a_picture_without_pairs(client):
    Coding.objects.filter(achievement__code="2015-w01").delete()
    index.update([Achievement.objects.get(code="2015-w01").pk])
    query = "rows=mechanism&columns=mechanism&field=none"
    picture = ElementTree.fromstring(client.get(f"/analysis.svg?{query}").content)
    assert picture.find(f"{SVG}title").text
    assert not list(picture.iter(f"{SVG}circle"))
    for address in ("/analysis/", "/en/analysis/"):
        assert client.get(f"{address}?{query}").status_code == 200


def test_a_name_with_marks_does_not_break_a_picture(client):
    mechanism = Mechanism.objects.get(slug="deliberation")
    mechanism.name = '<协商> & "议事"'
    mechanism.save()
    index.update([], named=True)
    for query in (
        "rows=mechanism",
        "rows=mechanism&columns=mechanism",
        "rows=field&columns=mechanism",
    ):
        ElementTree.fromstring(client.get(f"/analysis.svg?{query}").content)


@pytest.mark.parametrize(
    "odd", ["\x01", "\x0b", "\x1b", "\x7f", "\x85", "\ufffe", "\uffff", "\ufdd0"]
)
@pytest.mark.parametrize("query", ["{}", "协{}商", "太仓 协商{}", "“{}居民”"])
def test_a_drawing_is_well_formed_whatever_is_asked(client, odd, query):
    response = client.get("/analysis.svg", {"rows": "tier", "q": query.format(odd)})
    assert response.status_code == 200
    ElementTree.fromstring(response.content)

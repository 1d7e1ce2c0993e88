import re
from datetime import date

import pytest

from governance import index
from governance.models import Achievement, Evidence
from showcase.api import achievements
from showcase.data.faces import FACES

pytestmark = pytest.mark.django_db

FIELDS = [
    "code",
    "year",
    "tier",
    "rank",
    "title",
    "short_name",
    "summary",
    "title_en",
    "summary_en",
    "organization_text",
    "setting",
    "region",
    "organizations",
    "mechanisms",
    "url",
]


def test_a_record_has_the_fields_of_the_contract(client):
    record = client.get("/api/achievements/2015-w01/").json()
    assert [name for name in record if name in FIELDS] == FIELDS
    assert record["short_name"] == "政社互动"
    region = {"code": "320585", "name": "太仓市", "path": "320585"}
    assert region.items() <= record["region"].items()
    assert [item["name"] for item in record["organizations"]] == [
        "中国共产党太仓市委员会",
        "太仓市人民政府",
    ]
    assert {"slug", "name", "kind", "level"} <= set(record["organizations"][0])
    assert record["url"] == "http://testserver/achievements/2015-w01/"


SAID = {
    *("slug", "name", "field", "weight", "aspect", "evidence"),
    *("coder", "coded_on", "reviewed_by", "reviewed_on"),
}


def test_evidence_is_the_text_at_its_place(client):
    spans = 0
    for record in client.get("/api/achievements/?page_size=100").json()["results"]:
        for mechanism in record["mechanisms"]:
            assert set(mechanism) >= SAID
            for span in mechanism["evidence"]:
                assert record[span["field"]][span["start"] : span["end"]] == span["text"]
                words = span["english"]
                assert record[words["field"]][words["start"] : words["end"]] == words["text"]
                spans += 1
    assert spans == Evidence.objects.count()


def test_it_lists_as_the_pages_do(client):
    answer = client.get("/api/achievements/?region=320000").json()
    assert list(answer) == ["count", "next", "previous", "results", "version"]
    assert answer["count"] == 2
    assert [record["code"] for record in answer["results"]] == ["2015-w01", "2015-n02"]


def test_it_pages(client):
    answer = client.get("/api/achievements/?page_size=15").json()
    assert (answer["count"], len(answer["results"])) == (20, 15)
    following = client.get(answer["next"]).json()
    assert len(following["results"]) == 5
    assert following["previous"]
    assert client.get("/api/achievements/?page=2").status_code == 404


@pytest.mark.parametrize(
    ("query", "parameter", "suggestion"),
    [
        ("tier=win", "tier", "winner"),
        ("regoin=320000", "regoin", "region"),
        ("utm_source=x", "utm_source", None),
        ("page_size=101", "page_size", "100"),
        ("format=csv", "format", None),
        ("page_size=0", "page_size", None),
        ("region=%00", "region", None),
    ],
)
def test_a_bad_query_is_an_error_that_says_what_is_right(client, query, parameter, suggestion):
    response = client.get(f"/api/achievements/?{query}")
    assert response.status_code == 400
    (problem,) = response.json()["problems"]
    assert problem["parameter"] == parameter
    assert problem["message"] in response.json()["detail"]
    assert suggestion is None or suggestion in problem["suggestions"]


def test_it_is_read_only(client):
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)("/api/achievements/2015-w01/", headers=ENGLISH)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert_problem(answer, "Method Not Allowed", "can only be read")
    assert Achievement.objects.filter(code="2015-w01").exists()


ENGLISH = {"Accept-Language": "en-US,en;q=0.9"}


def assert_problem(answer, title, said):
    """RFC 9457."""
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["title"], told["status"]) == (
        "about:blank",
        title,
        answer.status_code,
    )
    assert said in told["detail"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("colour=red", "unknown_parameter"),
        ("tier=win", "unknown_value"),
        ("region=江苏", "unknown_value"),
        ("sort=-modified", "unknown_value"),
        ("select=titel", "unknown_value"),
        ("code=2015-w99", "unknown_value"),
        ("q=a&q=b", "repeated"),
        ("modified_since=2026-11-26&modified_since=2026-11-27", "repeated"),
        ("page=两", "not_a_number"),
        ("page=1.5", "not_a_number"),
        ("page=0", "out_of_range"),
        ("page=-1", "out_of_range"),
        ("page_size=101", "out_of_range"),
        ("page=" + "9" * 30, "out_of_range"),
        ("modified_since=昨天", "not_a_date"),
        ("modified_since=2026-02-30", "not_a_date"),
        ("modified_since=20261126", "not_a_date"),
        ("q=" + "长" * 201, "too_long"),
        ("q=" + "+".join("一二三四五六七八九十百千万亿兆京垓"), "too_many"),
        ("&".join(f"code=2015-w{number:03}" for number in range(51)), "too_many"),
        ("select=" + ",".join(["code"] * 60), "too_many"),
        ("q=%D0%AD%C9%CC", "bad_encoding"),
        ("q=%00", "bad_encoding"),
    ],
)
def test_every_problem_has_a_code_and_is_said_in_both_languages(client, query, code):
    chinese = client.get(f"/api/achievements/?{query}")
    english = client.get(f"/api/achievements/?{query}", headers=ENGLISH)
    for answer in (chinese, english):
        (problem,) = answer.json()["problems"]
        assert problem["code"] == code
        assert_problem(answer, "Bad Request", problem["message"])
    assert re.search("[一-鿿]", chinese.json()["detail"])
    said = english.json()["detail"].replace(english.json()["problems"][0]["value"], "")
    assert not re.search("[一-鿿]", re.sub("“[^”]*”", "", said)), said
    page = client.get(f"/achievements/?{query}").status_code
    assert page == (302 if re.match("colour|code|modified|select|page_size", query) else 400)
    name = query.partition("=")[0]
    if name not in ("page", "page_size"):
        assert client.get(f"/achievements.json?{query}").json()["problems"][0]["code"] == code


def test_all_that_is_wrong_is_said_at_once(client):
    query = "code=2015-w99&code=2015-w01&code=2015-x1&select=titel&sort=code&modified_since=x"
    found = client.get(f"/api/achievements/?{query}").json()["problems"]
    wrong = [(one["parameter"], one["value"]) for one in found]
    assert wrong == [
        *(("code", "2015-w99"), ("code", "2015-x1"), ("select", "titel"), ("sort", "code")),
        ("modified_since", "x"),
    ]
    assert "title" in found[2]["suggestions"]


def test_some_codes_are_asked_for_at_once(client, draft):
    asked = "code=2015-n03&code=2015-w01&code=2015-w01"
    for address in ("/api/achievements/", "/achievements.json"):
        answer = client.get(f"{address}?{asked}").json()
        found = answer["results"] if "api" in address else answer
        assert [one["code"] for one in found] == ["2015-w01", "2015-n03"]
    assert client.get(f"/api/achievements/?{asked}&tier=winner").json()["count"] == 1
    assert client.get(f"/api/achievements/?code={draft.code}").status_code == 400
    nothing = client.get("/api/achievements/?code=2015-w01&tier=nominee").json()
    assert (nothing["count"], nothing["results"]) == (0, [])


def test_what_has_changed_since_a_day(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2027, 5, 6))
    entry = Achievement.objects.get(code="2015-n03")
    entry.title_en = "Another title"
    entry.save()
    index.update([entry.pk])
    for day, codes in (("2027-05-06", ["2015-n03"]), ("2027-05-07", [])):
        for address in ("/api/achievements/", "/achievements.json"):
            answer = client.get(f"{address}?modified_since={day}&select=code").json()
            found = answer["results"] if "api" in address else answer
            assert found == [{"code": code} for code in codes]
    assert client.get("/api/achievements/?modified_since=2026-11-26").json()["count"] == 20


def test_fields_are_chosen(client):
    asked = "select=title,region.code,mechanisms.evidence.text"
    one = client.get(f"/api/achievements/2015-w01/?{asked}").json()
    assert list(one) == ["title", "region", "mechanisms"]
    assert one["region"] == {"code": "320585"}
    assert {"evidence"} == set(one["mechanisms"][0])
    listed = client.get(f"/api/achievements/?code=2015-w01&{asked}").json()
    assert listed["results"] == [one]
    wrong = client.get("/api/achievements/2015-w01/?page=2").json()["problems"][0]
    assert (wrong["parameter"], wrong["code"]) == ("page", "unknown_parameter")


def test_what_is_not_there_is_said(client):
    for address, said in {
        "/api/achievements/2015-w99/": "2015-w99",
        "/api/achievements/?page=2": "2",
        "/api/nothing/": "/api/nothing/",
        "/api/achievements/2015-w01/more/": "/api/achievements/2015-w01/more/",
    }.items():
        for headers in ({}, ENGLISH):
            assert_problem(client.get(address, headers=headers), "Not Found", said)


def test_a_failure_and_a_wrong_host_are_answered_in_json(client, monkeypatch):
    wrong = client.get("/api/achievements/", headers={"host": "elsewhere.example"})
    assert_problem(wrong, "Bad Request", "请求的格式不被接受")

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(achievements, "query_of", broken)
    client.raise_request_exception = False
    failed = client.get("/api/achievements/", headers=ENGLISH)
    assert_problem(failed, "Internal Server Error", "unexpected problem")


@pytest.mark.parametrize("year", [1999, 2031, 2100])
def test_a_year_without_entries_is_an_empty_list_everywhere(client, year):
    assert client.get(f"/api/achievements/?year={year}").json()["count"] == 0
    for address in ("/achievements/", "/analysis/", "/analysis.json", "/analysis.csv"):
        assert client.get(f"{address}?year={year}").status_code == 200
    for face in FACES:
        address = "/codings.csv" if face == "codings" else f"/achievements.{face}"
        assert client.get(f"{address}?year={year}").status_code == 200, face


def test_chinese_is_readable_as_it_is(client):
    assert "政社互动" in client.get("/api/achievements/2015-w01/").content.decode()


def test_a_page_of_records_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get("/api/achievements/?page_size=100")


def test_a_list_that_finds_something_offers_nothing_else(client):
    answer = client.get("/api/achievements/?q=协商").json()
    assert answer["count"] == 11
    assert answer.keys() == {"count", "next", "previous", "results", "version"}

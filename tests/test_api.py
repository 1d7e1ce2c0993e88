import pytest

from governance.models import Achievement, Evidence

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
    assert client.post("/api/achievements/", {}).status_code == 405
    assert client.delete("/api/achievements/2015-w01/").status_code == 405
    assert Achievement.objects.filter(code="2015-w01").exists()


def test_an_unknown_code_is_not_found_as_json(client):
    response = client.get("/api/achievements/2015-w99/")
    assert response.status_code == 404
    assert "detail" in response.json()


def test_chinese_is_readable_as_it_is(client):
    assert "政社互动" in client.get("/api/achievements/2015-w01/").content.decode()


def test_a_page_of_records_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        client.get("/api/achievements/?page_size=100")


def test_a_list_that_finds_something_offers_nothing_else(client):
    answer = client.get("/api/achievements/?q=协商").json()
    assert answer["count"] == 11
    assert answer.keys() == {"count", "next", "previous", "results", "version"}

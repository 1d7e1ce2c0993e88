"""What the API has beside the records of entries: the same things as the pages, by the same questions."""

import pytest
from jsonschema import Draft202012Validator

from governance import index
from governance.models import Achievement, AwardYear, Mechanism, Organization, Region
from showcase.query.facets import listed_facets
from showcase.query.query import read_query

from .helpers.years import award_year

pytestmark = pytest.mark.django_db

LISTS = {
    "achievements": ("code", "2015-w01"),
    "regions": ("code", "320585"),
    "mechanisms": ("slug", "deliberation"),
    "organizations": ("slug", "taicang-municipal-peoples-government"),
    "years": ("code", "2015"),
    "awards": ("slug", "community-governance-innovation"),
}
ONES = [f"/api/{name}/{key}/" for name, (_field, key) in LISTS.items()]
ALL = [
    *("/api/", "/api/codings/?page_size=3", "/api/facets/?q=协商", "/api/analysis/?rows=mechanism"),
    *(f"/api/{name}/" for name in LISTS),
    *ONES,
    "/api/achievements/?q=苏州 协商",
]


def pages(client, address):
    while address:
        answer = client.get(address).json()
        yield answer
        address = answer["next"]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_and_its_rows(client, name):
    field, key = LISTS[name]
    answers = list(pages(client, f"/api/{name}/?page_size=100"))
    rows = [row for answer in answers for row in answer["results"]]
    assert len(rows) == answers[0]["count"] > 0
    assert {answer["version"] for answer in answers} == {index.current().digest}
    one = client.get(f"/api/{name}/{key}/").json()
    assert one in [row for row in rows if row[field] == key]
    assert client.get(one["url"]).status_code == 200
    assert client.get(f"/api/{name}/?colour=red").json()["problems"][0]["code"] == (
        "unknown_parameter"
    )
    assert client.get(f"/api/{name}/{key}/?page=1").status_code == 400
    missing = client.get(f"/api/{name}/none-such/")
    assert missing.status_code == 404
    assert "none-such" in missing.json()["detail"]


def test_rows_are_counted_as_their_pages_are(client):
    for name, rows in (
        ("mechanism", client.get("/api/mechanisms/?page_size=100").json()["results"]),
        ("organization", client.get("/api/organizations/?page_size=100").json()["results"]),
    ):
        assert len(rows) > 20
        for row in rows:
            assert row["count"] == len(index.select(**{name: [row["slug"]]}))
    for code in ("320000", "320500", "320585"):
        region = client.get(f"/api/regions/{code}/").json()
        assert region["count"] == client.get(f"/api/achievements/?region={code}").json()["count"]
    assert client.get("/api/years/2015/").json()["count"] == 20


def test_the_region_of_today_has_the_code_and_all_are_listed(client):
    """130502 was 桥东区 and is 襄都区."""
    found = [
        row
        for answer in pages(client, "/api/regions/?page_size=100&page=2")
        for row in answer["results"]
        if row["code"] == "130502"
    ]
    assert [(row["name"], row["valid_from"], row["valid_to"]) for row in found] == [
        (region.name, region.valid_from, region.valid_to)
        for region in Region.objects.filter(code="130502").order_by("-valid_from")
    ]
    assert len(found) == 2
    assert client.get("/api/regions/130502/").json() == found[0]
    assert found[1]["became"][0]["name"] == found[0]["name"]
    assert client.get("/api/regions/130502000000/").json() == found[0]


def test_all_codings_of_a_list_are_given_once(client):
    for query in ("", "mechanism=deliberation", "tier=winner&q=社区", "code=2015-w01"):
        entries = client.get(f"/achievements.json?{query}").json()
        answers = list(pages(client, f"/api/codings/?page_size=3&{query}"))
        told = [(one["code"], one["slug"]) for page in answers for one in page["results"]]
        expected = [
            (entry["code"], one["slug"]) for entry in entries for one in entry["mechanisms"]
        ]
        assert told == expected
        assert {answer["count"] for answer in answers} == {len(expected)}
    first = client.get("/api/codings/").json()["results"][0]
    (entry,) = client.get(f"/achievements/{first['code']}.json").json()
    assert {name: first[name] for name in entry["mechanisms"][0]} in entry["mechanisms"]


def test_facets_are_those_of_the_page(client):
    asked = "q=社区&mechanism=deliberation&region=320000&region=330000"
    answer = client.get(f"/api/facets/?{asked}").json()
    now = index.current()
    query = read_query(client.get(f"/achievements/?{asked}").wsgi_request.GET, now)
    expected = listed_facets(query)
    assert answer["count"] == len(query.selection)
    assert [facet["name"] for facet in answer["facets"]] == [facet.name for facet in expected]
    for told, facet in zip(answer["facets"], expected, strict=True):
        shown = [one for group in facet.groups for one in (*group.shown, *group.folded)]
        values = [one for group in told["groups"] for one in group["values"]]
        assert [(one["label"], one["count"], one["chosen"]) for one in values] == [
            (one.label, one.entries, one.chosen) for one in shown
        ]
        for one in values:
            if not one["chosen"]:
                assert one["value"] in one["url"], one
                assert client.get(one["url"]).json()["count"] >= one["count"]
    regions = next(one for one in answer["facets"] if one["name"] == "region")
    chosen = [
        one["value"] for group in regions["groups"] for one in group["values"] if one["chosen"]
    ]
    assert set(chosen) == {"320000", "330000"}
    assert client.get("/api/facets/?sort=year").status_code == 400


def test_a_table_is_that_of_the_file(client):
    asked = "rows=mechanism&columns=tier&measure=row&region=320000"
    assert (
        client.get(f"/api/analysis/?{asked}").json() == client.get(f"/analysis.json?{asked}").json()
    )
    assert client.get("/api/analysis/?rows=nothing").json()["problems"][0]["parameter"] == "rows"


def test_the_index_leads_to_all_of_it(client):
    answer = client.get("/api/").json()
    assert answer["digest"] == index.current().digest
    assert answer["version"].endswith(answer["digest"])
    for name, address in answer["links"].items():
        assert client.get(address).status_code == 200, name


def test_what_nobody_published_is_not_there(client, draft):
    award = award_year(2020, "zhsj").award
    assert draft.organizations.get().slug not in client.get("/api/organizations/").content.decode()
    for address in (
        "/api/organizations/shaxi-zhen-zhengfu/",
        "/api/years/zhsj-2020/",
        f"/api/awards/{award.slug}/",
    ):
        assert client.get(address).status_code == 404, address


def test_a_former_slug_leads_on_and_what_is_gone_says_so(client, publish):
    mechanism = Mechanism.objects.get(slug="deliberation")
    mechanism.slug = "consulting"
    mechanism.save()
    index.update(index.touched_by(mechanism), named=True)
    assert client.get("/api/mechanisms/deliberation/").json()["slug"] == "consulting"
    alone = Organization.objects.get(slug="taicang-municipal-peoples-government")
    for entry in Achievement.objects.filter(organizations=alone):
        publish(entry, "draft")
    gone = client.get(f"/api/organizations/{alone.slug}/")
    assert (gone.status_code, gone.json()["entry_title"]) == (410, "")
    assert alone.slug in gone.json()["detail"]


def test_a_year_without_entries_is_no_award_year(client):
    AwardYear.objects.get(code="2015")
    assert client.get("/api/years/2031/").status_code == 404


@pytest.fixture(scope="module")
def schema():
    return {}


def properties(schema, reference):
    name = reference["$ref"].removeprefix("#/components/schemas/")
    return schema["components"]["schemas"][name]["properties"]


@pytest.mark.parametrize("address", ALL)
def test_answers_are_as_the_schema_says(client, schema, address):
    if not schema:
        schema |= client.get("/api/schema/").json()
    path = address.partition("?")[0]
    for name, (field, key) in LISTS.items():
        path = path.replace(f"/api/{name}/{key}/", f"/api/{name}/{{{field}}}/")
    told = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    whole = {**told["schema"], "components": schema["components"]}
    answer = client.get(address).json()
    assert [error.message for error in Draft202012Validator(whole).iter_errors(answer)] == []
    # Nor has it anything of which the schema says nothing.
    described = properties(schema, told["schema"])
    if "results" in answer:
        described = properties(schema, described["results"]["items"])
    for row in answer.get("results", [answer])[:1]:
        assert set(row) == set(described)


def test_what_is_wrong_is_as_the_schema_says(client, schema):
    if not schema:
        schema |= client.get("/api/schema/").json()
    responses = schema["paths"]["/api/achievements/{code}/"]["get"]["responses"]
    for address in ("2015-w01/?select=titel", "2015-w99/"):
        answer = client.get(f"/api/achievements/{address}")
        told = responses[str(answer.status_code)]["content"][answer["Content-Type"]]["schema"]
        whole = {**told, "components": schema["components"]}
        assert list(Draft202012Validator(whole).iter_errors(answer.json())) == []

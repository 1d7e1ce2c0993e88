"""Pages of other origins read what programs read, and nobody is known there."""

import pytest

pytestmark = pytest.mark.django_db

ELSEWHERE = {"Origin": "https://research.example.org"}
OPEN = [
    "/api/",
    "/api/achievements/?region=320000",
    "/api/achievements/2015-w01/",
    "/achievements.csv",
    "/en/achievements.json",
    "/achievements/2015-w01.bib",
    "/codings.csv",
    "/analysis.json?rows=year",
    "/feeds/achievements.atom",
    "/oai?verb=Identify",
    # What is wrong can be read as well.
    "/api/nothing/",
    "/achievements.csv?colour=red",
]


@pytest.mark.parametrize("address", OPEN)
def test_it_may_be_read_from_elsewhere(client, address):
    response = client.get(address, headers=ELSEWHERE)
    assert response["Access-Control-Allow-Origin"] == "*"
    exposed = response["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Retry-After"} <= set(exposed)
    assert "Access-Control-Allow-Credentials" not in response
    if "ETag" in response:
        again = client.get(address, headers=ELSEWHERE | {"If-None-Match": response["ETag"]})
        assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")


@pytest.mark.parametrize("address", OPEN)
def test_what_a_browser_asks_before_is_answered_without_content(client, address):
    asked = ELSEWHERE | {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    response = client.options(address, headers=asked)
    assert (response.status_code, response.content) == (204, b"")
    assert "GET" in response["Access-Control-Allow-Methods"]
    assert response["Access-Control-Allow-Headers"] == "*"
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "address", ["/", "/achievements/", "/achievements/2015-w01/", "/analysis/", "/admin/login/"]
)
def test_pages_for_people_stay_closed(client, address):
    response = client.get(address, headers=ELSEWHERE)
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response


def test_staff_are_nobody_there(staff_client, client):
    address = "/api/achievements/2015-w01/"
    for_staff = staff_client.get(address)
    assert "ETag" in for_staff
    assert "ETag" not in staff_client.get("/achievements/2015-w01/")
    assert "Cookie" not in for_staff["Vary"]
    assert not for_staff.cookies

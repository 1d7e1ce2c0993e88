import pytest

from governance import index
from governance.models import Achievement, IndexState
from showcase.api import achievements

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/achievements/",
    "/analysis/",
    "/compare/",
    "/achievements/2015-w01/",
    "/regions/320585/",
    "/en/years/2015/",
]
API = ["/api/achievements/", "/api/achievements/2015-w01/"]


@pytest.mark.parametrize("address", [*PAGES, *API])
def test_it_sends_a_page_once_and_again_after_a_change(client, address):
    etag = client.get(address)["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    index.update([], named=True)
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, *API])
def test_it_says_that_any_copy_of_a_page_that_exists_will_do(client, address):
    response = client.get(address, headers={"If-None-Match": " * "})
    assert (response.status_code, response.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/achievements/2015-w99/", 404),
        ("/achievements/?regoin=320000", 400),
        ("/achievements/?page=99", 404),
        ("/regions/329999/", 404),
        ("/mechanisms/nothing/", 404),
        ("/years/2014/", 404),
        ("/api/achievements/2015-w99/", 404),
        ("/api/achievements/?tier=third", 400),
    ],
)
def test_it_never_says_that_a_missing_page_is_the_one_you_have(client, address, status):
    for copy in ("*", " *"):
        response = client.get(address, headers={"If-None-Match": copy})
        assert response.status_code == status
        assert "ETag" not in response


@pytest.mark.parametrize("address", [*PAGES, *API])
def test_head_is_answered_as_get_without_a_body(client, address):
    asked, got = client.head(address), client.get(address)
    assert (asked.status_code, asked["ETag"]) == (200, got["ETag"])
    assert got.content
    assert not asked.content


@pytest.mark.parametrize("address", ["/", "/en/", "/achievements/2015-w01/", "/nothing/"])
def test_no_page_varies_by_what_a_browser_prefers(client, address):
    wished = [client.get(address, headers={"Accept-Language": wish}) for wish in ("en", "zh-CN")]
    assert wished[0].content == wished[1].content
    for answer in wished:
        assert "Accept-Language" not in answer.get("Vary", "")
        assert answer["Content-Language"] == ("en" if address == "/en/" else "zh-hans")


def test_an_answer_is_of_one_version_however_many_queries_it_takes(client, monkeypatch):
    entry = Achievement.objects.get(code="2015-w01")
    read = achievements.open_records
    titles = iter(["Edited meanwhile", "Edited once more"])

    def read_after_an_edit(*asked):
        if title := next(titles, None):
            entry.title_en = title
            entry.save()
            index.update([entry.pk])
        return read(*asked)

    monkeypatch.setattr(achievements, "open_records", read_after_an_edit)
    response = client.get("/api/achievements/?q=政社互动")
    (found,) = response.json()["results"]
    assert found["title_en"] == "Edited once more"
    assert response.json()["version"] == index.current().digest
    assert client.get("/api/achievements/?q=政社互动")["ETag"] == response["ETag"]


def test_no_answer_is_given_of_a_record_that_changed_while_its_index_was_found_damaged(
    client, monkeypatch
):
    entry = Achievement.objects.get(code="2015-w01")
    read = achievements.open_records

    def read_after_an_edit(*asked):
        entry.title_en = "Edited meanwhile"
        entry.save()
        index.update([entry.pk])
        IndexState.objects.update(shape=0)
        return read(*asked)

    monkeypatch.setattr(achievements, "open_records", read_after_an_edit)
    monkeypatch.setattr(index, "heal", lambda: None)
    assert client.get("/api/achievements/?q=政社互动").status_code == 503

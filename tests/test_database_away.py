"""What is answered while the database does not: 503 in the page's language, or what is kept.

tests/chaos stops a real one.
"""

import json
import logging
import sqlite3
from threading import Thread

import psycopg2
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError
from django.urls import reverse

from governance import index
from governance.postgresql import base
from showcase import answers
from showcase.views import health

from .helpers.browser import send

pytestmark = pytest.mark.django_db

LIST = "/achievements/?region=320000"
PAGES = [LIST, "/", "/achievements/2015-w01/", "/analysis/", "/sitemap.xml", "/mechanisms/"]


def failure(code, kind=OperationalError):
    """What Django raises when psycopg2 has raised an error with this SQLSTATE; None: without one."""

    class Cause(psycopg2.OperationalError):
        pgcode = code

    error = kind("server closed the connection unexpectedly\n\tbefore or while processing")
    error.__cause__ = Cause(str(error))
    return error


@pytest.fixture
def break_off(monkeypatch):
    """From now on every view, and every look-up of the version, fails with this."""

    def begin(error):
        def fail(*args, **kwargs):
            raise error

        monkeypatch.setattr(index, "current", fail)

    return begin


LOST = [None, "08006", "08003", "57P01", "57P02", "57P03", "57014", "40001", "40P01", "55P03"]


@pytest.mark.parametrize("code", LOST)
def test_it_says_that_the_database_does_not_answer(client, break_off, code):
    break_off(failure(code))
    for address in PAGES:
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "5"), address
        assert "数据库暂时没有应答" in response.content.decode()
        assert "Content-Security-Policy" in response
    assert "does not answer" in client.get("/en/achievements/").content.decode()
    assert '<html lang="en">' in client.get("/en/achievements/").content.decode()


def test_it_says_so_where_the_connection_was_closed_before(client, break_off):
    break_off(failure(None, InterfaceError))
    assert client.get(LIST).status_code == 503


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_an_error_that_has_no_code_is_one_of_ours(client, break_off, caplog, kind):
    """As sqlite3 raises it for text that is not UTF-8."""
    error = kind("Could not decode to UTF-8 column")
    error.__cause__ = sqlite3.OperationalError(str(error))
    break_off(error)
    client.raise_request_exception = False
    assert client.get(LIST).status_code == 500
    assert "Could not decode" in caplog.text
    assert "AttributeError" not in caplog.text


@pytest.mark.parametrize(
    "address", ["/api/achievements/", "/api/achievements/2015-w01/", "/analysis.json?rows=year"]
)
def test_programs_are_told_in_json(client, break_off, address):
    break_off(failure(None))
    response = client.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["detail"] == "数据库暂时没有应答，请稍后再试。"


@pytest.mark.parametrize(
    "error", [failure("53100"), failure("XX000"), OperationalError("disk is full")]
)
def test_another_failure_is_none_of_these(client, break_off, error):
    break_off(error)
    with pytest.raises(OperationalError):
        client.get(LIST)
    client.raise_request_exception = False
    response = client.get(LIST)
    assert (response.status_code, "Retry-After" in response) == (500, False)
    assert "服务器遇到了意外的问题" in response.content.decode()


@pytest.mark.parametrize(("code", "lines"), [(None, 1), ("57014", 1), ("55P03", 1), ("08006", 0)])
def test_it_is_one_line_of_the_log(client, break_off, caplog, code, lines):
    """Of a database that is away the log has one when that begins."""
    break_off(failure(code))
    with caplog.at_level(logging.INFO):
        client.get(LIST)
    assert len(caplog.records) == lines
    for record in caplog.records:
        said = record.getMessage()
        assert said.startswith("/achievements/: server closed the connection unexpectedly before")
        assert "\n" not in said
        assert record.exc_info is None


def test_staff_are_told_to_look_before_they_send_again(staff_client, draft, break_off):
    break_off(failure(None))
    address = reverse("admin:governance_achievement_change", args=[draft.pk])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "update", lambda *args, **kwargs: index.current())
        response = send(staff_client, address, "achievement_form", short_name="夜话")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "请先查看改动是否已保存" in response.content.decode()
    draft.refresh_from_db()
    assert draft.short_name == "院落夜话"


@pytest.mark.parametrize("address", ["/admin/login/", "/en/admin/login/"])
def test_it_says_so_where_a_session_cannot_be_read(client, monkeypatch, address):
    """Before any view is called."""
    client.raise_request_exception = False
    client.cookies["sessionid"] = "a" * 32

    def fail(store):
        raise failure(None)

    monkeypatch.setattr(SessionStore, "load", fail)
    response = client.post(address)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert ('<html lang="en">' in response.content.decode()) == address.startswith("/en/")


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_it_is_alive_and_not_ready(client, break_off, monkeypatch, kind):
    def fail():
        raise failure(None, kind)

    monkeypatch.setattr(health.index, "status", fail)
    break_off(failure(None, kind))
    assert client.get("/healthz").content == b"ok"
    assert client.get("/robots.txt").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": kind.__name__, "index": "unknown", "checked": None}


@pytest.fixture
def keeping(monkeypatch):
    """Answers are kept, and time goes as `keeping(seconds)` says."""
    monkeypatch.setattr(answers, "MOST", 32 << 20)
    now = [1000.0]
    monkeypatch.setattr(answers.time, "monotonic", lambda: now[0])

    def later(seconds):
        now[0] += seconds

    return later


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_what_is_kept_is_given_with_its_age(client, break_off, keeping, kind):
    pages = {address: client.get(address) for address in PAGES}
    keeping(100)
    # All that is kept is of one version, so that one answer speaks for all.
    assert "Age" not in client.get(LIST)
    keeping(42.5)
    break_off(failure(None, kind))
    for address, page in pages.items():
        old = client.get(address)
        assert (old.status_code, old["Age"], old.content) == (200, "42", page.content)
        assert old["ETag"] == page["ETag"]
        again = client.get(address, headers={"If-None-Match": page["ETag"]})
        assert (again.status_code, again["Age"]) == (304, "42")
    assert client.get("/achievements/?region=330000").status_code == 503
    assert client.head(LIST).status_code == 503


def test_what_is_kept_is_given_for_an_hour(client, break_off, keeping):
    client.get(LIST)
    break_off(failure("08006"))
    keeping(3599)
    assert client.get(LIST)["Age"] == "3599"
    keeping(1)
    assert client.get(LIST).status_code == 503


@pytest.mark.parametrize("seconds", [0, 60])
def test_the_keeper_of_the_site_says_for_how_long(client, break_off, keeping, settings, seconds):
    settings.OUTAGE_SECONDS = seconds
    client.get(LIST)
    break_off(failure("08006"))
    keeping(59)
    assert client.get(LIST).status_code == (200 if seconds else 503)
    keeping(1)
    assert client.get(LIST).status_code == 503


def test_nothing_that_is_known_to_be_out_of_date_is_given(client, break_off, keeping):
    for address in PAGES:
        client.get(address)
    index.update([], named=True)
    # Learns that there is another version, and no page of it was made.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers.KeptAnswers, "_keep", lambda *args: None)
        client.get(LIST)
    break_off(failure(None))
    assert {client.get(address).status_code for address in PAGES} == {503}


def test_what_is_kept_is_not_for_who_has_a_session(client, break_off, keeping):
    client.get(LIST)
    break_off(failure(None))
    client.cookies["sessionid"] = "a" * 32
    assert client.get(LIST).status_code == 503
    client.cookies.clear()
    assert client.get(LIST).status_code == 200


def test_only_the_threads_of_requests_are_limited():
    limits = []

    def work(*path):
        for one in path:
            base._limit({"PATH_INFO": one})
        limits.append(base._thread.seconds)

    for path in ([], ["/"], ["/en/admin/"], ["/admin/", "/achievements/"], ["/administration/"]):
        thread = Thread(target=work, args=path)
        thread.start()
        thread.join()
    assert limits == [None, 4, 10, 4, 4]

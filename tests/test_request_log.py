"""What the site writes down of each request, and what it does not."""

import errno
import json
import logging
import os
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from django.utils import timezone

from showcase import request_log

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(settings, tmp_path):
    """The lines that were written down so far."""
    settings.LOG_DIR, settings.LOG_DAYS = tmp_path / "log", 3

    def lines():
        path = settings.LOG_DIR / f"requests-{timezone.localdate()}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    return lines


def test_each_request_is_a_line(log, client):
    asked = {
        "/achievements/?q=协商": 200,
        "/en/achievements/2015-w01/": 200,
        "/achievements/2015-w99/": 404,
        "/api/achievements/?colour=red": 400,
        "/api/achievements/2015-w01/": 200,
        "/healthz": 200,
    }
    responses = [client.get(address) for address in asked]
    kept = client.get("/achievements/?q=协商")
    fresh = client.get("/achievements/?q=协商", headers={"If-None-Match": kept["ETag"]})
    sent = client.post("/achievements/")
    responses += [kept, fresh, sent]
    lines = log()
    statuses = [*asked.values(), 200, 304, 405]
    assert [line["status"] for line in lines] == [r.status_code for r in responses] == statuses
    assert [line["id"] for line in lines] == [r["X-Request-ID"] for r in responses]
    assert len({line["id"] for line in lines}) == len(lines)
    assert [line["bytes"] for line in lines] == [len(r.content) for r in responses]
    assert [line["path"] for line in lines[:2]] == ["/achievements/", "/en/achievements/2015-w01/"]
    assert lines[-1]["method"] == "POST"
    digest = responses[4].wsgi_request.index.digest
    assert [lines[number]["version"] for number in (0, 4, 6, 7)] == [digest] * 4
    assert lines[5]["version"] is None
    for line in lines:
        assert 0 < line["ms"] < 60_000
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", line["time"])


def test_nobody_is_named(log, client, settings):
    client.get("/achievements/?q=张三", REMOTE_ADDR="192.0.2.7")
    assert "张三" not in json.dumps(log(), ensure_ascii=False)
    assert "192.0.2.7" not in json.dumps(log())
    settings.LOG_ADDRESSES = True
    client.get("/achievements/", REMOTE_ADDR="192.0.2.7")
    assert log()[-1]["address"] == "192.0.2.7"
    client.get("/achievements/", HTTP_X_FORWARDED_FOR="192.0.2.8")
    assert log()[-1]["address"] == "192.0.2.8"


def test_a_path_in_another_encoding_is_one_line(log, client):
    client.get("/achievements/%D0%AD%C9%CC/%0A%22/")
    (line,) = log()
    assert line["status"] == 404
    assert line["path"].startswith("/achievements/")


def test_an_error_is_found_by_what_the_page_says(log, monkeypatch, caplog):
    monkeypatch.setattr("showcase.views.home.Home.get", lambda *_, **__: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    (line,) = log()
    assert (line["status"], line["path"]) == (500, "/")
    assert f"<code>{line['id']}</code>" in response.content.decode()
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert request_log.WithRequestId().filter(record)
    assert record.request_id == line["id"]


def test_what_a_stranger_sends_wrongly_is_one_line(log, client, caplog):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert request_log.WithRequestId().filter(record)
    line = logging.Formatter("%(request_id)s %(message)s").format(record)
    assert line.startswith(
        f"{log()[0]['id']} Invalid HTTP_HOST header: 'evil.example'. You may need"
    )
    assert "\n" not in line


def test_old_days_go(log, client, settings):
    settings.LOG_DIR.mkdir()
    other = settings.LOG_DIR / "notes.txt"
    other.touch()
    for day in ("2015-12-31", "2026-01-01", "2026-01-02", "2026-01-03"):
        (settings.LOG_DIR / f"requests-{day}.jsonl").touch()
    client.get("/healthz")
    today = f"requests-{timezone.localdate()}.jsonl"
    left = {path.name for path in settings.LOG_DIR.iterdir()}
    assert left == {"requests-2026-01-02.jsonl", "requests-2026-01-03.jsonl", today, other.name}
    assert (settings.LOG_DIR / today).stat().st_mode & 0o077 == 0


def test_a_new_day_is_a_new_file(tmp_path):
    files = request_log.DayFiles(tmp_path, 2)
    for day in ("2026-11-26", "2026-11-27", "2026-11-28"):
        files.write(day, b"{}\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "requests-2026-11-27.jsonl",
        "requests-2026-11-28.jsonl",
    ]


def test_lines_of_many_at_once_stay_whole(tmp_path):
    workers = [request_log.DayFiles(tmp_path, 2) for _ in range(4)]
    lines = [b"%d " % number + b"x" * 500 + b"\n" for number in range(400)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: workers[n % 4].write("2026-11-27", lines[n]), range(400)))
    written = (tmp_path / "requests-2026-11-27.jsonl").read_bytes()
    assert sorted(written.splitlines(keepends=True)) == sorted(lines)


def test_a_full_disk_keeps_nobody_from_an_answer(log, client, monkeypatch, capsys):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    assert client.get("/achievements/").status_code == 200
    assert "No space left on device" in capsys.readouterr().err


def test_none_is_kept_where_none_is_wanted(client, settings, tmp_path):
    settings.LOG_DIR, settings.LOG_DAYS = tmp_path / "log", 0
    assert client.get("/healthz")["X-Request-ID"]
    assert not settings.LOG_DIR.exists()

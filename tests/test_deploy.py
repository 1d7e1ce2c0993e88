"""What stands in deploy/ is right for the programs that read it."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db import connection

from .helpers.nginx import DEPLOY, program, proxy, running
from .helpers.postgres import database_url
from .helpers.serving import free_port
from .helpers.slow import BODY, slowed


def test_the_units_are_ones_that_systemd_understands(tmp_path):
    # It wants the program to be there, and what a timer calls.
    (tmp_path / "python").symlink_to("/bin/true")
    units = []
    for path in sorted(DEPLOY.glob("*.*")):
        if path.suffix in (".service", ".timer"):
            text = path.read_text(encoding="utf-8")
            units.append(tmp_path / path.name)
            ours = text.replace("/srv/governance/.venv/bin/", f"{tmp_path}/")
            units[-1].write_text(ours, encoding="utf-8")
    assert len(units) == 5
    run = subprocess.run(
        [program("systemd-analyze", "systemd"), "verify", "--man=no", *units],
        capture_output=True,
        text=True,
    )
    # What it does not know it ignores, and says so.
    assert (run.returncode, run.stdout + run.stderr) == (0, "")


@pytest.fixture
def site(db, tmp_path):
    """The port of the site, served as it is with the record of the tests."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": database_url(connection.settings_dict),
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "governance.settings",
    }
    manage = [sys.executable, "manage.py"]
    with (tmp_path / "site.log").open("w") as log:
        options = {"cwd": settings.BASE_DIR, "env": environment, "stdout": log, "stderr": log}
        subprocess.run([*manage, "collectstatic", "--no-input"], check=True, **options)
        with running(port, [*manage, "serve", "--port", str(port)], **options):
            yield port


def test_slow_visitors_keep_nobody_waiting(site, tmp_path):
    with closing(socket.create_connection(("127.0.0.1", site), timeout=10)) as silent:
        assert slowed(site, bodies=24) < 10
        assert silent.recv(1) == b"", "a connection that says nothing is not cut"
    with proxy(tmp_path, site) as port:
        assert slowed(port, bodies=200, idle=200, readers=40) < 10


def test_kept_files_hold_nobody_and_nginx_says_what_they_are(site, tmp_path):
    kept = tmp_path / "published/0.1.0-335c10b6d85b"
    kept.mkdir()
    (kept / "achievements.csv").write_text("code\n2015-w01\n", encoding="utf-8")
    (kept / "showcase.sqlite").write_bytes(bytes(8 << 20))
    (tmp_path / "published/latest").symlink_to(kept.name)
    with ExitStack() as stack:
        for _reader in range(40):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", site)))
            one.sendall(b"GET /files/latest/showcase.sqlite HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with urlopen(f"http://127.0.0.1:{site}/healthz", timeout=1) as answer:
            assert answer.status == 200
    with proxy(tmp_path, site) as port, closing(HTTPConnection("127.0.0.1", port)) as reader:

        def ask(path, method="GET", **headers):
            reader.request(method, path, headers=headers)
            answer = reader.getresponse()
            return answer.status, answer.headers, answer.read()

        address = f"/files/{kept.name}/achievements.csv"
        status, headers, content = ask(address)
        assert (status, content) == (200, b"code\n2015-w01\n")
        assert headers["Content-Type"] == "text/csv; charset=utf-8"
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["ETag"] == f'"{kept.name}"'
        again = {"If-None-Match": headers["ETag"]}
        assert ask(address, **again)[0] == 304
        assert ask(address.replace("0.1.0", "0.1.1"), **again)[0] == 404
        status, headers, _content = ask("/files/latest/achievements.csv", **again)
        assert (status, headers["ETag"]) == (200, None)
        assert ask(address, "HEAD")[0] == 200
        assert ask(address, "POST")[0] == 405
        for path in (
            "/files/",
            "/files/..%2fsecret_key",
            "/files/%2e%2e/site.log",
            f"{address}/..",
        ):
            assert ask(path)[0] in (400, 404), path


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\n", BODY])
def test_nginx_cuts_heads_and_bodies_that_do_not_arrive(tmp_path, sent):
    with (
        proxy(tmp_path, free_port(), patience=1) as port,
        closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as visitor,
    ):
        visitor.sendall(sent)
        with suppress(ConnectionResetError):
            assert b" 408 " in (visitor.recv(4096) or b" 408 ")


def test_make_says_what_belongs_in_front():
    for host, says in (("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True), ("::", True)):
        lines = subprocess.run(
            ["make", "--dry-run", "run", f"HOST={host}"],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert ("deploy/nginx.conf" in lines) == says, host


def test_nginx_limits_what_is_dear_and_says_so_in_the_language_of_the_page(tmp_path):
    # Nobody is behind it, so that it counts whatever it answers.
    with proxy(tmp_path, free_port()) as port, closing(HTTPConnection("127.0.0.1", port)) as reader:

        def ask(path, method="GET"):
            reader.request(method, path)
            answer = reader.getresponse()
            return answer.status, answer.headers["Retry-After"], answer.read().decode()

        for path, method, burst in (
            ("/en/achievements/?q=a", "GET", 200),
            ("/api/regions/", "GET", 200),
            ("/achievements.csl.json", "GET", 60),
            ("/admin/login/", "POST", 60),
        ):
            statuses = [ask(path, method)[0] for _ in range(burst + 40)]
            # A campus may ask for so many at once.
            assert set(statuses[:burst]) == {503}, path
            assert 429 in statuses[burst:], path
        assert ask("/en/achievements/?q=a")[1] is not None
        status, wait, said = next(
            a for _ in range(99) if (a := ask("/en/achievements/?q=a"))[0] == 429
        )
        assert (status, wait) == (429, "10")
        assert '<html lang="en">' in said
        _, wait, said = next(a for _ in range(99) if (a := ask("/achievements.csv"))[0] == 429)
        assert '<html lang="zh-Hans">' in said
        # Pages without a search are not counted, and a site that is away says so.
        assert {ask("/achievements/")[:2] for _ in range(300)} == {(503, "10")}


class Behind(BaseHTTPRequestHandler):
    """A server behind nginx that says its name, with its status."""

    def do_GET(self):
        self.server.asked += 1
        body = f"{self.server.name} {self.path}".encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_args):
        pass


@contextmanager
def behind(name):
    with ThreadingHTTPServer(("127.0.0.1", 0), Behind) as server:
        server.name, server.status, server.asked = name, 200, 0
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_nginx_asks_the_second_server_for_what_the_first_does_not_answer(tmp_path):
    with (
        behind("first") as first,
        behind("second") as second,
        proxy(tmp_path, first.server_port, second.server_port) as port,
    ):

        def ask(path, method="GET"):
            with closing(HTTPConnection("127.0.0.1", port)) as reader:
                reader.request(method, path)
                answer = reader.getresponse()
                return answer.status, answer.read().decode()

        reading = ["/", "/en/achievements/2015-w01/", "/achievements.csv", "/files/latest/a.csv"]
        writing = ["/admin/", "/en/admin/login/", "/achievements/2015-w01/report/"]
        # While the first one answers, whatever it says but that it cannot, nobody asks the other.
        for status in (200, 404, 500):
            first.status = status
            for path in (*reading, *writing):
                assert ask(path) == (status, f"first {path}")
        assert second.asked == 0
        first.status = 503
        assert [ask(path) for path in reading] == [(200, f"second {path}") for path in reading]
        assert second.asked == len(reading)
        # The first one is given up for a moment, but not for a second one that does not answer either.
        first.status, second.status = 200, 503
        assert [ask(path) for path in reading] == [(200, f"first {path}") for path in reading]
        first.status, second.status, second.asked = 503, 200, 0
        # Who writes hears what the site says of it.
        for path in writing:
            assert ask(path) == ask(path, "POST") == (503, f"first {path}")
        first.shutdown()
        first.server_close()
        assert [ask(path) for path in reading] == [(200, f"second {path}") for path in reading]
        assert ask(writing[0])[0] == 503
        assert second.asked == len(reading)

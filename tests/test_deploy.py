"""What stands in deploy/ is right for the programs that read it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db import connection

from .helpers.postgres import database_url
from .helpers.serving import free_port
from .helpers.slow import BODY, slowed

DEPLOY = settings.BASE_DIR / "deploy"


def program(name, package):
    """Where it is; fails with what to install."""
    return shutil.which(name) or pytest.fail(f"{name} is needed: apt install {package}")


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


MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/governance.conf;
}}
"""


@contextmanager
def running(port, command, **options):
    """Runs it until the end of the block; it listens when the block begins."""
    with subprocess.Popen(command, **options) as process:
        try:
            deadline = time.monotonic() + 30
            while process.poll() is None and time.monotonic() < deadline:
                try:
                    urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
                    break
                except HTTPError as error:
                    error.close()
                    break
                except OSError:
                    time.sleep(0.05)
            assert process.poll() is None
            yield
        finally:
            process.terminate()


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


@contextmanager
def proxy(folder, site, patience=None):
    """The port of nginx with our file, but for its ports, its certificate and where the site is.

    `patience`, in seconds, is in place of each of the visitors' timeouts.
    """
    port = free_port()
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text, ours = re.subn(r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};", text)
    text, site_s = re.subn(r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{site};", text)
    assert ours == site_s == 1
    text = re.sub(r"listen (80|\[::\]:80|\[::\]:443 ssl http2);|ssl_certificate.*;", "", text)
    # The first server, which sends to HTTPS, and its name go to a port of their own.
    text = text.replace("return 301", f"listen 127.0.0.1:{free_port()}; return 301")
    if patience:
        text, timeouts = re.subn(r"((?:header|body|send)_timeout) \d+s;", rf"\1 {patience}s;", text)
        assert timeouts == 3
    (folder / "governance.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    command = [program("nginx", "nginx"), "-p", folder, "-e", folder / "error.log"]
    with running(port, [*command, "-c", folder / "nginx.conf"]):
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

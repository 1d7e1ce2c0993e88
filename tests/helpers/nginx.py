"""nginx with deploy/nginx.conf, but for its ports, its certificate and where the site is."""

import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.conf import settings

from .serving import free_port

DEPLOY = settings.BASE_DIR / "deploy"
MAIN = """
daemon off;
{user}
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


def program(name, package):
    """Where it is; fails with what to install."""
    return shutil.which(name) or pytest.fail(f"{name} is needed: apt install {package}")


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


@contextmanager
def proxy(folder, first, second=None, patience=None):
    """The port of nginx before a site at the port `first`, and a second server of it if there is one.

    `patience`, in seconds, is in place of each of the visitors' timeouts.
    """
    port = free_port()
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    text, ours = re.subn(r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};", text)
    text, site_s = re.subn(r"server 127\.0\.0\.1:8000", f"server 127.0.0.1:{first}", text)
    assert (ours, site_s) == (1, 3)
    if second:
        # The very lines that an operator would use.
        text, lines = re.subn(r"# (server .* backup;)", r"\1", text)
        text, others = re.subn(r"server 10\.0\.0\.3:8000", f"server 127.0.0.1:{second}", text)
        assert (lines, others) == (2, 1)
    text = re.sub(r"listen (80|\[::\]:80|\[::\]:443 ssl http2);|ssl_certificate.*;", "", text)
    # The first server, which sends to HTTPS, and its name go to a port of their own.
    text = text.replace("return 301", f"listen 127.0.0.1:{free_port()}; return 301")
    if patience:
        text, timeouts = re.subn(r"((?:header|body|send)_timeout) \d+s;", rf"\1 {patience}s;", text)
        assert timeouts == 3
    (folder / "governance.conf").write_text(text, encoding="utf-8")
    # Else it would give up the rights that it needs for this folder.
    user = "user root;" if os.geteuid() == 0 else ""
    main = MAIN.format(folder=folder, user=user)
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    command = [program("nginx", "nginx"), "-p", folder, "-e", folder / "error.log"]
    with running(port, [*command, "-c", folder / "nginx.conf"]):
        yield port

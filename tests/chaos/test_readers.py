"""Readers who ask and then read nothing hold nobody, whatever they ask for: no answer waits for its reader.

What is measured is the site alone, as it is served without nginx in front.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest
from django.conf import settings

from showcase.data.faces import FACES, MOST

from ..helpers.homes import database
from ..helpers.slow import connected
from ..in_browser.site import site

CODES = "&".join(f"code=2015-w{rank}" for rank in range(100, 150))
# `make chaos` has as many entries as a file holds. Elsewhere there are as many as the search finds there.
WHOLE = "CHAOS_SECONDS" in os.environ
ENTRIES, SOME = (MOST, f"?q={quote('政社互动')}") if WHOLE else (MOST // 11, "")
OTHERS = [
    "/achievements/2015-w01.json",
    "/compare.docx?code=2015-w01&code=2015-w02",
    "/analysis.csv?rows=mechanism&columns=province",
    "/feeds/achievements.atom",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/api/achievements/?page_size=100",
    "/api/codings/?page_size=100",
    "/files/latest/showcase.sqlite",
]


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """That of a site with nearly so many entries."""
    folder = tmp_path_factory.mktemp("readers")
    with database(folder) as url, site(folder, DATABASE_URL=url) as address:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "governance.settings",
            "DATA_DIR": str(folder),
            "DATABASE_URL": url,
        }
        add = [sys.executable, "-m", "tests.peers.staff", "add", str((ENTRIES - 20) // 11)]
        subprocess.run(add, cwd=settings.BASE_DIR, env=environment, check=True)
        yield urlsplit(address).port


def list_face(face):
    return "/codings.csv" if face == "codings" else f"/achievements.{face}"


def said(address):
    return f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def begun(readers):
    """What the first bytes of each of them say: that the answer is made."""

    def first(reader):
        reader.settimeout(60)
        return reader.recv(12)

    with ThreadPoolExecutor(len(readers)) as pool:
        return set(pool.map(first, readers))


def alive(port):
    """Within a second, or it raises."""
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
        return answer.status == 200


@pytest.mark.parametrize("face", FACES)
def test_forty_readers_of_a_list_hold_nobody(port, face):
    # A brief takes no more than fifty.
    query = f"?{CODES}" if face == "docx" else SOME
    with connected(port, 40, said(list_face(face) + query)) as readers:
        assert begun(readers) == {b"HTTP/1.1 200"}
        assert alive(port)


@pytest.mark.parametrize("address", OTHERS)
def test_forty_readers_of_what_is_no_list_hold_nobody(port, address):
    with connected(port, 40, said(address)) as readers:
        assert begun(readers) == {b"HTTP/1.1 200"}
        assert alive(port)


def test_eight_whole_lists_at_once_hold_nobody_once_they_are_made(port):
    whole = [list_face(face) for face in FACES if FACES[face].most == MOST]
    asked = [f"{path}?sort=year" for path in whole] + ["/achievements.csv?sort=title"]
    assert len(asked) == 8
    with ExitStack() as stack:
        readers = [stack.enter_context(connected(port, 1, said(one)))[0] for one in asked]
        assert begun(readers) == {b"HTTP/1.1 200"}
        assert alive(port)


@pytest.mark.parametrize(
    "path",
    [
        "/files/../site.log",
        "/files/%2e%2e/site.log",
        "/files/..%2fsite.log",
        "/files/..%5csite.log",
        "/files/latest/../../site.log",
        "/files/latest/%2e%2e/%2e%2e/site.log",
        "/files/%252e%252e/site.log",
        "/files//etc/passwd",
        "/files/%2fetc%2fpasswd",
        "/files/",
    ],
)
def test_nothing_beside_what_is_published_is_given(port, path):
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as asked:
        asked.request("GET", path)
        with asked.getresponse() as answer:
            assert answer.status == 404

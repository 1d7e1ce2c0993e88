"""A page of another origin reads what programs read, as a browser lets it."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

READ = """async ([site, path, headers]) => {
    const answer = await fetch(site + path, {headers});
    return {
        status: answer.status,
        etag: answer.headers.get("ETag"),
        link: answer.headers.get("Link"),
        text: await answer.text(),
    };
}"""


class Empty(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def elsewhere():
    """The address of another origin, on another port: a page of theirs knows nothing of our policy."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_it_reads_the_api_and_a_table(browser, address, elsewhere):
    page = browser.new_context().new_page()
    page.goto(elsewhere)
    one = page.evaluate(READ, [address, "/api/achievements/2015-w01/", {}])
    assert one["status"] == 200
    assert "政社互动" in one["text"]
    # A header that a browser asks about before it sends it.
    asked = {"If-None-Match": one["etag"], "X-Requested-With": "a script"}
    assert page.evaluate(READ, [address, "/api/achievements/", asked])["status"] == 200
    table = page.evaluate(READ, [address, "/achievements.csv?header=names&select=code", {}])
    assert table["text"].splitlines()[1:3] == ["2015-w01", "2015-w02"]
    assert 'rel="license"' in table["link"]
    wrong = page.evaluate(READ, [address, "/api/achievements/?colour=red", {}])
    assert (wrong["status"], "unknown_parameter" in wrong["text"]) == (400, True)
    # What is for people is not.
    closed = "fetch(arguments_ + '/').then(() => true, () => false)".replace(
        "arguments_", repr(address)
    )
    assert page.evaluate(closed) is False
    page.context.close()


def test_the_page_of_the_api_works_under_our_policy(visit):
    page = visit("/api/docs/")
    page.get_by_text("/api/achievements/{code}/").first.wait_for()
    page.locator(".opblock").nth(10).wait_for()

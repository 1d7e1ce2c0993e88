"""What every answer tells a browser, whatever it is an answer to."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from showcase import answers

from .helpers.pictures import attach

pytestmark = pytest.mark.django_db

# One answer of each type: its address, its status, how it is asked for.
ANSWERS = {
    "page": ("/achievements/2015-w01/", 200, {}),
    "English page": ("/en/", 200, {}),
    "kept page": ("/about/", 200, {}),
    "static file that is not there": ("/static/showcase/none.css", 404, {}),
    "redirect": ("/achievements/?utm_source=x", 302, {}),
    "address in capitals": ("/achievements/2015-W01/", 302, {}),
    "bad query": ("/achievements/?regoin=1", 400, {}),
    "unknown address": ("/nothing/", 404, {}),
    "wrong host": ("/", 400, {"HTTP_HOST": "evil.example"}),
    "not allowed": ("/achievements/", 405, {"method": "DELETE"}),
    "not allowed on the API": ("/api/achievements/", 405, {"method": "PUT"}),
    "too large": ("/achievements/2015-w01/report/", 413, {"method": "POST", "data": b"0" * 70_000}),
    "report": ("/achievements/2015-w01/report/", 200, {}),
    "API": ("/api/achievements/", 200, {}),
    "bad query of the API": ("/api/achievements/?x=1", 400, {}),
    "page of the API": ("/api/docs/", 200, {}),
    "schema": ("/api/schema/", 200, {}),
    "preflight": ("/api/achievements/", 204, {"method": "OPTIONS"}),
    "table": ("/achievements.csv", 200, {}),
    "workbook": ("/achievements.xlsx", 200, {}),
    "document": ("/achievements/2015-w01.docx", 200, {}),
    "feed": ("/feeds/achievements.atom", 200, {}),
    "harvest": ("/oai?verb=Identify", 200, {}),
    "drawing": ("/analysis.svg?rows=mechanism&columns=tier", 200, {}),
    "QR code": ("/qr-code.svg?of=/about/", 200, {}),
    "sitemap": ("/sitemap.xml", 200, {}),
    "robots": ("/robots.txt", 200, {}),
    "probe": ("/healthz", 200, {}),
    "sign-in": ("/admin/login/", 200, {}),
    "admin without a session": ("/admin/", 302, {}),
}
OPEN_TO_ALL = {
    *("API", "bad query of the API", "page of the API", "schema", "preflight"),
    *("not allowed on the API", "table", "workbook", "document", "feed", "harvest", "drawing"),
}


def ask(client, name):
    address, status, asked = ANSWERS[name]
    method, data = asked.get("method", "GET"), asked.get("data", b"")
    headers = {key: value for key, value in asked.items() if key.startswith("HTTP_")}
    response = client.generic(method, address, data, **headers)
    assert response.status_code == status
    return response


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_says_it(client, name):
    response = ask(client, name)
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search("unsafe|http|\\*", policy)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    whose = "cross-origin" if name in OPEN_TO_ALL else "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == whose
    # What runs in front, and behind, is nobody's business.
    assert not {"Server", "X-Powered-By"} & set(response.headers)
    if response.get("Content-Type", "").startswith("text/"):
        assert "charset=" in response["Content-Type"]


def test_a_static_file_says_it_too(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("a {}")
    response = Client().get("/static/site.css")
    assert b"".join(response.streaming_content) == b"a {}"
    response.close()
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "refused", ["gzip;q=0", "br, GZIP ; Q=0.000", "gzip;q=0, identity", "*;q=0"]
)
@pytest.mark.parametrize("address", ["/about/", "/admin/login/", "/static/site.css"])
def test_who_wants_no_gzip_gets_none(settings, tmp_path, monkeypatch, address, refused):
    # Kept, compressed as it leaves, and as a file that lies there compressed.
    monkeypatch.setattr(answers, "MOST", 1 << 20)
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("a {}" * 9)
    (tmp_path / "site.css.gz").write_text("shorter")
    client = Client()
    for asked, encoding in [("gzip;q=0.5", "gzip"), (refused, None)]:
        response = client.get(address, headers={"Accept-Encoding": asked})
        if response.streaming:
            response.close()
        assert (response.status_code, response.get("Content-Encoding")) == (200, encoding)


def test_a_picture_may_be_shown_elsewhere(client, draft, publish):
    picture = attach(draft)
    publish(draft)
    response = client.get(reverse("image", args=[picture.digest, 480]))
    assert response.status_code == 200
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_an_error_of_ours_says_it_too(client, monkeypatch):
    monkeypatch.setattr("showcase.views.about.About.get_context_data", None)
    client.raise_request_exception = False
    response = client.get("/about/")
    assert response.status_code == 500
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_browsers_stay_with_https_where_there_is_any(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    response = Client().get("/about/", secure=True)
    assert response["Strict-Transport-Security"] == "max-age=31536000"

"""What is kept is what would be made now, to the byte, and given to nobody whom it was not made for."""

import gzip
from datetime import date
from itertools import product
from threading import Thread

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from governance import index
from governance.index import reading
from governance.models import Achievement
from showcase import answers
from showcase.query import vocabulary

from .test_index_building import Editing, any_of

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "/",
    "/achievements/",
    "/achievements/?q=社区",
    "/achievements/?region=420000&year=2015",
    "/achievements/2015-w01/",
    "/achievements/2015-n03/",
    "/en/achievements/?sort=title&view=table",
    "/regions/420000/",
    "/mechanisms/",
    "/organizations/",
    "/en/years/2015/",
    "/analysis/?rows=mechanism&columns=zone",
    "/analysis.csv?rows=mechanism",
    "/about/",
    "/sitemap-achievements.xml",
    "/api/achievements/",
    "/api/achievements/2015-w01/",
]
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
LIST = "/achievements/?region=320000"


@pytest.fixture(autouse=True)
def nothing_kept():
    """Instead of the fixture of that name: here answers are kept."""


def asked(client, address, **headers):
    """An answer, and how many questions were put to the database for it."""
    with CaptureQueriesContext(connection) as questions:
        response = client.get(
            address, headers={name.replace("_", "-"): headers[name] for name in headers}
        )
    return response, len(questions)


def from_kept(client, address, **headers):
    """The answer, which came from what is kept: only the version was asked for."""
    response, questions = asked(client, address, **headers)
    assert questions == 1
    return response


def made(client, address, **headers):
    response, questions = asked(client, address, **headers)
    assert questions != 1
    return response


def same(one, other):
    return said(one) == said(other)


def said(response):
    headers, content = dict(response.headers), response.content
    zipped = "Content-Encoding" in headers
    if zipped or response.status_code != 200:
        # What is not kept, GZipMiddleware compresses, and pads with chance.
        assert headers.pop("Content-Length", str(len(content))) == str(len(content))
    if response.status_code != 200:
        # Of a short one so much at times that it leaves it as it was.
        headers.pop("Content-Encoding", None)
    # Each answer has its own, which no keeping may hand on.
    assert len(headers.pop("X-Request-ID")) == 12
    return response.status_code, headers, gzip.decompress(content) if zipped else content


def forget():
    reading._current = None
    reading._names.cache_clear()
    vocabulary._vocabulary.cache_clear()


def anew(address, headers):
    """The answer as a worker gives it that has just started and knows nothing."""
    forget()
    return Client().get(address, headers=headers)


@pytest.mark.parametrize(("address", "headers"), list(product(ADDRESSES, [{}, GZIP])))
def test_a_kept_answer_is_the_one_that_was_made(client, address, headers):
    fresh, kept = client.get(address, headers=headers), client.get(address, headers=headers)
    assert same(fresh, kept)
    assert same(kept, anew(address, headers))
    assert (kept.get("Content-Encoding") == "gzip") == bool(headers and kept.status_code == 200)
    assert "Accept-Encoding" in kept["Vary"]


def test_both_encodings_come_from_one_kept_answer(client):
    zipped = client.get(LIST, headers=GZIP)
    plain = from_kept(client, LIST)
    assert "Content-Encoding" not in plain
    assert gzip.decompress(zipped.content) == plain.content
    assert zipped["Content-Length"] == str(len(zipped.content))
    assert plain["Content-Length"] == str(len(plain.content))
    assert from_kept(client, LIST, accept_encoding="gzip").content == zipped.content


def test_who_has_it_is_told_so(client):
    etag = client.get(LIST)["ETag"]
    for copy in (etag, "*", f'"another", {etag}'):
        again = from_kept(client, LIST, if_none_match=copy)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert "Accept-Encoding" in again["Vary"]
    assert from_kept(client, LIST, if_none_match='"another"').status_code == 200


def test_another_version_drops_all(client, store):
    client.get(LIST)
    client.get("/about/")
    assert len(store._answers) == 2
    index.update([], named=True)
    made(client, LIST)
    assert len(store._answers) == 1
    assert store._size == sum(answers._size(*pair) for pair in store._answers.items())
    made(client, "/about/")
    from_kept(client, LIST)


@pytest.fixture
def store(client, monkeypatch):
    """The middleware of the client, which stands for a worker."""
    stores, begin = [], answers.KeptAnswers.__init__

    def noted(self, get_response):
        stores.append(self)
        begin(self, get_response)

    monkeypatch.setattr(answers.KeptAnswers, "__init__", noted)
    client.handler.load_middleware()
    return stores[0]


def test_another_day_has_another_answer(client, monkeypatch):
    client.get("/achievements/2015-w01/")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2031, 12, 1))
    assert "2031-12-01" in made(client, "/achievements/2015-w01/").content.decode()


def test_another_host_or_scheme_has_another_answer(client, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    for host, secure in product(settings.ALLOWED_HOSTS, (False, True)):
        page = client.get(LIST, headers={"Host": host}, secure=secure).content.decode()
        assert f"{'https' if secure else 'http'}://{host}/" in page
    for host, status in (("one.example", 200), ("three.example", 400)):
        assert client.get(LIST, headers={"Host": host}).status_code == status


def test_each_language_has_its_own(client):
    client.get("/achievements/")
    assert 'lang="en"' in client.get("/en/achievements/").content.decode()
    # Only the path says which, whatever a browser would rather read.
    chinese = from_kept(client, "/achievements/", accept_language="en")
    assert chinese["Content-Language"] == "zh-hans"
    assert from_kept(client, "/en/achievements/")["Content-Language"] == "en"


@pytest.mark.parametrize(
    "query", ["q=%E5%8D", "q=%ff", "q=%00", "q=\xff\xfe", "q=a%2526b", "q=a%26b"]
)
def test_odd_bytes_are_their_own_address(client, query):
    fresh, kept = client.get(f"/achievements/?{query}"), client.get(f"/achievements/?{query}")
    assert same(fresh, kept)
    assert same(kept, anew(f"/achievements/?{query}", {}))


def test_htmx_gets_what_others_get(client):
    fresh = client.get(LIST, headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert same(fresh, from_kept(client, LIST))
    assert same(fresh, anew(LIST, {}))


def test_the_api_minds_the_language_of_its_reader(client):
    """Where nothing is found, other questions are offered in words."""
    address = "/api/achievements/?q=苏州 协商"
    chinese, english = (
        client.get(address, headers={"Accept-Language": language})
        for language in ("zh-TW,zh;q=0.9", "fr, en-GB;q=0.8, zh;q=0.2")
    )
    assert "without" in {one["kind"] for one in chinese.json()["alternatives"]}
    assert chinese.content != english.content
    assert (chinese["Content-Language"], english["Content-Language"]) == ("zh-hans", "en")
    assert {"Accept-Language"} <= set(chinese["Vary"].split(", "))
    assert chinese["ETag"] != english["ETag"]
    assert same(from_kept(client, address), chinese)
    assert same(from_kept(client, address, accept_language="en"), english)
    assert same(from_kept(client, address, accept_language="zh", accept="text/html"), chinese)
    # Elsewhere the path says it.
    page = client.get(LIST)
    assert same(from_kept(client, LIST, accept_language="en"), page)
    assert "Accept-Language" not in page["Vary"]


def test_a_session_neither_fills_nor_gets_it(client, store, staff):
    staffs = {"sessionid": "any"}
    client.cookies.load(staffs)
    client.get(LIST)
    assert not store._answers
    client.cookies.clear()
    assert "ETag" in client.get(LIST)
    client.cookies.load(staffs)
    assert "ETag" not in made(client, LIST)
    client.cookies.clear()
    client.cookies.load({"csrftoken": "another cookie", "django_language": "en"})
    from_kept(client, LIST)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/login/",
        "/healthz",
        "/readyz",
        "/robots.txt",
        "/nothing/",
        "/achievements",
        "/achievements/?from=feed",
        "/achievements/?regoin=320000",
        "/achievements/2015-w99/",
        "/api/achievements/?tier=third",
        "/analysis.json?rows=nothing",
    ],
)
def test_nothing_else_is_kept(client, store, address):
    for copy in ("", "*"):
        client.get(address, headers={"If-None-Match": copy})
    assert not store._answers


def test_a_large_file_pushes_out_no_page(client, store, monkeypatch):
    client.get(LIST)
    kept = list(store._answers)
    monkeypatch.setattr(answers, "LARGEST", 1000)
    assert len(client.get("/achievements.csv").content) > 1000
    assert list(store._answers) == kept


def test_head_is_answered_as_before(client, store):
    assert client.head(LIST)["ETag"] == client.get(LIST)["ETag"]
    kept = store._answers.copy()
    head = client.head(LIST)
    assert (head.status_code, head.content) == (200, b"")
    assert store._answers == kept


def answering(**changes):
    """A view as `Conditional` is answered, but for `changes` of its response."""

    def view(request):
        etag = request.etag = answers.etag_of(request)
        response = changes.get("response", HttpResponse)("x" * 500, headers={"ETag": etag})
        response.status_code = changes.get("status", 200)
        if "cookie" in changes:
            response.set_cookie(changes["cookie"], "1")
        if "vary" in changes:
            response["Vary"] = changes["vary"]
        return response

    return view


@pytest.mark.parametrize(
    "changes",
    [
        {"cookie": "csrftoken"},
        {"vary": "Accept-Language, Cookie"},
        {"status": 203},
        {"response": StreamingHttpResponse},
    ],
)
def test_what_is_for_one_reader_or_not_whole_is_not_kept(changes):
    store = answers.KeptAnswers(answering(**changes))
    assert "Content-Encoding" not in store(RequestFactory().get("/", headers=GZIP))
    assert not store._answers


def test_nothing_is_kept_while_templates_are_worked_on(client, store, settings):
    settings.DEBUG = True
    client.get(LIST)
    assert not store._answers


def test_the_least_recently_used_goes_first(monkeypatch):
    store, ask = answers.KeptAnswers(answering()), RequestFactory().get
    store(ask("/?q=0"))
    monkeypatch.setattr(answers, "MOST", 3 * store._size)
    for number in (1, 2, 0, 3):
        store(ask(f"/?q={number}"))
    assert [key[5] for key in store._answers] == ["q=2", "q=0", "q=3"]
    assert store._size == sum(answers._size(*pair) for pair in store._answers.items())
    assert store._size <= answers.MOST
    # Nothing can be too large to be answered.
    monkeypatch.setattr(answers, "MOST", 10)
    assert len(store(ask("/?q=4")).content) == 500
    assert (len(store._answers), store._size) == (0, 0)


def test_threads_share_it():
    """Each answer is the one of its address, and the size is right, however they come."""
    store = answers.KeptAnswers(lambda request: answers_itself(request))
    version, wrong = index.current(), []

    def answers_itself(request):
        request.index, request.etag = version, address_of(request)
        return HttpResponse(address_of(request) * 50, headers={"ETag": request.etag})

    def address_of(request):
        return f'W/"{request.GET["q"]}"'

    def visit(start):
        for number in range(300):
            request = RequestFactory().get(f"/?q={(start * 7 + number * number) % 40}")
            if store(request).content.decode() != address_of(request) * 50:
                wrong.append(request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "etag_of", address_of)
        patch.setattr(answers, "MOST", 20 * (answers.OVERHEAD + 100))
        threads = [Thread(target=visit, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert 0 < len(store._answers) <= 20
    assert store._size == sum(answers._size(*pair) for pair in store._answers.items())


class Visiting(Editing):
    """The same edits, while somebody visits: a worker that keeps answers, beside one that has none."""

    def __init__(self):
        super().__init__()
        # Entries here may lack a title, which no validation would let pass, and pages of them fail.
        self.visitor = Client(raise_request_exception=False)

    @rule(random=Editing.randoms, status=st.sampled_from(["draft", "published", "in_review"]))
    def set_status_behind_the_index(self, random, status):
        for entry in any_of(random, Achievement):
            Achievement.objects.filter(pk=entry.pk).update(status=status)

    @invariant()
    def it_is_as_made_anew(self):
        visits = list(zip(ADDRESSES, [{}, GZIP] * len(ADDRESSES), strict=False))
        kept = [self.visitor.get(address, headers=headers) for address, headers in visits]
        forget()
        other = Client(raise_request_exception=False)
        for (address, headers), answer in zip(visits, kept, strict=True):
            assert same(answer, other.get(address, headers=headers)), address


def test_what_is_kept_is_what_would_be_made_whatever_is_edited():
    run_state_machine_as_test(
        Visiting,
        settings=settings(
            max_examples=max(2, settings.default.max_examples // 20),
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

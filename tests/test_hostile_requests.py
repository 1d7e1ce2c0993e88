"""Hostile requests get an answer that is what it says it is, never an error of ours.

Of each test below `make test` tries a thousand, `make security` ten thousand.
"""

from contextlib import suppress
from functools import cache
from urllib.parse import unquote_to_bytes

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .helpers.browser import form_data
from .helpers.hostile import STRINGS, look_at

pytestmark = pytest.mark.django_db
# Of a profile: 1,000 in `make test`, 400 in `make check`, 10,000 in `make security`.
MANY = settings(
    max_examples=settings.default.max_examples * 20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# Every public address, with {} where a piece of it is what a visitor chooses.
PAGES = [
    "/",
    "/about/",
    "/about/coding/",
    "/about/data/",
    "/data/",
    "/data/latest/",
    "/data/{}/",
    "/achievements/",
    "/achievements/{}/",
    "/achievements/{}/report/",
    "/regions/",
    "/regions/{}/",
    "/mechanisms/",
    "/mechanisms/{}/",
    "/organizations/",
    "/organizations/{}/",
    "/years/",
    "/years/{}/",
    "/awards/",
    "/awards/{}/",
    "/llms.txt",
    "/opensearch.xml",
    "/compare/",
    "/compare.docx",
    "/analysis/",
    "/analysis.csv",
    "/analysis.json",
    "/analysis.svg",
    "/codings.csv",
    "/feeds/achievements.atom",
    "/achievements.csv",
    "/achievements.xlsx",
    "/achievements.docx",
    "/achievements.json",
    "/achievements.jsonl",
    "/achievements.bib",
    "/achievements.ris",
    "/achievements.csl.json",
    "/achievements/{}.csv",
    "/achievements/{}.xlsx",
    "/achievements/{}.docx",
    "/achievements/{}.json",
    "/achievements/{}.bib",
    "/achievements/{}.ris",
    "/achievements/{}.csl.json",
    "/achievements/{}.jsonl",
    "/{}",
]
WITHOUT_LANGUAGE = [
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-{}.xml",
    "/qr-code.svg",
    "/oai",
    "/api/",
    "/api/achievements/",
    "/api/achievements/{}/",
    "/api/codings/",
    "/api/facets/",
    "/api/analysis/",
    "/api/regions/",
    "/api/regions/{}/",
    "/api/mechanisms/",
    "/api/mechanisms/{}/",
    "/api/organizations/",
    "/api/organizations/{}/",
    "/api/years/",
    "/api/years/{}/",
    "/api/awards/",
    "/api/awards/{}/",
    "/api/schema/",
    "/api/docs/",
    "/media/images/{}/480.webp",
    "/media/images/{}/{}.webp",
    "/api/{}/",
    "/files/{}",
    "/static/{}",
]
# What is right somewhere, so that the rest of a request is looked at too.
RIGHT = {
    "q": ["社区", "协商 太仓", "taicang", "policies"],
    "region": ["320585", "32", "440300-FA01"],
    "mechanism": ["deliberation", "self-governance"],
    "field": ["participation"],
    "year": ["2015"],
    "tier": ["winner"],
    "setting": ["urban", "none"],
    "zone": ["east"],
    "organization": ["cpc-taicang-municipal-committee"],
    "also": ["secondary"],
    "sort": ["title", "-year", "relevance"],
    "page": ["1", "2"],
    "page_size": ["3"],
    "view": ["table", "map", "summary"],
    "rows": ["mechanism", "province"],
    "columns": ["tier", "year", "field"],
    "measure": ["row", "total"],
    "select": ["code,title", "summary"],
    "code": ["2015-w01", "2015-n09"],
    "modified_since": ["2026-01-01"],
    "of": ["/achievements/?year=2015"],
    "verb": ["ListRecords", "GetRecord", "Identify"],
    "metadataPrefix": ["oai_dc"],
    "identifier": ["oai:testserver:2015-w01"],
    "resumptionToken": ["x"],
    "from": ["2026-01-01"],
    "set": ["year:2015"],
    "number": ["1"],
    "lang": ["en"],
    "format": ["api"],
}
PIECES = ["2015-w01", "2015-n09", "320585", "deliberation", "2015", "latest", "min-zheng-bu"]
HEADERS = {
    "HTTP_ACCEPT": ["*/*", "text/html;q=x", "application/xml"],
    "HTTP_ACCEPT_LANGUAGE": ["en", "zh;q=2", "x" * 300],
    "HTTP_ACCEPT_ENCODING": ["gzip", "br", "gzip;q=a"],
    "HTTP_IF_NONE_MATCH": ["*", 'W/"x"', '"'],
    "HTTP_IF_MODIFIED_SINCE": ["Thu, 01 Jan 1970 00:00:00 GMT", "yesterday"],
    "HTTP_RANGE": ["bytes=0-1", "bytes=-1", "bytes=9-1"],
    "HTTP_COOKIE": [
        "sessionid=x",
        "sessionid=" + "a" * 2000,
        "csrftoken=",
        ";;=;",
        "known_browser=x:y:z",
    ],
    "HTTP_HOST": ["localhost", "evil.example", "localhost:99999", "[::1"],
    "HTTP_X_FORWARDED_FOR": ["127.0.0.1", "x, y", ",,,"],
    "HTTP_X_FORWARDED_HOST": ["evil.example"],
    "HTTP_ORIGIN": ["https://evil.example", "null"],
    "HTTP_REFERER": ["https://evil.example/"],
    "HTTP_HX_REQUEST": ["true"],
    "CONTENT_TYPE": ["application/json", "multipart/form-data; boundary=", "text/xml"],
}
METHODS = [*["GET"] * 12, "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "社区"]

hostile = st.sampled_from(STRINGS) | st.text(max_size=40)


@st.composite
def queries(draw):
    """A query string of some parameters, right and wrong, and now and then not even UTF-8."""
    pairs = []
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(sorted(RIGHT)) | hostile)
        value = draw(st.sampled_from(RIGHT.get(name, ["1"])) | hostile)
        pairs.append(f"{quoted(name)}={quoted(value)}")
    return "&".join(pairs) + draw(st.sampled_from(["", "", "", "&&=", "&q=%FF%FE", "&%", ";a=1"]))


def quoted(text):
    return "".join(f"%{byte:02X}" for byte in text.encode(errors="surrogatepass"))


@st.composite
def requests(draw):
    """(method, address, query, headers, body)"""
    page = draw(
        st.sampled_from([*PAGES, *PAGES, *(f"/en{page}" for page in PAGES), *WITHOUT_LANGUAGE])
    )
    pieces = [
        draw(st.sampled_from(PIECES) | hostile.map(quoted) | hostile)
        for _ in range(page.count("{}"))
    ]
    headers = draw(st.dictionaries(st.sampled_from(sorted(HEADERS)), st.integers(0, 9), max_size=2))
    said = {name: HEADERS[name][number % len(HEADERS[name])] for name, number in headers.items()}
    method = draw(st.sampled_from(METHODS))
    body = draw(queries()).encode() if method not in ("GET", "HEAD") else b""
    return method, page.format(*pieces), draw(queries()), said, body


def ask(client, method, address, query, headers, body):
    # A server hands the bytes of a path on as Latin-1; a fragment stays with the browser.
    path = unquote_to_bytes(address.partition("?")[0].encode(errors="surrogatepass"))
    asked = {"PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query}
    form = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
    return client.generic(method, "/", body, **form | asked | headers)


@MANY
@given(requests())
def test_a_hostile_request_gets_an_answer(asked):
    response = ask(Client(), *asked)
    assert response.status_code < 500
    if asked[0] != "HEAD":
        look_at(response)


def public(resolver):
    """The views of all addresses outside the admin."""
    for pattern in resolver.url_patterns:
        if str(pattern.pattern).startswith("admin/"):
            continue
        if hasattr(pattern, "url_patterns"):
            yield from public(pattern)
        else:
            yield pattern.callback


def named(view):
    return getattr(view, "view_class", None) or getattr(view, "cls", None) or view


def test_no_public_address_is_left_out():
    found = set()
    for page in [*PAGES, *WITHOUT_LANGUAGE]:
        for piece in ("2015", "2015-w", "deliberation", "480"):
            with suppress(Resolver404):
                found.add(resolve(page.format(*[piece] * page.count("{}"))).func)
    assert {named(view) for view in set(public(get_resolver())) - found} == set()


# The forms of staff: (address, id of the form).
FORMS = [
    ("/admin/login/?next=/admin/", "login-form"),
    *(
        (f"/admin/governance/{name}/add/", f"{name}_form")
        for name in ("achievement", "award", "awardyear", "mechanism", "organization", "region")
    ),
    ("/admin/auth/user/add/", "user_form"),
    ("/admin/auth/group/add/", "group_form"),
]
LISTS = [f"/admin/{model._meta.label_lower.replace('.', '/')}/" for model in admin.site._registry]
ASKED = [
    "q",
    "o",
    "p",
    "all",
    "e",
    "_facets",
    "_popup",
    "_to_field",
    "status__exact",
    "region__id__exact",
]
ASKED += ["codings__mechanism__id__exact", "user__password__startswith", "year__exact", "pk__in"]


@cache
def fields_of(address, form):
    """What a browser would send for the form, unchanged: {name: [value]}."""
    client = Client()
    if "login" not in address:
        client.force_login(get_user_model().objects.get(username="staff"))
    return form_data(client.get(address), form)


@settings(MANY, max_examples=settings.default.max_examples)
@given(st.data())
def test_staff_get_an_answer_to_hostile_forms(staff, data):
    client = Client()
    client.force_login(staff)
    address, form = data.draw(st.sampled_from(FORMS))
    fields = dict(fields_of(address, form))
    for name in data.draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=4)):
        fields[name] = [data.draw(hostile)]
    response = (Client() if "login" in address else client).post(address, fields)
    assert response.status_code < 500
    look_at(response)


# What Django takes for a filter, finds no fault with, and cannot look for.
NO_FILTERS = [
    *(("pk__in", "9" * 21), ("id__range", "1"), ("id__regex", "(1+)+$"), ("id__iregex", "[")),
    *(("at__year", "-1"), ("content", "社区")),
]


@pytest.mark.parametrize("address", LISTS)
def test_no_list_of_staff_looks_for_what_cannot_be(staff_client, address):
    for name, value in NO_FILTERS:
        # What is no field of these rows leads to the whole list; so do groups, which have no numbers.
        assert staff_client.get(address, {name: value}).status_code in (200, 302, 400), name
    for key in ("9" * 21, "x", "²"):
        chosen = {"action": "delete_selected", "_selected_action": ["1", key]}
        assert staff_client.post(address, chosen).status_code in (200, 302, 400, 403)
    # A thousand words make a question of which no database sees the end.
    found = staff_client.get(address, {"q": "社区 " * 1000})
    assert found.status_code == 200
    assert ("最多 200 个字" in found.content.decode()) == ('name="q"' in found.content.decode())


@settings(MANY, max_examples=settings.default.max_examples)
@given(
    st.sampled_from(LISTS), st.dictionaries(st.sampled_from(ASKED) | hostile, hostile, max_size=3)
)
def test_staff_get_an_answer_to_hostile_lists(staff, address, asked):
    client = Client()
    client.force_login(staff)
    query = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in asked.items())
    response = client.generic("GET", address, QUERY_STRING=query)
    assert response.status_code < 500
    look_at(response)
    chosen = {"action": "delete_selected", "_selected_action": [*asked.values()]}
    assert client.post(address, chosen | asked).status_code < 500

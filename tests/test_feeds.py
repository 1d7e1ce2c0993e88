"""A feed of any list: the entries that were changed last, whole, under names that stay."""

import re
from datetime import date
from html import unescape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import index, publishing
from governance.models import Achievement
from showcase.views import feeds

from .helpers.pages import Page
from .test_query import NAMES, VALUES, encoded, in_database

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "/feeds/achievements.atom"


def read(client, address=FEED):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def said(entry, name):
    return entry.findtext(f"{ATOM}{name}")


def entries(feed):
    """{code: entry} in the order of the feed."""
    found = feed.findall(f"{ATOM}entry")
    return {said(entry, "id").rpartition(":")[2]: entry for entry in found}


def edit(code, monkeypatch, day, **values):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)
    entry = Achievement.objects.get(code=code)
    Achievement.objects.filter(pk=entry.pk).update(**values)
    index.update([entry.pk])


queries = st.lists(
    st.tuples(
        st.sampled_from([name for name in NAMES if name not in ("page", "sort")]),
        st.sampled_from(VALUES) | st.text(max_size=5),
    ),
    max_size=3,
)


@in_database
@given(pairs=queries)
def test_it_has_the_entries_of_the_list(client, pairs):
    text = encoded(pairs)
    shown, files = client.get(f"{FEED}?{text}"), client.get(f"/achievements.json?{text}")
    assert shown.status_code == files.status_code
    if shown.status_code == 200:
        found = entries(ElementTree.fromstring(shown.content))
        assert sorted(found) == sorted(one["code"] for one in files.json())


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_what_was_changed_last_comes_first_under_its_name(client, monkeypatch, prefix):
    before = entries(read(client, prefix + FEED))
    assert len(before) == 20
    edit("2015-n04", monkeypatch, date(2027, 3, 1), grade="特别提名")
    edit("2015-w03", monkeypatch, date(2027, 3, 2), grade="特等奖")
    feed = read(client, prefix + FEED)
    after = entries(feed)
    assert list(after)[:2] == ["2015-w03", "2015-n04"]
    for code, entry in after.items():
        assert said(entry, "id") == said(before[code], "id")
        assert said(entry, "id") == f"tag:testserver,2026-11-26:{code}"
        assert said(entry, "published") == "2026-11-26T00:00:00+08:00"
    assert said(after["2015-w03"], "updated") == "2027-03-02T00:00:00+08:00"
    assert said(feed, "updated") == said(after["2015-w03"], "updated")


def test_the_name_is_of_the_site_whatever_it_was_asked_by(client, settings):
    settings.SITE_URL = "https://governance.example.cn"
    first = next(iter(entries(read(client)).values()))
    assert said(first, "id").startswith("tag:governance.example.cn,")
    assert first.find(f"{ATOM}link").get("href").startswith("https://governance.example.cn/ach")


def test_it_has_the_whole_text(client):
    record = index.record("2015-w01")
    entry = entries(read(client))["2015-w01"]
    assert said(entry, "title") == record["title"]
    for text in (record["summary"], record["organization_text"]):
        assert f"<p>{text}</p>" in said(entry, "content")
    english = entries(read(client, f"/en{FEED}"))["2015-w01"]
    assert said(english, "title") == record["title_en"]
    assert f"<p>{record['summary_en']}</p>" in unescape(said(english, "content"))
    assert f'<div lang="zh-Hans"><p>{record["title"]}</p>' in said(english, "content")
    link = english.find(f"{ATOM}link").get("href")
    assert link == "http://testserver/en/achievements/2015-w01/"


def test_what_no_xml_can_hold_is_left_out(client, monkeypatch):
    edit("2015-w03", monkeypatch, date(2027, 3, 2), summary="甲\x01乙<b>&丙\n丁")
    entry = entries(read(client))["2015-w03"]
    assert "<p>甲 乙&lt;b&gt;&amp;丙</p><p>丁</p>" in said(entry, "content")
    assert read(client, f"{FEED}?q=%01%e7%94%b2") is not None


def test_it_has_no_more_than_the_newest(client, monkeypatch):
    monkeypatch.setattr(feeds, "NEWEST", 3)
    edit("2015-n09", monkeypatch, date(2027, 3, 1), grade="特别提名")
    found = list(entries(read(client)))
    assert (len(found), found[0]) == (3, "2015-n09")


def test_an_empty_list_is_a_feed_without_entries(client):
    address = f"{FEED}?q=无此词语"
    assert not entries(read(client, address))
    # It says when the record changed, not what time it is.
    assert said(read(client, address), "updated") == "2026-11-26T00:00:00+08:00"


def test_it_is_sent_once_and_again_after_a_change(client, monkeypatch):
    etag = client.get(FEED)["ETag"]
    assert client.get(FEED, headers={"if-none-match": etag}).status_code == 304
    edit("2015-w03", monkeypatch, date(2027, 3, 2), grade="特等奖")
    assert client.get(FEED, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("sort=year", "sort"),
        ("page=2", "page"),
        ("view=map", "view"),
        ("tier=winer", "winner"),
        ("q=a&q=b", "q"),
        ("q=%D0%AD%C9%CC", "UTF-8"),
    ],
)
def test_a_bad_query_is_told_in_plain_text(client, query, told):
    response = client.get(f"{FEED}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert told in response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/achievements/",
        "/achievements/?tier=winner&region=320000&sort=title&view=map",
        "/regions/320585/",
        "/mechanisms/deliberation/",
        "/years/2015/",
        "/awards/community-governance-innovation/",
        "/organizations/cpc-gulou-district-committee-nanjing/",
    ],
)
def test_every_list_leads_to_its_feed(client, prefix, address):
    html = Page(client, prefix + address).html
    (link,) = re.findall(r'<link rel="alternate" type="application/atom\+xml".*href="(.*?)">', html)
    assert link.startswith(f"http://testserver{prefix}{FEED}")
    found = entries(read(client, unescape(link)))
    if address not in ("/", "/mechanisms/deliberation/"):
        assert sorted(found) == sorted(Page(client, prefix + address).codes)
    assert found


def test_what_was_taken_back_is_gone(client):
    entry = Achievement.objects.get(code="2015-w06")
    publishing.take_back([entry.pk], "重复收录")
    assert "2015-w06" not in entries(read(client))

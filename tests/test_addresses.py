"""Addresses as people copy, type and send them."""

import time
from urllib.parse import quote

import pytest

from governance.models import Achievement
from showcase import links

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

ENTRY = "/achievements/2015-w01/"
TABLE = "/analysis/?rows=province&columns=field&measure=count"


@pytest.mark.parametrize("mark", ["。", "，", "）", "）。", "”。", ".", ";", "；", ")", "、", "》"])
@pytest.mark.parametrize("escaped", [quote, str])
def test_the_mark_of_a_sentence_goes(client, mark, escaped):
    assert client.get(ENTRY + escaped(mark))["Location"] == ENTRY
    assert client.get(ENTRY.rstrip("/") + escaped(mark))["Location"] == ENTRY
    assert client.get("/en/regions/320585/" + escaped(mark))["Location"] == "/en/regions/320585/"
    # A browser escapes all but ASCII.
    mark = escaped(mark) if mark.isascii() else quote(mark)
    assert client.get(TABLE + mark)["Location"] == TABLE
    listed = "/achievements/?tier=winner&region=320000"
    assert client.get(listed + mark)["Location"] == listed


@pytest.mark.parametrize("mark", ["。", "，", "）。", ".", ";"])
@pytest.mark.parametrize("escaped", [quote, str])
@pytest.mark.parametrize(
    "file",
    [
        "/achievements.csv",
        "/codings.csv",
        "/en/achievements.csl.json",
        "/achievements/2015-w01.bib",
        "/analysis.svg",
        "/sitemap.xml",
    ],
)
def test_the_mark_of_a_sentence_goes_from_a_file_too(client, file, escaped, mark):
    assert client.get(file + escaped(mark))["Location"] == file
    assert client.get(f"{file}{escaped(mark)}?year=2015")["Location"] == f"{file}?year=2015"


@pytest.mark.parametrize("face", ["achievements.csv", "achievements.json", "analysis.json"])
def test_the_mark_of_a_sentence_goes_from_the_query_of_a_file(client, face):
    asked = f"/{face}?{'' if 'ana' not in face else 'rows=province&'}year=2015"
    assert client.get(asked + quote("。"))["Location"] == asked
    assert client.get(asked + "0").status_code == 400


def test_thousands_of_marks_cost_nothing():
    # Of the processor, which others' work does not lengthen; tried from each mark to the last it was four.
    before = time.process_time()
    assert links.without_mark(f"q={'.' * 10_000}社") == f"q={'.' * 10_000}社"
    assert time.process_time() - before < 1


def test_a_mark_within_the_words_stays(client):
    assert client.get("/achievements/?q=" + quote("“政社互动”。")).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("/achievements/2015-W01/", ENTRY),
        ("/Achievements/2015-w01", ENTRY),
        ("/EN/mechanisms/Deliberation/", "/en/mechanisms/deliberation/"),
        ("/regions/440300-fa01/", "/regions/440300-FA01/"),
        ("/ACHIEVEMENTS/?Tier", "/achievements/?Tier"),
        ("/achievements/2015-W01.csv", "/achievements/2015-w01.csv"),
        ("/achievements/2015-N09.CSL.json", "/achievements/2015-n09.csl.json"),
        ("/Achievements.CSV?year=2015", "/achievements.csv?year=2015"),
        ("/en/Analysis.svg", "/en/analysis.svg"),
        # As it stands it is of no language.
        ("/en%E3%80%82", "/en/"),
        ("/%EF%BC%A5%EF%BC%AE/years/", "/en/years/"),
        # Blanks that nobody sees, and full width.
        ("/achievements/2015-w01%E2%80%8B/", ENTRY),
        ("/achievements/2015-w01%20", ENTRY),
        ("/achievements/%EF%BB%BF2015-w01/%C2%A0", ENTRY),
        ("/years/%EF%BC%92%EF%BC%90%EF%BC%91%EF%BC%95/", "/years/2015/"),
        ("/achievements/?year=2015%E2%80%8B", "/achievements/?year=2015"),
    ],
)
def test_the_wrong_case_leads_to_the_right_one(client, wrong, right):
    response = client.get(wrong)
    assert (response.status_code, response["Location"]) == (302, right)


@pytest.mark.parametrize(
    "nowhere",
    [
        "/nothing/",
        "/achievements/2015-w99/",
        "/Nothing.",
        "/regions/999999/",
        "/。",
        "/achievements/2015-W99.csv",
        "/achievements/2015-w01.pdf。",
    ],
)
def test_what_leads_nowhere_is_still_told(client, nowhere):
    response = client.get(nowhere, follow=True)
    assert len(response.redirect_chain) < 2
    assert (response.status_code == 404) is (nowhere != "/。")


@pytest.mark.parametrize(
    ("wrong", "sentence", "there_are"),
    [
        ("/years/2016/", "没有“2016”这一年度。", [("2015年度", "/years/2015/")]),
        ("/years/ywf-2023/", "没有“ywf-2023”这一年度。", [("2015年度", "/years/2015/")]),
        (
            "/achievements/2015-w99/",
            "没有“2015-w99”这一成果。",
            [
                ("十大创新成果：2015-w01 至 2015-w11", "/years/2015/"),
                ("提名成果：2015-n01 至 2015-n09", "/years/2015/"),
            ],
        ),
        ("/achievements/zzz/", "没有“zzz”这一成果。", [("2015年度", "/years/2015/")]),
        (
            "/mechanisms/deliberations/",
            "没有“deliberations”这一机制。",
            [("协商议事", "/mechanisms/deliberation/")],
        ),
        ("/regions/320598/", "没有“320598”这一行政区划。", [("昆山市", "/regions/320583/")]),
    ],
)
def test_what_never_was_says_what_there_is(client, wrong, sentence, there_are):
    page = Page(client, wrong, status=404)
    assert sentence in page.html
    for label, path in there_are:
        assert (label, path) in page.links


def test_a_list_of_one_entry_has_no_last_one(client):
    Achievement.objects.filter(tier="nominee").exclude(code="2015-n02").update(status="draft")
    page = Page(client, "/achievements/2015-n77/", status=404)
    assert ("提名成果：2015-n02", "/years/2015/") in page.links


def test_the_api_says_what_was_not_found(client):
    response = client.get("/api/achievements/zzz/")
    assert (response.status_code, response.json()["detail"]) == (404, "没有“zzz”这一成果。")


def test_a_year_has_one_address(client):
    response = client.get("/years/02015/")
    assert (response.status_code, response["Location"]) == (301, "/years/2015/")
    assert client.get("/en/years/002015/")["Location"] == "/en/years/2015/"


def test_nobody_is_led_on_by_an_address_without_end(client):
    wrong = "/regions//?x="
    assert client.get(f"{wrong}a")["Location"] == "/regions/?x=a"
    assert client.get(wrong + "a" * 20_000).status_code == 404

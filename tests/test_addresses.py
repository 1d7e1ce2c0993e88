"""Addresses as people copy, type and send them."""

from urllib.parse import quote

import pytest

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
    ],
)
def test_the_wrong_case_leads_to_the_right_one(client, wrong, right):
    response = client.get(wrong)
    assert (response.status_code, response["Location"]) == (302, right)


@pytest.mark.parametrize(
    "nowhere", ["/nothing/", "/achievements/2015-w99/", "/Nothing.", "/regions/999999/", "/。"]
)
def test_what_leads_nowhere_is_still_told(client, nowhere):
    response = client.get(nowhere, follow=True)
    assert len(response.redirect_chain) < 2
    assert (response.status_code == 404) is (nowhere != "/。")

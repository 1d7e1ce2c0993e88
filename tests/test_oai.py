"""OAI-PMH: every answer is valid by the protocol's own schema, and a harvest leaves nothing out."""

from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from governance import index, publishing
from governance.models import Achievement, Publication
from showcase.data import harvesting

from .helpers.pages import Page
from .test_feeds import edit
from .test_query import in_database

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parent / "data" / "oai"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
BEGINNING = "oai:testserver:"


class Local(etree.Resolver):
    """The schemas that others import by their address, from the folder."""

    def resolve(self, url, public_id, context):
        return self.resolve_filename(str(FOLDER / url.rpartition("/")[2]), context)


@cache
def schema():
    parser = etree.XMLParser()
    parser.resolvers.add(Local())
    both = "".join(
        f'<import namespace="{namespace}" schemaLocation="{FOLDER / name}"/>'
        for namespace, name in [
            ("http://www.openarchives.org/OAI/2.0/", "OAI-PMH.xsd"),
            ("http://www.openarchives.org/OAI/2.0/oai_dc/", "oai_dc.xsd"),
        ]
    )
    text = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{both}</schema>'
    return etree.XMLSchema(etree.fromstring(text, parser))


def answer(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(response.content)
    schema().assertValid(root)
    return root


def ask(client, verb, **arguments):
    """The answer to a verb; `since` is its argument `from`."""
    if "since" in arguments:
        arguments["from"] = arguments.pop("since")
    return answer(client.get("/oai", {"verb": verb, **arguments}))


def error(root):
    (found,) = root.iter(f"{OAI}error")
    return found.get("code")


def headers(root):
    """{code: whether it is deleted} in their order."""
    return {
        header.findtext(f"{OAI}identifier").removeprefix(BEGINNING): header.get("status")
        == "deleted"
        for header in root.iter(f"{OAI}header")
    }


def harvest(client, between=lambda: None, verb="ListRecords", **arguments):
    """[(code, whether it is deleted)] by following the tokens; `between` is done after the first part."""
    root = ask(client, verb, metadataPrefix="oai_dc", **arguments)
    found = list(headers(root).items())
    between()
    while token := root.findtext(f".//{OAI}resumptionToken"):
        root = ask(client, verb, resumptionToken=token)
        found += headers(root).items()
    return found


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(harvesting, "PART", 3)
    monkeypatch.setattr(harvesting, "AT_ONCE", 4)


def test_it_says_what_it_is(client, settings):
    said = ask(client, "Identify")
    assert said.findtext(f".//{OAI}baseURL") == "http://testserver/oai"
    assert said.findtext(f".//{OAI}earliestDatestamp") == "2026-11-26"
    assert said.findtext(f".//{OAI}adminEmail").endswith(".invalid")
    settings.CONTACT_EMAIL = "kefu@example.cn"
    assert ask(client, "Identify").findtext(f".//{OAI}adminEmail") == "kefu@example.cn"
    formats = ask(client, "ListMetadataFormats", identifier=f"{BEGINNING}2015-w01")
    assert formats.findtext(f".//{OAI}metadataPrefix") == "oai_dc"


def test_a_record_is_what_the_page_says(client):
    root = ask(client, "GetRecord", metadataPrefix="oai_dc", identifier=f"{BEGINNING}2015-w01")
    record = index.record("2015-w01")
    said = {name: [one.text for one in root.iter(f"{DC}{name}")] for name in ("title", "subject")}
    assert said["title"] == [record["title"], record["title_en"]]
    names = [one["name"] for one in record["mechanisms"]]
    assert said["subject"][: len(names)] == names
    assert record["summary"] in [one.text for one in root.iter(f"{DC}description")]
    assert root.findtext(f".//{DC}identifier") == "http://testserver/achievements/2015-w01/"
    assert [one.text for one in root.iter(f"{DC}coverage")] == ["江苏省苏州市太仓市", "2015"]
    assert {one.text for one in root.iter(f"{OAI}setSpec")} == {
        *("year:2015", "tier:winner", "province:320000"),
        "award:community-governance-innovation",
    }


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_a_harvest_has_everything_once(client, small_parts, verb):
    everything = sorted(record["code"] for record in index.select())
    assert harvest(client, verb=verb) == [(code, False) for code in everything]


def test_the_last_part_ends_the_list(client, small_parts):
    root = ask(client, "ListIdentifiers", metadataPrefix="oai_dc")
    parts = 1
    while token := root.findtext(f".//{OAI}resumptionToken"):
        root, parts = ask(client, "ListIdentifiers", resumptionToken=token), parts + 1
    assert (parts, root.findtext(f".//{OAI}resumptionToken")) == (7, "")


def test_edits_do_not_end_a_harvest_and_are_in_it(client, small_parts, monkeypatch):
    def between():
        # One that was given already, and one that is still to come; the day goes on meanwhile.
        edit("2015-n01", monkeypatch, date(2026, 11, 27), grade="特别提名")
        edit("2015-w05", monkeypatch, date(2026, 11, 27), grade="特等奖")
        publishing.take_back(
            Achievement.objects.filter(code="2015-w02").values_list("pk", flat=True), "重复收录"
        )

    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 27))
    codes = {record["code"] for record in index.select()}
    found = harvest(client, between)
    assert {code for code, _deleted in found} == codes
    assert found.count(("2015-n01", False)) == 2
    assert [code for code, _ in found[-3:]] == ["2015-n01", "2015-w02", "2015-w05"]
    assert dict(found)["2015-w02"]


def test_the_end_is_fixed_with_the_beginning(client, small_parts, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 27))
    found = harvest(
        client, lambda: edit("2015-w05", monkeypatch, date(2026, 11, 28), grade="特等奖")
    )
    # Of the day after, and so in the next harvest.
    assert "2015-w05" not in dict(found)
    assert harvest(client, since="2026-11-28") == [("2015-w05", False)]


def test_what_was_taken_back_is_told_with_its_day(client, monkeypatch):
    entry = Achievement.objects.get(code="2015-w06")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2027, 5, 6))
    publishing.take_back([entry.pk], "重复收录")
    assert harvest(client, since="2027-05-06") == [("2015-w06", True)]
    root = ask(client, "GetRecord", metadataPrefix="oai_dc", identifier=f"{BEGINNING}2015-w06")
    assert headers(root) == {"2015-w06": True}
    assert root.findtext(f".//{OAI}datestamp") == "2027-05-06"
    assert root.find(f".//{OAI}metadata") is None
    text = etree.tostring(root, encoding="unicode")
    assert entry.title not in text
    assert "重复收录" not in text


def test_what_is_gone_is_told_in_every_set_that_it_may_have_been_in(client):
    prefix = "province:"
    entry = Achievement.objects.get(code="2015-w06")
    publishing.take_back([entry.pk], "重复收录")
    entry.delete()
    for spec in all_sets(client):
        found = dict(harvest(client, set=spec))
        assert ("2015-w06" in found) == (
            spec.startswith(prefix)
            or spec in ("year:2015", "tier:winner", "award:community-governance-innovation")
        )
    assert Publication.objects.get(code="2015-w06").withdrawn


def test_what_sql_took_away_is_gone_at_once(client):
    Achievement.objects.filter(code="2015-w06").update(status="draft")
    assert ("2015-w06", True) in harvest(client)


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_nothing_unpublished_is_told(client, draft, publish, status):
    publish(draft, status)
    for verb in ("ListRecords", "ListSets"):
        root = ask(client, verb, **({"metadataPrefix": "oai_dc"} if verb == "ListRecords" else {}))
        text = etree.tostring(root, encoding="unicode")
        assert draft.code not in text
        assert "沙溪" not in text
    identifier = f"{BEGINNING}{draft.code}"
    missing = ask(client, "GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    assert error(missing) == "idDoesNotExist"
    publish(draft)
    assert (draft.code, False) in harvest(client)


def all_sets(client):
    return [one.text for one in ask(client, "ListSets").iter(f"{OAI}setSpec")]


def test_a_set_is_a_list_of_the_site(client):
    found = {spec: [code for code, _ in harvest(client, set=spec)] for spec in all_sets(client)}
    for spec, codes in found.items():
        facet, _colon, value = spec.partition(":")
        parameter = "region" if facet == "province" else facet
        listed = Page(client, f"/achievements/?{parameter}={value}").codes
        assert codes == sorted(listed)
    # And each record is told with the sets in which it is found.
    for header in ask(client, "ListIdentifiers", metadataPrefix="oai_dc").iter(f"{OAI}header"):
        code = header.findtext(f"{OAI}identifier").removeprefix(BEGINNING)
        told = {one.text for one in header.iter(f"{OAI}setSpec")}
        assert told == {spec for spec, codes in found.items() if code in codes}


LIST = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Steal"}, "badVerb"),
        ({"verb": ["Identify", "Identify"]}, "badVerb"),
        ({"verb": "Identify", "set": "tier:winner"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": ""}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        (LIST | {"metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        (LIST | {"metadataPrefix": ["oai_dc", "oai_dc"]}, "badArgument"),
        (LIST | {"from": "2026-02-30"}, "badArgument"),
        (LIST | {"from": "2026-11-26T00:00:00Z"}, "badArgument"),
        (LIST | {"from": "二〇二六"}, "badArgument"),
        (LIST | {"from": "2026-11-27", "until": "2026-11-26"}, "badArgument"),
        (LIST | {"from": "2099-01-01"}, "noRecordsMatch"),
        (LIST | {"until": "1999-01-01"}, "noRecordsMatch"),
        (LIST | {"set": "tier:none"}, "noRecordsMatch"),
        (LIST | {"set": "province:990000"}, "noRecordsMatch"),
        (LIST | {"set": "tier"}, "badArgument"),
        (LIST | {"set": "colour:red"}, "badArgument"),
        (LIST | {"colour": "red"}, "badArgument"),
        (LIST | {"resumptionToken": "x"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": ",,,,"}, "badResumptionToken"),
        (
            {"verb": "ListRecords", "resumptionToken": ",2026-11-27,sex:w,2026-11-26,2015-w01"},
            "badResumptionToken",
        ),
        (
            {"verb": "ListRecords", "resumptionToken": ",2026-11-27,,2026-11-26,2015\0"},
            "badResumptionToken",
        ),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "2015-w01"},
            "idDoesNotExist",
        ),
        ({"verb": "ListMetadataFormats", "identifier": f"{BEGINNING}2015-w99"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": f"{BEGINNING}2015-w\0"}, "idDoesNotExist"),
    ],
)
def test_every_error_is_told_by_its_code(client, query, code):
    asked = urlencode(query, doseq=True)
    by_get = answer(client.get(f"/oai?{asked}"))
    assert error(by_get) == code
    assert by_get.findtext(f"{OAI}request") == "http://testserver/oai"
    if code in ("badVerb", "badArgument"):
        assert not by_get.find(f"{OAI}request").attrib
    by_post = client.post("/oai", asked, content_type="application/x-www-form-urlencoded")
    assert error(answer(by_post)) == code


@in_database
@given(
    verb=st.sampled_from([*harvesting.ARGUMENTS, "x"]),
    given_=st.dictionaries(
        st.sampled_from(["identifier", "metadataPrefix", "from", "set", "resumptionToken", "y"]),
        st.text(max_size=8) | st.sampled_from(["oai_dc", "tier:winner", f"{BEGINNING}2015-w01"]),
        max_size=3,
    ),
)
def test_whatever_is_asked_gets_a_valid_answer(client, verb, given_):
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in given_.items()}
    answer(client.get("/oai", {"verb": verb, **sent}))


def test_a_form_is_read_as_an_address_is(client):
    form = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": "tier:nominee"}
    body = urlencode(form)
    posted = client.post("/oai", body, content_type="application/x-www-form-urlencoded")
    assert headers(answer(posted)) == headers(answer(client.get("/oai", form)))
    much = client.post("/oai", f"verb=Identify&x={'a' * 5000}", "application/x-www-form-urlencoded")
    assert much.status_code == 413
    assert client.put("/oai").status_code == 405
    assert client.post("/oai/").status_code == 405
    assert client.post("/achievements/").status_code == 405


def test_what_no_xml_can_hold_is_left_out(client, monkeypatch):
    edit("2015-w03", monkeypatch, date(2027, 3, 2), summary="甲\x01乙<b>&丙")
    identifier = f"{BEGINNING}2015-w03"
    root = ask(client, "GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    assert root.findtext(f".//{DC}description") == "甲 乙<b>&丙"


def test_without_an_index_it_says_when_to_come_back(client, monkeypatch):
    def unready(*args):
        raise index.Unready

    monkeypatch.setattr("governance.index.current", unready)
    monkeypatch.setattr("governance.index.heal", lambda: None)
    response = client.get("/oai?verb=Identify")
    assert (response.status_code, response["Retry-After"]) == (503, "30")

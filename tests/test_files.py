"""Any list, and any entry, as a file: the same entries in the same order, and clear refusals."""

import csv
import io
import json
import re
from urllib.parse import unquote

import bibtexparser
import docx
import openpyxl
import pytest
import rispy
from bibtexparser.bparser import BibTexParser
from hypothesis import assume, given
from hypothesis import strategies as st

from governance import index
from governance.models import Achievement, Region
from governance.records.fields import FIELDS
from showcase import links
from showcase.data.exports import LONGEST_CELL, csv_bytes
from showcase.data.faces import FACES
from showcase.views import files

from .helpers.pages import Page
from .test_query import NAMES, VALUES, encoded, in_database

pytestmark = [
    pytest.mark.django_db,
    # bibtexparser 1.4 calls pyparsing by its former names.
    pytest.mark.filterwarnings("ignore::pyparsing.warnings.PyparsingDeprecationWarning"),
]

EXTENSIONS = [face for face in FACES if face != "codings"]
ADDRESSES = ["/codings.csv", *(f"/achievements.{face}" for face in EXTENSIONS)]


def rows(response):
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def sheet(response, number):
    """The rows of a sheet of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return list(book.worksheets[number].values)


def column(response, name):
    head, *body = rows(response)
    return [row[head.index(name)] for row in body]


def named(face):
    """The query string by which a table has the names of programs."""
    return "?header=names" if face in ("csv", "codings", "xlsx") else "?"


def codes(face, response):
    """The codes of the entries in a file, in order."""
    if face in ("csv", "codings"):
        return list(dict.fromkeys(column(response, "code")))
    if face == "xlsx":
        return [row[0] for row in sheet(response, 0)[1:]]
    if face == "docx":
        texts = (one.text for one in docx.Document(io.BytesIO(response.content)).paragraphs)
        found = (re.fullmatch(r"(?:编号：|Code: )(.+)", text) for text in texts)
        return [match[1] for match in found if match]
    if face == "jsonl":
        return [json.loads(line)["code"] for line in response.content.decode().splitlines()]
    if face == "bib":
        parser = BibTexParser(ignore_nonstandard_types=False)
        return [one["ID"] for one in bibtexparser.loads(response.content.decode(), parser).entries]
    if face == "ris":
        return [one["id"] for one in rispy.loads(response.content.decode())]
    return [one["code" if face == "json" else "id"] for one in response.json()]


# It has no columns to be chosen or named.
BRIEF = ["/achievements.docx"]

queries = st.lists(
    st.tuples(
        st.sampled_from([name for name in NAMES if name != "page"]),
        st.sampled_from(VALUES) | st.text(max_size=5),
    ),
    max_size=3,
)


@in_database
@given(pairs=queries)
def test_every_face_has_the_entries_of_the_page(client, pairs):
    text = encoded(pairs)
    assume(links.without_mark(text) == text)
    status = client.get(f"/achievements/?{text}").status_code
    # A code alone leads to its page.
    assume(status != 302)
    page = Page(client, f"/achievements/?{text}", status)
    # Beside nothing stand near entries, which are none of the list.
    found = page.codes if '<ol class="list' in page.html else []
    for face in EXTENSIONS:
        shown = client.get(f"/achievements.{face}{named(face)}&{text}")
        assert shown.status_code == status, text
        if status == 200:
            assert codes(face, shown) == found, (face, text)
    codings = client.get(f"/codings.csv?{text}&header=names")
    if status == 200:
        coded = [entry["code"] for entry in index.select() if entry["mechanisms"]]
        assert codes("codings", codings) == [code for code in found if code in coded]
        api = client.get(f"/api/achievements/?{text}&page_size=100").json()
        assert client.get(f"/achievements.json?{text}").json() == api["results"]


def test_the_table_has_every_entry_in_words(client):
    response = client.get("/achievements.csv?sort=year")
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.content.count(b"\r\n") == 21
    head, *body = rows(response)
    assert head == [*(str(field.label) for field in FIELDS if field.flat), "数据版本"]
    first = dict(zip(head, body[0], strict=True))
    assert first["编号"] == "2015-w01"
    assert (first["省级"], first["地级"], first["县级"]) == ("江苏省", "苏州市", "太仓市")
    assert (first["入选情况"], first["四大地区"], first["东中西部"]) == ("获奖", "东部", "东部")
    assert first["网址"] == "http://testserver/achievements/2015-w01/"
    assert {row[-1] for row in body} == {index.current().digest}
    several = next(entry for entry in index.select() if len(entry["organizations"]) > 1)
    line = dict(zip(head, next(row for row in body if row[0] == several["code"]), strict=True))
    assert line["机构"] == "；".join(one["name"] for one in several["organizations"])


def test_for_programs_it_has_names_and_the_values_of_the_record(client):
    response = client.get("/achievements.csv?header=names")
    head, *body = rows(response)
    assert head == [*(field.name for field in FIELDS if field.flat), "version"]
    assert set(column(response, "tier")) == {"winner", "nominee"}
    assert all(len(row) == len(head) for row in body)


def test_in_english_it_is_headed_in_english(client):
    head, *body = rows(client.get("/en/achievements.csv"))
    assert (head[0], head[-1]) == ("Code", "Data version")
    assert {"Winner", "Nominee"} <= {cell for row in body for cell in row}


def test_a_row_of_codings_is_a_judgement_with_its_words(client):
    response = client.get("/codings.csv?header=names")
    head, *body = rows(response)
    records = {record["code"]: record for record in index.select()}
    assert len(body) == sum(len(record["mechanisms"]) for record in records.values())
    for row in body:
        line = dict(zip(head, row, strict=True))
        record = records[line["code"]]
        words = line["mechanisms.evidence.text"].split("；")
        places = zip(
            words,
            line["mechanisms.evidence.field"].split("；"),
            line["mechanisms.evidence.start"].split("；"),
            line["mechanisms.evidence.end"].split("；"),
            strict=True,
        )
        for text, field, start, end in places:
            assert record[field][int(start) : int(end)] == text


def test_columns_are_chosen_and_put_in_order(client):
    chosen = "select=title,code,region.code,means.service"
    response = client.get(f"/achievements.csv?{chosen}&header=names")
    assert rows(response)[0] == ["title", "code", "region.code", "means.service"]
    (first, *_rest) = client.get(f"/achievements.json?{chosen}&sort=year").json()
    assert list(first) == ["title", "code", "region", "means"]
    assert first["region"] == {"code": "320585"}
    whole = client.get("/achievements/2015-w01.json?select=organizations.name,award").json()
    entry = index.record("2015-w01")
    assert whole == [
        {
            "organizations": [{"name": one["name"]} for one in entry["organizations"]],
            "award": entry["award"],
        }
    ]


def test_an_unknown_place_of_a_zone_is_empty(client):
    Region.objects.filter(code="320000").update(zone="", zone3="")
    index.rebuild()
    assert client.get("/api/achievements/2015-w01/").json()["zone"] == ""
    assert column(client.get("/achievements.csv?region=320000&header=names"), "zone")[0] == ""


@pytest.mark.parametrize("address", ADDRESSES)
def test_its_name_says_what_and_when_it_is(client, address):
    response = client.get(address)
    said = response["Content-Disposition"]
    digest = index.current().digest
    assert re.search(rf'filename="\w+-{digest}-\d{{8}}\.[a-z.]+"', said)
    assert re.search(rf"社区治理创新成果(标注)?-{digest}-\d{{8}}\.", unquote(said))
    assert said.isascii()
    assert response["Link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    assert response["Last-Modified"].endswith("GMT")
    again = client.get(address, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("Content-Type", "ETag", "Content-Disposition"):
        assert head[name] == response[name]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_found_is_a_file_of_nothing(client, address):
    response = client.get(f"{address}?q=无此词语")
    assert response.status_code == 200
    if address.endswith(".xlsx"):
        assert [len(sheet(response, number)) for number in (0, 1)] == [1, 1]
        return
    if address.endswith(".docx"):
        assert codes("docx", response) == []
        return
    body = response.content.removeprefix(b"\xef\xbb\xbf")
    assert body in (b"", b"[]") or body.count(b"\r\n") == 1


@pytest.mark.parametrize("face", EXTENSIONS)
def test_one_entry_is_a_file_too(client, face):
    response = client.get(f"/achievements/2015-w01.{face}{named(face)}")
    assert codes(face, response) == ["2015-w01"]
    assert "2015-w01-" in response["Content-Disposition"]


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("face", EXTENSIONS)
def test_who_is_not_public_has_no_file(client, draft, face, prefix):
    address = f"{prefix}/achievements/{draft.code}.{face}"
    missing = client.get(address)
    assert missing.status_code == 404
    assert missing["Content-Type"].startswith(
        "application/problem+json" if FACES[face].is_json else "text/plain"
    )
    assert client.get("/achievements/2015-w01.pdf").status_code == 404
    assert client.get("/achievements.pdf").status_code == 404


@pytest.mark.parametrize("face", EXTENSIONS)
def test_what_was_taken_back_says_so(client, face):
    Achievement.objects.filter(code="2015-w02").update(status="draft")
    index.rebuild()
    gone = client.get(f"/achievements/2015-w02.{face}")
    assert (gone.status_code, gone["Cache-Control"]) == (410, "no-cache")
    assert "2015-w02" not in codes(face, client.get(f"/achievements.{face}{named(face)}"))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("select=titel", "title"),
        ("select=" + ",".join(["code"] * 60), "60"),
        ("select=", None),
        ("sort=code", "code"),
        ("page=2", "page"),
        ("header=labels", "labels"),
        ("tier=winer", "winner"),
        ("colour=red", "colour"),
        ("q=%D0%AD%C9%CC", "UTF-8"),
        ("q=a&q=b", "q"),
    ],
)
def test_a_bad_query_is_told_and_never_a_file(client, query, told):
    own = query.startswith(("select", "header"))
    for address in ("/achievements.csv", "/codings.csv", "/achievements.xlsx", *BRIEF[own:]):
        response = client.get(f"{address}?{query}")
        assert response.status_code == (400 if told else 200)
        if told:
            assert response["Content-Type"] == "text/plain; charset=utf-8"
            assert told in response.content.decode()
            assert "Content-Disposition" not in response
    if "header" not in query and told:
        answer = client.get(f"/achievements.json?{query}")
        assert answer.status_code == 400
        assert told in json.dumps(answer.json(), ensure_ascii=False)


@pytest.mark.parametrize("face", ["bib", "ris", "csl.json", "docx"])
def test_references_and_briefs_have_no_columns(client, face):
    assert client.get(f"/achievements.{face}?select=code").status_code == 400


@pytest.mark.parametrize("address", ADDRESSES)
def test_more_than_a_file_holds_is_told_with_a_way(client, monkeypatch, address):
    for name, face in FACES.items():
        monkeypatch.setitem(FACES, name, face._replace(most=11))
    assert client.get(f"{address}?tier=winner").status_code == 200
    response = client.get(address)
    assert response.status_code == 400
    assert "Content-Disposition" not in response
    way = "有 20 项，这种文件最多 11 项。请增加条件，.*（http://testserver/data/latest/）"
    assert re.search(way, response.content.decode())
    english = client.get(f"/en{address}").content.decode()
    assert "(http://testserver/en/data/latest/)" in english


def test_where_another_file_holds_them_it_is_named(client, monkeypatch):
    for name, most in (("xlsx", 11), ("csv", 20)):
        monkeypatch.setitem(FACES, name, FACES[name]._replace(most=most))
    told = client.get("/en/achievements.xlsx?sort=title")
    assert (told.status_code, told["Content-Type"]) == (400, "text/plain; charset=utf-8")
    (address,) = re.findall(r"http://testserver(/\S+)", told.content.decode())
    assert address == "/en/achievements.csv?sort=title"
    assert len(rows(client.get(address))) == 21


def test_a_formula_in_a_title_is_not_run(client):
    achievement = Achievement.objects.get(code="2015-w01")
    achievement.title_en = "=HYPERLINK(1)"
    achievement.save()
    index.rebuild()
    assert "'=HYPERLINK(1)" in column(client.get("/achievements.csv?header=names"), "title_en")


def test_a_text_too_long_for_a_cell_goes_on_beside_it():
    long = "甲" * LONGEST_CELL + "=乙"
    text = csv_bytes(["编号", "简介", "年度"], [["一", long, 2015], ["二", "短", 2016]])
    head, first, second = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    assert head == ["编号", "简介", "简介", "年度"]
    assert first == ["一", "甲" * LONGEST_CELL, "'=乙", "2015"]
    assert second == ["二", "短", "", "2016"]


def test_while_the_index_is_made_anew_a_file_waits(client, monkeypatch):
    def unready(*_):
        raise index.Unready

    monkeypatch.setattr(files, "query_of", unready)
    monkeypatch.setattr(index, "heal", lambda: None)
    response = client.get("/achievements.csv")
    assert (response.status_code, response["Retry-After"]) == (503, "30")

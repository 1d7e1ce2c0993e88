"""What the site gave away is no announcement, and is refused with a sentence."""

import csv
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance.announcements import Unreadable, read
from governance.intake import parsing
from governance.intake.own_tables import refuse_own_table
from governance.models import Load

pytestmark = pytest.mark.django_db

REFUSED = "这是本库导出的表或材料，不是公告"


@pytest.mark.parametrize(
    "address",
    [
        "/achievements.csv",
        "/en/achievements.csv",
        "/achievements.csv?header=names",
        "/achievements/2015-w01.csv",
        # Few columns, by which an announcement may be headed as well: its codes tell.
        "/achievements.csv?select=code,title,organizations.name,summary",
    ],
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_exported_table_is_refused(client, address, form):
    text = client.get(address).content.decode("utf-8-sig")
    with pytest.raises(Unreadable, match=REFUSED):
        parsing.parse(f"表.{form}", as_file(text, form), 2016)


@pytest.mark.parametrize(
    "address",
    [
        "/achievements.xlsx",
        "/en/achievements.xlsx?tier=winner",
        "/achievements.xlsx?header=names",
        "/achievements/2015-w01.xlsx",
        "/achievements.xlsx?select=code,title,organizations.name,summary",
    ],
)
def test_a_workbook_is_refused_as_it_was_given(client, address):
    content = client.get(address).content
    with pytest.raises(Unreadable, match=REFUSED):
        parsing.parse("公告.xlsx", content, 2016)


@pytest.mark.parametrize(
    "address",
    ["/achievements.docx", "/en/achievements/2015-w01.docx", "/compare.docx?code=2015-w01"],
)
def test_a_brief_is_no_announcement(client, address):
    with pytest.raises(Unreadable, match=REFUSED):
        parsing.parse("材料.docx", client.get(address).content, 2016)


@pytest.mark.parametrize(
    "address",
    [
        "/achievements.json",
        "/achievements.json?select=title,code",
        "/achievements.jsonl",
        "/achievements/2015-w01.json",
        "/achievements.bib",
        "/achievements/2015-n02.ris",
        "/en/achievements.ris",
        "/achievements.csl.json",
        "/api/codings/",
    ],
)
@pytest.mark.parametrize("name", ["成果.txt", ""])
def test_what_programs_are_given_is_no_announcement(client, address, name):
    content = client.get(address).content
    name = name or address.partition("?")[0].rpartition("/")[2]
    with pytest.raises(Unreadable, match=REFUSED):
        parsing.parse(name, content, 2016)


SAVED_AGAIN = {
    # By Excel in Chinese, as CSV and as text; by others.
    "csv": lambda rows: written(rows, ",").encode("gbk", "replace"),
    "txt": lambda rows: written(rows, "\t").encode("utf-16"),
    "semicolons.csv": lambda rows: written(rows, ";").encode("utf-8-sig"),
    # In the order of somebody's own, with days as Excel writes them.
    "turned.csv": lambda rows: written([row[::-1] for row in rows], ",").encode(),
    "days.csv": lambda rows: written([[days(cell) for cell in row] for row in rows], ",").encode(),
}


@pytest.mark.parametrize("address", ["/achievements.csv", "/en/achievements.csv"])
@pytest.mark.parametrize("form", SAVED_AGAIN)
def test_a_table_that_a_spreadsheet_saved_again_is_refused(client, form, address):
    text = client.get(address).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    with pytest.raises(Unreadable, match=REFUSED):
        parsing.parse(f"表.{form}", SAVED_AGAIN[form](rows), 2016)


def written(rows, separator):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue()


def days(cell):
    """2026-11-05 as Excel shows it."""
    return re.sub(r"^(\d{4})-0?(\d+)-0?(\d+)$", r"\1/\2/\3", cell)


@pytest.mark.parametrize("address", ["/codings.csv?tier=winner", "/en/codings.csv"])
def test_a_table_of_codings_is_no_list_of_entries(client, address):
    with pytest.raises(Unreadable, match=REFUSED):
        parsing.parse("标注.csv", client.get(address).content, 2016)


def as_file(text, form):
    if form == "csv":
        return text.encode()
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(text, newline="")):
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_the_admin_refuses_it_and_keeps_nothing(client, admin_client):
    content = client.get("/achievements.csv").content
    upload = SimpleUploadedFile("社区治理创新成果.csv", content)
    page = admin_client.post("/admin/governance/load/add/", {"year": "2016", "file": upload})
    assert REFUSED in page.content.decode()
    assert not Load.objects.filter(name__contains="csv").exists()


def test_an_announcement_with_such_headings_is_read():
    table = (
        "编号,标题,机构,简介\n1,“院落夜话”议事,江苏省太仓市民政局,居民围坐，逐项商定院落的事。\n"
    )
    assert len(read("公告.csv", table.encode(), refuse_own_table).entries) == 1

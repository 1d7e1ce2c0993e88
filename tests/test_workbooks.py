"""Workbooks: the cells of Excel are what the record says, and nothing in them runs."""

import io
from datetime import date

import openpyxl
import pytest
from django.utils import timezone

from governance import index
from governance.models import Achievement, Coding, Publication
from governance.records.fields import CODING, FIELDS
from showcase.data.exports import LONGEST_CELL, legible, within_cells

pytestmark = pytest.mark.django_db


def workbook(client, address="/achievements.xlsx"):
    response = client.get(address)
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content))


def table(sheet):
    head, *body = sheet.values
    return [dict(zip(head, row, strict=True)) for row in body]


def test_it_has_the_entries_their_codings_and_what_it_is(client):
    book = workbook(client, "/achievements.xlsx?sort=year")
    assert book.sheetnames == ["成果", "标注", "关于"]
    entries, codings, about = book.worksheets
    assert [cell.value for cell in entries[1]] == [str(one.label) for one in FIELDS if one.flat]
    records = list(index.select(sort="year"))
    assert [row["编号"] for row in table(entries)] == [one["code"] for one in records]
    (first, *_rest) = table(entries)
    assert (first["省级"], first["入选情况"], first["年度"]) == ("江苏省", "获奖", 2015)
    day = Publication.objects.get(code="2015-w01").first_published
    assert first["首次公开"].date() == day
    own = [str(one.label) for one in FIELDS if one.name.startswith(CODING)]
    assert [cell.value for cell in codings[1]] == ["编号", "年度", "标题", *own]
    assert codings.max_row - 1 == sum(len(one["mechanisms"]) for one in records)
    told = dict(about.values)
    assert told["数据版本"] == index.current().digest
    assert told["日期"] == timezone.localdate().isoformat()
    assert told["网址"] == "http://testserver/achievements/"
    assert "CC BY 4.0" in told["许可"]
    assert told["引用"].endswith(f"{told['网址']}.")


def test_it_says_in_words_what_was_asked_for(client):
    query = "?mechanism=deliberation&region=110000&region=320000"
    book = workbook(client, f"/achievements.xlsx{query}")
    about = dict(book["关于"].values)
    assert about["内容"] == "协商议事，且北京市或江苏省"
    assert int(about["项数"]) == len(table(book["成果"])) > 1
    entry = dict(workbook(client, "/achievements/2015-w01.xlsx")["关于"].values)
    assert entry["内容"] == Achievement.objects.get(code="2015-w01").title
    assert entry["网址"] == "http://testserver/achievements/2015-w01/"
    english = workbook(client, "/en/achievements.xlsx")
    assert english.sheetnames == ["Innovations", "Codings", "About"]
    assert english.worksheets[0]["A1"].value == "Code"
    assert dict(english["About"].values)["Address"] == "http://testserver/en/achievements/"


def test_what_no_page_shows_has_the_address_of_the_file(client):
    query = "?code=2015-w01&code=2015-n02&modified_since=2026-01-01"
    book = workbook(client, f"/achievements.xlsx{query}")
    about = dict(book["关于"].values)
    assert about["内容"] == "编号：2015-w01、2015-n02，且此日起有改动：2026-01-01"
    assert about["网址"] == f"http://testserver/achievements.xlsx{query}"
    assert [row["编号"] for row in table(book["成果"])] == ["2015-w01", "2015-n02"]


def test_its_head_stays_in_sight_and_filters(client):
    for sheet in workbook(client).worksheets[:2]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        widths = [one.width for one in sheet.column_dimensions.values()]
        assert len(set(widths)) > 3
        assert max(widths) < 60


def test_days_and_numbers_are_none_of_text(client):
    Coding.objects.filter(achievement__code="2015-w01").update(coded_on=date(2026, 11, 26))
    index.rebuild()
    book = workbook(client, "/achievements/2015-w01.xlsx?header=names")
    entry, coding = book.worksheets[0], book.worksheets[1]
    by_name = {cell.value: below for cell, below in zip(entry[1], entry[2], strict=True)}
    assert by_name["first_published"].is_date
    assert by_name["year"].value == 2015
    assert by_name["tier"].value == "winner"
    of_coding = {cell.value: below for cell, below in zip(coding[1], coding[2], strict=True)}
    assert of_coding["mechanisms.coded_on"].value.date() == date(2026, 11, 26)
    assert of_coding["mechanisms.reviewed_on"].value is None


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "@x", "\t=1", "＝1+1", "#N/A", "-1"])
def test_no_text_becomes_a_formula(client, text):
    achievement = Achievement.objects.get(code="2015-w01")
    achievement.title_en = text
    achievement.save()
    index.rebuild()
    sheet = workbook(client, "/achievements/2015-w01.xlsx?header=names&select=title_en").active
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")
    assert sheet["A2"].quotePrefix
    about = workbook(client, "/en/achievements/2015-w01.xlsx").worksheets[2]
    assert {cell.data_type for row in about.rows for cell in row} == {"s"}


def test_columns_are_chosen_of_the_entries(client):
    book = workbook(client, "/achievements.xlsx?select=title,mechanisms.evidence.start,code")
    assert [cell.value for cell in book.worksheets[0][1]] == ["标题", "标注依据 · 起", "编号"]
    assert "；" in book.worksheets[0]["B2"].value
    assert book.worksheets[1].max_column > 10


def test_what_no_file_can_hold_is_shown_as_such(client):
    odd = "院落\x0b夜话\x1f\ufffe"
    achievement = Achievement.objects.filter(code="2015-w01")
    achievement.update(summary=odd + achievement.get().summary)
    index.rebuild()
    row = table(workbook(client, "/achievements/2015-w01.xlsx").worksheets[0])[0]
    assert row["简介"].startswith("院落\ufffd夜话\ufffd\ufffd")
    assert legible("甲\n乙\U00020000") == "甲\n乙\U00020000"


def test_a_long_text_goes_on_beside_its_cell(client):
    long = "甲" * LONGEST_CELL + "乙"
    Achievement.objects.filter(code="2015-w01").update(summary_en=long)
    index.rebuild()
    sheet = workbook(client, "/achievements.xlsx?select=code,summary_en,modified").worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["编号", "英文简介", "英文简介", "最近修订"]
    row = next(row for row in sheet.values if row[0] == "2015-w01")
    assert row[1] + row[2] == long


def test_a_character_that_excel_counts_twice_is_counted_so():
    text = "\U00020000" * LONGEST_CELL
    head, (*pieces,) = within_cells([["简介"], [text]])
    assert "".join(pieces) == text
    assert len(head) == len(pieces)
    assert max(len(piece.encode("utf-16-le")) // 2 for piece in pieces) <= LONGEST_CELL

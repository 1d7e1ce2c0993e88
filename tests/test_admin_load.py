"""Load an award year in the admin: the upload, and the page that shows what was read."""

import re

import pytest

from governance.admin.loading import forms, preview
from governance.intake import parsing
from governance.models import Achievement, AwardYear, Coding, Load

from .helpers.browser import form_data
from .helpers.loads import ADD, LIST, address, card, choose, file, newest, raising, said, upload
from .helpers.new_year import ANNOUNCEMENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]


# Upload


def test_it_is_found_where_staff_look_for_it(staff_client):
    for page in (LIST, "/admin/governance/awardyear/"):
        assert f'<a href="{ADD}" class="addlink">装入一个年度</a>' in (
            staff_client.get(page).content.decode()
        )


def test_it_keeps_the_upload_as_a_pending_load(staff_client, staff):
    upload(staff_client)
    load = newest()
    assert (load.state, load.year, load.kind, load.by) == ("pending", 2016, "document", staff)
    assert bytes(load.content).decode() == ANNOUNCEMENT
    assert load.name == "2016年度中国社区治理创新成果揭晓.txt"
    assert not AwardYear.objects.filter(year=2016).exists()
    listed = said(staff_client.get(LIST))
    assert load.name in listed
    assert "待装入" in listed


def test_it_reads_files_of_each_kind(staff_client):
    table = "等次,成果名称,机构\n十大,院落夜话,江苏省太仓市沙溪镇人民政府\n"
    for content, name, kind in (
        (ANNOUNCEMENT.encode("gb18030"), "公告.txt", "document"),
        (table, "成果.csv", "table"),
    ):
        page = upload(staff_client, text="", file=file(content, name))
        assert newest().kind == kind
        assert "“院落夜话”议事项目" in said(page) or "院落夜话" in said(page)
        assert "太仓市沙溪镇人民政府" in card(page, "2016-w01")


def test_it_gives_the_file_back(staff_client):
    content = ANNOUNCEMENT.encode("gb18030")
    upload(staff_client, text="", file=file(content, "公告.txt"))
    response = staff_client.get(address(view="file"))
    assert b"".join(response.streaming_content) == content
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "", "year": 2016}, "请选一个文件，或粘贴公告的文字。"),
        ({"text": ANNOUNCEMENT, "year": ""}, "请填写年度，如 2016"),
        ({"text": ANNOUNCEMENT, "year": 1890}, "1999"),
        ({"text": "一\0二", "year": 2016}, "空字符"),
        ({"text": "字" * 1_000_001, "year": 2016}, "超过上限 1000000 字；请存为 .txt 文件后上传"),
    ],
)
def test_it_says_what_an_upload_lacks(staff_client, fields, sentence):
    response = staff_client.post(ADD, fields)
    assert response.status_code == 200
    assert sentence in said(response)
    assert not Load.objects.exists()


def test_it_takes_a_file_or_a_text_but_not_both(staff_client):
    fields = {"text": ANNOUNCEMENT, "year": 2016, "file": file(ANNOUNCEMENT, "公告.txt")}
    assert "文件与文字只能给一样" in said(staff_client.post(ADD, fields))


def test_it_refuses_a_file_that_is_too_large(staff_client, monkeypatch):
    monkeypatch.setattr(forms, "MAX_BYTES", 1 << 20)
    fields = {"year": 2016, "file": file(b"\xe5\xad\x97" * (1 << 19), "公告.txt")}
    assert "文件有 2 MB，超过上限 1 MB" in said(staff_client.post(ADD, fields))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "", "file": ("公告.pdf", b"%PDF-1.7")}, "另存为 .docx"),
        ({"text": "", "file": ("公告.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}, "旧式 Word"),
        ({"text": "", "file": ("公告.txt", b" \n\n")}, "没有任何文字"),
        ({"text": "今年的评选工作已经结束，感谢各地支持。"}, "没有"),
    ],
)
def test_it_refuses_at_once_what_it_cannot_read(staff_client, fields, sentence):
    fields = {
        name: file(*value[::-1]) if name == "file" else value for name, value in fields.items()
    }
    response = staff_client.post(ADD, {"year": 2016, **fields})
    assert sentence in said(response)
    assert not Load.objects.exists()


def test_it_says_why_a_large_document_cannot_be_read_and_keeps_it(staff_client, monkeypatch):
    monkeypatch.setattr(forms, "READ_AT_ONCE", 0)
    page = upload(staff_client, text="", file=file(b"%PDF-1.7", "公告.pdf"))
    assert "上一步没有做成" in said(page)
    assert "另存为 .docx" in said(page)
    assert newest().state == "pending"
    assert "这份文件还没有读成" in said(staff_client.post(address(), {"load": "1"}, follow=True))
    assert newest().state == "pending"


def test_it_says_that_the_regions_are_missing(staff_client, monkeypatch):
    with monkeypatch.context() as without:
        without.setattr(parsing, "region_table", raising(parsing.MissingRegions()))
        assert "没有行政区划表" in said(upload(staff_client))
    again = staff_client.post(address(view="read"), {"year": 2016}, follow=True)
    assert "读到 5 项成果" in said(again)


def test_it_reads_once_more_as_another_year(staff_client):
    page = upload(staff_client, year=2017)
    assert "文件写的是 2016 年度，没有 2017 年度的成果。请核对年度，或换一份文件。" in said(page)
    again = staff_client.post(address(view="read"), {"year": 2016}, follow=True)
    assert "2016-w01" in said(again)
    assert "文件写的是" not in said(again)
    wrong = staff_client.post(address(view="read"), {"year": "x"}, follow=True)
    assert "2016-w01" in said(wrong)
    assert newest().scope == "2016"


# The preview


def test_it_shows_what_each_line_was_used_for(staff_client):
    page = upload(staff_client)
    html = page.content.decode()
    lines = re.findall(r'id="p(\d+)">\s*<span class="load-use"><b>\d+</b> (\S+?)</span>', html)
    assert len(lines) == 15
    uses = dict(lines)
    assert (uses["1"], uses["3"], uses["5"], uses["6"], uses["7"], uses["12"]) == (
        *("标题", "前言", "栏目"),
        *("条目", "简介", "没有读懂"),
    )
    assert "1 段没有读懂 不会装入任何条目；" in said(page)
    assert said(page).count("本次评选得到各地民政部门的大力支持") == 1
    assert 'load-line load-unread" id="p12"' in html


def test_it_tells_each_claim_that_does_not_agree_once(staff_client):
    words = said(upload(staff_client))
    assert words.count("第 3 段写着“4项”，读到的却是 5 项。") == 1
    assert words.count("写着“十大”，读到的却是 3 项。") == 1
    assert words.count("读到的却是") == 2


def test_it_puts_each_entry_beside_its_own_lines(staff_client):
    html = upload(staff_client).content.decode()
    row = next(row for row in html.split('<div class="load-row') if 'id="2016-w02"' in row)
    assert re.findall(r'id="p(\d+)"', row) == ["8", "9"]


def test_it_marks_new_entries(staff_client):
    page = upload(staff_client)
    assert "新增 5" in said(page)
    assert "新增" in card(page, "2016-n01")


def test_it_shows_all_candidates_and_chooses_none(staff_client):
    page = upload(staff_client)
    words = card(page, "2016-w03")
    assert "可能的地区不止一个，没有代为选定" in words
    for candidate in (
        *("江苏省/南京市/鼓楼区 320106", "江苏省/徐州市/鼓楼区 320302"),
        *("福建省/福州市/鼓楼区 350102", "河南省/开封市/鼓楼区 410204"),
    ):
        assert candidate in words
    assert form_data(page, "choices_form")["2016-w03-region"] == [""]
    assert "1 项：地区不止一个可能" in said(page)


def test_it_keeps_and_says_what_it_could_not_resolve(staff_client):
    text = ANNOUNCEMENT.replace("鼓楼区人民政府", "新区管理委员会").replace(
        "江苏省太仓市沙溪镇人民政府", "太仓市爱心互助小组"
    )
    page = upload(staff_client, text)
    assert "新区管理委员会" in card(page, "2016-w03")
    assert "在行政区划表中找不到它所在的地区；原文照留" in card(page, "2016-w03")
    assert "机构文字中的“爱心互助小组”不知是什么机构；原文照留" in said(page)
    choose(staff_client, load="1")
    entry = Achievement.objects.get(code="2016-w03")
    assert (entry.organization_text, entry.region) == ("新区管理委员会", None)


def test_it_shows_suggestions_with_the_words_that_speak_for_them(staff_client):
    page = upload(staff_client)
    words = card(page, "2016-w01")
    assert "协商议事" in words
    assert "即“社区协商”" in words
    assert "<mark>社区协商</mark>" in page.content.decode()
    assert "2016-w01-mechanisms" not in form_data(page, "choices_form")


def test_it_speaks_the_language_of_who_reads_and_not_of_who_brought_it(staff_client):
    staff_client.post(f"/en{ADD}", {"text": ANNOUNCEMENT, "year": 2016})
    here = f"/admin/governance/load/{newest().pk}/change/"
    chinese, english = said(staff_client.get(here)), said(staff_client.get(f"/en{here}"))
    assert "第 3 段写着“4项”，读到的却是 5 项。" in chinese
    assert "协商议事" in chinese
    assert not re.search("paragraph|Deliberative", chinese)
    assert "Deliberation on community affairs" in english
    assert not re.search("协商议事|读到|条目|栏目|没有读懂", english)


def test_it_counts_in_english_grammar(staff_client):
    one = "2016年度成果\n一、十大创新成果\n1.“院落夜话”议事项目（太仓市人民政府）\n"
    staff_client.post(f"/en{ADD}", {"text": one, "year": 2016})
    page = staff_client.get(f"/en/admin/governance/load/{newest().pk}/change/")
    assert "1 entry was found" in said(page)
    assert re.search(r"<b>2</b> heading</span>", page.content.decode())


def test_it_has_no_script_or_style_of_its_own_in_the_page(staff_client):
    html = upload(staff_client).content.decode()
    content = html[html.index('id="content-main"') :]
    assert " style=" not in content
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=", content)


def test_it_shows_a_long_year_page_by_page(staff_client, monkeypatch):
    monkeypatch.setattr(preview, "ENTRIES_A_PAGE", 2)
    first = upload(staff_client)
    second = staff_client.get(address(), {"page": 2})
    third = staff_client.get(address(), {"page": 3})
    numbers = [re.findall(r'id="p(\d+)"', page.content.decode()) for page in (first, second, third)]
    # What needs a person comes first, the rest from top to bottom; each line stands there once.
    assert numbers[0][:3] == ["12", "10", "11"]
    shown = [number for page in numbers for number in page]
    assert sorted(map(int, shown)) == [line for line in range(1, 18) if line not in (2, 4)]
    assert shown[3:] == sorted(shown[3:], key=int)
    # To turn the page keeps what was chosen.
    fields = form_data(first, "choices_form") | {"2016-w03-region": "320106:1999", "page": "2"}
    page = staff_client.post(address(), fields, follow=True)
    assert page.redirect_chain[-1][0].endswith("?page=2")
    choose(staff_client, page=1, **{"2016-w01-mechanisms": ["deliberation"]})
    choose(staff_client, page=3, load="1")
    assert Coding.objects.get(achievement__code="2016-w01").mechanism.slug == "deliberation"
    assert Achievement.objects.get(code="2016-w03").region.code == "320106"

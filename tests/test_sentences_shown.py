"""In the admin and in the shell: what the reader of announcements says, in the language of who reads it."""

import re
from html import unescape
from io import StringIO

import docx
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import Workbook
from openpyxl.styles import Font

from governance.announcements import Unreadable, read
from governance.intake.sentences import stored, translated

from .helpers.loads import ADD, file, newest, said, upload
from .helpers.office import saved
from .test_languages import HAN, Unmarked
from .test_sentences import left_of, without_quotations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]

DOUBTS = """\
2016年度中国社区治理创新成果揭晓

一、十大创新成果
1.“院落夜话”议事项目（江苏省太仓市沙溪镇人民政府）
居民晚饭后在院落里围坐夜话，开展社区协商，逐项商定公共事务。
4.“红色物业”进小区（四川省成都市锦江区民政局）
在小区成立物业党支部，业主委员会与物业服务企业\u200b联席议事。
推荐单位：江苏省民政厅
“楼门自治”工作法（北京市西城区民政局）
二、观察成果
1.“时间银行”互助养老（浙江省杭州市上城区民政局）
志愿者为高龄老人提供服务，存下时间，日后兑换照料。
三、提名成果
1.“一门式”社区服务（贵州省贵阳市云岩区民政局
政府购买服务，居民在社区一个窗口办理所有事项。
2.“院落夜话”议事项目（江苏省太仓市沙溪镇人民政府）
四、优秀组织奖
江苏省民政厅
— 12 —
"""


def doubtful_document():
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    for line in DOUBTS.splitlines():
        document.add_paragraph(line)
    document.paragraphs[4].add_run("不公开").font.hidden = True
    return saved(document)


def doubtful_sheet():
    book = Workbook()
    sheet = book.active
    for row in (
        ["等次", "成果名称", "申报单位", "联系人"],
        ["十大", "“院落夜话”议事", "江苏省太仓市民政局", "张三"],
        ["纪念", "“红色物业”进小区", "四川省成都市锦江区民政局", "李四", "多出的一格"],
        ["提名", "“时间银行”互助养老", "浙江省杭州市上城区民政局", "王五"],
    ):
        sheet.append(row)
    sheet["D2"].font = Font(strike=True)
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("旧名单").sheet_state = "hidden"
    return saved(book)


@pytest.mark.parametrize(
    ("name", "content", "kinds"),
    [("公告.docx", doubtful_document(), 8), ("名单.xlsx", doubtful_sheet(), 6)],
)
def test_the_preview_is_english_for_who_reads_english(staff_client, name, content, kinds):
    chinese = unescape(said(upload(staff_client, text="", file=file(content, name))))
    html = staff_client.get(f"/en/admin/governance/load/{newest().pk}/change/").content.decode()
    english = "\n".join(Unmarked(html).found)
    unread = {number for number, use in newest().parsed["lines"] if not use}
    remarks = [values for kind, values in newest().parsed["warnings"] if kind == "remark"]
    assert len({values["sentence"]["message"] for values in remarks}) >= kinds
    for values in remarks:
        if values["paragraph"] in unread:
            continue
        with translation.override("zh-hans"):
            assert f"：{translated(values['sentence'])}" in chinese
        with translation.override("en"):
            words = translated(values["sentence"])
        assert f": {words}" in unescape(re.sub(r"<[^>]+>", "", html))
        assert left_of(values["sentence"], words) == []
        english = english.replace(words, "")
    # Names are left, and what is quoted.
    for words in (name, "中国社区治理十大创新成果"):
        english = english.replace(words, "")
    assert HAN.findall(without_quotations(english)) == []


def test_the_preview_shows_what_an_earlier_release_stored(staff_client):
    upload(staff_client, DOUBTS)
    load = newest()
    for kind, values in load.parsed["warnings"]:
        if kind == "remark":
            values["sentence"] = "一句存下的话。"
    load.save()
    for prefix in ("", "/en"):
        page = staff_client.get(f"{prefix}/admin/governance/load/{load.pk}/change/")
        assert "一句存下的话。" in said(page)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("公告.pdf", b"%PDF-1.7"),
        ("空.txt", b" \n"),
        ("名单.docx", b"PK\x03\x04" + b"0" * 100),
        ("通知.txt", "关于征集2016年度社区治理创新成果的通知\n请各地于十月底前报送。\n"),
        ("名单.csv", "序号,申报单位,联系电话\n1,江苏省太仓市民政局,1\n2,北京市西城区民政局,2\n"),
        ("名单.txt", "2016年度成果\n1.院落夜话\n2.楼门自治\n3.红色物业\n"),
    ],
)
def test_a_refused_upload_is_english_for_who_reads_english(staff_client, name, content):
    def refusal(prefix):
        fields = {"text": "", "year": 2016, "file": file(content, name)}
        html = staff_client.post(f"{prefix}{ADD}", fields).content.decode()
        (errors,) = re.findall(r'<ul class="errorlist"[^>]*>(.*?)</ul>', html, re.S)
        return unescape(re.sub(r"<[^>]+>", "", errors))

    with pytest.raises(Unreadable) as error:
        read(name, content if isinstance(content, bytes) else content.encode())
    assert refusal("") == str(error.value)
    english = refusal("/en")
    assert english[0].isascii()
    assert left_of(stored(error.value.sentence), english) == []


# In the shell


def in_the_shell(path, **options):
    report = StringIO()
    try:
        call_command("parse_announcement", str(path), stdout=StringIO(), stderr=report, **options)
    except CommandError as error:
        report.write(f"{error}\n")
    return report.getvalue()


def test_the_shell_speaks_the_language_of_now(tmp_path):
    path = tmp_path / "公告.docx"
    path.write_bytes(doubtful_document())
    chinese = in_the_shell(path, year=2016)
    assert "第 6 段：编号不连续：前一条是第 1 条，这一条的编号却是 4；请核对是否有遗漏。" in chinese
    with translation.override("en"):
        english = in_the_shell(path, year=2016)
    assert (
        "Paragraph 6: The numbering breaks here: the entry before is number 1, but this line is number 4."
        in english
    )
    assert "paragraph 8" in english
    assert "编号不连续" not in english


@pytest.mark.parametrize(
    ("text", "options", "chinese", "english"),
    [
        ("", {}, "公告.txt：文件是空的，没有任何内容。", "公告.txt: The file is empty."),
        (
            "一、获奖成果\n1.“院落夜话”（江苏省太仓市民政局）\n",
            {},
            "公告.txt：文件没有写明年度，看不出是哪一年度的成果；请用 --year 写明。",
            "公告.txt: The document names no year, and does not show whose innovations these are. Give the year by --year.",
        ),
        (
            "2016年度获奖成果\n1.“院落夜话”（江苏省太仓市民政局）\n",
            {"year": 2015},
            "公告.txt：文件写的是 2016 年度，没有 2015 年度的成果。请核对年度，或换一份文件。",
            "公告.txt: The document is about 2016 and has no innovations of 2015. Check the year, or use another file.",
        ),
    ],
)
def test_the_shell_refuses_in_the_language_of_now(tmp_path, text, options, chinese, english):
    path = tmp_path / "公告.txt"
    path.write_text(text)
    assert in_the_shell(path, **options) == f"{chinese}\n"
    with translation.override("en"):
        assert in_the_shell(path, **options) == f"{english}\n"

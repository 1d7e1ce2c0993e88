"""The preview of a load: what needs a person comes first, by kind, with the field that settles it."""

import re

import pytest
from django.urls import reverse

from governance.models import Achievement

from .helpers.browser import form_data
from .helpers.corrections import announcement, load_list
from .helpers.loads import address, card, choose, file, newest, said, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]

WISH = ("“微心愿”圆梦行动", "四川省成都市锦江区民政局", "锦江区征集居民心愿，由党员和商户认领。")
SORTING = ("垃圾分类“绿色账户”", WISH[1], "家庭分类投放可以积分，积分在社区商店里换日用品。")
AMBIGUOUS = ("“楼门自治”工作法", "鼓楼区人民政府", "以楼门为单元推选楼门长，居民自我管理。")
ALSO_AMBIGUOUS = ("“楼栋长”制度", "城关区民政局", "每栋楼推选一名楼栋长，收集民意。")
NOWHERE = ("“一门式”社区服务", "某某新区办公室", "居民在社区一个窗口办理所有事项。")
LATER = ("“红色物业”进小区", "四川省宜宾市叙州区民政局", "在小区成立物业党支部。")
FINE = ("“时间银行”", "浙江省杭州市上城区民政局", "志愿者存下服务的时间，日后兑换照料。")
YEAR = 2010


def preview(client, *entries):
    return upload(client, announcement(*entries, year=YEAR), year=YEAR)


def headings(page):
    return re.findall(r"<h2 id=\"need-[^>]*>([^<]*)</h2>", page.content.decode())


def test_it_shows_first_what_needs_a_person_by_kind(staff_client):
    load_list(WISH)
    page = preview(staff_client, FINE, LATER, AMBIGUOUS, NOWHERE, ALSO_AMBIGUOUS, SORTING)
    assert headings(page) == [
        "1 项：更正，还是新的成果",
        "2 项：地区不止一个可能",
        "1 项：找不到地区",
        "1 项：有的文字不知是什么机构",
    ]
    html = page.content.decode()
    # Each explanation once, each entry beside its own lines, what is fine folded below.
    assert said(page).count("同名的地区有几个") == 1
    group = html[html.index('id="need-ambiguous"') : html.index('id="need-nowhere"')]
    assert re.findall(r'id="p(\d+)"', group) == ["6", "7", "10", "11"]
    assert re.findall(r'<article[^>]*id="([^"]+)"', group) == ["2010-w03", "2010-w05"]
    fine = html[html.index('<details class="load-fine">') :]
    assert re.findall(r'<article[^>]*id="([^"]+)"', fine) == ["2010-w07"]


def test_it_shows_only_what_needs_a_person(staff_client):
    preview(staff_client, FINE, AMBIGUOUS)
    page = staff_client.get(address(), {"only": 1})
    assert re.findall(r'<article[^>]*id="([^"]+)"', page.content.decode()) == ["2010-w02"]
    assert "load-fine" not in page.content.decode()
    fields = form_data(page, "choices_form") | {"award-name": ""}
    kept = staff_client.post(f"{address()}?only=1", fields, follow=True)
    assert "load-fine" not in kept.content.decode()


def test_it_opens_what_is_fine_where_nothing_else_is(staff_client):
    assert '<details class="load-fine" open>' in preview(staff_client, FINE).content.decode()


def test_it_says_that_all_is_clear_only_where_nothing_contradicts_it(staff_client):
    clear = "每一段都读懂了，地区与机构都已确定。"
    assert clear in said(preview(staff_client, FINE))
    # Its text names a region and no body.
    assert clear not in said(
        preview(staff_client, FINE, (*FINE[:1], "浙江省杭州市上城区", FINE[2]))
    )
    # Something is said of the lines of a table that has no title.
    table = file(f"成果名称,申报单位\n{WISH[0]},{WISH[1]}\n", "名单.csv")
    words = said(upload(staff_client, "", YEAR, file=table))
    assert "文件没有写明标题" in words
    assert clear not in words


def test_what_was_not_written_is_not_said_to_be_unknown(staff_client):
    page = upload(staff_client, f"{YEAR}年度社区治理创新案例获奖名单\n1.“海心花”服务平台\n", YEAR)
    words = card(page, newest().parsed["entries"][0]["code"])
    assert "文件没有写机构，看不出它在哪里。" in words
    assert "无（文件没有写）" in words
    assert "原文照留" not in words


def test_what_is_settled_stays_where_it_was(staff_client):
    preview(staff_client, FINE, AMBIGUOUS, ALSO_AMBIGUOUS)
    page = choose(staff_client, **{"2010-w02-region": "320106:1999"})
    assert headings(page) == ["2 项：地区不止一个可能（已选定 1 项）"]
    assert "已选定" in card(page, "2010-w02")
    assert "已选定" not in card(page, "2010-w03")


def test_it_says_why_as_the_shell_does(staff_client):
    words = card(preview(staff_client, FINE, LATER), "2010-w02")
    assert "按区划表，四川省/宜宾市/叙州区 511504 自 2018 年起才有。" in words
    assert "四川省/宜宾市 511500" in words
    assert "地区只取到这一级，请核对" in words
    assert "机构文字中的“叙州区民政局”不知是什么机构" in words


def test_a_short_name_that_is_too_long_is_mended_in_its_field(staff_client):
    name = "把公共事务交给居民自己商量并由楼门院长轮流主持每周一次的" * 5
    page = preview(staff_client, FINE, (f"“{name}”", *LATER[1:]), AMBIGUOUS)
    words = said(page)
    assert "1 项：简称太长" in words
    assert f"有 {len(name)} 个字符，最多 100 个" in words
    assert not re.search(r"第 \d+ 个对象|网址名|确保该变量", words)
    still = choose(staff_client, load="1")
    assert newest().state == "pending"
    assert "上一步没有做成" in said(still) or "请看标红处" in said(still)
    choose(staff_client, load="1", **{"2010-w02-short_name": "居民商量"})
    assert Achievement.objects.get(code="2010-w02").short_name == "居民商量"


def test_it_says_of_a_title_that_is_too_long_what_is_right_for_a_title(staff_client):
    title = "商量公共事务" * 900
    table = f"2010年度社区治理创新成果获奖名单\n成果名称,申报单位\n{title},{FINE[1]}\n"
    words = said(upload(staff_client, "", YEAR, file=file(table, "名单.csv")))
    right = "太长：有 5400 个字符，最多 500 个。标题是公告里的一行，说明的文字请写在简介里。"
    assert f" · 标题：{right}" in words
    assert not re.search(r"拼音|1000|确保该变量", words)
    load_list(FINE)
    entry = Achievement.objects.get(code="2010-w01")
    url = reverse("admin:governance_achievement_change", args=[entry.pk])
    fields = form_data(staff_client.get(url), "achievement_form")
    fields |= {"title": title, "title_offset": "", "pinyin": ""}
    words = said(staff_client.post(url, fields))
    assert right in words
    assert "确保该变量" not in words


def test_a_title_as_long_as_may_be_is_sorted_by_its_beginning():
    load_list(("协商" * 250, *FINE[1:]))
    entry = Achievement.objects.get(code="2010-w01")
    assert len(entry.title) == 500
    assert entry.pinyin.startswith("xie shang xie shang ")
    assert len(entry.pinyin) <= 1000


def test_a_tier_can_be_changed(staff_client):
    load_list(WISH)
    preview(staff_client, WISH, FINE, AMBIGUOUS)
    page = choose(staff_client, **{"2010-w02-tier": "nominee"})
    assert "2010-n01 提名成果 第 1 项" in card(page, "2010-w02")
    assert "新增" in card(page, "2010-w02")
    choose(staff_client, load="1", **{"2010-w02-mechanisms": ["volunteering-mutual-aid"]})
    entry = Achievement.objects.get(code="2010-n01")
    assert (entry.title, entry.tier, entry.rank) == (FINE[0], "nominee", 1)
    assert [one.name for one in entry.organizations.all()] == ["杭州市上城区民政局"]
    # A correction finds it there again.
    longer = (*FINE[:2], f"{FINE[2]}已有三千人参加。")
    page = preview(staff_client, WISH, longer, AMBIGUOUS)
    assert "有改动" in card(page, "2010-w02")
    choose(staff_client, load="1")
    assert Achievement.objects.get(code="2010-n01").summary == longer[2]
    assert not Achievement.objects.filter(code="2010-w02").exists()


def test_a_grade_can_be_changed(staff_client):
    text = announcement(FINE, AMBIGUOUS, year=YEAR).replace("1.", "一等奖\n1.", 1)
    upload(staff_client, text, year=YEAR)
    page = choose(staff_client)
    assert page.content.decode().count('value="一等奖"') == 2
    choose(staff_client, load="1", **{"2010-w01-grade": "特等奖"})
    grades = Achievement.objects.filter(award_year__code="2010").values_list("code", "grade")
    assert dict(grades) == {"2010-w01": "特等奖", "2010-w02": "一等奖"}
    # The next reading of the same list, though it names none, begins with what was chosen.
    again = preview(staff_client, FINE, AMBIGUOUS).content.decode()
    assert again.count('value="特等奖"') == 1


def test_what_the_document_lacks_is_not_counted_among_its_entries(staff_client):
    load_list(WISH)
    page = preview(staff_client, FINE)
    assert "新增 1" in said(page)
    assert "无变化" not in said(page)


def test_the_first_page_of_many_is_not_longer_than_of_some(staff_client):
    def page_of(count):
        fine = [
            (f"“{n}号院”协商", FINE[1], f"第{n}院居民每周商量一次院里的事。")
            for n in range(count - 45)
        ]
        many = [(f"“{n}号楼”自治", AMBIGUOUS[1], f"第{n}楼推选楼门长。") for n in range(45)]
        return preview(staff_client, *many, *fine).content

    some, many = page_of(200), page_of(2000)
    assert len(many) <= 1.1 * len(some)
    assert many.count(b"<article") == some.count(b"<article") == 50
    assert many.count(b'id="p') <= 1.1 * some.count(b'id="p')

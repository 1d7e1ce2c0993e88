"""Load an award year in the admin: fixtures, undoing, who may."""

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from governance import intake
from governance.admin.loading import views
from governance.intake import background
from governance.models import Achievement, AwardYear, Load, Mechanism, Organization
from governance.readable_yaml import dump

from .helpers.browser import form_data
from .helpers.loads import (
    ADD,
    LIST,
    address,
    choose,
    edit_title,
    file,
    load_year,
    newest,
    said,
    staff_with,
    upload,
)
from .helpers.new_year import ANNOUNCEMENT, CORRECTED
from .helpers.years import year as fixture_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]


# Fixtures


def test_it_loads_a_fixture(staff_client):
    content = dump(fixture_year())
    page = upload(staff_client, text="", year="", file=file(content, "2016.yaml"))
    assert newest().kind == "fixture"
    assert "已试装一遍，没有作任何改动" in said(page)
    assert "新增 2" in said(page)
    assert not Achievement.objects.filter(award_year__year=2016).exists()
    done = staff_client.post(address(), {"load": "1"}, follow=True)
    assert (newest().state, newest().scope) == ("loaded", "2016")
    assert "2016-w02" in said(done)


def test_it_lists_everything_that_is_wrong_with_a_fixture(staff_client):
    objects = fixture_year()
    objects[0]["fields"]["kind"] = "departmnet"
    objects[2]["fields"]["region"] = ["999999", 1999]
    page = upload(staff_client, text="", year="", file=file(dump(objects), "2016.yaml"))
    words = said(page)
    assert "共有 2 处错误" in words
    assert "departmnet" in words
    assert "999999" in words
    assert re.search(r"第 \d+ 行", words)
    staff_client.post(address(), {"load": "1"}, follow=True)
    assert newest().state == "pending"


# Two windows


@pytest.mark.parametrize(
    "work_of_the_other",
    [
        lambda pk, user: intake.start_reading(pk, 2017),
        lambda pk, user: intake.start_rehearsal(pk),
        lambda pk, user: intake.start_loading(pk, user),
    ],
)
def test_what_another_window_asked_for_does_not_touch_a_file_that_is_loaded(
    staff_client, staff, work_of_the_other
):
    """Both windows asked while it was pending; this one's turn came first."""
    load_year(staff_client)
    before = Load.objects.values().get(pk=newest().pk)
    assert work_of_the_other(newest().pk, staff)
    assert Load.objects.values().get(pk=newest().pk) == before
    assert intake.why_it_failed(newest().pk) == ["这份文件已经不在待装入之列，请看它的现状。"]
    assert not intake.keep(newest().pk, {"award": {"name": "另一个名字"}, "entries": {}})
    assert Load.objects.values().get(pk=newest().pk) == before


# Back


def test_it_undoes_a_load_after_asking(staff_client):
    before = set(Organization.objects.values_list("name", flat=True))
    load_year(staff_client)
    asked = staff_client.get(address(view="undo"))
    assert "要撤销这次装入吗" in said(asked)
    assert newest().state == "loaded"
    response = staff_client.post(address(view="undo"), follow=True)
    assert "撤销的结果" in said(response)
    assert newest().state == "undone"
    assert not AwardYear.objects.filter(year=2016).exists()
    assert set(Organization.objects.values_list("name", flat=True)) == before


def test_it_says_before_undoing_what_goes_and_what_stays(staff_client, publish):
    load_year(staff_client)
    edit_title(staff_client, "2016-w02", "“红色物业”进社区")
    asked = said(staff_client.get(address(view="undo")))
    assert "删去 4 项条目 2016-w01 2016-w03 2016-n01 2016-n02" in asked
    assert "保留 1 项其后有人改过、用到的条目 2016-w02" in asked
    assert "已经发布" not in asked
    assert newest().state == "loaded"
    assert Achievement.objects.filter(award_year__year=2016).count() == 5


def test_it_says_that_undoing_changes_public_entries(staff_client, publish):
    load_year(staff_client)
    publish(Achievement.objects.get(code="2016-n01"))
    load_year(staff_client, CORRECTED)
    asked = said(staff_client.get(address(view="undo")))
    assert "恢复 2 项条目装入之前的内容 2016-w02 2016-n01" in asked
    assert "其中 1 项已经发布，公众立即看到改动： 2016-n01" in asked


def test_it_asks_again_where_an_entry_was_published_since_it_asked(staff_client, publish):
    load_year(staff_client)
    asked = form_data(staff_client.get(address(view="undo")), "undo_form")
    publish(Achievement.objects.get(code="2016-n01"))
    again = staff_client.post(address(view="undo"), asked, follow=True)
    assert "还没有撤销：看过之后又公开了 2016-n01，撤销会把它们也撤下。" in said(again)
    assert newest().state == "loaded"
    assert Achievement.objects.get(code="2016-n01").status == "published"
    staff_client.post(address(view="undo"), form_data(again, "undo_form"))
    assert newest().state == "undone"
    assert Achievement.objects.get(code="2016-n01").status == "draft"


def test_it_tries_no_undoing_that_would_take_long(staff_client, monkeypatch):
    monkeypatch.setattr(views, "MOST_TO_TRY", 5)
    load_year(staff_client)
    asked = said(staff_client.get(address(view="undo")))
    assert "其后没有人动过的，会删去" in asked
    assert "删去 5 项" not in asked


def test_it_does_not_show_an_undone_load_as_if_it_stood(staff_client):
    load_year(staff_client)
    edit_title(staff_client, "2016-w02", "“红色物业”进社区")
    load_year(staff_client, CORRECTED)
    html = staff_client.post(address(view="undo"), follow=True).content.decode()
    assert "load-mark" not in html
    now, past = html.split("撤销之前装入的结果，已不是现状")
    assert now.endswith('<details class="load-past"><summary>')
    assert "冲突</h4>" not in now
    assert "冲突</h4>" in past


# What is left to do


def test_it_lists_what_each_entry_still_lacks(staff_client):
    text = ANNOUNCEMENT.replace("江苏省太仓市沙溪镇人民政府", "太仓市爱心互助小组").replace(
        "政府购买服务，居民在社区一个窗口办理所有事项。\n", ""
    )
    page = load_year(staff_client, text)
    html = page.content.decode()
    lacking = {
        code: re.findall(r'load-gap">([^<]+)<', item)
        for item in re.findall(r"<li>.*?</li>", html[html.index("load-entries") :], re.S)
        for code in re.findall(r"<code>(.*?)</code>", item)
    }
    coding = ["没有带依据的机制标注", "城乡还没有编码", "英文没有写全"]
    assert lacking == {
        "2016-w01": ["没有列出机构", *coding, "机构文字中的“爱心互助小组”不知是什么机构"],
        "2016-w02": coding,
        "2016-w03": ["没有地区，不能发布", "没有列出机构", *coding],
        "2016-n01": coding,
        "2016-n02": ["没有简介", *coding],
    }
    # A loader may neither edit nor publish.
    assert "5 项还有要补的，逐项列在下面；可以编辑的人打开条目即可补。" in said(page)
    assert "5 项还没有发布，公众看不到；核对后，由可以发布的人在条目里发布。" in said(page)
    assert "第 12 段 本次评选得到各地民政部门的大力支持" in said(page)


def test_it_asks_no_more_for_what_was_done(staff_client, publish):
    load_year(staff_client)
    entry = Achievement.objects.get(code="2016-w02")
    entry.codings.create(mechanism=Mechanism.objects.first(), weight="primary").evidence.create(
        field="title", start=0, end=1, text="“"
    )
    entry.codings.update(coder="林小满")
    entry.setting = "urban"
    entry.title_en, entry.summary_en = "Red property management", "The Party leads."
    publish(entry)
    assert "4 项还有要补的" in said(staff_client.get(address()))


def test_it_keeps_what_staff_wrote_since_when_it_undoes(staff_client):
    load_year(staff_client)
    edit_title(staff_client, "2016-w02", "“红色物业”进社区")
    response = staff_client.post(address(view="undo"), follow=True)
    codes = Achievement.objects.filter(award_year__year=2016).values_list("code", flat=True)
    assert list(codes) == ["2016-w02"]
    assert "“红色物业”进社区" in said(response)


def test_it_says_that_a_later_load_comes_first(staff_client):
    load_year(staff_client)
    first = newest()
    load_year(staff_client, CORRECTED)
    response = staff_client.post(address(first, view="undo"), follow=True)
    assert f"请先撤销 #{newest().pk}" in said(response)
    asked = staff_client.get(address(first, view="undo"))
    assert f"现在不能撤销： 其后还装入过同一内容，请先撤销 #{newest().pk}" in said(asked)
    assert "undo_form" not in asked.content.decode()
    first.refresh_from_db()
    assert first.state == "loaded"


def test_it_undoes_nothing_twice(staff_client):
    load_year(staff_client)
    staff_client.post(address(view="undo"))
    # As from a page that was open meanwhile.
    for response in (
        staff_client.post(address(view="undo"), follow=True),
        staff_client.get(address(view="undo"), follow=True),
    ):
        assert "没有撤销：只有已装入的才能撤销" in said(response)
    assert newest().state == "undone"


def test_it_reads_nothing_anew_that_is_loaded(staff_client):
    load_year(staff_client)
    before = Load.objects.values().get()
    response = staff_client.post(address(view="read"), {"year": 2017}, follow=True)
    assert "已经不在待装入之列" in said(response)
    assert Load.objects.values().get() == before


def test_it_discards_pending_loads_alone(staff_client):
    load_year(staff_client)
    delete = reverse("admin:governance_load_delete", args=[newest().pk])
    assert staff_client.post(delete, {"post": "yes"}).status_code == 403
    upload(staff_client)
    delete = reverse("admin:governance_load_delete", args=[newest().pk])
    assert staff_client.post(delete, {"post": "yes"}).status_code == 302
    assert Load.objects.count() == 1


# Who may


def test_it_is_closed_to_others(staff_client):
    upload(staff_client)
    load = newest()
    pages = [ADD, LIST, *(address(load, view) for view in ("change", "read", "undo", "file"))]
    assert [Client().get(page).status_code for page in pages if page != address(load, "read")] == [
        302
    ] * 5
    clerk = staff_with("change_achievement")
    assert [clerk.post(page).status_code for page in pages if page != address(load, "file")] == (
        [403] * 5
    )
    assert clerk.get(address(load, "file")).status_code == 403


def test_it_lets_those_who_may_look_only_look(staff_client):
    upload(staff_client)
    clerk = staff_with("view_load")
    page = clerk.get(address())
    assert "读到 5 项成果" in said(page)
    assert "装入为草稿" not in said(page)
    assert clerk.post(address(), {"load": "1"}).status_code == 403
    assert clerk.post(address(view="read"), {"year": 2016}).status_code == 403
    assert newest().state == "pending"


def test_it_undoes_for_those_alone_who_may(staff_client):
    load_year(staff_client)
    clerk = staff_with("view_load", "add_load")
    assert "撤销…" not in said(clerk.get(address()))
    assert clerk.get(address(view="undo")).status_code == 403
    assert clerk.post(address(view="undo")).status_code == 403
    keeper = staff_with_undo()
    assert keeper.post(address(view="undo")).status_code == 302
    assert newest().state == "undone"


def staff_with_undo():
    get_user_model().objects.filter(username="clerk").delete()
    return staff_with("view_load", "undo_load")


def test_it_loads_for_those_who_may_add_loads(client):
    clerk = staff_with("add_load", "view_load")
    upload(clerk)
    choose(clerk, load="1")
    assert newest().state == "loaded"


def test_it_wants_a_token_and_a_post(staff_client, staff):
    upload(staff_client)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(staff)
    for view in ("change", "read", "undo"):
        assert strict.post(address(view=view), {"load": "1"}).status_code == 403
    assert strict.post(ADD, {"text": ANNOUNCEMENT, "year": 2016}).status_code == 403
    assert staff_client.get(address(view="read")).status_code == 405
    assert newest().state == "pending"


def test_it_knows_no_load_of_that_number(staff_client):
    assert staff_client.get("/admin/governance/load/999/change/").status_code == 302
    assert staff_client.get("/admin/governance/load/999/file/").status_code == 404


# Work that outlasts the request


def test_it_says_that_work_was_cut_short(staff_client):
    upload(staff_client)
    (background._folder() / f"{newest().pk}.json").write_text(
        json.dumps({"working": {"words": "写入"}})
    )
    assert intake.working(newest().pk) is None
    assert "上次的工作中途断了" in said(staff_client.get(address()))

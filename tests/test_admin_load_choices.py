"""Load an award year in the admin: choices, loading as drafts, conflicts."""

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from governance import loading
from governance.intake import background
from governance.models import Achievement, AwardYear, Coding, Load, Organization

from .helpers.browser import form_data
from .helpers.loads import (
    address,
    card,
    choose,
    edit_title,
    load_year,
    newest,
    raising,
    said,
    upload,
)
from .helpers.new_year import ANNOUNCEMENT, CORRECTED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]


# Choices


def test_it_keeps_choices_as_they_are_made(staff_client):
    upload(staff_client)
    choose(staff_client, **{"2016-w03-region": "320106:1999", "award-issuer": "中国社区发展协会"})
    assert newest().state == "pending"
    assert not AwardYear.objects.filter(year=2016).exists()
    page = staff_client.get(address())
    fields = form_data(page, "choices_form")
    assert fields["2016-w03-region"] == ["320106:1999"]
    assert fields["award-issuer"] == ["中国社区发展协会"]
    assert "南京市鼓楼区人民政府" in card(page, "2016-w03")
    assert "地区未定" not in said(page)


def test_it_loads_what_was_chosen(staff_client):
    load_year(
        staff_client,
        **{
            "2016-w03-region": "320106:1999",
            "2016-n01-organizations": ["杭州市上城区民政局"],
            "award-source_url": "https://example.org/2016",
            "award-retrieved_on": "2026-11-01",
            "award-issuer": "中国社区发展协会",
            "award-name": "中国社区治理创新成果",
        },
    )
    entry = Achievement.objects.get(code="2016-w03")
    assert (entry.region.code, entry.status) == ("320106", "draft")
    assert [one.name for one in entry.organizations.all()] == ["南京市鼓楼区人民政府"]
    assert not Organization.objects.filter(name="徐州市鼓楼区人民政府").exists()
    entry = Achievement.objects.get(code="2016-n01")
    assert [one.name for one in entry.organizations.all()] == ["杭州市上城区民政局"]
    assert not Organization.objects.filter(name="杭州市上城区小营街道办事处").exists()
    year = AwardYear.objects.get(year=2016)
    assert (year.source_url, str(year.retrieved_on)) == ("https://example.org/2016", "2026-11-01")
    assert (year.issuer, year.name) == ("中国社区发展协会", "中国社区治理创新成果")
    assert year.text == ANNOUNCEMENT


def test_it_says_what_is_wrong_with_a_fact(staff_client):
    upload(staff_client)
    wrong = choose(staff_client, load="1", **{"award-source_url": "见公告", "award-name": ""})
    assert "请看标红处" in said(wrong)
    assert "请输入合法的URL。" in said(wrong)
    assert "该字段是必填项。" in said(wrong)
    assert newest().state == "pending"
    assert not Achievement.objects.filter(award_year__year=2016).exists()


def test_it_codes_only_what_a_person_accepted(staff_client, staff):
    staff.last_name, staff.first_name = "李", "敏"
    staff.save()
    load_year(
        staff_client,
        **{
            "2016-w01-mechanisms": ["deliberation"],
            "2016-w01-deliberation-weight": "secondary",
            "2016-w01-deliberation-aspect": "goal",
        },
    )
    coding = Coding.objects.get(achievement__award_year__year=2016)
    assert (coding.mechanism.slug, coding.weight, coding.aspect) == (
        *("deliberation", "secondary"),
        "goal",
    )
    assert (coding.coder, coding.coded_on) == ("李敏", localdate())
    spans = {(span.field, span.text) for span in coding.evidence.all()}
    assert spans == {("title", "议事"), ("summary", "社区协商")}
    for span in coding.evidence.all():
        span.full_clean()


def test_it_remembers_who_accepted(staff_client):
    upload(staff_client)
    choose(staff_client, **{"2016-w01-mechanisms": ["deliberation"]})
    other = Client()
    other.force_login(get_user_model().objects.create_superuser("wang", password="夜话-2016"))
    choose(other, load="1", **{"2016-w02-mechanisms": ["party-leadership"]})
    coders = dict(
        Coding.objects.filter(achievement__award_year__year=2016).values_list(
            "achievement__code", "coder"
        )
    )
    assert coders == {"2016-w01": "staff", "2016-w02": "wang"}


# Loading


def test_it_loads_drafts_that_the_public_does_not_see(staff_client, client):
    response = load_year(staff_client)
    assert Achievement.objects.filter(award_year__year=2016, status="draft").count() == 5
    for code in ("2016-w01", "2016-w02"):
        assert code in said(response)
    visitor = Client()
    assert visitor.get("/achievements/2016-w01/").status_code == 404
    assert visitor.get("/years/2016/").status_code == 404
    assert visitor.get("/api/achievements/").json()["count"] == 20
    assert visitor.get("/api/achievements/?q=院落夜话").json()["results"] == []
    assert (
        visitor.get("/organizations/tai-cang-shi-sha-xi-zhen-ren-min-zheng-fu/").status_code == 404
    )


def test_it_tells_what_happened(staff_client, staff):
    response = load_year(staff_client)
    words = said(response)
    assert "已装入" in words
    assert "由 staff 装入" in words
    assert "成果 5 0 0" in words
    entry = Achievement.objects.get(code="2016-w01")
    link = reverse("admin:governance_achievement_change", args=[entry.pk])
    assert f'href="{link}"' in response.content.decode()
    assert newest().by == staff


def test_it_finds_nothing_to_do_the_second_time(staff_client):
    load_year(staff_client, **{"2016-w03-region": "320106:1999"})
    page = upload(staff_client)
    assert "无变化 5" in said(page)
    assert "同一份文件已另有记录" in said(page)
    # The record has chosen: the person need not do so again.
    assert form_data(page, "choices_form")["2016-w03-region"] == ["320106:1999"]
    choose(staff_client, load="1")
    assert newest().report["totals"]["created"] == newest().report["totals"]["changed"] == 0
    assert Achievement.objects.get(code="2016-w03").region.code == "320106"


def test_it_takes_no_region_away_when_nobody_chooses_one(staff_client):
    load_year(staff_client, **{"2016-w03-region": "320106:1999"})
    upload(staff_client, CORRECTED)
    choose(staff_client, load="1", **{"2016-w03-region": ""})
    assert Achievement.objects.get(code="2016-w03").region.code == "320106"


def test_it_adds_to_earlier_codings(staff_client):
    load_year(staff_client, **{"2016-w02-mechanisms": ["property-management"]})
    page = upload(staff_client, CORRECTED)
    assert "库中已有此标注" in card(page, "2016-w02")
    choose(staff_client, load="1", **{"2016-w02-mechanisms": ["party-leadership"]})
    codings = Coding.objects.filter(achievement__code="2016-w02")
    assert {one.mechanism.slug for one in codings} == {"property-management", "party-leadership"}
    for coding in codings:
        for span in coding.evidence.all():
            span.full_clean()


def test_it_shows_conflicts_field_by_field_and_keeps_what_staff_wrote(staff_client):
    load_year(staff_client)
    edit_title(staff_client, "2016-w02", "“红色物业”进社区")
    page = upload(staff_client, CORRECTED)
    words = card(page, "2016-w02")
    assert "有冲突" in words
    assert "标题 “红色物业”进小区 “红色物业”进万家 “红色物业”进社区" in words
    assert "有改动" in card(page, "2016-n01")
    assert "无变化" in card(page, "2016-n02")
    done = choose(staff_client, load="1")
    assert "“红色物业”进小区 “红色物业”进万家 “红色物业”进社区" in said(done)
    assert Achievement.objects.get(code="2016-w02").title == "“红色物业”进社区"
    assert Achievement.objects.get(code="2016-n01").summary.endswith("已有三千人参加。")


def test_it_keeps_a_published_entry_published(staff_client, publish):
    load_year(staff_client)
    publish(Achievement.objects.get(code="2016-w01"))
    load_year(staff_client, CORRECTED)
    assert Achievement.objects.get(code="2016-w01").status == "published"
    assert Client().get("/api/achievements/?year=2016").json()["count"] == 1


def test_it_says_that_another_has_loaded_it_meanwhile(staff_client):
    upload(staff_client)
    fields = form_data(staff_client.get(address()), "choices_form")
    choose(staff_client, load="1")
    late = staff_client.post(address(), fields | {"load": "1"}, follow=True)
    assert "这份文件已经不在待装入之列" in said(late)
    assert "这一年度的条目" in said(late)
    assert Load.objects.count() == 1


def test_it_says_that_the_database_was_busy_and_keeps_the_upload(staff_client, monkeypatch):
    upload(staff_client)
    sentence = "另有装入或编辑正在写数据库，等候已久；未作任何改动，请稍后再试。"
    with monkeypatch.context() as busy:
        busy.setattr(loading, "load", raising(loading.LoadError(sentence)))
        page = choose(staff_client, load="1", **{"2016-w03-region": "320106:1999"})
    assert sentence in said(page)
    assert newest().state == "pending"
    assert newest().choices["entries"]["2016-w03"]["region"] == "320106:1999"
    choose(staff_client, load="1")
    assert newest().state == "loaded"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OperationalError("disk is full"), "数据库或磁盘出错，未作任何改动"),
        (RuntimeError("夜话"), "出了意料之外的错误，未作任何改动"),
    ],
)
def test_it_says_that_something_else_failed(staff_client, monkeypatch, error, sentence):
    upload(staff_client)
    with monkeypatch.context() as failing:
        failing.setattr(loading, "load", raising(error))
        assert sentence in said(choose(staff_client, load="1"))
    assert newest().state == "pending"


def test_it_waits_for_work_that_goes_on(staff_client):
    upload(staff_client)
    fields = form_data(staff_client.get(address()), "choices_form")
    seen = []

    def job(progress):
        progress("写入 公告.txt", 1500, 3000)
        page = staff_client.get(address())
        seen.append(said(page))
        assert page["Refresh"] == "1"
        seen.append(said(staff_client.post(address(), fields | {"load": "1"}, follow=True)))
        staff_client.post(address(view="read"), {"year": 2017})

    assert background.start(newest().pk, job)
    assert "写入 公告.txt" in seen[0]
    assert "已处理 1500 行" in seen[0]
    assert "这份文件正在处理" in seen[1]
    assert (newest().state, newest().year, newest().choices) == ("pending", 2016, None)

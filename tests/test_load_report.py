"""The report of a load, for a person: labels instead of names, entries apart from rows, the public first."""

import re

import pytest

from governance import loading
from governance.admin.loading.reports import ShownDetail
from governance.loading.report import COUNTED, MARKS, Detail, details_of
from governance.models import Achievement
from governance.readable_yaml import dump

from .helpers.corrections import ADDED, FIRST, SECOND, THIRD, load_list, publish
from .helpers.loads import LIST, file, newest, upload
from .helpers.loads import said as said_by
from .helpers.years import SUMMARY, TITLE_2, WORDS, changed, load, without, year

pytestmark = pytest.mark.django_db

W01 = {"code": "2016-w01"}


@pytest.fixture
def loaded():
    return load(year())


def said(report):
    return "\n".join(report.lines())


def test_it_says_which_public_entries_change():
    load_list(FIRST, SECOND, THIRD)
    publish("2010-w01", "2010-w02")
    report = load_list((*FIRST[:2], "江干区普遍建立议事制度。"), SECOND, (*THIRD[:2], "居民议事。"))
    assert report.published == report.as_json()["published"] == ["2010-w01"]
    assert "其中 1 项成果已公开，公开页随之改变：2010-w01" in said(report)
    assert loading.undo(report.load).published == ["2010-w01"]


def test_it_says_that_an_entry_becomes_public(loaded):
    report = load(changed(year(), "achievement", W01, status="published"), dry_run=True)
    assert report.published == ["2016-w01"]


def test_it_counts_a_part_as_a_change_of_its_public_entry(loaded):
    Achievement.objects.filter(code="2016-w01").update(status="published")
    report = load(without(year(), "coding", mechanism=["self-governance"]))
    assert report.published == ["2016-w01"]
    assert load(year()).published == ["2016-w01"]
    assert load(year()).published == []


def test_it_counts_entries_apart_from_rows():
    load_list(FIRST, SECOND, THIRD)
    Achievement.objects.filter(code="2010-w03").update(summary="我写的。", summary_offset=None)
    report = load_list(
        (*FIRST[:2], "江干区普遍建立议事制度。"), SECOND, (*THIRD[:2], "居民议事。"), ADDED
    )
    assert report.marks == {
        "2010-w01": "changed",
        "2010-w02": "unchanged",
        "2010-w03": "conflict",
        "2010-w04": "new",
    }
    assert report.as_json()["entries"] == report.entries
    assert sum(report.entries.values()) == 4
    assert report.counts["governance.achievement"]["changed"] == 3
    assert (
        "成果逐项计，连同机构与标注：无变化 1 项，有改动 1 项，新增 1 项，有冲突 1 项\n"
        "  逐行计，只移动了原文位置的也算更改："
    ) in said(report)


def test_it_shows_labels_and_names(loaded):
    objects = changed(year(), "achievement", W01, status="in_review", region=["310117", 1999])
    objects = without(without(objects, "evidence"), "coding", mechanism=["deliberation"])
    report = load(objects)
    lines = said(report)
    title = "成果 2016-w01 “院落夜话”议事项目"
    assert f"{title} · 状态：由 草稿 改为 待审" in lines
    assert f"{title} · 地区：由 江苏省苏州市太仓市 320585 改为 上海市松江区 310117" in lines
    assert "机制标注 2016-w01 “院落夜话”议事项目 · 协商议事：删除" in lines
    assert f"依据 2016-w01 “院落夜话”议事项目 · 协商议事 · 简介“{WORDS}”：删除" in lines
    undone = said(loading.undo(report.load))
    assert f"{title} · 状态：由 待审 恢复为 草稿" in undone
    assert f"{title} · 地区：由 上海市松江区 310117 恢复为 江苏省苏州市太仓市 320585" in undone
    assert not any(word in lines + undone for word in ("draft", "in_review", "deliberation"))


def test_it_shows_a_long_text_where_it_changed(loaded):
    text = SUMMARY * 5
    objects = changed(year(), "achievement", W01, summary=text, summary_offset=None)
    load(without(without(objects, "evidence"), "coding"))
    objects = changed(objects, "achievement", W01, summary=text + "完。")
    (line,) = [
        one
        for one in load(without(without(objects, "evidence"), "coding")).lines()
        if "简介" in one
    ]
    assert line.endswith("逐项商定公共事务。完。”")
    assert len(line) < 120


@pytest.mark.usefixtures("loaded", "work_at_once")
def test_terminal_page_and_json_say_the_same_of_one_load(staff_client):
    """Words lose a character, a title another, and staff have written a summary meanwhile."""
    Achievement.objects.filter(code="2016-w02").update(summary="我写的。", summary_offset=None)
    publish("2016-w01")
    end = SUMMARY.index(WORDS) + len(WORDS)
    objects = changed(year(), "evidence", text=WORDS[:-1], end=end - 1)
    w02 = {"code": "2016-w02"}
    objects = changed(objects, "achievement", w02, title=TITLE_2[:-1], title_offset=None)
    objects = changed(objects, "achievement", w02, summary="他写的。", summary_offset=None)

    report = load(objects, dry_run=True)
    page = upload(staff_client, text="", year="", file=file(dump(objects), "2016.yaml"))
    terminal, words, json = said(report), said_by(page), newest().report

    fields = [("2016-w01", "text"), ("2016-w02", "title"), ("2016-w02", "summary")]
    kept = details_of(json)
    assert sorted((one.code, one.field) for one in kept) == sorted(fields)
    assert len(re.findall("^  - (?!另有)", terminal, re.M)) == len(fields)
    assert page.content.decode().count('<tr class="load-c') == len(fields)
    assert "另有 2 处原文位置或拼音随之改变" in terminal
    assert not any(f" {word} " in terminal + words for word in ("止", "拼音", "标题位置"))

    assert newest().parsed["marks"] == report.marks
    assert (
        json["entries"]
        == report.entries
        == dict.fromkeys(MARKS, 0)
        | {
            "changed": 1,
            "conflict": 1,
        }
    )
    assert "：有改动 1 项，有冲突 1 项" in terminal
    assert "有改动 1 有冲突 1" in words
    assert json["published"] == report.published == ["2016-w01"]
    assert "其中 1 项成果已公开，公开页随之改变：2016-w01" in terminal
    assert "有 1 项已经发布，装入后公众立即看到改动： 2016-w01" in words
    totals = report.as_json()["totals"]
    assert json["totals"] == totals
    counted = " · ".join(
        f"{label} {totals[name]}" for name, (label, _sentence) in COUNTED.items() if totals[name]
    )
    assert counted in said_by(staff_client.get(LIST))


def test_it_does_not_call_public_what_only_goes_to_review(loaded):
    report = load(changed(year(), "achievement", W01, status="in_review"), dry_run=True)
    assert report.published == []


def test_the_page_shows_a_report_of_a_column_that_is_gone():
    detail = Detail("changed", "governance.achievement", ("2016-w01",), "medal", None, "A", "B")
    shown = ShownDetail(detail, columns=2)
    assert (shown.field, shown.values) == ("medal", ["B", "A"])

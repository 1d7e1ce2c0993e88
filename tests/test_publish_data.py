"""`manage.py publish_data`: a version that is kept, or nothing at all."""

import sqlite3
from datetime import date

import pytest
from django.core.management import CommandError

from governance import index
from governance.models import Achievement
from governance.publishing import take_back
from showcase.data.packages import making
from showcase.data.packages.versions import latest, versions

from .helpers.packages import everything, lines, newest, retitle

pytestmark = pytest.mark.django_db


def test_it_says_that_nothing_changed_and_alters_nothing(publish_data, published):
    publish_data()
    before = everything(published)
    assert (
        publish_data()
        == f"公开记录没有变化，仍是版本 {newest(published).name}（{date.today()} 发布）。"
    )
    assert everything(published) == before


def test_a_record_that_comes_back_has_its_version_again(publish_data, published):
    title = Achievement.objects.get(code="2015-w01").title_en
    publish_data()
    first, before = newest(published), everything(newest(published))
    retitle("2015-w01", "Another title")
    publish_data()
    assert newest(published) != first
    assert [version.name for version in versions()] == [newest(published).name, first.name]
    retitle("2015-w01", title)
    assert "没有变化" in publish_data()
    assert newest(published) == first
    assert latest().name == first.name
    assert everything(first) == before


def test_it_says_what_changed_since_the_version_before(publish_data, published, draft, publish):
    publish_data()
    first = newest(published)
    assert "第一个版本" in (first / "CHANGES.md").read_text(encoding="utf-8")
    publish(draft)
    take_back([Achievement.objects.get(code="2015-w02").pk], "评选单位要求撤下。")
    retitle("2015-w01", "Another title")
    publish_data()
    said = (newest(published) / "CHANGES.md").read_text(encoding="utf-8")
    assert f"与上一版本 {first.name} 相比" in said
    added, taken, changed = said.split("\n## ")[1:]
    assert added.splitlines()[2:] == ["- 2015-w12 江苏省太仓市沙溪镇“院落夜话”议事项目"]
    assert taken.splitlines()[2:] == ["- 2015-w02 评选单位要求撤下。"]
    assert changed.splitlines()[2:] == ["- 2015-w01 “政社互动”开创社会治理新格局: `title_en`"]


def test_a_version_is_withdrawn_and_its_reason_stays(publish_data, published):
    publish_data()
    first = newest(published).name
    retitle("2015-w01", "Another title")
    publish_data()
    second = newest(published).name
    said = publish_data("--withdraw", second, "--reason", "含有不应公开的\n姓名。")
    assert said == f"版本 {second} 已撤下：含有不应公开的 姓名。"
    assert [path.name for path in (published / second).iterdir()] == ["published.json"]
    gone = versions()[0]
    assert (gone.name, gone.withdrawn, gone.reason) == (
        second,
        date.today(),
        "含有不应公开的 姓名。",
    )
    assert newest(published).name == first
    with pytest.raises(CommandError, match="已撤下（含有不应公开的 姓名。），不再发布"):
        publish_data()
    with pytest.raises(CommandError, match="早已撤下"):
        publish_data("--withdraw", second, "--reason", "又一次")
    with pytest.raises(CommandError, match=f"没有版本 ../{first}；有：{first}。"):
        publish_data("--withdraw", f"../{first}", "--reason", "路径")
    with pytest.raises(CommandError, match="同时写"):
        publish_data("--withdraw", first, "--reason", " ")
    publish_data("--withdraw", first, "--reason", "全部撤下")
    assert latest() is None
    assert not (published / "latest").exists()


def test_what_a_killed_withdrawal_left_goes_with_the_next_run(publish_data, published, monkeypatch):
    publish_data()
    first = newest(published)
    monkeypatch.setattr(making, "_empty", killed(making._empty))
    with pytest.raises(SystemExit):
        publish_data("--withdraw", first.name, "--reason", "撤下")
    assert (first / "records.jsonl").exists()
    monkeypatch.undo()
    retitle("2015-w01", "Another title")
    publish_data()
    assert [path.name for path in first.iterdir()] == ["published.json"]


def killed(empty):
    """As if the process ended when it begins to take a version's files away."""

    def stop(place, but=""):
        if but:
            raise SystemExit
        empty(place)

    return stop


@pytest.mark.parametrize("number", [0, 5, 11, 13, 17, 18])
def test_a_full_disk_leaves_no_folder_and_exits_with_a_sentence(
    publish_data, published, monkeypatch, number
):
    publish_data()
    before = everything(published)
    retitle("2015-w01", "Another title")
    left = iter([*range(number), OSError(28, "No space left on device")])

    def sync(_file):
        if isinstance(error := next(left), OSError):
            raise error

    monkeypatch.setattr(making.os, "fsync", sync)
    with pytest.raises(CommandError, match=r"未能发布，先前的版本都没有动.*No space left"):
        publish_data()
    assert everything(published) == before
    assert not list((published.parent / "publishing").iterdir())
    monkeypatch.undo()
    assert "发布了版本" in publish_data()


def test_a_database_that_cannot_be_written_is_told_as_a_full_disk(
    publish_data, published, monkeypatch
):
    def full(*_arguments):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(making, "insert", full)
    with pytest.raises(CommandError, match=r"未能发布.*disk is full"):
        publish_data()
    assert not list(published.iterdir())


def test_what_a_killed_run_left_is_swept(publish_data, published):
    left = published.parent / "publishing" / "0.1.0-000000000000"
    left.mkdir(parents=True)
    (left / "records.jsonl").write_text("{}")
    publish_data()
    assert not left.exists()
    assert len(versions()) == 1


def test_of_two_at_once_one_says_so(publish_data, published):
    with (
        making._alone("%(error)s"),
        pytest.raises(CommandError, match="另一个 publish_data 正在进行"),
    ):
        publish_data()
    assert not published.exists() or not list(published.iterdir())
    assert "发布了版本" in publish_data()


def test_it_is_made_anew_when_the_record_changes_meanwhile(publish_data, published, monkeypatch):
    tries = []

    def changing(*arguments):
        made = making_one(*arguments)
        if len(tries) < 2:
            retitle("2015-w01", f"Title {len(tries)}")
        tries.append(made.name)
        return made

    making_one = making._make
    monkeypatch.setattr(making, "_make", changing)
    publish_data()
    assert len(set(tries)) == 3
    assert [version.name for version in versions()] == tries[2:]
    assert lines(newest(published))[0]["title_en"] == "Title 1"
    tries.clear()
    monkeypatch.setattr(making, "TRIES", 2)
    retitle("2015-w03", "Another title")
    with pytest.raises(CommandError, match="一再改动"):
        publish_data()
    assert len(versions()) == 1


def test_without_anything_public_nothing_is_published(publish_data, published):
    Achievement.objects.update(status="draft")
    index.rebuild()
    with pytest.raises(CommandError, match="没有公开的成果"):
        publish_data()
    assert not list(published.iterdir())

"""What a load may publish or change, by who loads it."""

import pytest

from governance import loading
from governance.changes import recording
from governance.models import Achievement, Change, Load, LoadState, Publication
from governance.publishing import move
from governance.readable_yaml import dump

from .helpers.loads import address, file, newest, said, upload
from .helpers.years import changed, source, year
from .test_admin_achievement import everything
from .test_who_may_what import person, signed_in

pytestmark = pytest.mark.django_db

PUBLIC = changed(year(), "achievement", status="published")
CORRECTED = changed(PUBLIC, "achievement", short_name="夜话")


@pytest.fixture
def loader():
    return person("loader", "loader")


@pytest.fixture
def reviewer():
    return person("reviewer", "reviewer")


def load(objects, **options):
    (report,) = loading.load([source(objects)], **options)
    return report


def statuses():
    rows = Achievement.objects.filter(award_year__year=2016)
    return set(rows.values_list("status", flat=True))


def test_it_makes_drafts_for_who_may_not_publish(loader):
    report = load(PUBLIC, by=loader)
    assert statuses() == {"draft"}
    assert not Publication.objects.filter(code__startswith="2016").exists()
    assert "没有随装入发布" in "\n".join(report.lines())
    # Said once more, it publishes as little.
    load(PUBLIC, by=loader)
    assert statuses() == {"draft"}


def test_it_publishes_no_draft_that_is_there(loader):
    load(year())
    load(PUBLIC, by=loader)
    assert statuses() == {"draft"}
    load(changed(PUBLIC, "achievement", short_name="夜话"))
    assert statuses() == {"draft"}


def test_it_publishes_from_the_command_line():
    load(PUBLIC)
    assert statuses() == {"published"}
    assert Change.objects.first().reason == ""


def test_it_publishes_for_the_only_one_who_may(reviewer):
    load(PUBLIC, by=reviewer)
    assert statuses() == {"published"}
    said = "只有一人有发布权限：发布者也是最后改动的人。"
    assert Change.objects.first().reason == said
    # Of what was public before, nobody else need have seen more.
    load(CORRECTED, by=reviewer)
    assert Change.objects.first().reason == ""


def test_it_makes_drafts_where_another_could_publish(reviewer):
    other = person("other", "reviewer")
    load(PUBLIC, by=reviewer)
    assert statuses() == {"draft"}
    entry = Achievement.objects.get(code="2016-w01")
    assert move("publish", [entry.pk], by=reviewer).refused
    assert move("publish", [entry.pk], by=other).done == [entry]


@pytest.mark.parametrize("objects", [CORRECTED, changed(PUBLIC, "coding", weight="secondary")])
def test_it_changes_nothing_public_for_who_may_not(loader, objects):
    load(PUBLIC)
    before = [*everything(), Change.objects.count(), Load.objects.count()]
    with pytest.raises(loading.LoadError, match="须由有发布权限的人"):
        load(objects, by=loader)
    assert [*everything(), Change.objects.count(), Load.objects.count()] == before
    assert load(objects, by=loader, dry_run=True).published


def test_it_undoes_nothing_public_for_who_may_not(loader, reviewer):
    pk = load(PUBLIC).load
    before = everything()
    with pytest.raises(loading.LoadError, match="须由有发布权限的人"):
        loading.undo(pk, by=loader)
    assert everything() == before
    loading.undo(pk, by=reviewer)
    assert statuses() == {"draft"}


def test_it_undoes_drafts_for_the_loader(loader):
    report = load(year(), by=loader)
    loading.undo(report.load, by=loader)
    assert statuses() == set()


def test_it_restores_nothing_public_for_who_may_not(loader, reviewer):
    load(PUBLIC)
    entry = Achievement.objects.get(code="2016-w01")
    number = Change.objects.latest("pk").pk
    with recording({entry.pk}):
        Achievement.objects.filter(pk=entry.pk).update(title_en="Wrong")
    before = everything()
    with pytest.raises(loading.LoadError, match="须由有发布权限的人"):
        loading.restore_entry(entry.pk, number, by=loader)
    assert everything() == before
    assert loading.restore_entry(entry.pk, number, by=reviewer).part


@pytest.mark.usefixtures("work_at_once")
def test_it_leaves_the_load_pending_for_who_may(loader, reviewer):
    load(PUBLIC)
    before = everything()
    client = signed_in(loader)
    content = file(dump(CORRECTED).encode(), "2016.yaml")
    asked = upload(client, "", None, file=content)
    assert "会改动 2 项已公开的成果，须由有发布权限的人装入" in said(asked)
    assert 'name="load"' not in asked.content.decode()
    assert "装入，2 项公众立即看到" in said(signed_in(reviewer).get(address()))
    page = client.post(address(), {"load": "1"}, follow=True)
    assert "须由有发布权限的人装入" in said(page)
    assert newest().state == LoadState.PENDING
    assert everything() == before
    signed_in(reviewer).post(address(), {"load": "1"}, follow=True)
    assert newest().state == LoadState.LOADED
    assert Achievement.objects.get(code="2016-w01").short_name == "夜话"


@pytest.mark.usefixtures("work_at_once")
def test_it_promises_the_loader_drafts_and_makes_them(loader):
    client = signed_in(loader)
    page = upload(client, "", None, file=file(dump(PUBLIC).encode(), "2016.yaml"))
    assert "装入为草稿" in said(page)
    assert "公众" not in said(page)
    done = client.post(address(), {"load": "1"}, follow=True)
    assert statuses() == {"draft"}
    assert "新条目中有 2 项还没有发布，公众看不到" in said(done)
    assert "公众已能看到" not in said(done)

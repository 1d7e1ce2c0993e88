"""What is unpublished vanishes at once, even behind the index; what nobody sees changes nothing."""

import pytest
from django.db import connection
from django.test import Client

from governance import index
from governance.index import triggers
from governance.models import Achievement, AwardYear, IndexState, Mechanism, Organization, Region
from showcase import answers

from .helpers.years import award_year

pytestmark = pytest.mark.django_db

ENTRY = "/achievements/2015-w01/"
LIST = "/achievements/?q=政社互动"
API = "/api/achievements/2015-w01/"
TABLE = Achievement._meta.db_table


@pytest.fixture(autouse=True)
def nothing_kept():
    """Instead of the fixture of that name: here answers are kept."""


def sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def version():
    return IndexState.objects.get().version


@pytest.mark.parametrize(
    "unpublish",
    [
        lambda rows: rows.update(status="draft"),
        lambda rows: rows.update(status="in_review", summary="x"),
        lambda rows: sql(f"UPDATE {TABLE} SET status = 'draft' WHERE code = '2015-w01'"),
        lambda rows: sql(f"UPDATE {TABLE} SET status = 'draft'"),
        lambda rows: Achievement.objects.bulk_update(
            [Achievement(pk=row.pk, status="draft") for row in rows], ["status"]
        ),
        lambda rows: rows.delete(),
    ],
)
def test_it_is_gone_from_the_next_answer_of_every_worker(unpublish):
    workers, etags = [Client(), Client()], {}
    for worker in workers:
        for address in (ENTRY, LIST, API):
            etags[address] = worker.get(address)["ETag"]
            assert "政社互动" in worker.get(address).content.decode()
    unpublish(Achievement.objects.filter(code="2015-w01"))
    for worker in workers:
        for copy in ({}, *({"If-None-Match": etag} for etag in etags.values())):
            assert worker.get(ENTRY, headers=copy).status_code == 410
            assert worker.get(API, headers=copy).status_code == 410
            found = worker.get(LIST, headers=copy)
            assert (found.status_code, ENTRY in found.content.decode()) == (200, False)


def test_what_is_published_behind_the_index_moves_the_version_too(draft):
    before = version()
    Achievement.objects.filter(pk=draft.pk).update(status="published")
    assert before != version() >= 0


def test_each_time_it_is_another_version(draft):
    seen, rows = {version()}, Achievement.objects.filter(pk=draft.pk)
    for status in ["published", "draft"] * 20:
        rows.update(status=status)
        seen.add(version())
    assert len(seen) == 41
    assert max(seen) < 2**62


def test_nothing_else_moves_it(draft):
    before, public = version(), Achievement.objects.filter(code="2015-w02")
    Achievement.objects.filter(pk=draft.pk).update(status="in_review")
    Achievement.objects.filter(pk=draft.pk).update(title="另一个标题")
    public.update(status="published")
    sql(f"UPDATE {TABLE} SET rank = rank WHERE status = 'published'")
    draft.delete()
    assert version() == before


def test_the_triggers_are_there_after_all_migrations():
    """A migration that alters either table on SQLite makes them again: see `_triggers`."""
    names = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(names)
        found = dict(cursor.fetchall())
    assert set(found) == set(triggers.SQLITE)
    if connection.vendor == "sqlite":
        assert {name: sql.split() for name, sql in found.items()} == {
            name: sql.split() for name, sql in triggers.SQLITE.items()
        }


def test_they_can_be_dropped_and_made_again(draft):
    rows, before = Achievement.objects.filter(pk=draft.pk), version()
    triggers.drop(connection)
    rows.update(status="published")
    assert version() == before
    triggers.create(connection)
    rows.update(status="draft")
    assert version() != before


def etags(client):
    addresses = (
        "/",
        "/achievements/",
        "/regions/",
        "/about/",
        "/organizations/",
        "/api/achievements/",
    )
    return [client.get(address)["ETag"] for address in addresses]


def edited(row):
    """What the admin does after saving `row`."""
    index.update(index.touched_by(row), named=index.is_named(row))


def test_the_edit_of_a_draft_changes_no_public_etag(client, draft):
    before = etags(client)
    draft.title = "又一个标题"
    draft.save()
    edited(draft)
    organization = draft.organizations.get()
    organization.short_name = "沙溪"
    organization.save()
    edited(organization)
    evidence = draft.codings.get()
    evidence.weight = "secondary"
    evidence.save()
    edited(evidence)
    year = award_year(2016)
    edited(year)
    assert etags(client) == before


@pytest.mark.parametrize(
    "row",
    [
        lambda: Achievement.objects.get(code="2015-w01"),
        lambda: Achievement.objects.get(code="2015-w01").codings.first(),
        lambda: Organization.objects.published().first(),
        lambda: AwardYear.objects.get(year=2015),
        lambda: Mechanism.objects.filter(codings=None).first() or Mechanism.objects.first(),
        lambda: Region.objects.filter(achievements=None).first(),
    ],
)
def test_what_the_public_sees_or_finds_by_its_name_changes_every_etag(client, row):
    before = etags(client)
    edited(row())
    assert not set(before) & set(etags(client))


def test_a_renamed_region_is_found_by_its_new_name_at_once(client, taicang):
    client.get("/achievements/?q=娄东新市")
    taicang.name = "娄东新市"
    taicang.save()
    edited(taicang)
    assert ENTRY in client.get("/achievements/?q=娄东新市").content.decode()


def test_the_admin_says_what_it_deletes(staff_client, draft):
    mechanism = Mechanism.objects.create(
        slug="new", name="新机制", field="system", definition="x", definition_en="x"
    )
    before = version()
    for row in (draft, mechanism):
        assert version() == before
        address = f"/admin/governance/{row._meta.model_name}/{row.pk}/delete/"
        assert staff_client.post(address, {"post": "yes"}).status_code == 302
    assert version() != before


def test_answers_are_kept_in_these_tests():
    assert answers.MOST > 0

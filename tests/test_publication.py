"""Since when an entry is public, and when its record last changed, on every face that says so."""

import re
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from governance import index, loading, publishing
from governance.models import Achievement, AwardYear, IndexState, Load, Organization, Publication

from .helpers.pages import Page
from .helpers.years import changed, edit, load, year
from .test_engines import SITEMAP, read
from .test_heads import Head

pytestmark = pytest.mark.django_db

GIVEN = date(2026, 11, 26)
PUBLIC = changed(year(), "achievement", status="published")


@pytest.fixture
def today(monkeypatch):
    """Sets the day."""

    def today(*day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(*day))

    return today


def days(code):
    return Publication.objects.values_list("first_published", "modified").get(code=code)


def test_a_new_installation_has_the_day_that_the_fixture_of_the_year_gives():
    found = Publication.objects.values_list("first_published", "modified", "withdrawn", "reason")
    assert set(found) == {(GIVEN, GIVEN, None, "")}
    assert set(Publication.objects.values_list("code", "title")) == set(
        Achievement.objects.published().values_list("code", "title")
    )


def test_an_entry_is_public_since_the_day_of_its_publishing(draft, publish, today):
    today(2027, 3, 1)
    publish(draft)
    assert days(draft.code) == (date(2027, 3, 1), date(2027, 3, 1))
    today(2027, 4, 1)
    edit(draft, summary=draft.summary + "改。")
    assert days(draft.code) == (date(2027, 3, 1), date(2027, 4, 1))
    assert days("2015-w01") == (GIVEN, GIVEN)


def test_what_an_entry_names_is_its_own_record_too(today):
    today(2027, 4, 1)
    edit(Organization.objects.get(name="太仓市人民政府"), short_name="太仓市府")
    assert days("2015-w01") == (GIVEN, date(2027, 4, 1))
    assert days("2015-w02") == (GIVEN, GIVEN)


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_a_draft_has_no_days(draft, status):
    edit(draft, status=status, title="又一个标题")
    assert not Publication.objects.filter(code=draft.code).exists()


def test_an_edit_that_changes_no_record_modifies_nothing(today):
    today(2027, 4, 1)
    entry = Achievement.objects.get(code="2015-w01")
    edit(entry)
    edit(entry, pinyin="a")
    assert days("2015-w01") == (GIVEN, GIVEN)


def test_a_place_in_the_announcement_that_others_have_moved_modifies_nothing(today):
    entry = Achievement.objects.get(code="2015-w05")
    before = Publication.objects.get(code=entry.code).digest
    today(2027, 4, 1)
    edit(entry, title_offset=entry.title_offset + 1)
    assert Publication.objects.get(code=entry.code).digest != before
    assert days("2015-w05") == (GIVEN, GIVEN)
    # It is not found there any more.
    edit(entry, title_offset=None)
    assert days("2015-w05") == (GIVEN, date(2027, 4, 1))


def test_a_rebuild_changes_no_day(today):
    before = list(Publication.objects.values())
    today(2027, 4, 1)
    index.rebuild()
    assert list(Publication.objects.values()) == before


def test_a_rebuild_finds_what_sql_has_changed(today):
    today(2027, 4, 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE governance_achievement SET title_en = 'x' WHERE code = '2015-w01'")
    index.rebuild()
    assert days("2015-w01") == (GIVEN, date(2027, 4, 1))
    assert days("2015-w02") == (GIVEN, GIVEN)


def test_another_shape_of_all_records_renews_digests_and_modifies_nothing(today):
    before = dict(Publication.objects.values_list("code", "digest"))
    Publication.objects.update(digest="0" * 31 + "1")
    IndexState.objects.update(shape=1)
    today(2027, 4, 1)
    index.rebuild()
    assert dict(Publication.objects.values_list("code", "digest")) == before
    assert days("2015-w01") == (GIVEN, GIVEN)


def test_the_first_entries_of_a_year_came_on_the_day_that_it_gives_and_later_ones_did_not(today):
    today(2028, 1, 1)
    given = changed(PUBLIC, "awardyear", first_published=date(2027, 6, 1))
    load(changed(given, "achievement", {"code": "2016-w02"}, status="draft"))
    assert days("2016-w01") == (date(2027, 6, 1), date(2027, 6, 1))
    edit(Achievement.objects.get(code="2016-w02"), status="published")
    assert days("2016-w02") == (date(2028, 1, 1), date(2028, 1, 1))


def test_undoing_leaves_the_row_and_loading_again_the_first_day(today):
    today(2027, 3, 1)
    first = load(PUBLIC)
    today(2027, 4, 1)
    loading.undo(first.load)
    gone = Publication.objects.get(code="2016-w01")
    assert (gone.first_published, gone.withdrawn) == (date(2027, 3, 1), date(2027, 4, 1))
    today(2027, 5, 1)
    load(PUBLIC)
    back = Publication.objects.get(code="2016-w01")
    assert (back.first_published, back.withdrawn) == (date(2027, 3, 1), None)


def test_it_is_in_no_dump():
    text = loading.dump_year(2015)
    assert "publication" not in text
    assert text.count("first_published") == 1


def test_a_site_of_before_knows_the_load_that_published_an_entry(draft, publish, today):
    migration = import_module("governance.migrations.0014_publication")
    publish(draft)
    report = load(PUBLIC)
    load(changed(PUBLIC, "achievement", short_name="夜话"))
    # In Shanghai the next day.
    Load.objects.filter(pk=report.load).update(loaded_at=datetime(2025, 3, 4, 20, tzinfo=UTC))
    staff = Achievement.objects.get(code="2016-w02")
    staff.pk, staff.code, staff.rank = None, "2016-w03", 3
    staff.save()
    Publication.objects.all().delete()
    today(2027, 4, 1)
    migration.note_what_is_public(apps, None)
    assert days("2015-w01") == days(draft.code) == (GIVEN, GIVEN)
    assert days("2016-w01") == (date(2025, 3, 5), date(2025, 3, 5))
    assert days("2016-w03") == (date(2027, 4, 1), date(2027, 4, 1))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_says_both_days_to_people_and_machines(client, today, prefix):
    address = f"{prefix}/achievements/2015-w01/"
    assert Page(client, address).html.count("2026-11-26") > 1
    today(2027, 4, 1)
    edit(Achievement.objects.get(code="2015-w01"), short_name="互动")
    page, node = Page(client, address), Head(client, address).data["@graph"][0]
    assert (node["datePublished"], node["dateModified"]) == ("2026-11-26", "2027-04-01")
    said = {
        "": "2026-11-26 首次公开，2027-04-01 最近修订",
        "/en": "first published 2026-11-26; last changed 2027-04-01",
    }
    assert said[prefix] in page.html
    dates = {"": "（2027-04-01）[2027-04-01]. http", "/en": "(2027-04-01)[2027-04-01]. http"}
    assert dates[prefix] in page.response.context_data["citation"]


def test_the_api_gives_both_days_of_one_and_of_many(client, today, django_assert_max_num_queries):
    today(2027, 4, 1)
    edit(Achievement.objects.get(code="2015-w01"), short_name="互动")
    client.get("/api/achievements/")
    with django_assert_max_num_queries(4):
        found = client.get("/api/achievements/").json()["results"]
    one = client.get("/api/achievements/2015-w01/").json()
    assert found[0] == one
    assert (one["first_published"], one["modified"]) == ("2026-11-26", "2027-04-01")
    assert (found[1]["first_published"], found[1]["modified"]) == ("2026-11-26", "2026-11-26")


def test_the_sitemap_says_when_an_entry_last_changed(client, today):
    today(2027, 4, 1)
    edit(Achievement.objects.get(code="2015-w01"), short_name="互动")
    urls = read(client, "/sitemap-achievements.xml")
    found = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in urls}
    assert found["http://testserver/achievements/2015-w01/"] == "2027-04-01"
    assert found["http://testserver/en/achievements/2015-w02/"] == "2026-11-26"


def test_an_entry_without_a_row_is_shown_all_the_same(client):
    Publication.objects.all().delete()
    assert client.get("/api/achievements/2015-w01/").json()["modified"] is None
    assert "首次公开" not in Page(client, "/achievements/2015-w01/").html


def test_the_day_of_a_year_can_be_given_in_the_admin(staff_client):
    row = AwardYear.objects.get(year=2015)
    page = staff_client.get(f"/admin/governance/awardyear/{row.pk}/change/").content.decode()
    assert 'name="first_published"' in page


def test_changes_and_withdrawals_come_in_the_order_of_their_days(today):
    today(2027, 3, 1)
    edit(Achievement.objects.get(code="2015-w09"), title_en="Another")
    entry = Achievement.objects.get(code="2015-w04")
    publishing.take_back([entry.pk], "信息有误。")
    found = list(Publication.objects.by_day().values_list("day", "code"))
    codes = sorted(Publication.objects.values_list("code", flat=True))
    rest = [code for code in codes if code not in ("2015-w04", "2015-w09")]
    last = [(date(2027, 3, 1), code) for code in ("2015-w04", "2015-w09")]
    assert found == [*((GIVEN, code) for code in rest), *last]


def test_the_order_of_days_is_read_off_an_index():
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    later = Publication.objects.by_day().filter(day__gte=GIVEN, code__gt="2015-w01")
    sql, parameters = later.query.sql_with_params()
    with connection.cursor() as cursor:
        # Twenty rows PostgreSQL would rather sort.
        if connection.vendor == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"{explain} {sql}", parameters)
        plan = str(cursor.fetchall())
    assert "publication_by_day" in plan
    assert not re.search("sort|temp b-tree", plan, re.IGNORECASE)

"""An edit writes what it changes, and may come while a question is being answered."""

from datetime import date
from operator import itemgetter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import index
from governance.index import reading
from governance.models import AwardYear, Organization

pytestmark = pytest.mark.django_db


def test_an_entry_that_did_not_change_is_not_written_again(draft, publish):
    publish(draft)
    with CaptureQueriesContext(connection) as asked:
        index.update([draft.pk])
    written = [sql for sql in map(itemgetter("sql"), asked) if sql.startswith(("INSERT", "DELETE"))]
    assert written == []


def test_an_edit_amid_a_question_is_no_error(draft, publish, monkeypatch):
    monkeypatch.setattr(reading, "SPARSE", 0)
    winners = index.select(tier=["winner"])
    assert len(winners) == 11
    # Now the organization has its first entry, of which this question knows nothing yet.
    publish(draft)
    assert "shaxi-zhen-zhengfu" not in winners.counts("organization")


@pytest.mark.parametrize("sort", ["-year", "year", "region", "title", "-modified"])
def test_an_entry_that_goes_amid_a_question_is_no_error(draft, publish, sort):
    publish(draft)
    alone = index.select(sort=sort, organization=["shaxi-zhen-zhengfu"])
    record = index.record(draft.code)
    assert alone.count() == 1
    publish(draft, "draft")
    assert alone.neighbours(record) == [None, None]


def test_nothing_is_looked_for_among_all_that_is_published():
    """Nobody runs ANALYZE on a new SQLite, which then takes the index on statuses for a good one."""
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with CaptureQueriesContext(connection) as asked:
        assert index.select()[:20]
        assert index.select("协商").cards[:20]
        assert index.record("2015-w01")
        assert Organization.objects.published().exists()
        assert Organization.objects.of_entries(index.select().numbers)[:1]
        assert AwardYear.objects.published().exists()
        assert index.select(modified_since=date(2026, 1, 1), sort="-modified")[:20]
    plans = []
    for question in map(itemgetter("sql"), asked):
        if "governance_achievement" in question:
            with connection.cursor() as cursor:
                cursor.execute(f"{explain} {question}")
                plans.append(str(cursor.fetchall()))
    assert len(plans) >= 7
    assert not [plan for plan in plans if "governance_achievement_status" in plan]

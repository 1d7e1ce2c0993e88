"""An edit writes what it changes, and may come while a question is being answered."""

from operator import itemgetter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import index
from governance.index import reading

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


@pytest.mark.parametrize("sort", ["-year", "year", "region", "title"])
def test_an_entry_that_goes_amid_a_question_is_no_error(draft, publish, sort):
    publish(draft)
    alone = index.select(sort=sort, organization=["shaxi-zhen-zhengfu"])
    record = index.record(draft.code)
    assert alone.count() == 1
    publish(draft, "draft")
    assert alone.neighbours(record) == [None, None]

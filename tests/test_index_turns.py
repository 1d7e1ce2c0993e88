"""Who writes the index: one after the other, each making a version that was never there."""

from threading import Event, Thread
from time import sleep

import pytest
from django.db import connection, transaction

from governance import index
from governance.models import Achievement, IndexState

from .test_index_building import assert_as_made_anew, change, taken_back


@pytest.mark.django_db
def test_every_update_makes_a_version_that_was_never_there():
    versions = [version()]
    with taken_back():
        index.update([], named=True)
        versions.append(version())
    assert version() == versions[0]
    for _ in range(3):
        index.update([], named=True)
        versions.append(version())
    assert len(set(versions)) == len(versions)


def version():
    return IndexState.objects.get().version


def test_two_who_write_take_turns(django_db_setup, django_db_blocker):
    """The second reads the postings only when the first has written them: no number is lost."""
    codes = ["2015-w01", "2015-w02"]
    written = Event()

    def rename(code, then=lambda: None):
        with transaction.atomic():
            entry = Achievement.objects.get(code=code)
            entry.title += "轮流"
            entry.save()
            index.update([entry.pk])
            then()

    def first():
        # Committed only when the second has long come to the lock.
        rename(codes[0], then=lambda: written.set() or sleep(0.5))

    def second():
        assert written.wait(10)
        rename(codes[1])

    def check():
        assert [record["code"] for record in index.select("轮流")] == codes
        assert_as_made_anew()

    def restore():
        for entry in Achievement.objects.filter(code__in=codes):
            change(entry, title=entry.title.removesuffix("轮流"))

    # What threads commit no test transaction takes back.
    with django_db_blocker.unblock():
        try:
            in_threads(first, second)
            in_threads(check)
        finally:
            in_threads(restore)


def in_threads(*tasks):
    """Run each task in a thread with a connection of its own, and raise what they raise."""
    failures = []

    def run(task):
        try:
            task()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]

"""A backup of the record of the tests, and sites that are made of it."""

import sqlite3
import time
from contextlib import closing, contextmanager

import psycopg2
from django.test import override_settings

from governance.backups import back_up

from .homes import POSTGRESQL, Home, database

PICTURE, PACKAGE = "media/images/ab/夜话.jpg", "published/0.1.0-335c10b6d85b/records.jsonl"
# Edits an entry and its index again and again, as staff do, until it is killed.
WRITER = """
import time
import django; django.setup()
from contextlib import suppress
from django.db import OperationalError, transaction
from governance import index
from governance.models import Achievement
entry = Achievement.objects.get(code="2015-w01")
for number in range(10_000):
    # Who has to yield tries again.
    with suppress(OperationalError), transaction.atomic():
        entry.summary_en = f"Edited for the {number}th time, at {time.time_ns()}."
        entry.save()
        index.update([entry.pk])
    print(number, flush=True)
"""


def backup_of_record(folder):
    """The path of a backup of the record of the tests, with a picture and a published file."""
    for name in (PICTURE, PACKAGE):
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text("院落夜话", encoding="utf-8")
    with override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "media"):
        return back_up(folder / "backups").path


@contextmanager
def restored_site(folder, backup):
    """A Home made of a backup."""
    with database(folder) as url:
        home = Home(folder, url)
        home.manage("restore", str(backup))
        yield home


@contextmanager
def written_to(home):
    """Somebody edits, and goes on, for as long as the block lasts."""
    writer = home.start("-c", WRITER)
    try:
        assert writer.stdout.readline(), writer.stderr.read()
        yield writer
        assert writer.poll() is None, writer.stderr.read()
    finally:
        writer.kill()
        writer.communicate()


def digest(home):
    """That of the public record of a Home, of which nobody asks the program."""
    ((found,),) = sql(home, "SELECT digest FROM governance_indexstate")
    return found


def sql(home, statement):
    """The rows that a statement gives, if it does."""
    if POSTGRESQL:
        with closing(psycopg2.connect(home.url)) as other, other, other.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    with closing(sqlite3.connect(home.folder / "db.sqlite3", timeout=20)) as other, other:
        return other.execute(statement).fetchall()


def kill_after(process, seconds):
    time.sleep(seconds)
    process.kill()
    process.communicate()

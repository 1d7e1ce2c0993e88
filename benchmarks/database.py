"""One step in making a database to measure, run in a process of its own so that its memory is its own.

    DATA_DIR=… python -m benchmarks.database data 20000
    DATA_DIR=… python -m benchmarks.database index

A step that is already done, by the same code, is not done again.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

import django

HERE = Path(__file__).parent
ROOT = HERE.parent
# What each step is made by: a change here makes it anew.
SOURCES = {
    "data": (
        *("benchmarks/data.py", "benchmarks/texts.py", "fixtures/*.json", "fixtures/*.csv"),
        *("fixtures/mechanisms.yaml", "fixtures/awards/2015.yaml", "governance/migrations/*.py"),
    ),
    "index": (
        *("governance/index/building.py", "governance/index/documents.py"),
        *("governance/index/grams.py", "governance/index/text.py", "governance/records/*.py"),
    ),
    "queries": ("benchmarks/queries.py",),
    "static": ("showcase/static/showcase/*", "governance/static/governance/**/*.*"),
}
# The real entries, in whose company a worker is weighed and started for comparison.
REAL = 20


def main(step, size):
    folder = Path(os.environ["DATA_DIR"])
    stamp = folder / f"{step}.made"
    mark = fingerprint(step)
    if stamp.exists() and stamp.read_text() == mark:
        return
    # The later steps are made of this one.
    for later in list(SOURCES)[list(SOURCES).index(step) :]:
        (folder / f"{later}.made").unlink(missing_ok=True)
    STEPS[step](folder, size)
    stamp.write_text(mark)


def fingerprint(step):
    digest = hashlib.sha256()
    for pattern in SOURCES[step]:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def make_data(folder, size):
    from django.core.management import call_command
    from django.db import connection

    from .data import fill

    clear(folder, connection)
    call_command("migrate", verbosity=0)
    if size == REAL:
        call_command("loaddata", "regions", "mechanisms", "awards/2015", verbosity=0)
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Nothing is lost if the machine stops: the data would be made again.
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA cache_size=-500000")
    fill(size, lambda done: say(f"{done:,} of {size:,} achievements"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def clear(folder, connection):
    """Take away the tables of an earlier run."""
    if connection.vendor == "sqlite":
        for path in folder.glob("db.sqlite3*"):
            path.unlink()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def make_index(folder, size):
    from governance.index import rebuild

    from .server import own_mb

    peak = 0

    def progress(done):
        nonlocal peak
        peak = max(peak, own_mb(os.getpid()))
        say(f"{done:,} of {size:,} indexed")

    start = time.perf_counter()
    entries = rebuild(progress)
    facts = {
        "entries": entries,
        "build_seconds": time.perf_counter() - start,
        "build_peak_mb": peak,
        **sizes(),
    }
    (folder / "facts.json").write_text(json.dumps(facts))


def sizes():
    """Megabytes of the index and of the whole database, the tables' own indexes included."""
    from django.db import connection

    from governance.models import IndexEntry, Posting

    tables = [model._meta.db_table for model in (IndexEntry, Posting)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name IN"
                " (SELECT name FROM sqlite_master WHERE tbl_name IN (%s, %s))",
                tables,
            )
            (index,) = cursor.fetchone()
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        else:
            cursor.execute("SELECT pg_total_relation_size(%s) + pg_total_relation_size(%s)", tables)
            (index,) = cursor.fetchone()
            cursor.execute("SELECT pg_database_size(current_database())")
        (whole,) = cursor.fetchone()
    return {"index_mb": index / 1e6, "database_mb": whole / 1e6}


def make_queries(folder, size):
    from .queries import queries

    (folder / "queries.json").write_text(json.dumps(queries()))


def make_static(_folder, _size):
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


STEPS = {
    "data": make_data,
    "index": make_index,
    "queries": make_queries,
    "static": make_static,
}


def say(words):
    print(f"\r{words}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], int(sys.argv[2]))

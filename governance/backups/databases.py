"""The database of a backup: taken as of one moment while others write, put back in one step."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from . import postgresql_programs as programs
from .archive import BackupError

MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"
DIGEST = "SELECT digest FROM governance_indexstate"


class Taken(NamedTuple):
    """A database as of one moment: `name` in the backup, `content` to be read, and what it says of itself."""

    name: str
    content: IO[bytes]
    digest: str
    migrations: list[tuple[str, str]]


@contextmanager
def snapshot(workshop: Path) -> Iterator[Taken]:
    """The site's database, for as long as the block lasts. Raises BackupError, DatabaseError."""
    if connection.vendor == "sqlite":
        copy = workshop / "taken.sqlite3"
        with closing(sqlite3.connect(_file())) as live, closing(sqlite3.connect(copy)) as made:
            # In one step, of one moment; in WAL mode nobody waits for a reader.
            live.backup(made)
            ((digest,),) = made.execute(DIGEST).fetchall() or [("",)]
            migrations = made.execute(MIGRATIONS).fetchall()
        with copy.open("rb") as content:
            yield Taken("database.sqlite3", content, digest, migrations)
        copy.unlink()
        return
    found = programs.of_server()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (exported,) = cursor.fetchone()
        cursor.execute(DIGEST)
        (digest,) = cursor.fetchone() or [""]
        cursor.execute(MIGRATIONS)
        migrations = cursor.fetchall()
        with programs.dumping(found, exported) as content:
            yield Taken("database.dump", content, digest, migrations)


def made_ready(path: Path, digest: str) -> Path:
    """Make a database out of a backup ready to be put back, and look whether it is whole: returns the file
    for `put_back`. The digest of its public record must be the one given. Its version is another one,
    which tells every worker to read anew.
    """
    version = secrets.randbits(62), secrets.randbits(62)
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(path)) as made:
            faults = made.execute("PRAGMA quick_check").fetchall()
            found = made.execute(DIGEST).fetchall() or [("",)]
            made.execute("UPDATE governance_indexstate SET version = ?, names_version = ?", version)
            made.commit()
        if faults != [("ok",)] or found != [(digest,)]:
            raise BackupError(_("备份中的数据库不完整，没有恢复任何内容。"))
        return path
    return programs.as_sql(programs.of_server(), path, digest, version)


def put_back(prepared: Path) -> None:
    """The one step: whoever is killed in it leaves what was there before. The site may go on meanwhile."""
    if connection.vendor == "sqlite":
        target = _file()
        if not target.exists():
            target.touch(mode=0o600)
        connection.close()
        with closing(sqlite3.connect(prepared)) as made, closing(sqlite3.connect(target)) as live:
            # Those that have the file open see one commit. Renamed over it, the new one would be
            # read together with the journal of the old one.
            live.execute("PRAGMA journal_mode=WAL")
            # Who writes on and on leaves gaps of a millisecond. SQLite itself would look for one ten
            # times a second: half a minute went by until it found one.
            live.execute("PRAGMA busy_timeout=0")
            made.backup(live, sleep=0.002)
        return
    connection.close()
    programs.run_sql(programs.of_server(), prepared)
    connection.close()


def digest_now() -> str:
    """That of the public record as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST)
        (digest,) = cursor.fetchone() or [""]
    return digest


def _file() -> Path:
    name = str(connection.settings_dict["NAME"])
    if not os.path.isabs(name):
        raise BackupError(_("数据库不在文件中，无法备份或恢复。"))
    return Path(name)

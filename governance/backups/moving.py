"""Moves a site from SQLite to PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import dj_database_url
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Model
from django.db.utils import ConnectionHandler, DatabaseError
from django.utils.translation import gettext as _
from psycopg2 import sql
from psycopg2.extras import execute_values

from governance.batches import batched
from governance.models import IndexEntry, IndexList, IndexState, Posting

from .archive import BackupError
from .databases import DIGEST, digest_now

# Made anew from the record, or worth nothing elsewhere.
LEFT = (IndexEntry, IndexList, IndexState, Posting, Session)


def move_to(url: str, progress: Callable[[str, int], None]) -> dict[str, int]:
    """Copy the site's SQLite database into an empty one of PostgreSQL. Raises BackupError.

    Returns {table: how many rows were copied}. Files stay where they are, and so does the old database,
    which nobody can write to meanwhile: staff are told to try again.

    1. The target must be empty; it gets the tables of this release.
    2. Every row is copied as it is, but sessions and the index, in one transaction; then new rows get
       keys that none ever had.
    3. The index is made anew there.
    4. Each table must have as many rows, the public record the same digest, and somebody who may sign
       in here the same password there.

    `progress` is told the table and how many of its rows are copied.
    """
    if connection.vendor != "sqlite":
        raise BackupError(_("本站的数据库不是 SQLite；PostgreSQL 之间请用 backup 和 restore。"))
    with _connected(url) as target, transaction.atomic():
        # Here the lock is held on which all who write to SQLite wait.
        if target.introspection.table_names():
            raise BackupError(_("目标数据库不是空的，没有写入任何内容。"))
        _manage(url, "migrate")
        models = [model for model in apps.get_models(include_auto_created=True) if _moves(model)]
        copied = _copy(target, models, progress)
        _manage(url, "rebuild_index")
        _compare(target, copied)
    return copied


def _moves(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy and model not in LEFT


@contextmanager
def _connected(url: str) -> Iterator[BaseDatabaseWrapper]:
    """A connection to another database than the site's."""
    try:
        found = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise BackupError(_("目标应写成 postgres://用户:密码@主机:5432/库名。")) from error
    if found["ENGINE"] != "django.db.backends.postgresql":
        raise BackupError(_("目标应写成 postgres://用户:密码@主机:5432/库名。"))
    target = ConnectionHandler({"default": found})["default"]
    try:
        target.ensure_connection()
    except DatabaseError as error:
        raise BackupError(_("连不上目标数据库：%(error)s") % {"error": error}) from error
    try:
        yield target
    finally:
        target.close()


def _manage(url: str, command: str) -> None:
    """Run a command of this release on the other database, as if it were the site's."""
    run = subprocess.run(
        [sys.executable, "manage.py", command, "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DATA_DIR": str(settings.DATA_DIR)},
        capture_output=True,
        text=True,
    )
    if run.returncode:
        # What PostgreSQL refuses takes several lines.
        lines = (run.stderr or run.stdout).strip().splitlines()[-4:]
        raise BackupError(
            _("在目标数据库上运行 %(command)s 失败：%(reason)s")
            % {"command": command, "reason": "\n".join(lines) or run.returncode}
        )


def _copy(
    target: BaseDatabaseWrapper, models: list[type[Model]], progress: Callable[[str, int], None]
) -> dict[str, int]:
    copied: dict[str, int] = {}
    target.set_autocommit(False)
    try:
        with target.cursor() as cursor:
            names = ", ".join(target.ops.quote_name(model._meta.db_table) for model in models)
            # What the migrations have made comes with the keys that it has here.
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
            for model in models:
                copied[model._meta.db_table] = _copy_table(target, cursor, model, progress)
            _set_sequences(cursor, models)
        target.commit()
    except BaseException:
        target.rollback()
        raise
    target.set_autocommit(True)
    return copied


def _copy_table(
    target: BaseDatabaseWrapper,
    cursor: Any,
    model: type[Model],
    progress: Callable[[str, int], None],
) -> int:
    """Not by the ORM's saving, which would date and spell rows anew."""
    table, done = model._meta.db_table, 0
    fields = model._meta.concrete_fields
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    into = sql.SQL("INSERT INTO {} ({}) VALUES %s").format(sql.Identifier(table), columns)
    rows = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for some in batched(rows.iterator(chunk_size=1000), 1000):
        values = [
            [
                field.get_db_prep_save(value, target)
                for field, value in zip(fields, row, strict=True)
            ]
            for row in some
        ]
        execute_values(cursor.cursor, into, values)
        done += len(some)
        progress(table, done)
    return done


def _set_sequences(cursor: Any, models: list[type[Model]]) -> None:
    with connection.cursor() as here:
        here.execute("SELECT name, seq FROM sqlite_sequence")
        given = dict(here.fetchall())
    for model in models:
        key, table = model._meta.pk, model._meta.db_table
        if isinstance(key, AutoField) and given.get(table):
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [table, key.column, given[table]],
            )


def _compare(target: BaseDatabaseWrapper, copied: dict[str, int]) -> None:
    user = get_user_model().objects.filter(is_active=True).order_by("-is_superuser", "pk").first()
    with target.cursor() as cursor:
        for table, count in copied.items():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            if cursor.fetchone()[0] != count:
                raise _differs(table)
        cursor.execute(DIGEST)
        if cursor.fetchone() != (digest_now(),):
            raise _differs(_("公开记录的摘要"))
        if user:
            cursor.execute("SELECT password FROM auth_user WHERE username = %s", [user.username])
            if cursor.fetchone() != (user.password,):
                raise _differs(_("%(user)s 的登录") % {"user": user.username})


def _differs(what: str) -> BackupError:
    return BackupError(
        _("搬迁后的 %(what)s 与原来的不符；本站未作改动，请清空目标后重试。") % {"what": what}
    )

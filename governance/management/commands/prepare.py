import fcntl
import os
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import index
from governance.loading import FixtureFile, Invalid, LoadError, load
from governance.management.base import BaseCommand
from governance.models import Achievement, AwardYear, Mechanism, Region


class Command(BaseCommand):
    """Makes a fresh checkout, or an updated one, ready to serve; run again, it changes nothing.

    The fixtures go into an empty database only; from then on the database is the master. They go in
    as every later file does, so that the next one has something to be compared with.
    """

    help = gettext_lazy(
        "准备网站：更新数据库结构，数据库为空时装入数据，收集静态文件。可重复运行。"
    )

    def handle(self, **options):
        with in_turn():
            for step in (update_tables, load_if_empty, build_index, collect_static):
                self.stdout.write(step())


@contextmanager
def in_turn():
    """Of several that prepare one database at once, one works; the others wait and find it ready."""
    with ExitStack() as turn:
        try:
            wait(turn)
        except (DatabaseError, OSError) as error:
            raise CommandError(
                _("连不上数据库，请检查 DATABASE_URL：%(error)s") % {"error": error}
            ) from error
        yield


def wait(turn):
    """Connect to the database and hold a lock on it until `turn` (an ExitStack) ends."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        # The folder, not the file: closing that would drop the locks that SQLite itself holds.
        folder = os.open(path.parent, os.O_RDONLY)
        turn.callback(os.close, folder)
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not path.exists():
            # SQLite would let everybody on the machine read the accounts and sessions.
            path.touch(mode=0o600)
        connection.ensure_connection()
    else:
        cursor = turn.enter_context(connection.cursor())
        cursor.execute("SELECT pg_advisory_lock(hashtext('governance prepare'))")
        turn.callback(let_go, cursor)


def let_go(cursor):
    # A connection that was lost has let it go already.
    with suppress(DatabaseError):
        cursor.execute("SELECT pg_advisory_unlock(hashtext('governance prepare'))")


def update_tables():
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", interactive=False, verbosity=0)
    if waiting:
        return _("数据库结构：执行了 %(count)s 个迁移。") % {"count": len(waiting)}
    return _("数据库结构：已是最新。")


def load_if_empty():
    # All or nothing: a load that is killed half-way leaves the database empty, to be loaded next time.
    with transaction.atomic():
        if Region.objects.exists() or AwardYear.objects.exists():
            count = Achievement.objects.count()
            return _("数据：库中已有 %(count)s 项成果，未作改动。") % {"count": count}
        try:
            load([FixtureFile(path.name, path.read_bytes()) for path in fixtures()])
        except LoadError as error:
            problems = error.problems if isinstance(error, Invalid) else [error]
            raise CommandError(
                _("装入数据失败，数据库仍为空：%(error)s")
                % {"error": "\n".join(map(str, problems))}
            ) from error
        return _(
            "数据：装入了 %(regions)s 个行政区划、%(mechanisms)s 个机制和 %(achievements)s 项成果。"
        ) % {
            "regions": Region.objects.count(),
            "mechanisms": Mechanism.objects.count(),
            "achievements": Achievement.objects.count(),
        }


def build_index():
    if index.status() == "ready":
        return _("索引：已就绪。")
    return _("索引：编入了 %(count)s 项成果。") % {"count": index.rebuild()}


def fixtures():
    """Paths of the fixtures, what others refer to first: regions, mechanisms, then each award year."""
    (folder,) = settings.FIXTURE_DIRS
    years = sorted((folder / "awards").glob("*.yaml"))
    return [folder / "regions.json", folder / "mechanisms.yaml", *years]


def collect_static():
    call_command("collectstatic", interactive=False, verbosity=0)
    return _("静态文件：已就绪。")

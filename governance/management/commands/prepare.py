import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import index
from governance.loading import FixtureFile, Invalid, LoadError, load
from governance.management.base import BaseCommand
from governance.models import Achievement, AwardYear, Load, LoadState, Mechanism, Region

# The folder of the fixtures that hold an award year each.
YEARS = "awards"


class Command(BaseCommand):
    """Makes a fresh checkout, or an updated one, ready to serve; run again, it changes nothing.

    1. Migrate. 2. Bring in the fixtures that come with the program: all of them into an empty
    database; into another, each that differs from the last one shipped, merged with what that said, so
    that whatever people wrote or loaded stays. An award year that no such file ever
    brought, and a file whose last load was undone, wait for the command that is printed. 3. Build
    the index, if it is not ready. 4. Collect the static files.
    """

    help = gettext_lazy(
        "准备网站：更新数据库结构，装入或合并随程序附带的数据，收集静态文件。可重复运行。"
    )

    def handle(self, **options: Any) -> None:
        with in_turn():
            for step in (update_tables, load_shipped, build_index, collect_static):
                self.stdout.write(step())


@contextmanager
def in_turn() -> Iterator[None]:
    """Of several that prepare one database at once, one works; the others wait and find it ready."""
    with ExitStack() as turn:
        try:
            wait(turn)
        except (DatabaseError, OSError) as error:
            raise CommandError(
                _("连不上数据库，请检查 DATABASE_URL：%(error)s") % {"error": error}
            ) from error
        yield


def wait(turn: ExitStack) -> None:
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


def let_go(cursor: CursorWrapper) -> None:
    # A connection that was lost has let it go already.
    with suppress(DatabaseError):
        cursor.execute("SELECT pg_advisory_unlock(hashtext('governance prepare'))")


def update_tables() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", interactive=False, verbosity=0)
    if waiting:
        return _("数据库结构：执行了 %(count)s 个迁移。") % {"count": len(waiting)}
    return _("数据库结构：已是最新。")


def load_shipped() -> str:
    # All or nothing: a load that is killed half-way leaves the database empty, to be loaded next time.
    with transaction.atomic():
        record = Region.objects.exists() or AwardYear.objects.exists()
        if not (record or Load.objects.filter(shipped=True).exists()):
            return fill()
    if index.status() == "missing":
        # First in the shape of this release, so that what then moves did so by what is merged.
        index.rebuild()
    said = [line for path in fixtures() for line in update_from(path)]
    count = {"count": Achievement.objects.count()}
    if not said:
        return _("数据：库中已有 %(count)s 项成果，未作改动。") % count
    return "\n".join(
        [_("数据：库中已有 %(count)s 项成果；随程序附带的数据有更新：") % count, *said]
    )


def fill() -> str:
    try:
        load([shipped_file(path) for path in fixtures()])
    except LoadError as error:
        raise CommandError(
            _("装入数据失败，数据库仍为空：%(error)s") % {"error": in_words(error)}
        ) from error
    return _(
        "数据：装入了 %(regions)s 个行政区划、%(mechanisms)s 个机制和 %(achievements)s 项成果。"
    ) % {
        "regions": Region.objects.count(),
        "mechanisms": Mechanism.objects.count(),
        "achievements": Achievement.objects.count(),
    }


def update_from(path: Path) -> Iterator[str]:
    """Merge a shipped file that is new to the record; yields what it took, what it kept, or why not."""
    try:
        file = shipped_file(path)
    except OSError as error:
        # The site is to start all the same.
        yield _("未能并入 %(name)s：%(error)s") % {"name": path.name, "error": error}
        return
    last = last_shipped(path)
    if last and last.state == LoadState.LOADED and last.digest == file.digest:
        return
    if not may_come(path, last):
        yield _("未装入 %(name)s：它不曾随程序装入本站，或其装入已撤销。要装入，请运行：") % {
            "name": path.name
        }
        yield f"  python manage.py load_awards --shipped {path}"
        return
    try:
        (report,) = load([file])
    except LoadError as error:
        # The site is to start all the same, as it was.
        yield _("未能并入 %(name)s：%(error)s") % {"name": path.name, "error": in_words(error)}
    else:
        yield from report.lines()


def last_shipped(path: Path) -> Load | None:
    """The last load of this file as shipped, or None."""
    shipped = Load.objects.without_content().filter(shipped=True).exclude(state=LoadState.PENDING)
    return shipped.filter(name=path.name).order_by("pk").last()


def may_come(path: Path, last: Load | None) -> bool:
    """Whether the last shipped load of this file stands; what all years share may also be new."""
    if last:
        return last.state == LoadState.LOADED
    standing = Load.objects.filter(shipped=True, state=LoadState.LOADED)
    return path.parent.name != YEARS and standing.exists()


def in_words(error: LoadError) -> str:
    return "\n".join(map(str, error.problems if isinstance(error, Invalid) else [error]))


def shipped_file(path: Path) -> FixtureFile:
    return FixtureFile(path.name, path.read_bytes(), shipped=True)


def build_index() -> str:
    if index.status() == "ready":
        return _("索引：已就绪。")
    return _("索引：编入了 %(count)s 项成果。") % {"count": index.rebuild()}


def fixtures() -> list[Path]:
    """Paths of the fixtures, what others refer to first: regions, mechanisms, then each award year."""
    (folder,) = settings.FIXTURE_DIRS
    years = sorted((folder / YEARS).glob("*.yaml"))
    return [folder / "regions.json", folder / "mechanisms.yaml", *years]


def collect_static() -> str:
    call_command("collectstatic", interactive=False, verbosity=0)
    return _("静态文件：已就绪。")

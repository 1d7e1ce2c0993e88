"""What is done to the machines: each fault is put in, lasts for some seconds, and is taken away again."""

import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import psycopg2

from governance.backups.archive import opened
from governance.backups.keeping import Kept

from ..helpers.outage import wait
from ..helpers.serving import kill_one
from ..helpers.slow import slow
from .machines import Machines, fill
from .record import Record
from .staff import Staff

# Seconds that most of them last; that a stopped server lasts, for which nginx waits five.
LASTS, STOPPED = 5, 14


class Scene(NamedTuple):
    machines: Machines
    record: Record
    staff: Staff
    draw: random.Random


class Fault(NamedTuple):
    """`gone` is what is away meanwhile: "server", "both servers", "standby", "primary" or ""."""

    name: str
    gone: str
    run: Callable[[Scene], None]


# Application servers


def workers_killed(*servers):
    """The newest of each server, twice, so that granian gives up and is started again."""
    for _ in range(2):
        for server in servers:
            kill_one(server.process, parent=False)
        time.sleep(1)


def first_workers_killed(scene):
    workers_killed(scene.machines.first)


def all_workers_killed(scene):
    workers_killed(scene.machines.first, scene.machines.second)


def parent_killed(scene):
    kill_one(scene.machines.first.process, parent=True)


def first_killed(scene):
    killed(scene.machines.first)


def second_killed(scene):
    killed(scene.machines.second)


def killed(server):
    server.kill()
    time.sleep(LASTS)
    server.start()


def first_stopped(scene):
    stopped(scene.machines.first)


def second_stopped(scene):
    stopped(scene.machines.second)


def stopped(server):
    server.signal(signal.SIGSTOP)
    try:
        time.sleep(STOPPED)
    finally:
        server.signal(signal.SIGCONT)


def first_restarted(scene):
    scene.machines.first.end()
    scene.machines.first.start()


def both_restarted(scene):
    """One after the other, as an upgrade does."""
    for server in (scene.machines.second, scene.machines.first):
        server.end()
        server.start()
        wait(server.ready)


# The primary


def primary_stopped(scene):
    with scene.record.primary_away(), scene.machines.primary.stopped():
        time.sleep(LASTS)


def primary_killed(scene):
    with scene.record.primary_away():
        with scene.machines.primary.down(kill=True):
            time.sleep(LASTS)
        wait(scene.machines.primary.lets_in)


def primary_restarted(scene):
    with scene.record.primary_away():
        with scene.machines.primary.down():
            time.sleep(1)
        wait(scene.machines.primary.lets_in)


def connections_cut(scene):
    """All that both servers have to their databases, again and again."""
    until = time.monotonic() + LASTS
    while time.monotonic() < until:
        for database in (scene.machines.primary, scene.machines.standby):
            for pid in database.backends():
                database.sql(f"SELECT pg_terminate_backend({pid})")
        time.sleep(0.5)


def connections_stalled(scene):
    """Those that there are say nothing; new ones would."""
    primary = scene.machines.primary
    if pids := primary.backends():
        with primary.stopped(*pids):
            time.sleep(LASTS)


def disk_full(scene):
    """The primary's, where the first server keeps its files too."""
    path = fill(scene.machines.disk)
    try:
        with suppress(psycopg2.errors.DiskFull):
            scene.machines.primary.sql("CREATE TABLE much AS SELECT generate_series(1, 1000000)")
            raise AssertionError("the disk is not full")
        for command in ("publish_data", "backup"):
            status, _out, error = scene.machines.home.run("manage.py", command)
            assert status == 1, f"{command} did not notice that the disk is full"
            assert "Traceback" not in error, error
        time.sleep(LASTS)
    finally:
        path.unlink()


# The standby


def standby_stopped(scene):
    with scene.machines.standby.stopped():
        time.sleep(LASTS)


def standby_killed(scene):
    with scene.machines.standby.down(kill=True):
        time.sleep(LASTS)
    wait(scene.machines.standby.lets_in)


def standby_lagging(scene):
    """It gets what is written, and does not show it."""
    scene.machines.standby.sql("SELECT pg_wal_replay_pause()")
    try:
        time.sleep(LASTS + 5)
    finally:
        scene.machines.standby.sql("SELECT pg_wal_replay_resume()")


def replication_cut(scene):
    until = time.monotonic() + LASTS
    while time.monotonic() < until:
        scene.machines.primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
        time.sleep(0.2)


# nginx and visitors


def nginx_reloaded(scene):
    for _ in range(5):
        scene.machines.reload_nginx()
        time.sleep(0.5)


def slow_visitors(scene):
    """A hundred who send a byte a second, a hundred who say nothing, forty who take nothing."""
    with slow(scene.machines.port, bodies=100, idle=100, readers=40):
        time.sleep(LASTS)


# The index, and what is done beside the site


def rebuild_killed(scene):
    """In the middle of what it writes."""
    home, name = scene.machines.home, "a rebuild to be killed"
    table = scene.draw.choice(["governance_posting", "governance_indexentry"])
    writes = (
        "SELECT 1 FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
        f" JOIN pg_stat_activity USING (pid) WHERE application_name = '{name}'"
        f" AND relname = '{table}' AND mode = 'RowExclusiveLock'"
    )
    home.environment["PGAPPNAME"] = name
    rebuilding = home.start("manage.py", "rebuild_index")
    del home.environment["PGAPPNAME"]
    kill_when(rebuilding, lambda: scene.machines.primary.sql(writes))


def index_damaged(scene):
    """Rows and a posting that cannot be read: who meets them mends them. A lost n-gram: the check does."""
    primary, home = scene.machines.primary, scene.machines.home
    some = ", ".join(f"'{code}'" for code in scene.draw.sample(sorted(scene.record.keys), 5))
    primary.sql(f"UPDATE governance_indexentry SET record = '{{' WHERE code IN ({some})")
    primary.sql("UPDATE governance_indexentry SET card = '[]' WHERE code LIKE '2015-n0%'")
    mended(scene, "governance_indexentry WHERE record = '{' OR card = '[]'")
    primary.sql(
        "UPDATE governance_posting SET numbers = '\\x00' WHERE key = '/mechanism/deliberation'"
    )
    mended(scene, "governance_posting WHERE numbers = '\\x00'")
    # Of a word that no reader of these asks for.
    lost = "DELETE FROM governance_posting WHERE key IN ('b:减化', 'b:行政') RETURNING key"
    assert len(primary.sql(lost)) == 2
    status, out, _error = home.run("manage.py", "check_index")
    assert status == 1, out
    home.manage("check_index", "--repair")
    assert home.manage("check_index").endswith("完好。\n")


def mended(scene, damaged):
    """Waits until nothing is damaged any more, and the index says so."""
    wait(lambda: not scene.machines.primary.sql(f"SELECT 1 FROM {damaged}"))
    wait(scene.machines.first.ready)


def publishing_killed(scene):
    """In the middle of a version, of which nobody sees anything."""
    home = scene.machines.home
    workshop = home.folder / "publishing"
    before = sorted(path.name for path in (home.folder / "published").iterdir())
    publishing = home.start("manage.py", "publish_data")
    kill_when(publishing, lambda: workshop.exists() and any(workshop.iterdir()))
    assert sorted(path.name for path in (home.folder / "published").iterdir()) == before
    home.manage("publish_data")


def backed_up(scene):
    assert backup_of(scene).digest[:12] in scene.record.states


def restored(scene):
    """A backup is taken, and put back while somebody writes on: what came since is lost, as it says."""
    staff, record, backup = scene.staff, scene.record, backup_of(scene)
    time.sleep(2)
    staff.stay_at_one_entry(True)
    with staff.writing:
        record.restoring(backup.digest)
    try:
        scene.machines.home.manage("restore", str(backup.path))
    finally:
        with staff.writing:
            ((digest,),) = scene.machines.primary.sql("SELECT digest FROM governance_indexstate")
            record.restored(digest)
        staff.stay_at_one_entry(False)


def backup_of(scene):
    """A new backup, as the program tells of it: its path and digest."""
    home = scene.machines.home
    home.manage("backup")
    path = max((home.folder / "backups").glob("*.zip"), key=lambda one: one.stat().st_mtime)
    with opened(path) as (_archive, manifest):
        return Kept(path, manifest.made, path.stat().st_size, manifest.digest)


def kill_when(process, doing):
    """Kills a command as soon as it is doing that; fails if it ends before."""
    while not doing():
        assert process.poll() is None, process.communicate()
        time.sleep(0.002)
    process.kill()
    process.communicate()


FAULTS = [
    Fault("first server's workers killed", "server", first_workers_killed),
    Fault("workers of both servers killed", "both servers", all_workers_killed),
    Fault("granian's parent killed", "server", parent_killed),
    Fault("first server killed", "server", first_killed),
    Fault("second server killed", "server", second_killed),
    Fault("first server stopped", "server", first_stopped),
    Fault("second server stopped", "server", second_stopped),
    Fault("first server restarted", "server", first_restarted),
    Fault("both servers restarted, one after the other", "server", both_restarted),
    Fault("primary stopped", "primary", primary_stopped),
    Fault("primary killed", "primary", primary_killed),
    Fault("primary restarted", "primary", primary_restarted),
    Fault("connections cut", "both servers", connections_cut),
    Fault("connections stalled", "", connections_stalled),
    Fault("disk full", "", disk_full),
    Fault("standby stopped", "standby", standby_stopped),
    Fault("standby killed", "standby", standby_killed),
    Fault("standby lagging", "", standby_lagging),
    Fault("replication cut", "", replication_cut),
    Fault("nginx reloaded", "", nginx_reloaded),
    Fault("slow visitors", "", slow_visitors),
    Fault("rebuild_index killed", "", rebuild_killed),
    Fault("index damaged", "", index_damaged),
    Fault("publish_data killed", "", publishing_killed),
    Fault("backup taken", "", backed_up),
    Fault("backup restored under writes", "", restored),
]

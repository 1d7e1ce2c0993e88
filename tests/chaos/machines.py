"""Three machines on one: nginx, two application servers, a PostgreSQL that takes writes and its standby."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from django.conf import settings

from ..helpers.homes import Home
from ..helpers.nginx import proxy
from ..helpers.outage import Server, own_server, send_signal, wait
from ..helpers.postgres import WHEEL
from ..helpers.serving import answers, children, free_port
from ..helpers.standby import standby_of

PASSWORD = "夜话-2015"
# Megabytes of the disks that can be filled: the primary's, and that of the first server's data.
DISK = 700
# Of an entry that was written, the standby may lack nothing when it comes back after a while.
PRIMARY = [
    # The server of the tests may lose what it has acknowledged; a site's may not.
    "ALTER DATABASE community_governance SET synchronous_commit = on",
    "ALTER SYSTEM SET wal_keep_size = '256MB'",
    "SELECT pg_reload_conf()",
]


class ApplicationServer:
    """`manage.py serve` for a Home."""

    def __init__(self, home, log):
        self.home, self.log = home, log
        self.port, self.process = free_port(), None

    def start(self):
        """As systemd would; returns before anything answers."""
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=settings.BASE_DIR,
                env=self.home.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def seconds_of_a_start(self):
        began = time.monotonic()
        self.start()
        assert answers(self.port), self.log.read_text()
        return time.monotonic() - began

    @property
    def pids(self):
        """Its own, granian's and the workers'; of those that are there."""
        found = [self.process.pid]
        for pid in found:
            with suppress(FileNotFoundError, ProcessLookupError):
                found += children(pid)
        return found

    def signal(self, number):
        send_signal(number, self.pids)

    def kill(self):
        """As if the machine were switched off."""
        # So that none is started meanwhile.
        self.signal(signal.SIGSTOP)
        self.signal(signal.SIGKILL)
        self.process.wait()

    def end(self):
        """As systemd would; whatever has been done to it."""
        self.signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()

    def ready(self):
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False


class Machines(NamedTuple):
    folder: Path
    primary: Server
    standby: Server
    # Beside the primary, and beside the standby.
    first: ApplicationServer
    second: ApplicationServer
    # nginx's.
    port: int
    # None where none can be mounted.
    disk: Path | None

    @property
    def home(self):
        return self.first.home

    def seconds_of_a_start(self):
        """Of one more server, beside all that goes on."""
        with served(self.home, self.folder / "one more.log") as server:
            return server.seconds_of_a_start()

    def reload_nginx(self):
        os.kill(int((self.folder / "nginx.pid").read_text()), signal.SIGHUP)

    def caught_up(self):
        """Whether the standby has all that the primary has."""
        ((there,),) = self.primary.sql("SELECT pg_current_wal_lsn()::text")
        answer = self.standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{there}'::pg_lsn")
        return answer == [(True,)]


def machines(stack):
    """All of them, started and ready; when the stack is unwound, nothing of them is left."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
    # The database is another person's, if this is root.
    folder.chmod(0o711)
    disk = stack.enter_context(small_disk(folder / "disk"))
    primary = stack.enter_context(database_on(disk))
    for statement in PRIMARY:
        primary.sql(statement)
    home = home_of(disk or folder, "first", primary)
    home.manage("prepare")
    account = ["--no-input", "--username", "staff", "--email", "staff@example.org"]
    home.manage("createsuperuser", *account)
    home.manage("publish_data")
    standby = stack.enter_context(ended_before(standby_of(primary)))
    other = home_of(folder, "second", standby)
    share(home.folder, other.folder)
    wait(lambda: standby.sql("SELECT to_regclass('governance_indexstate')") != [(None,)])
    other.manage("prepare")
    first = stack.enter_context(served(home, folder / "first.log"))
    second = stack.enter_context(served(other, folder / "second.log"))
    for server in (first, second):
        server.seconds_of_a_start()
    port = stack.enter_context(proxy(folder, first.port, second.port))
    return Machines(folder, primary, standby, first, second, port, disk)


@contextmanager
def small_disk(path):
    """A disk of its own that can be filled; None where this person may not mount one."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=755", "tmpfs", path]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield path
    finally:
        # Lazily: whoever still ends there holds it for a moment.
        subprocess.run(["umount", "--lazy", path], check=True)


@contextmanager
def database_on(disk):
    """The primary, with its data on this disk if there is one."""
    usual, tempfile.tempdir = tempfile.tempdir, str(disk) if disk else tempfile.tempdir
    try:
        with own_server() as server:
            tempfile.tempdir = usual
            yield server
    finally:
        tempfile.tempdir = usual


@contextmanager
def ended_before(starting):
    """A Server that may be another process by the end than the one that `starting` knows of."""
    with starting as server:
        try:
            yield server
        finally:
            if server.process:
                server.end()


@contextmanager
def served(home, log):
    server = ApplicationServer(home, log)
    try:
        yield server
    finally:
        if server.process:
            server.end()


def home_of(folder, name, database):
    place = folder / name
    place.mkdir()
    home = Home(place, database.url)
    home.environment |= {
        # The other server is asked instead of giving what is kept.
        "OUTAGE_SECONDS": "0",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        # pg_dump and its kin, where the server is the wheel's.
        "PATH": os.pathsep.join([*os.get_exec_path(), str(WHEEL)]),
    }
    return home


def share(folder, other):
    """What both servers give: pictures and published versions."""
    for name in ("media", "published"):
        (folder / name).mkdir(exist_ok=True)
        (other / name).symlink_to(folder / name)


def fill(disk):
    """The file that takes all that is left of a disk."""
    path = disk / "full"
    with path.open("wb", buffering=0) as file:
        with suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free)
        # And what others have freed since.
        with suppress(OSError):
            while file.write(bytes(4096)):
                pass
    return path

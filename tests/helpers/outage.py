"""A PostgreSQL server that can be stopped and restarted, and a site that is served from it."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg2
from django.conf import settings

from .homes import Home
from .postgres import Unavailable, maintenance, program_folders, started
from .serving import answers, children, free_port


class Answer(NamedTuple):
    status: int
    headers: dict
    content: bytes
    seconds: float

    @property
    def text(self):
        return self.content.decode()


class Server:
    """PostgreSQL, in the folder in which `tests.helpers.postgres` has started it."""

    def __init__(self, url):
        self.url = url
        self.data = Path(url.split("host=")[1], "data")
        # The one that was begun anew.
        self.process = None

    @property
    def pid(self):
        return int(self.data.joinpath("postmaster.pid").read_text().split()[0])

    def sql(self, statement):
        with closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else None

    def lets_in(self):
        try:
            return bool(self.sql("SELECT 1"))
        except psycopg2.OperationalError:
            return False

    def backends(self):
        """Process ids of those who work for the site."""
        found = self.sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in found]

    @contextmanager
    def holding(self, statement):
        """Another one has done this and does not commit."""
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            yield

    @contextmanager
    def stopped(self, *pids):
        """These processes, or all, get no time of the machine: nobody answers, nobody hangs up."""
        pids = pids or (self.pid, *children(self.pid))
        try:
            send_signal(signal.SIGSTOP, pids)
            yield
        finally:
            send_signal(signal.SIGCONT, pids)

    def end(self):
        os.kill(self.pid, signal.SIGINT)
        wait(lambda: not self.data.joinpath("postmaster.pid").exists())
        if self.process:
            self.process.wait()

    def kill(self):
        """With all its processes, as if its machine were switched off."""
        pid = self.pid
        # So that it starts no more of them.
        os.kill(pid, signal.SIGSTOP)
        for one in (*children(pid), pid):
            os.kill(one, signal.SIGKILL)
        # Whoever starts it anew must not find it.
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)

    @contextmanager
    def down(self, kill=False):
        """It has ended, or been killed; a new one begins at the end of the block."""
        person = {}
        if os.geteuid() == 0:
            person = {"user": "nobody", "group": self.data.stat().st_gid, "extra_groups": []}
        command = shlex.split(self.data.joinpath("postmaster.opts").read_text())
        self.kill() if kill else self.end()
        try:
            yield
        finally:
            options = {"cwd": self.data, "stderr": subprocess.DEVNULL, "start_new_session": True}
            self.process = subprocess.Popen(command, **options, **person)

    @contextmanager
    def another(self):
        """While it is down, another one listens in its place and hangs up on all: when it did, in seconds."""
        moments, over = [], Event()
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(self.data.parent / ".s.PGSQL.5432"))
            listening.listen(100)
            listening.settimeout(0.1)

            def hang_up():
                while not over.is_set():
                    with suppress(TimeoutError):
                        listening.accept()[0].close()
                        moments.append(time.monotonic())

            hanging_up = Thread(target=hang_up)
            hanging_up.start()
            try:
                yield moments
            finally:
                over.set()
                hanging_up.join()
                Path(listening.getsockname()).unlink()


class Site(NamedTuple):
    server: Server
    home: Home
    port: int
    process: subprocess.Popen
    log: Path

    def ask(self, path, *, visitor=None, patience=60, data=None, **headers):
        """The Answer to a GET, or to a POST of the fields `data`, whatever its status; by a new connection."""
        address = f"http://127.0.0.1:{self.port}{path}"
        body = urlencode(data, doseq=True).encode() if data else None
        began = time.monotonic()
        try:
            answer = (visitor or build_opener()).open(
                Request(address, body, headers), None, patience
            )
        except HTTPError as error:
            answer = error
        with answer:
            content = answer.read()
        return Answer(answer.status, answer.headers, content, time.monotonic() - began)

    def visitor(self):
        """Someone with cookies."""
        return build_opener(HTTPCookieProcessor(CookieJar()))

    def ask_each(self, paths):
        return [self.ask(path) for path in paths]

    def ask_everyone(self, paths):
        """Until each worker has surely answered each; which of them does is up to chance."""
        assert {answer.status for answer in self.ask_each([*paths] * 20)} == {200}

    def said(self):
        """What its log warns of, but not to who asked whether it is ready."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        warnings = [line for line in lines if " INFO " not in line and not line.endswith("/readyz")]
        # Behind day, time, level and the request's id.
        return [line.split(" ", 4)[-1] for line in warnings]


@contextmanager
def own_server():
    """The first that can be started on this machine, with an empty database."""
    with ExitStack() as stack:
        server = Server(startable(stack))
        with closing(psycopg2.connect(maintenance(server.url))) as connection:
            connection.autocommit = True
            connection.cursor().execute("CREATE DATABASE community_governance")
        try:
            yield server
        finally:
            # Perhaps not the one that was started first.
            server.end()


def startable(stack):
    """The address of a server that ends with `stack`."""
    reasons = []
    for folder in program_folders():
        try:
            return stack.enter_context(started(folder))[0]
        except Unavailable as reason:
            reasons.append(str(reason))
    raise Unavailable("; ".join(reasons))


@contextmanager
def served(folder):
    """A Site with the record of 2015."""
    port, log = free_port(), folder / "log"
    with own_server() as server, log.open("a") as out:
        home = Home(folder, server.url)
        home.manage("prepare")
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=home.environment, stdout=out, stderr=out
        )
        site = Site(server, home, port, process, log)
        try:
            assert answers(port)
            yield site
        finally:
            process.terminate()
            process.wait()


def send_signal(number, pids):
    """To all of them that are still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def wait(until, seconds=30):
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.02)

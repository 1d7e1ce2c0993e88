"""A server under measurement: started, waited for, warmed up, weighed, stopped."""

import http.client
import os
import re
import signal
import socket
import subprocess
import time
from contextlib import ExitStack, closing
from itertools import cycle
from pathlib import Path

PATIENCE = 120
# Enough new connections that each worker has most likely had some of them.
CONNECTIONS = 8
# What browsers say of themselves; rotate.lua says it too.
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


class Server:
    """Runs `command` for as long as the with block lasts; its output goes to the file `log`.

    `{port}` in the command becomes a free port. Ready is when `ready`, a path, answers 200.
    """

    def __init__(self, command, ready, log, **environment):
        self.port = free_port()
        self._command = [part.format(port=self.port) for part in command]
        self._ready, self._log, self._environment = ready, Path(log), environment

    def __enter__(self):
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                self._command,
                stdout=log,
                stderr=log,
                env=os.environ | self._environment,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *error):
        self._stop()

    def _wait(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if self.status(self._ready) == 200:
                    return
            except OSError:
                # Nothing listens yet.
                time.sleep(0.05)
        raise SystemExit(f"The server did not start; see {self._log}.")

    def _stop(self):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def status(self, path):
        with closing(self.connect()) as connection:
            return get(connection, path)[0].status

    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def warm_up(self, paths):
        """Ask for each path once, by several connections: {path: (ETag or None, bytes sent)}."""
        found = {}
        with ExitStack() as stack:
            connections = [stack.enter_context(closing(self.connect())) for _ in range(CONNECTIONS)]
            for path, connection in zip(paths, cycle(connections), strict=False):
                response, size = get(connection, path)
                if response.status != 200:
                    raise SystemExit(f"{path} answered {response.status}, not 200.")
                found[path] = response.headers["ETag"], size
        return found

    def workers_mb(self):
        """Megabytes of memory of each worker process, the largest first."""
        sizes = [own_mb(pid) for pid in descendants(self._process.pid)]
        # The supervisors are small; a product worker has all of Django in it.
        return sorted(sizes, reverse=True)[:2]


def get(connection, path):
    """(response, bytes of its body as sent)"""
    try:
        return _answer(connection, path)
    except http.client.RemoteDisconnected:
        # It was idle for so long, while others were answered slowly, that the server let it go.
        connection.close()
        return _answer(connection, path)


def _answer(connection, path):
    connection.request("GET", path, headers=BROWSER)
    response = connection.getresponse()
    return response, len(response.read())


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def descendants(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children] + [
        below for child in children for below in descendants(int(child))
    ]


def own_mb(pid):
    """Anonymous memory, its share of what is shared; the pages of a mapped database are the kernel's."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss_Anon: +(\d+) kB", rollup, re.M)[1]) / 1024

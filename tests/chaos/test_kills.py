"""Workers, and their parent, are killed one after the other."""

import os
import signal
import time
from contextlib import contextmanager, suppress
from http.client import HTTPException
from itertools import pairwise
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from ..helpers.serving import answers, free_port, kill_one, linux, serve

# So often, one after the other: more in `make chaos`.
ROUNDS = 3 if "CHAOS_SECONDS" in os.environ else 1


@linux
@pytest.mark.parametrize("number", range(ROUNDS))
def test_it_is_never_down_for_longer_than_two_starts(number):
    """Of the same run: a busy machine makes the later ones slower, so that one is taken after it too."""
    before, port = seconds_of_a_start(), free_port()
    with serve(port) as server:
        try:
            assert answers(port)
            with watched(port) as answered:
                # The newest worker: a second death within 5.5 seconds, and granian ends itself.
                for _ in range(10):
                    kill_one(server, False)
                    time.sleep(0.1)
                assert answers(port)
                for _ in range(3):
                    kill_one(server, True)
                    time.sleep(0.2)
                    assert answers(port)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
        _, said = server.communicate(timeout=20)
    assert "SIGKILL），0.02 秒后第 1 次重新启动" in said or "exit 1），0.02 秒后第 1 次" in said
    assert server.returncode == 0
    start = max(before, seconds_of_a_start())
    down = max(after - before for before, after in pairwise(answered))
    assert down <= 2 * start, f"{said}\na start {start:.1f}, down for {down:.1f} seconds"


def seconds_of_a_start():
    """From `manage.py serve` to its first answer."""
    began, port = time.monotonic(), free_port()
    with serve(port) as server:
        try:
            assert answers(port)
            return time.monotonic() - began
        finally:
            os.killpg(server.pid, signal.SIGTERM)


@contextmanager
def watched(port):
    """The moments at which the site answered, asked for fifty times a second; none waits a second."""
    moments, over = [], Event()

    def watch():
        while not over.wait(0.02):
            with suppress(OSError, HTTPException):
                try:
                    urlopen(f"http://127.0.0.1:{port}/robots.txt", timeout=1).close()
                except HTTPError as error:
                    error.close()
                moments.append(time.monotonic())

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield moments
    finally:
        over.set()
        watcher.join()

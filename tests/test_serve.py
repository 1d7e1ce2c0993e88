import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


@pytest.fixture
def taken():
    """A port of this machine that something listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        yield other.getsockname()[1]


@pytest.fixture
def free():
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        return other.getsockname()[1]


def test_it_says_that_the_port_is_taken(taken):
    sentence = rf"无法在 127\.0\.0\.1 的 {taken} 端口上运行：端口已被占用，.*PORT={taken + 1}"
    with pytest.raises(CommandError, match=sentence):
        call_command("serve", port=taken)


def test_it_says_that_the_host_is_not_of_this_machine():
    with pytest.raises(CommandError, match=r"无法在 203\.0\.113\.1 的 8000 端口上运行"):
        call_command("serve", host="203.0.113.1")


def serve(port, *command, **variables):
    """Starts `manage.py serve`, or what `command` names in its place, in a session of its own."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "governance.settings"} | variables
    return subprocess.Popen(
        [sys.executable, *(command or ["manage.py"]), "serve", "--port", str(port)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_serves_until_told_to_stop_and_leaves_nothing_running(free, number):
    with serve(free) as server:
        try:
            assert answers(free)
        finally:
            os.killpg(server.pid, number)
        said, _ = server.communicate(timeout=20)
    assert f"http://127.0.0.1:{free}/" in said
    assert server.returncode == 0
    socket.create_server(("127.0.0.1", free)).close()


linux = pytest.mark.skipif(
    sys.platform != "linux",
    reason="other systems cannot tell a killed one's child, nor list children",
)


@linux
def test_it_leaves_nothing_running_when_it_is_killed(free):
    with serve(free) as server:
        try:
            assert answers(free)
        finally:
            server.kill()
        # Whatever still runs holds the other end.
        server.communicate(timeout=20)
    socket.create_server(("127.0.0.1", free)).close()


@linux
def test_it_comes_up_again_within_a_few_starts(free):
    """Two of the same run on a quiet machine (docs/decisions/0028-upright.md), more on a busy one."""
    began = time.monotonic()
    with serve(free) as server:
        try:
            assert answers(free)
            start = time.monotonic() - began
            with watched(free) as answered:
                # The newest worker: a second death within 5.5 seconds, and granian ends itself.
                for _ in range(10):
                    kill_one(server, False)
                    time.sleep(0.1)
                assert answers(free)
                for _ in range(3):
                    kill_one(server, True)
                    time.sleep(0.2)
                    assert answers(free)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
        _, said = server.communicate(timeout=20)
    gaps = [after - before for before, after in pairwise(answered)]
    assert max(gaps) <= 3 * start + 2, (
        f"{said}\nstart {start:.1f}, then {max(gaps):.1f} seconds down"
    )
    assert "SIGKILL），0.02 秒后第 1 次重新启动" in said or "exit 1），0.02 秒后第 1 次" in said
    assert server.returncode == 0
    socket.create_server(("127.0.0.1", free)).close()


IMPATIENT = """
import sys
from django.core.management import execute_from_command_line
from governance.management.commands import serve
serve.PATIENT, serve.FIRST_PAUSE = (int(number) for number in sys.argv.pop(1).split())
execute_from_command_line(sys.argv)
"""


@linux
def test_it_ends_with_a_sentence_when_a_setting_breaks(free, tmp_path):
    with serve(free, "-c", IMPATIENT, "2 0", DATA_DIR=str(tmp_path), SECRET_KEY="") as server:
        assert answers(free)
        (tmp_path / "secret_key").write_text("")
        kill_one(server, True)
        _, said = server.communicate(timeout=60)
    assert f"Settings: {tmp_path}/secret_key is empty." in said
    assert "CommandError: 网站无法启动，原因见上" in said
    assert server.returncode == 1


@linux
def test_it_ends_with_a_sentence_when_the_port_is_taken_meanwhile(free):
    with serve(free, "-c", IMPATIENT, "9 2") as server:
        assert answers(free)
        kill_one(server, True)
        with closing(taking(free)):
            _, said = server.communicate(timeout=60)
    assert "端口已被占用" in said
    assert server.returncode == 1


@linux
def test_it_stops_at_once_in_a_pause(free):
    with serve(free, "-c", IMPATIENT, "9 60") as server:
        assert answers(free)
        kill_one(server, True)
        # Taken and free again: its workers are gone, and none will come for a while.
        taking(free).close()
        server.terminate()
        server.communicate(timeout=20)
    assert server.returncode == 0
    socket.create_server(("127.0.0.1", free)).close()


def kill_one(server, parent):
    """Kills granian's parent process, or its newest worker; waits for it to be there."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError, ProcessLookupError, IndexError):
            granian = children(server.pid)[-1]
            os.kill(granian if parent else children(granian)[-1], signal.SIGKILL)
            return
        time.sleep(0.02)
    raise AssertionError("nothing to kill")


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def taking(port):
    """Something that listens on it, as soon as it is free."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.02)


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


def answers(port):
    """Whether the site answers within half a minute, be it with an error."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urlopen(f"http://127.0.0.1:{port}/robots.txt").close()
            return True
        except HTTPError as error:
            error.close()
            return True
        except (URLError, ConnectionError):
            time.sleep(0.1)
    return False

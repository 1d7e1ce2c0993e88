import os
import signal
import socket
import time
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from .helpers.serving import answers, free_port, kill_one, linux, serve


@pytest.fixture
def taken():
    """A port of this machine that something listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        yield other.getsockname()[1]


@pytest.fixture
def free():
    return free_port()


def test_it_says_that_the_port_is_taken(taken):
    sentence = rf"无法在 127\.0\.0\.1 的 {taken} 端口上运行：端口已被占用，.*PORT={taken + 1}"
    with pytest.raises(CommandError, match=sentence):
        call_command("serve", port=taken)


def test_it_says_that_the_host_is_not_of_this_machine():
    with pytest.raises(CommandError, match=r"无法在 203\.0\.113\.1 的 8000 端口上运行"):
        call_command("serve", host="203.0.113.1")


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


def taking(port):
    """Something that listens on it, as soon as it is free."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.02)

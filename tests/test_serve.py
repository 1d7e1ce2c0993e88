import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
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


def serve(port):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "governance.settings"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
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


@pytest.mark.skipif(
    sys.platform != "linux", reason="other systems cannot tell a killed one's child"
)
def test_it_leaves_nothing_running_when_it_is_killed(free):
    with serve(free) as server:
        try:
            assert answers(free)
        finally:
            server.kill()
        # Whatever still runs holds the other end.
        server.communicate(timeout=20)
    socket.create_server(("127.0.0.1", free)).close()


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
        except URLError:
            time.sleep(0.1)
    return False

"""`manage.py serve` as a process of its own, and what is done to it."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from django.conf import settings

linux = pytest.mark.skipif(
    sys.platform != "linux",
    reason="other systems cannot tell a killed one's child, nor list children",
)


def free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        return other.getsockname()[1]


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

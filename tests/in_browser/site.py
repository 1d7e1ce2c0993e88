"""The site as it is served: made ready and run by its own commands, in a folder of its own."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

from governance.settings import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@contextmanager
def site(folder, **variables):
    """The address of a running site that keeps its data in `folder`; `variables` are settings."""
    plain = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment = plain | {
        "DJANGO_SETTINGS_MODULE": "governance.settings",
        "DATA_DIR": str(folder),
        **variables,
    }
    manage = [sys.executable, "manage.py"]
    prepared = subprocess.run(
        [*manage, "prepare"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if prepared.returncode:
        raise RuntimeError(f"the site could not be made ready: {prepared.stderr}")
    publish = [*manage, "publish_data"]
    subprocess.run(publish, cwd=ROOT, env=environment, capture_output=True, check=True)
    port = free_port()
    log = Path(folder, "site.log")
    with log.open("w") as out:
        server = subprocess.Popen(
            [*manage, "serve", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return taken.getsockname()[1]


def _wait(address, server, log):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{address}/readyz", timeout=5):
                return
        except OSError:
            # Not there yet, or too busy to answer in time.
            time.sleep(0.1)
    raise RuntimeError(f"the site did not start: {log.read_text()}")

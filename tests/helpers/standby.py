"""A read-only standby of a PostgreSQL server, by streaming replication."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .outage import Server
from .postgres import NAME, wait_for


@contextmanager
def standby_of(primary):
    """The Server that follows another one; it goes on when that is gone, and may be promoted."""
    programs = Path(shlex.split((primary.data / "postmaster.opts").read_text())[0]).parent
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    person = {}
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
        person = {"user": "nobody", "group": home.stat().st_gid, "extra_groups": []}
    options = {"cwd": home, "stderr": subprocess.STDOUT, **person}
    url = f"postgres://postgres@/{NAME}?host={home}"
    with (home / "log").open("w") as log:
        copy = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"]
        source = ["-h", primary.data.parent, "-U", "postgres", "-D", home / "data"]
        command = [programs / "pg_basebackup", *source, *copy]
        subprocess.run(command, check=True, stdout=log, **options)
        settings = ["listen_addresses=", f"unix_socket_directories={home}", "fsync=off"]
        command = [programs / "postgres", "-D", home / "data"]
        command += [word for setting in settings for word in ("-c", setting)]
        process = subprocess.Popen(command, stdout=log, start_new_session=True, **options)
    try:
        wait_for(process, url, home / "log")
        yield Server(url)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
        shutil.rmtree(home)

"""What a site needs as it grows, for the table in docs/operations.md:

python -m benchmarks --growth --write --sizes 20 2000 20000 200000
"""

import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from typing import NamedTuple

from .database import ROOT
from .report import table
from .server import get

PAGE = ROOT / "docs" / "operations.md"
LIST = "/achievements/"


class Run(NamedTuple):
    """How many seconds a command took, and how many megabytes were resident at most."""

    seconds: float
    mb: float

    def __str__(self):
        return f"{self.seconds:.1f}; {self.mb:.0f}"


def measured(home, workers_mb):
    """{line of the table: figure} of a site."""
    facts = home.read("facts.json")
    rebuild = Run(facts["build_seconds"], facts["build_peak_mb"])
    folder = home.folder / "backups"
    backup = run(home, "backup", "--to", str(folder))
    (made,) = folder.glob("*.zip")
    figures = {
        "database, MB": f"{facts['database_mb']:.0f}",
        "of it the index, MB": f"{facts['index_mb']:.0f}",
        "a worker's memory, MB": f"{max(workers_mb):.0f}",
        "first list of a new server, s": f"{first_list(home):.2f}",
        "`rebuild_index`, s; MB": rebuild,
        "`check_index`, s; MB": run(home, "check_index"),
        "`backup`, s; MB": backup,
        "its file, MB": f"{made.stat().st_size / 1e6:.0f}",
        "`restore`, s; MB": run(home, "restore", str(made)),
    }
    shutil.rmtree(folder)
    return figures


def run(home, *arguments):
    """The Run of a command of the site."""
    start = time.perf_counter()
    command = [sys.executable, "manage.py", *arguments]
    environment = os.environ | home.environment
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed at {home.size:,}.")
    return Run(time.perf_counter() - start, used.ru_maxrss / 1024)


def first_list(home):
    """Seconds until a server that has just started has answered the whole list."""
    with home.server("first", "/healthz") as server, closing(server.connect()) as connection:
        start = time.perf_counter()
        get(connection, LIST)
        return time.perf_counter() - start


def tables(columns):
    """Markdown of {size: figures}."""
    lines = next(iter(columns.values()))
    rows = [[line, *(str(figures[line]) for figures in columns.values())] for line in lines]
    return table(["entries", *(f"{size:,}" for size in columns)], rows)

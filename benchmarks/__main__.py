import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from . import datasette, dear, loading, report, suggestions
from .addresses import paths
from .database import REAL, ROOT, SOURCES
from .measure import FLOOR, Series, measure, need_wrk
from .server import Server

PAGE = ROOT / "docs" / "performance.md"
# The product's variables, so that neither a shell nor a .env decides what is measured.
UNSET = dict.fromkeys(
    ("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "DEBUG", "HTTPS", "SECRET_KEY"), ""
)
# So many addresses of each kind are asked for first, and others are then measured.
WARM = 200
START = """
import time
start = time.perf_counter()
import governance.wsgi
from governance.index import select
select(tier=["winner"]).counts("year")
print(time.perf_counter() - start)
"""


def main():
    options = arguments()
    need_wrk()
    # As after Ctrl-C: the servers are stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    base = weigh(Home(options, REAL))
    results = []
    for size in options.sizes:
        result = measured(Home(options, size), options)
        result.base = base
        results.append(result)
    backend = "PostgreSQL" if options.postgresql else "SQLite"
    asked = {size: Home(options, size).python("-m", "benchmarks.dear") for size in options.sizes}
    parts = [report.tables(results, backend), dear.tables(asked)]
    if not options.postgresql:
        home = Home(options, "loading", steps=())
        parts.append(loading.tables(home.python("-m", "benchmarks.loading", str(loading.SIZE))))
        parts.append(suggestions.tables())
    text = "\n\n".join(parts)
    print(text)
    if options.write:
        report.write(PAGE, backend, text)


def arguments():
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description="Measures the site against its own constant string."
    )
    add = parser.add_argument
    add("--sizes", type=int, nargs="+", default=[20_000, 200_000], help="how many achievements")
    add("--rounds", type=int, default=7, help="how often each kind of page has its turn")
    add("--seconds", type=int, default=1, help="how long a turn lasts")
    folder = Path(os.environ.get("TMPDIR", tempfile.gettempdir())) / "governance-benchmarks"
    add("--folder", type=Path, default=folder, help="where the databases are kept (%(default)s)")
    add(
        "--datasette",
        type=int,
        default=200_000,
        help="the largest size that Datasette gets; 0: none",
    )
    add("--postgresql", metavar="URL", help="a server on which databases may be made")
    add("--write", action="store_true", help=f"write the tables into {PAGE.relative_to(ROOT)}")
    return parser.parse_args()


class Home:
    """The folder and the environment of one size, with its database made."""

    def __init__(self, options, size, steps=SOURCES):
        self.size = size
        name = f"postgresql-{size}" if options.postgresql else str(size)
        self.folder = options.folder.resolve() / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.environment = UNSET | {
            # As where no shell forbids it: Python keeps what it has compiled.
            "PYTHONDONTWRITEBYTECODE": "",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": database(options.postgresql, size) if options.postgresql else "",
        }
        for step in steps:
            self.python("-m", "benchmarks.database", step, str(size))

    def python(self, *arguments):
        """Run Python in the environment; what it prints."""
        command = [sys.executable, *arguments]
        environment = os.environ | self.environment
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def read(self, name):
        return json.loads((self.folder / name).read_text())

    def server(self):
        """The product, served as `make run` serves it."""
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", "{port}"]
        return Server(command, "/floor/", self.folder / "server.log", **self.environment)


def database(url, size):
    """The address of a database for `size` on the server of `url`, made if it is not there."""
    import psycopg2

    name = f"benchmark_{size}"
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    parts = urlsplit(url)
    # Not geturl(), which drops the slashes of a server that is reached by its socket.
    return f"{parts.scheme}://{parts.netloc}/{name}?{parts.query}"


def weigh(home):
    """A Result without latencies."""
    with home.server() as site:
        for addresses in paths(home.read("queries.json")).values():
            site.warm_up(addresses[:WARM])
        return result_of(home, site)


def result_of(home, site, series=(), others=()):
    facts, workers = home.read("facts.json"), site.workers_mb()
    return report.Result(home.size, dict(series), dict(others), facts, workers, started(home))


def started(home, times=5):
    """Seconds in which a fresh process answers its first question."""
    return median(float(home.python("-c", START)) for _ in range(times))


def measured(home, options):
    with ExitStack() as stack:
        site = stack.enter_context(home.server())
        series, others = product_series(site, home, options.seconds), {}
        if home.size <= options.datasette and not options.postgresql:
            others = datasette_series(stack, home, options)
        print(f"{home.size:,}: {options.rounds} rounds …", file=sys.stderr)
        measure([*series.values(), *others.values()], options.rounds, home.folder)
        return result_of(home, site, series, others)


def product_series(site, home, seconds):
    series = {FLOOR: Series(FLOOR, site, ["/floor/"], seconds=seconds)}
    for kind, addresses in paths(home.read("queries.json")).items():
        tags = site.warm_up(addresses[:WARM])
        fresh = addresses[WARM:] or addresses
        series[kind] = Series(kind, site, fresh, seconds=seconds)
        if kind == "list" and tags:
            series["not_modified"] = Series("not_modified", site, list(tags), tags, seconds)
    return series


def datasette_series(stack, home, options):
    program = datasette.install(options.folder.resolve())
    path = home.folder / "achievements.db"
    datasette.make_database(home.folder / "db.sqlite3", path)
    command = datasette.command(program, path, home.folder / "metadata.json")
    other = stack.enter_context(Server(command, "/-/versions.json", home.folder / "datasette.log"))
    series = {}
    for kind, addresses in datasette.paths(home.read("queries.json")).items():
        other.warm_up(addresses)
        series[kind] = Series(f"datasette_{kind}", other, addresses, seconds=options.seconds)
    return series


main()

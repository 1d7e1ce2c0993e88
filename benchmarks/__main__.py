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

from . import crowd, datasette, dear, downloads, growth, loading, report, staff, suggestions
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
# Addresses of a kind that a slow site gets, those that warm it up, and those that are asked again.
FEW, WARM_OTHERS, AGAIN = 40, 10, 5
# A server that keeps no answers, so that each is made.
MAKING = {"KEEP_NOTHING": "1"}
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
    backend = "PostgreSQL" if options.postgresql else "SQLite"
    if options.growth:
        grown(options, backend)
        return
    base = weigh(Home(options, REAL))
    results = []
    for size in options.sizes:
        result = measured(Home(options, size), options)
        result.base = base
        results.append(result)
    parts = []
    for part in measurements(options, results, backend):
        print(f"{part}\n", flush=True)
        parts.append(part)
    if options.write:
        report.write(PAGE, backend, "\n\n".join(parts))


def grown(options, backend):
    homes = [Home(options, size) for size in options.sizes]
    figures = {home.size: growth.measured(home, weigh(home).workers_mb) for home in homes}
    print(growth.tables(figures))
    if options.write:
        report.write(growth.PAGE, backend, growth.tables(figures))


def measurements(options, results, backend):
    """Yields Markdown."""
    yield report.tables(results, backend)
    asked = {size: Home(options, size).python("-m", "benchmarks.dear") for size in options.sizes}
    yield dear.tables(asked)
    files = {
        size: Home(options, size).python("-m", "benchmarks.downloads", **MAKING)
        for size in options.sizes
    }
    yield downloads.tables(files)
    asked = {size: Home(options, size).python("-m", "benchmarks.staff") for size in options.sizes}
    yield staff.tables(asked)
    yield crowd.tables(Home(options, options.sizes[0]))
    if not options.postgresql:
        home = Home(options, "loading", steps=())
        yield loading.tables(home.python("-m", "benchmarks.loading", str(loading.SIZE)))
        yield suggestions.tables()


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
        "--others",
        type=int,
        default=200_000,
        help="the largest size that other sites get; 0: none",
    )
    add("--postgresql", metavar="URL", help="a server on which databases may be made")
    add("--growth", action="store_true", help="what a site needs as it grows, and nothing else")
    add("--write", action="store_true", help="write the tables into the documents")
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

    def python(self, *arguments, **environment):
        """Run Python in the environment; what it prints."""
        command = [sys.executable, *arguments]
        environment = os.environ | self.environment | environment
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def read(self, name):
        return json.loads((self.folder / name).read_text())

    def server(self, name="server", ready="/floor/", **environment):
        """The product, served as `make run` serves it, or another site of Django's."""
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", "{port}"]
        log = self.folder / f"{name}.log"
        return Server(command, ready, log, **self.environment | environment)


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
    with home.server(**MAKING) as making:
        for addresses in paths(home.read("queries.json")).values():
            making.warm_up(addresses[:WARM])
        return result_of(home, making)


def result_of(home, making, series=(), others=(), cpu=None):
    facts, workers = home.read("facts.json"), making.workers_mb()
    return report.Result(
        home.size, dict(series), dict(others), cpu or {}, facts, workers, started(home)
    )


def started(home, times=5):
    """Seconds in which a fresh process answers its first question."""
    return median(float(home.python("-c", START)) for _ in range(times))


def measured(home, options):
    with ExitStack() as stack:
        making = stack.enter_context(home.server("making", **MAKING))
        site = stack.enter_context(home.server())
        series, others = product_series(making, site, home, options.seconds), {}
        if home.size <= options.others and not options.postgresql:
            others = {
                "Django": idiomatic_series(stack, home, options),
                "Datasette": datasette_series(stack, home, options),
            }
        print(f"{home.size:,}: {options.rounds} rounds …", file=sys.stderr)
        both = [one for kinds in (series, *others.values()) for one in kinds.values()]
        measure(both, options.rounds, home.folder)
        cpu = json.loads(home.python("-m", "benchmarks.cpu", **MAKING))
        return result_of(home, making, series, others, cpu)


def product_series(making, site, home, seconds):
    """Series of pages that are made, by `making`; `site` keeps answers, and gives those it has."""
    series = {FLOOR: Series(FLOOR, making, ["/floor/"], seconds=seconds)}
    queries = paths(home.read("queries.json"))
    for kind, addresses in queries.items():
        found = making.warm_up(addresses[:WARM])
        fresh = addresses[WARM:] or addresses
        series[kind] = Series(kind, making, fresh, seconds=seconds)
        if kind == "list":
            size = round(median(size for _tag, size in found.values()))
            series["constant"] = Series("constant", making, [f"/floor/{size}/"], seconds=seconds)
    # Of every kind a few, which both workers know by the first moments of the first turn.
    again = [address for addresses in queries.values() for address in addresses[:AGAIN]]
    tags = {path: tag for path, (tag, _size) in site.warm_up(again * 2).items() if tag}
    series["repeated"] = Series("repeated", site, again, seconds=seconds)
    series["not_modified"] = Series("not_modified", site, list(tags), tags, seconds)
    return series


def idiomatic_series(stack, home, options):
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.idiomatic.settings"}
    other = stack.enter_context(home.server("idiomatic", "/achievements/?year=1900", **settings))
    return other_series("django", other, few(paths(home.read("queries.json"))), options.seconds)


def datasette_series(stack, home, options):
    program = datasette.install(options.folder.resolve())
    path = home.folder / "achievements.db"
    datasette.make_database(home.folder, path)
    command = datasette.command(program, path, home.folder / "metadata.json")
    other = stack.enter_context(Server(command, "/-/versions.json", home.folder / "datasette.log"))
    queries = few(home.read("queries.json"))
    return other_series("datasette", other, datasette.paths(queries), options.seconds)


def few(queries):
    """A slow page has fewer addresses, or its rounds would never end."""
    return {kind: queries[kind][:FEW] for kind in ("list", "filter", "search")}


def other_series(name, server, addresses, seconds):
    series = {}
    for kind, some in addresses.items():
        server.warm_up(some[:WARM_OTHERS])
        series[kind] = Series(f"{name}_{kind}", server, some, seconds=seconds)
    return series


main()

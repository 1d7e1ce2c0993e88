"""Loading a year, beside a plain `bulk_create` of the same rows:

    DATA_DIR=… python -m benchmarks.loading 20000

Prints JSON: CPU seconds of each (all of it is in the process, on SQLite), and what the load took in bulk_creates, medians over the rounds.
"""

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

import django

from .report import table, verdict

SIZE = 20_000
YEAR = 2020
ROUNDS = 3
LIMIT = 6
LABELS = {
    "bulk_create": "bulk_create, the rows alone",
    "drafts": "load_awards, as drafts: nothing for the index",
    "published": "load_awards, published: the index too",
}


def tables(said):
    """What main() printed, as Markdown."""
    found = json.loads(said)
    rows = [
        [LABELS[name], f"{found[f'{name}_seconds']:.1f}", _ratio(found.get(f"{name}_ratio"))]
        for name in LABELS
    ]
    title = f"A year of {found['entries']:,} entries, {found['rows']:,} rows, loaded"
    return f"{title}:\n\n{table(['way', 'seconds', 'ratio'], rows)}"


def _ratio(found):
    return "1×" if found is None else verdict(found, LIMIT, "{:.1f}×")


def main(size):
    from governance.loading.dumping import objects_of
    from governance.models import Achievement

    make(size)
    rows = rows_of_year()
    objects = objects_of(str(YEAR))
    drafts = content(objects, status="draft")
    published = content(objects)
    times = {name: [] for name in ("bulk_create", "drafts", "published")}
    for _round in range(ROUNDS):
        for name, run in (
            ("bulk_create", lambda: bulk_create(rows)),
            ("drafts", lambda: load(drafts)),
            ("published", lambda: load(published)),
        ):
            clear()
            start = time.process_time()
            run()
            times[name].append(time.process_time() - start)
            assert Achievement.objects.count() == size
    counts = {"entries": size, "rows": sum(map(len, rows.values()))}
    print(json.dumps(summary(times) | counts))


def summary(times):
    found = {f"{name}_seconds": median(some) for name, some in times.items()}
    for name in ("drafts", "published"):
        pairs = zip(times[name], times["bulk_create"], strict=True)
        found[f"{name}_ratio"] = median(some / plain for some, plain in pairs)
    return found


def make(size):
    """The regions, the mechanisms, organizations, and one year of `size` entries."""
    from django.core.management import call_command
    from django.db import connection

    from governance import index

    from . import data
    from .database import clear as clear_tables

    clear_tables(Path(os.environ["DATA_DIR"]), connection)
    call_command("migrate", verbosity=0)
    data.YEARS = range(YEAR, YEAR + 1)
    data.fill(size)
    index.rebuild()


def rows_of_year():
    """{model: its rows}, those that are named first; organizations are there already."""
    from governance.models import Achievement, AchievementOrganization, AwardYear, Coding, Evidence

    models = (AwardYear, Achievement, AchievementOrganization, Coding, Evidence)
    return {model: list(model.objects.order_by("pk")) for model in models}


def content(objects, **changed):
    """A fixture as bytes, with some values of the entries changed."""
    for each in objects:
        if each["model"] == "governance.achievement":
            each["fields"] |= changed
    lines = (json.dumps(each, ensure_ascii=False, default=str) for each in objects)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def bulk_create(rows):
    from django.db import transaction

    with transaction.atomic():
        for model, some in rows.items():
            model.objects.bulk_create(some, batch_size=1000)


def load(fixture):
    from governance import loading

    loading.load([loading.FixtureFile(f"{YEAR}.json", fixture)])


def clear():
    """Take the year away again, and every trace of earlier loads and of what was public."""
    from governance import index
    from governance.models import Address, Change, ChangePart, Load, LoadPart, Publication

    # A code that was public waits for its entry, and made-up titles repeat themselves.
    was_public = (Publication, Address)
    loads = (ChangePart, Change, LoadPart, Load)
    for model in (*reversed(list(rows_of_year())), *loads, *was_public):
        model.objects.all()._raw_delete("default")
    index.rebuild()


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))

"""What a file of a list costs, beside writing the same bytes with the `csv` module alone:

    DATA_DIR=… DJANGO_SETTINGS_MODULE=benchmarks.settings python -m benchmarks.downloads

Prints JSON: `entries`, and the CPU milliseconds of the answer and of the `plain` writing, medians of
rounds in turn.
"""

import csv
import io
import json
import time
from statistics import median

import django

from .cpu import Asker
from .report import table, verdict

LIMIT, ROUNDS = 3, 5


def tables(said):
    """What main() printed for each size, as Markdown: `said` is {entries: output}."""
    rows = []
    for size, output in said.items():
        found = json.loads(output)
        times = verdict(found["answer"] / found["plain"], LIMIT, "{:.1f}×")
        milliseconds = f"{found['answer']:.0f}", f"{found['plain']:.0f}"
        rows.append([f"{size:,}", f"{found['entries']:,}", *milliseconds, times])
    head = ["of", "entries as CSV", "CPU, ms", "the same bytes by `csv`, ms", "times"]
    return f"A list as a file:\n\n{table(head, rows)}"


def main():
    from governance.wsgi import application
    from showcase.data.faces import MOST

    ask = Asker(application, headers={"Accept-Encoding": "identity"})
    path = as_many_years_as_fit(MOST)
    taken, plain = [], []
    for _round in range(ROUNDS):
        taken.append(ask(path))
        rows = list(csv.reader(io.StringIO(ask.content.decode("utf-8-sig"), newline="")))
        start = time.thread_time()
        written = io.StringIO()
        csv.writer(written).writerows(rows)
        content = b"\xef\xbb\xbf" + written.getvalue().encode()
        plain.append((time.thread_time() - start) * 1000)
        assert content == ask.content
    found = {"entries": len(rows) - 1, "answer": median(taken), "plain": median(plain)}
    print(json.dumps(found))


def as_many_years_as_fit(most):
    """The address of the file of those years, the newest first, that have no more entries together."""
    from governance import index

    entries, years = 0, []
    for year, count in sorted(index.select().counts("year").items(), reverse=True):
        if entries + count <= most:
            entries += count
            years.append(year)
    return "/achievements.csv?" + "&".join(f"year={year}" for year in years)


if __name__ == "__main__":
    django.setup()
    main()

"""What was measured, as Markdown tables, printed and kept in docs/performance.md."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .measure import FLOOR

LABELS = {
    "list": "list, two or three facets chosen",
    "filter": "province + mechanism",
    "search": "search, exact",
    "partial": "search, partial match",
    "search_filter": "search + province + year",
    "detail": "detail",
    "deep": "any page of the whole list",
    "sorted": "sorted by title or region",
    "json": "JSON, filter or search",
    "crosstab": "cross-tab of two fields",
    "not_modified": "not modified (304)",
}
# The most that a page may cost, in floors, up to so many entries.
SIZES = (20_000, 200_000, 1_000_000)
LIMITS = {
    "list": (2.5, 2.5, 3),
    "filter": (3, 4, 7),
    "search": (3, 5, 12),
    "detail": (2.5, 2.5, 2.5),
    "not_modified": (1.2, 1.2, 1.2),
    "crosstab": (10, 20, 60),
}
ON_POSTGRESQL = 2
P99 = 5
DATASETTE = 100
# At 1M: seconds until a worker answers, and megabytes more than with 20 entries.
START, MEMORY = 0.3, 100
# At 200k.
BUILD = 60


@dataclass
class Result:
    """What one size gave: Series by kind, and the weights beside them, of 20 entries in `base`."""

    size: int
    series: dict
    datasette: dict
    facts: dict
    workers_mb: list
    start_seconds: float
    base: "Result | None" = None


def tables(results, backend):
    """All tables as one Markdown text."""
    parts = [machine(backend), ratios(results, backend), latencies(results)]
    if any(result.datasette for result in results):
        parts.append(against_datasette(results))
    return "\n\n".join([*parts, weights(results)])


def machine(backend):
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    name = model[1] if model else "an unnamed processor"
    return f"{os.cpu_count()} cores ({name}), {backend}."


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ratios(results, backend):
    factor = 1 if backend == "SQLite" else ON_POSTGRESQL
    rows = [
        [LABELS[kind], *(ratio(result, kind, factor) for result in results)]
        for kind in LABELS
        if any(kind in result.series for result in results)
    ]
    return "Times the floor (p50):\n\n" + table(["page", *heads(results)], rows)


def heads(results):
    return [f"{result.size:,}" for result in results]


def ratio(result, kind, factor):
    if kind not in result.series:
        return "not served"
    found = result.series[kind].ratio(result.series[FLOOR])
    if kind not in LIMITS:
        return f"{found:.1f}×"
    return verdict(found, limit(kind, result.size) * factor, "{:.1f}×")


def limit(kind, size):
    """The limit of the least listed size that is not smaller."""
    return next(
        (most for listed, most in zip(SIZES, LIMITS[kind], strict=True) if size <= listed),
        LIMITS[kind][-1],
    )


def verdict(found, most, form, unit=""):
    held = "held" if found <= most else "**missed**"
    return f"{form.format(found)}{unit} (≤ {most:g}{unit}, {held})"


def latencies(results):
    rows = [
        [LABELS.get(kind, kind), *(latency(result, kind) for result in results)]
        for kind in (FLOOR, *LABELS)
        if any(kind in result.series for result in results)
    ]
    head = ["p50 / p99, ms", *heads(results)]
    return f"Latencies; a p99 above {P99} times its p50 is bold:\n\n" + table(head, rows)


def latency(result, kind):
    if kind not in result.series:
        return "–"
    one = result.series[kind]
    tail = f"{one.p99 / 1000:.2f}"
    return f"{one.p50 / 1000:.2f} / {tail if one.p99 <= P99 * one.p50 else f'**{tail}**'}"


def against_datasette(results):
    rows = []
    for kind in ("filter", "search"):
        cells = []
        for result in results:
            if kind not in result.datasette:
                cells.append("–")
                continue
            other = result.datasette[kind]
            times = other.ratio(result.series[kind])
            held = ""
            if result.size == 200_000:
                held = f" (≥ {DATASETTE}×, {'held' if times >= DATASETTE else '**missed**'})"
            cells.append(f"{times:.0f}×{held}; {other.p50 / 1000:.0f} ms")
        rows.append([LABELS[kind], *cells])
    head = ["page", *heads(results)]
    return "Datasette's p50, in times ours:\n\n" + table(head, rows)


def weights(results):
    rows = [
        ["a worker's memory, MB", *(f"{max(result.workers_mb):.0f}" for result in results)],
        ["  more than with 20 entries", *(memory(result) for result in results)],
        ["a worker's start, s", *(start(result) for result in results)],
        ["rebuild_index, s", *(build(result) for result in results)],
        ["  its peak memory, MB", *(f"{result.facts['build_peak_mb']:.0f}" for result in results)],
        ["index, MB", *(f"{result.facts['index_mb']:.0f}" for result in results)],
        ["whole database, MB", *(f"{result.facts['database_mb']:.0f}" for result in results)],
    ]
    return "Weights:\n\n" + table(["what", *heads(results)], rows)


def memory(result):
    more = max(result.workers_mb) - max(result.base.workers_mb)
    return verdict(more, MEMORY, "{:.0f}") if result.size == SIZES[-1] else f"{more:.0f}"


def start(result):
    took, base = result.start_seconds, result.base.start_seconds
    words = verdict(took, START, "{:.2f}") if result.size == SIZES[-1] else f"{took:.2f}"
    return f"{words}; with 20 entries {base:.2f}"


def build(result):
    took = result.facts["build_seconds"]
    return verdict(took, BUILD, "{:.0f}") if result.size == 200_000 else f"{took:.0f}"


def write(path, backend, text):
    """Put `text` between the file's markers of a database."""
    first, last = (f"<!-- bench, {backend}: {word} -->" for word in ("begin", "end"))
    page = path.read_text("utf-8")
    before, begin, rest = page.partition(first)
    _old, end, after = rest.partition(last)
    if not (begin and end):
        raise SystemExit(f"{path} needs a line {first} and below it a line {last}.")
    path.write_text(f"{before}{first}\n\n{text}\n\n{last}{after}", "utf-8")

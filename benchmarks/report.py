"""What was measured, as Markdown tables, printed and kept in docs/performance.md."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .cpu import DEAR
from .measure import FLOOR

LABELS = {
    "repeated": "asked for again: an answer that is kept",
    "constant": "a constant of as many bytes as a list",
    "list": "list, two or three facets chosen",
    "filter": "province + mechanism",
    "search": "search, exact",
    "nothing": "search, nothing found",
    "search_filter": "search + province + year",
    "detail": "detail",
    "deep": "any page of the whole list",
    "sorted": "sorted by title or region",
    "json": "JSON, filter or search",
    "crosstab": "cross-tab of two fields",
    "not_modified": "not modified (304)",
}
COMPARED = {
    "again_dear": "dearest word, kept: CPU of an ordinary search",
    "first_dear": "dearest word, first time: CPU of an ordinary search",
    "first_list": "first list after an edit: CPU of the same again",
    "first_search": "first search after an edit: CPU of the same again",
}
# The most that a page may cost, in floors (the last four: in what their labels say), up to so many
# entries; and how many times slower than ours other sites are at least.
SIZES = (20_000, 200_000, 1_000_000)
LIMITS = {
    "repeated": (1.4, 1.4, 1.4),
    "list": (5.5, 6, 9),
    "filter": (6, 6.5, 9.5),
    "search": (8, 10, 18),
    "detail": (5, 6, 8),
    "not_modified": (1.3, 1.3, 1.3),
    "crosstab": (10, 20, 60),
    "again_dear": (4, 4, None),
    "first_dear": (15, 20, None),
    "first_list": (2, 2, None),
    "first_search": (3, 3, None),
}
OTHERS = {
    ("Django", "list"): (8, 15, None),
    ("Django", "filter"): (20, 75, None),
    ("Django", "search"): (60, 250, None),
    ("Datasette", "filter"): (12, 75, None),
    ("Datasette", "search"): (12, 75, None),
}
ON_POSTGRESQL = 2
P99 = 5
# At 1M: seconds until a worker answers, and megabytes more than with 20 entries.
START, MEMORY = 0.3, 100
# At 200k.
BUILD = 60


@dataclass
class Result:
    """What one size gave: Series by kind, those of other sites by the site's name, what `benchmarks.cpu`
    printed, and the weights beside them, of 20 entries in `base`.
    """

    size: int
    series: dict
    others: dict
    cpu: dict
    facts: dict
    workers_mb: list
    start_seconds: float
    base: "Result | None" = None

    def figure(self, name):
        """What LIMITS limits: a page in floors, or CPU in what COMPARED says; None if not measured."""
        if name in self.series:
            return self.series[name].ratio(self.series[FLOOR])
        if name not in COMPARED or not self.cpu:
            return None
        when, what = name.split("_")
        if what == "dear":
            found, plain = (
                max(self.cpu[when][word] for word in DEAR),
                self.cpu["pages"]["search"][0],
            )
        else:
            found, plain = self.cpu["first"][what], self.cpu["again"][what]
        return found / plain


def tables(results, backend):
    """All tables as one Markdown text."""
    parts = [machine(backend), figures(results, backend)]
    if any(result.others for result in results):
        parts.append(against_others(results))
    return "\n\n".join([*parts, latencies(results), weights(results)])


def machine(backend):
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    name = model[1] if model else "an unnamed processor"
    return f"{os.cpu_count()} cores ({name}), {backend}."


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def figures(results, backend):
    rows = [
        [label, *(figure(result, name, backend) for result in results)]
        for name, label in (LABELS | COMPARED).items()
        if any(result.figure(name) is not None for result in results)
    ]
    return "Times the floor (p50):\n\n" + table(["page", *heads(results)], rows)


def heads(results):
    return [f"{result.size:,}" for result in results]


def figure(result, name, backend):
    found, most = result.figure(name), limit(LIMITS.get(name), result.size)
    if found is None:
        return "–"
    # Floors alone: CPU is compared with CPU on the same database.
    twice = backend != "SQLite" and name in LABELS and name != "repeated"
    return verdict(found, most and most * (ON_POSTGRESQL if twice else 1), "{:.1f}×")


def limit(limits, size):
    """The limit of the least listed size that is not smaller; None if there is none."""
    return limits and limits[min(sum(size > listed for listed in SIZES), len(SIZES) - 1)]


def verdict(found, most, form, sign="≤"):
    """The figure, and where it has a limit whether it is held."""
    if most is None:
        return form.format(found)
    held = found <= most if sign == "≤" else found >= most
    return f"{form.format(found)} ({sign} {most:g}, {'held' if held else '**missed**'})"


def against_others(results):
    rows = [
        [f"{site}: {LABELS[kind]}", *(slower(result, site, kind) for result in results)]
        for site, kind in OTHERS
    ]
    head = ["page", *heads(results)]
    title = "Other sites' p50, in times ours (Datasette compresses nothing)"
    return f"{title}:\n\n" + table(head, rows)


def slower(result, site, kind):
    if site not in result.others:
        return "–"
    other = result.others[site][kind]
    least = limit(OTHERS[site, kind], result.size)
    times = verdict(other.ratio(result.series[kind]), least, "{:.0f}×", "≥")
    return f"{times}; {other.p50 / 1000:.0f} ms"


def latencies(results):
    rows = [
        [LABELS.get(kind, kind), *(latency(result, kind) for result in results)]
        for kind in (FLOOR, *LABELS)
        if any(kind in result.series for result in results)
    ]
    head = ["p50 by wrk; CPU p50 / p99, ms", *heads(results)]
    return f"Milliseconds; a p99 above {P99} times its p50 is bold:\n\n" + table(head, rows)


def latency(result, kind):
    if kind not in result.series:
        return "–"
    found = f"{result.series[kind].p50 / 1000:.2f}"
    if kind not in result.cpu.get("pages", {}):
        return found
    p50, p99 = result.cpu["pages"][kind]
    return f"{found}; {p50:.2f} / {f'{p99:.2f}' if p99 <= P99 * p50 else f'**{p99:.2f}**'}"


def weights(results):
    rows = [
        [
            "a worker's memory without kept answers, MB",
            *(f"{max(result.workers_mb):.0f}" for result in results),
        ],
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
    return verdict(more, MEMORY if result.size == SIZES[-1] else None, "{:.0f}")


def start(result):
    took, base = result.start_seconds, result.base.start_seconds
    words = verdict(took, START if result.size == SIZES[-1] else None, "{:.2f}")
    return f"{words}; with 20 entries {base:.2f}"


def build(result):
    took = result.facts["build_seconds"]
    return verdict(took, BUILD if result.size == 200_000 else None, "{:.0f}")


def write(path, backend, text):
    """Put `text` between the file's markers of a database."""
    first, last = (f"<!-- bench, {backend}: {word} -->" for word in ("begin", "end"))
    page = path.read_text("utf-8")
    before, begin, rest = page.partition(first)
    _old, end, after = rest.partition(last)
    if not (begin and end):
        raise SystemExit(f"{path} needs a line {first} and below it a line {last}.")
    path.write_text(f"{before}{first}\n\n{text}\n\n{last}{after}", "utf-8")

"""How much longer another visitor waits for a list while 32 connections ask for what is dearest.

`make bench` keeps the table in docs/performance.md. Slow visitors, behind nginx and without it, are
in tests/test_deploy.py.
"""

from threading import Thread

from .addresses import address, paths
from .cpu import DEAR
from .measure import Series, percentile, run
from .report import table, verdict

CONNECTIONS, LIMIT, SECONDS = 32, 10, 3
PAGES = 40


def crowds():
    """{what they ask for: (addresses, limit)}; nginx.conf lets an address make 20 new ones a second."""
    words = [address("/achievements/", {"q": word}) for word in DEAR]
    kinds = ("year", "-year", "region", "relevance")
    new = [
        address("/achievements/", {"q": word, "sort": sort, "page": page})
        for page in range(2, PAGES)
        for sort in kinds
        for word in DEAR
    ]
    return {"the dearest words": (words, LIMIT), "their further pages, each a new one": (new, None)}


def tables(home):
    """A table, as Markdown, of the product served from a Home."""
    lists = paths(home.read("queries.json"))["list"]
    rows = []
    with home.server() as site:
        for asked, (addresses, most) in crowds().items():
            quiet, busy = waits(home, site, lists, addresses)
            held = verdict(busy / quiet, most, "{:.1f}×")
            rows.append([asked, f"{quiet / 1000:.2f}", f"{busy / 1000:.2f}", held])
    head = [f"{CONNECTIONS} connections ask for", "p50 alone, ms", "beside them, ms", "times"]
    return f"Another visitor's list, at {home.size:,}:\n\n{table(head, rows)}"


def waits(home, site, lists, dear):
    """Median microseconds of lists, alone and beside the crowd."""
    for path in dear[: len(DEAR)]:
        site.warm_up([path] * 8)
    visitor = Series("visitor", site, lists, seconds=SECONDS)
    crowd = Series("crowd", site, dear, seconds=SECONDS + 2)
    quiet = run(visitor, home.folder, 0)
    beside = Thread(target=run, args=(crowd, home.folder, 0, CONNECTIONS))
    beside.start()
    busy = run(visitor, home.folder, len(lists) // 2)
    beside.join()
    return percentile(quiet, 50), percentile(busy, 50)

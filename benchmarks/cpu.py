"""CPU of answers, in a process of its own, around the handler: no server, no client, no waiting.

    DATA_DIR=… KEEP_NOTHING=1 python -m benchmarks.cpu

A machine that others use too gives wrk a p99 of tens of milliseconds for a constant string. Prints
JSON, milliseconds: `pages` {kind: [p50, p99]}; `first` and `again`, what the answers after a change
cost the first time and the second: a list, a search, each of the DEAR words.
"""

import json
import os
import time
from pathlib import Path
from statistics import median, quantiles

from .addresses import address, paths
from .server import BROWSER

# Words that stand in the names of thousands of places and organizations.
DEAR = ("市", "县", "政府", "委员会")
# Answers of a kind that are measured, after others that warm up; and how many changes are made.
AMOUNT, WARM, EDITS = 400, 100, 7


def main():
    from governance.wsgi import application

    queries = paths(json.loads((Path(os.environ["DATA_DIR"]) / "queries.json").read_text()))
    ask = Asker(application)
    found = {"pages": pages(ask, queries), **after_a_change(ask, queries)}
    print(json.dumps(found))


class Asker:
    """Asks the handler as a browser asks the server, or with these headers; an answer must have one of
    the `statuses`. `content` is that of the last answer.
    """

    def __init__(self, application, statuses=("200",), headers=BROWSER):
        from django.test import RequestFactory

        self._application, self._statuses = application, statuses
        self._requests = RequestFactory(headers={"Host": "localhost", **headers})
        self.content = b""

    def __call__(self, path):
        """CPU milliseconds of an answer."""
        environ, statuses = self._requests.get(path).environ, []
        start = time.thread_time()
        response = self._application(environ, lambda status, _headers: statuses.append(status))
        self.content = b"".join(response)
        response.close()
        took = time.thread_time() - start
        assert statuses[0][:3] in self._statuses, (path, statuses)
        return took * 1000


def pages(ask, queries):
    """{kind: [p50, p99]}, all kinds in turns, so that each finds the caches as others left them."""
    kinds = {"floor": ["/floor/"], **queries}
    for kind in kinds:
        for number in range(WARM):
            ask(kinds[kind][number % len(kinds[kind])])
    taken = {kind: [] for kind in kinds}
    for number in range(WARM, WARM + AMOUNT):
        for kind, addresses in kinds.items():
            taken[kind].append(ask(addresses[number % len(addresses)]))
    return {kind: [median(some), quantiles(some, n=100)[98]] for kind, some in taken.items()}


def after_a_change(ask, queries):
    """{"first" or "again": {"list", "search" or a dear word: CPU}}, medians over EDITS changes."""
    dear = {word: address("/achievements/", {"q": word}) for word in DEAR}
    asked = {kind: queries[kind][0] for kind in ("list", "search")} | dear
    first, again = ({name: [] for name in asked} for _ in range(2))
    for name, path in asked.items():
        for number in range(EDITS):
            change(number)
            if name in DEAR:
                # Its own cost, beside that of any first answer.
                for kind in ("list", "search"):
                    ask(asked[kind])
            first[name].append(ask(path))
            again[name].append(min(ask(path) for _ in range(3)))
    return {
        when: {name: median(some) for name, some in taken.items()}
        for when, taken in (("first", first), ("again", again))
    }


def change(number):
    """An edit of a published entry, as the admin saves it; every second one takes the last one back."""
    from django.db import transaction

    from governance import index
    from governance.models import Achievement

    with transaction.atomic():
        entry = Achievement.objects.published().order_by("pk").first()
        mark = "（修订）"
        entry.summary = entry.summary.removesuffix(mark) + (mark if number % 2 == 0 else "")
        entry.save()
        index.update(index.touched_by(entry))


if __name__ == "__main__":
    main()

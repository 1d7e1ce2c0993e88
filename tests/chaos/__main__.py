"""Everything that can go wrong with three machines, one after the other, while people read and write.

`python -m tests.chaos [FAULT …]`: all faults, or those whose names have one of these words. Their order
is drawn by CHAOS_SEED, which is printed: the same seed gives the same order. Exits with 1 if something
did not hold.
"""

import os
import random
import signal
import sys
import time
from contextlib import ExitStack

import django
import orjson

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = "sqlite://:memory:"
django.setup()

from ..helpers.outage import wait  # noqa: E402  # Django has to be ready before
from .faults import FAULTS, Scene  # noqa: E402  # the same
from .machines import machines  # noqa: E402  # the same
from .readers import Traffic, get  # noqa: E402  # the same
from .record import Record  # noqa: E402  # the same
from .staff import Staff, lost  # noqa: E402  # the same
from .tally import HEAD, requests_of, row_of, verdicts  # noqa: E402  # the same

# Seconds after which it is said that something does not come back.
PATIENCE = 60


def main(words):
    # As after Ctrl-C: whatever was started is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    seed = os.environ.get("CHAOS_SEED") or str(random.randrange(10_000))
    print(f"CHAOS_SEED={seed}", flush=True)
    draw = random.Random(seed)
    faults = draw.sample(FAULTS, len(FAULTS))
    faults = [fault for fault in faults if not words or any(word in fault.name for word in words)]
    with ExitStack() as stack:
        place = machines(stack)
        record = Record(place.home)
        with Staff(place.port, record) as staff, Traffic(place.port, record, seed) as traffic:
            wait(lambda: traffic.last_right and staff.acknowledged_at, PATIENCE)
            starts = [place.seconds_of_a_start()]
            rows = list(suffered(faults, Scene(place, record, staff, draw), traffic))
            starts.append(place.seconds_of_a_start())
        said = conclusion(rows, place, record, staff, max(starts))
    for verdict in said:
        print(verdict)
    return 0 if all(verdict.held for verdict in said) else 1


def suffered(faults, scene, traffic):
    """The Row of each fault."""
    print(HEAD, flush=True)
    for fault in faults:
        if fault.name == "disk full" and scene.machines.disk is None:
            print(f"{fault.name:44} skipped: only root can mount a disk that may be filled")
            continue
        row = suffer(fault, scene, traffic)
        print(row, flush=True)
        for asked in (row.wrong + row.failed)[:3]:
            print(f"    {asked.path}: {asked.why or asked.wrong}", flush=True)
        yield row


def suffer(fault, scene, traffic):
    began, broken = time.monotonic(), ""
    try:
        fault.run(scene)
    except Exception as error:
        broken = f"{type(error).__name__}: {error}"
    ended = time.monotonic()
    whole = whole_again(scene, traffic, ended)
    # The next one shall not meet what this one has left.
    wait(scene.machines.caught_up, PATIENCE)
    wait(lambda: traffic.all_began_after(ended), PATIENCE)
    return row_of(fault, began, ended, whole, traffic.taken(), broken)


def whole_again(scene, traffic, since):
    """When both servers are ready, and somebody has written, and somebody read, since then."""
    first, second = scene.machines.first, scene.machines.second
    done = [
        lambda: scene.staff.acknowledged_at > since,
        lambda: traffic.last_right > since,
        first.ready,
        second.ready,
    ]
    while not all(one() for one in done) and time.monotonic() < since + PATIENCE:
        time.sleep(0.05)
    return time.monotonic()


def conclusion(rows, place, record, staff, start):
    """Verdicts, once nobody reads and writes any more."""
    versions = {"first": version(place.first), "second": version(place.second)}
    # Of the last write it may not be known whether it was done.
    possible = [state.digest[:12] for state in record.possible]
    versions["worked out"] = min(possible, key=lambda one: one != versions["first"])
    homes = place.first.home, place.second.home
    checks = [home.run("manage.py", "check_index") for home in homes]
    gone = lost(record, place.home)
    asked, failed = requests_of(rows)
    print(f"\n{len(rows)} faults, {asked} requests, {failed} failed", end=" ")
    asked, failed = requests_of(row for row in rows if row.gone == "both servers")
    print(f"({failed} of {asked} while both servers were gone); writes:", end=" ")
    print(f"{len(record.acknowledged)} acknowledged, {staff.refused} not;", end=" ")
    print(f"{len(record.given_up)} given up by restoring a backup")
    damage = [out for status, out, _error in checks if status]
    return verdicts(rows, start, gone, versions, damage)


def version(server):
    """The version of the record that a server says."""
    return orjson.loads(get(server.port, "/api/achievements/")[1])["version"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

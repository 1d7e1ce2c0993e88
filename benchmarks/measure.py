"""Latency by wrk: every kind of page for a moment, round after round, so that all share the machine's moods."""

import math
import random
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
FLOOR = "floor"


@dataclass
class Series:
    """Addresses of one kind, asked for one after another; `tags` sends each with its ETag."""

    kind: str
    server: object
    paths: list
    tags: dict = field(default_factory=dict)
    seconds: int = 1
    rounds: list = field(default_factory=list)

    @property
    def p50(self):
        return percentile(sum(self.rounds, Counter()), 50)

    def ratio(self, other):
        """How many times the median latency of `other` in the same round; the median of rounds."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return median(percentile(one, 50) / percentile(two, 50) for one, two in pairs)


def need_wrk():
    if not shutil.which("wrk"):
        raise SystemExit("The benchmark needs wrk; on Debian or Ubuntu: apt install wrk")


def measure(series, rounds, folder, seed=2015):
    """Fill each Series with a histogram {microseconds: requests} for each round."""
    pick = random.Random(seed)
    for one in series:
        one.seconds = max(one.seconds, patience(one))
    for number in range(rounds):
        turn = number % len(series)
        for one in series[turn:] + series[:turn]:
            one.rounds.append(run(one, folder, pick.randrange(len(one.paths))))


def patience(one):
    """Seconds in which the slow still answer several times: wrk forgets what is not answered at the end.

    A single address may be one that finds nothing, at once.
    """
    slowest = 0.0
    for path in one.paths[:5]:
        start = time.perf_counter()
        one.server.status(path)
        slowest = max(slowest, time.perf_counter() - start)
    return min(60, math.ceil(8 * slowest))


def run(one, folder, start, connections=1):
    """The histogram of one turn of a Series, which begins with its address number `start`."""
    addresses = folder / f"{one.kind}.txt"
    addresses.write_text("".join(f"{path}\t{one.tags.get(path, '')}\n" for path in one.paths))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{one.seconds}s", "--timeout", "60s"]
    command += ["-s", str(HERE / "rotate.lua"), one.server.url(), "--", str(addresses), str(start)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return histogram(one.kind, output)


def histogram(kind, output):
    """{microseconds: requests} of what rotate.lua printed."""
    found = Counter()
    for line in output.splitlines():
        words = line.split()
        if line.startswith("failed") and words[1] != "0":
            raise SystemExit(f"{words[1]} requests of {kind} failed.")
        if line.startswith("latency "):
            found[int(words[1])] += int(words[2])
    if not found:
        raise SystemExit(f"wrk measured nothing of {kind}:\n{output}")
    return found


def percentile(found, percent):
    """Microseconds that `percent` of a histogram's requests took at most."""
    wanted, seen = found.total() * percent / 100, 0
    for microseconds in sorted(found):
        seen += found[microseconds]
        if seen >= wanted:
            return microseconds
    raise ValueError("An empty histogram has no percentiles.")

"""What became of the requests that were made during each fault, and whether that is good enough."""

from itertools import pairwise
from typing import NamedTuple

# Of so many requests one may fail while an application server or the standby is gone.
ONE_IN = 10_000
# Full service is there again within so many starts of the same run.
STARTS = 2
HEAD = f"{'fault':44} {'s':>5} {'requests':>8} {'failed':>6} {'wrong':>5} {'gap, s':>6} {'whole after':>11}"


class Row(NamedTuple):
    """Of one fault: seconds, numbers of requests, the longest time without a right answer, and the
    seconds after its end until everything could be done again. `broken` says what it did not do itself.
    """

    name: str
    gone: str
    seconds: float
    requests: int
    failed: list
    wrong: list
    gap: float
    whole_after: float
    broken: str = ""

    def __str__(self):
        numbers = f"{self.requests:8} {len(self.failed):6} {len(self.wrong):5} {self.gap:6.1f}"
        return (
            f"{self.name:44} {self.seconds:5.1f} {numbers} {self.whole_after:11.1f} {self.broken}"
        )


def row_of(fault, began, ended, whole, asked, broken):
    """The Row of a fault that lasted from `began` to `ended`; everything could be done again at `whole`."""
    right = [one.ended for one in asked if not (one.why or one.wrong)]
    right = sorted(moment for moment in right if began < moment < whole)
    return Row(
        fault.name,
        fault.gone,
        whole - began,
        len(asked),
        [one for one in asked if one.why],
        [one for one in asked if one.wrong],
        max(later - earlier for earlier, later in pairwise([began, *right, whole])),
        whole - ended,
        broken,
    )


def requests_of(rows):
    """How many were made, and how many of them failed."""
    rows = list(rows)
    return sum(row.requests for row in rows), sum(len(row.failed) for row in rows)


class Verdict(NamedTuple):
    sentence: str
    held: bool

    def __str__(self):
        return f"{'held  ' if self.held else 'MISSED'} {self.sentence}"


def verdicts(rows, start, lost, digests, damage):
    """What has to hold: `lost` are acknowledged writes, `digests` {where: digest}, `damage` reports of it."""
    wrong = sum(len(row.wrong) for row in rows)
    requests, failed = requests_of(row for row in rows if row.gone in ("server", "standby"))
    late = [row.name for row in rows if row.whole_after > STARTS * start]
    without = [row for row in rows if row.gone == "primary"]
    read = [row for row in without if row.requests > 10 * len(row.failed)]
    broken = [row.name for row in rows if row.broken]
    return [
        Verdict(f"wrong answers: {wrong}", wrong == 0),
        Verdict(f"acknowledged writes that were lost: {lost}", not lost),
        Verdict(f"digests at the end: {digests}", len(set(digests.values())) == 1),
        Verdict(f"damage of the index at the end: {damage or 'none'}", not damage),
        Verdict(
            f"failed while a server or the standby was gone: {failed} of {requests} requests",
            failed * ONE_IN <= requests,
        ),
        Verdict(
            f"public pages without the primary: {len(read)} of {len(without)} faults",
            read == without,
        ),
        Verdict(
            f"full service within {STARTS} starts ({start:.1f} s each): all but {late or 'none'}",
            not late,
        ),
        Verdict(f"faults that did not go as they should: {broken or 'none'}", not broken),
    ]

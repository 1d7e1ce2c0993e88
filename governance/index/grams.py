"""The n-grams of many passages at once: what a rebuild spends its time on, so numpy does it."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from .text import LONG, SHORT

NEWLINE = ord("\n")


def grams(
    passages: Sequence[str], numbers: Sequence[int]
) -> Iterator[tuple[str, bool, "array[int]"]]:
    """Yields (n-gram, whether as a repeated one, array of those `numbers` whose passage has it).

    Enough to answer any phrase exactly. A phrase longer than SHORT is in a passage if the phrase
    without its last character and the phrase without its first one are, and overlap there. They do
    unless their overlap, the inside of the phrase, stands in the passage twice. Such an inside is
    "repeated", and around it the longer n-gram is indexed as it is. See `search.phrase`.

    Passages are folded texts; no n-gram goes across a line end.
    """
    # A line end before and after each, so that every character has a neighbour on either side.
    text = "".join(f"\n{passage}" for passage in passages) + "\n"
    characters = _characters(text)
    owners = np.repeat(np.array(numbers, np.uint32), [1 + len(passage) for passage in passages])
    # Where the n-grams of a size begin: equal ones together, and these in the order of the text. By
    # such a place, the n-gram's rank, and whether it stands twice in its passage.
    starts = np.arange(1, len(text))
    ranks, twice = np.zeros(len(text), np.int32), np.zeros(len(text), bool)
    for size in range(1, LONG):
        # One character more in front; by those behind they are sorted already.
        starts = starts - 1
        if size > SHORT:
            # What stands twice begins and ends with what stands twice.
            starts = starts[twice[starts] & twice[starts + 1]]
        starts = _sorted(starts, characters, 0)
        changes = _changes(characters[starts]) | _changes(ranks[starts + 1])
        ranks[starts] = np.cumsum(changes)
        pairs = _pairs(starts, changes, owners)
        if size <= SHORT:
            yield from _posted(text, size, False, starts[pairs], changes[pairs], owners)
        if size > 1:
            times = np.diff(pairs, append=len(starts))
            again = starts[pairs[times > 1]]
            yield from _posted(text, size, True, again, _changes(ranks[again]), owners)
            insides = starts[np.repeat(times > 1, times)]
            twice[:] = False
            twice[insides] = True
        if 1 < size <= LONG - 2:
            insides = _sorted(_sorted(insides, characters, -1), characters, size)
            before, behind = characters[insides - 1], characters[insides + size]
            changes = _changes(before) | _changes(ranks[insides]) | _changes(behind)
            pairs = _pairs(insides, changes, owners)
            around = insides[pairs] - 1
            yield from _posted(text, size + 2, False, around, changes[pairs], owners)


def _characters(text: str) -> np.ndarray:
    """The text as small numbers, 0 for a line end: numpy sorts those of 16 bits ten times faster."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    there = np.zeros(points.max() + 1, bool)
    there[points] = True
    ranks = np.cumsum(there)
    characters = ranks.astype(np.min_scalar_type(ranks[-1]))[points]
    characters[points == NEWLINE] = 0
    return characters


def _sorted(places: np.ndarray, characters: np.ndarray, offset: int) -> np.ndarray:
    """The places by the character at this offset, without those where it is a line end."""
    keys = characters[places + offset]
    order = np.argsort(keys, kind="stable")
    return places[order[np.count_nonzero(keys == 0) :]]


def _changes(values: np.ndarray) -> np.ndarray:
    """Whether each of an array differs from the one before."""
    changes = np.ones(len(values), bool)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _pairs(places: np.ndarray, changes: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Indices of the first of each n-gram in each passage; `changes` are where another n-gram begins."""
    return np.flatnonzero(changes | _changes(owners[places]))


def _posted(
    text: str,
    size: int,
    repeated: bool,
    starts: np.ndarray,
    changes: np.ndarray,
    owners: np.ndarray,
) -> Iterator[tuple[str, bool, "array[int]"]]:
    """What `grams` yields for the n-grams at `starts`, one a passage."""
    firsts = np.flatnonzero(changes)
    having = array("I", owners[starts].tobytes())
    bounds = pairwise([*firsts.tolist(), len(having)])
    for at, (first, last) in zip(starts[firsts].tolist(), bounds, strict=True):
        yield text[at : at + size], repeated, having[first:last]

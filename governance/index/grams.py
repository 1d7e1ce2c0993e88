"""The n-grams of many passages at once: what a rebuild spends its time on, so numpy does it."""

from array import array
from collections import defaultdict
from itertools import pairwise

import numpy as np
from pyroaring import BitMap

from .text import LONG, SHORT

NEWLINE = ord("\n")
# Bits of a character: three fit into an int64.
CHARACTER = 21


def grams(passages, numbers):
    """({n-gram: numbers}, {repeated n-gram: numbers}): the bitmaps of those `numbers` whose passage has it.

    Enough to answer any phrase exactly. A phrase longer than SHORT is in a passage if the phrase
    without its last character and the phrase without its first one are, and overlap there. They do
    unless their overlap, the inside of the phrase, stands in the passage twice. Such an inside is
    "repeated", and around it the longer n-gram is indexed as it is. See `search.phrase`.

    Passages are folded texts; no n-gram goes across a line end.
    """
    found, repeated = defaultdict(BitMap), defaultdict(BitMap)
    text = "".join(f"{passage}\n" for passage in passages)
    characters = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    owners = np.repeat(np.array(numbers, np.uint32), [len(passage) + 1 for passage in passages])
    starts = np.flatnonzero(characters != NEWLINE)
    codes, twice = characters[starts], None
    for size in range(1, LONG):
        if size > 1:
            on = characters[starts + size - 1] != NEWLINE
            if size > SHORT:
                # What stands twice begins and ends with what stands twice.
                on &= twice[starts] & twice[starts + 1]
            starts, codes = starts[on], codes[on]
            if size > SHORT:
                codes = np.unique(codes, return_inverse=True)[1]
            codes = codes << CHARACTER | characters[starts + size - 1]
        order = np.argsort(codes, kind="stable")
        starts, codes = starts[order], codes[order]
        owned = owners[starts]
        pairs = np.flatnonzero(_changes(codes) | _changes(owned))
        times = np.diff(pairs, append=len(codes))
        if size <= SHORT:
            _post(found, text, size, starts[pairs], codes[pairs], owned[pairs])
        if size > 1:
            again = pairs[times > 1]
            _post(repeated, text, size, starts[again], codes[again], owned[again])
            twice = np.zeros(len(characters) + 1, bool)
            twice[starts[np.repeat(times > 1, times)]] = True
            if size + 2 <= LONG:
                _post_around(found, text, size, np.flatnonzero(twice), owners)
    return found, repeated


def _changes(values):
    """Whether each of an array differs from the one before."""
    changes = np.ones(len(values), bool)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _post(postings, text, size, starts, codes, numbers):
    """Add to {n-gram: bitmap} the numbers of each run of equal codes, whose n-gram begins at `starts`."""
    firsts = np.flatnonzero(_changes(codes))
    numbers = array("I", numbers.tobytes())
    bounds = pairwise([*firsts.tolist(), len(numbers)])
    for at, (first, last) in zip(starts[firsts].tolist(), bounds, strict=True):
        postings[text[at : at + size]].update(numbers[first:last])


def _post_around(postings, text, size, insides, owners):
    """Add the n-grams that have a repeated one inside, a character more at either end."""
    for inside, number in zip(insides.tolist(), owners[insides].tolist(), strict=True):
        gram = text[max(inside - 1, 0) : inside + size + 1]
        if len(gram) == size + 2 and "\n" not in gram:
            postings[gram].add(number)

"""Text folding: one fold, for documents and for queries."""

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path


@cache
def _simplified():
    """Traditional → simplified, by character; OpenCC's table, Apache-2.0. Closed: folding twice changes nothing."""
    table = json.loads(Path(__file__).with_name("t2s_chars.json").read_text("utf-8"))
    return str.maketrans(table)


def fold(text):
    """`text` without its differences of width, case and script: ＡＢ社區 → ab社区."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_simplified())


def terms(query):
    """What a query asks for: its words, and its quoted phrases whole.

    社区 “居民 提案” → ["社区", "居民 提案"]. Straight, curved and corner quotes all count.
    """
    found = re.findall(r"[“\"「]([^”\"」]+)[”\"」]|([^\s“”\"「」]+)", query)
    return [words for phrase, word in found if (words := " ".join((phrase or word).split()))]


# Every n-gram up to SHORT characters is indexed, and of those up to LONG the ones that need it.
SHORT, LONG = 3, 6


def grams(passage):
    """(n-grams, repeated n-grams) of a folded passage, enough to answer any phrase exactly.

    A phrase longer than SHORT is in a passage if the phrase without its last character and the
    phrase without its first one are, and overlap there. They do unless their overlap, the inside
    of the phrase, stands in the passage twice. Such an inside is "repeated", and around it the
    longer n-gram is indexed as it is. See `search.phrase`.
    """
    found, repeated = set(passage), set()
    for size in range(2, LONG):
        times = Counter(passage[at : at + size] for at in range(len(passage) - size + 1))
        if size <= SHORT:
            found.update(times)
        twice = {gram for gram, n in times.items() if n > 1}
        if size >= SHORT and not twice:
            break
        repeated |= twice
        if size + 2 <= LONG:
            found.update(_around(twice, size, passage))
    return (
        found if "\n" not in passage else {gram for gram in found if "\n" not in gram}
    ), repeated


def _around(insides, size, passage):
    """The n-grams that are one of `insides`, all of one size, with a character more at either end."""
    for at in range(1, len(passage) - size):
        if passage[at : at + size] in insides:
            yield passage[at - 1 : at + size + 1]


def windows(term, size):
    """All n-grams of a term, in order."""
    return [term[at : at + size] for at in range(len(term) - size + 1)]

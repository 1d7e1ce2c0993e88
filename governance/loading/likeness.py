"""Whether an entry of a file may be one of the record in other words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

from governance.index.text import fold

# What is said of an entry: its TEXTS, as far as they are given.
Texts = Mapping[str, Any]

TEXTS = ("title", "short_name", "organization_text", "summary")

# Two summaries are of one innovation if they share so much of the shorter one's bigrams, and may be
# if they share so much. The likeliest two of 2015 share a quarter.
SAME, DOUBTFUL = 0.6, 0.3
# Of fewer bigrams nothing follows: many a list has “说明。” for all.
ENOUGH = 4
# A body may be called with or without the places above it; a shorter name, 民政局, is no body's own.
OWN_NAME = 6


class Likeness(IntEnum):
    """How sure it is that two entries are one, from nothing at all to all the same words."""

    NONE = 0
    # Only a person can say.
    DOUBTFUL = 1
    SUMMARY = 2
    TITLE = 3
    TITLE_AND_MORE = 4
    ALL = 5


@dataclass(frozen=True)
class EntryWords:
    """The texts of an entry, folded and without punctuation; `bigrams` are those of its summary."""

    title: str
    short_name: str
    bodies: frozenset[str]
    summary: str
    bigrams: frozenset[str]

    @classmethod
    def of(cls, texts: Texts) -> "EntryWords":
        said = {name: fold(texts.get(name) or "") for name in TEXTS}
        bodies = frozenset(re.findall(r"[^\W_]+", said["organization_text"]))
        title, short_name, summary = (
            re.sub(r"[\W_]", "", said[name]) for name in ("title", "short_name", "summary")
        )
        bigrams = frozenset(map("".join, pairwise(summary)))
        return cls(title, short_name, bodies, summary, bigrams)


def likeness(one: EntryWords, other: EntryWords) -> Likeness:
    """How alike two entries are.

    A title alone tells, unless all else that both say contradicts it; so do most of the words of a
    summary. A quoted name is a brand that any body may have, and a body may have done two things.
    """
    shared = _shared(one, other)
    body = _same_body(one, other)
    if one.title and one.title == other.title:
        if one.bodies == other.bodies and one.summary == other.summary:
            return Likeness.ALL
        if body or shared >= SAME:
            return Likeness.TITLE_AND_MORE
        both_say = (one.bodies and other.bodies) or _fewer(one, other) >= ENOUGH
        return Likeness.DOUBTFUL if both_say and shared < DOUBTFUL else Likeness.TITLE
    if shared >= SAME:
        return Likeness.SUMMARY
    brand = bool(one.short_name) and one.short_name == other.short_name
    return Likeness.DOUBTFUL if body or brand or shared >= DOUBTFUL else Likeness.NONE


def _shared(one: EntryWords, other: EntryWords) -> float:
    """The part of the shorter summary's bigrams that the other one has."""
    fewer = _fewer(one, other)
    return len(one.bigrams & other.bigrams) / fewer if fewer >= ENOUGH else 0


def _fewer(one: EntryWords, other: EntryWords) -> int:
    return min(len(one.bigrams), len(other.bigrams))


def _same_body(one: EntryWords, other: EntryWords) -> bool:
    return any(
        mine == its or (min(len(mine), len(its)) >= OWN_NAME and _one_ends_with_other(mine, its))
        for mine in one.bodies
        for its in other.bodies
    )


def _one_ends_with_other(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)


class Alike:
    """Finds which of many entries are at all alike one, without a look at each of them.

    `versions` is {code: the EntryWords that an entry of the record has, and had}.
    """

    def __init__(self, versions: Mapping[str, Iterable[EntryWords]]) -> None:
        self.versions = [(code, words) for code, each in versions.items() for words in each]
        self._by_name: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._by_bigram: dict[str, list[int]] = defaultdict(list)
        for place, (_code, words) in enumerate(self.versions):
            for name in _names(words):
                self._by_name[name].add(place)
            for bigram in words.bigrams:
                self._by_bigram[bigram].append(place)

    def to(self, words: EntryWords) -> dict[str, Likeness]:
        """{code: its Likeness}, the most of its versions, without those that are not alike."""
        found: dict[str, Likeness] = {}
        for place in self._candidates(words):
            code, other = self.versions[place]
            found[code] = max(found.get(code, Likeness.NONE), likeness(words, other))
        return {code: how for code, how in found.items() if how}

    def _candidates(self, words: EntryWords) -> set[int]:
        places = {place for name in _names(words) for place in self._by_name.get(name, ())}
        counts: Counter[int] = Counter()
        for bigram in words.bigrams:
            counts.update(self._by_bigram.get(bigram, ()))
        mine = len(words.bigrams)
        for place, count in counts.items():
            if count >= DOUBTFUL * min(mine, len(self.versions[place][1].bigrams)):
                places.add(place)
        return places


def _names(words: EntryWords) -> Iterator[tuple[str, str]]:
    """By what an entry is looked up besides its summary."""
    if words.title:
        yield "title", words.title
    if words.short_name:
        yield "short_name", words.short_name
    for body in words.bodies:
        yield "body", body[-OWN_NAME:]

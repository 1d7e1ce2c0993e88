"""Mechanisms that an entry's own words suggest, each with the words that speak for it.

A suggestion is not a coding: a person judges it. Two things suggest a mechanism: a name or alias
of it that stands in the text, and wording that showed it in entries coded before.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from governance.announcements.files.paragraphs import plain

# Wording counts if it was evidence for the mechanism in at least two coded entries, and in at least
# half of those in which it stands. Both numbers were chosen before measuring, and not tuned.
LEAST_ENTRIES, LEAST_SHARE = 2, 0.5
SHORTEST, LONGEST = 2, 8


@dataclass(frozen=True)
class CodedEntry:
    """An entry coded before: {field: text}, and {mechanism: [evidence, …]} in words of the texts."""

    texts: dict[str, str]
    evidence: dict[str, list[str]]


@dataclass(frozen=True)
class SuggestedSpan:
    """Words that speak for a mechanism: `texts[field][start:end] == text`.

    `because` is the name or alias that the words are, or "" for wording of earlier entries;
    of those, `shown` is how many had it as evidence and `seen` how many had it at all.
    """

    field: str
    start: int
    end: int
    text: str
    because: str = ""
    shown: int = 0
    seen: int = 0


@dataclass(frozen=True)
class Suggestion:
    """A mechanism, the first of its names in the vocabulary, and the words that speak for it."""

    mechanism: str
    name: str
    spans: tuple[SuggestedSpan, ...]


class _Sign(NamedTuple):
    """A SuggestedSpan without its words, in a plain text."""

    start: int
    end: int
    because: str
    shown: int
    seen: int


# {words: [(mechanism, entries where they show it, entries that have them), …]}
_Wording = dict[str, list[tuple[str, int, int]]]


class Suggester:
    """Suggests mechanisms from a vocabulary and from entries coded before.

    `vocabulary` is {mechanism: [name, alias, …]}, `coded` an iterable of CodedEntry.
    """

    def __init__(self, vocabulary: dict[str, list[str]], coded: Iterable[CodedEntry] = ()) -> None:
        self.vocabulary = vocabulary
        self.names = [
            (_pattern(plain(name)), name, mechanism)
            for mechanism, names in vocabulary.items()
            for name in names
            if len(name) >= SHORTEST
        ]
        self.wording = _wording(list(coded), vocabulary)

    def suggest(self, texts: dict[str, str]) -> list[Suggestion]:
        """Suggestions for an entry's {field: text}, those with most to say for them first."""
        spans: dict[str, list[SuggestedSpan]] = defaultdict(list)
        for field, text in texts.items():
            for mechanism, signs in self._signs(plain(text)).items():
                spans[mechanism] += [_span(field, text, sign) for sign in _apart(signs)]
        suggestions = [
            Suggestion(mechanism, self.vocabulary[mechanism][0], tuple(each))
            for mechanism, each in spans.items()
        ]
        return sorted(suggestions, key=_weight)

    def _signs(self, text: str) -> dict[str, list[_Sign]]:
        """{mechanism: what speaks for it} in one plain text."""
        signs: dict[str, list[_Sign]] = defaultdict(list)
        for pattern, name, mechanism in self.names:
            for match in pattern.finditer(text):
                signs[mechanism].append(_Sign(*match.span(), name, 0, 0))
        for start, end, gram in _grams(text):
            for mechanism, shown, seen in self.wording.get(gram, ()):
                signs[mechanism].append(_Sign(start, end, "", shown, seen))
        return signs


def _pattern(word: str) -> re.Pattern[str]:
    """Finds a word; one of Latin letters only where no other Latin letters touch it."""
    alone = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])" if word.isascii() else "{}"
    return re.compile(alone.format(re.escape(word)), re.IGNORECASE)


def _grams(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, words) of all runs of letters from SHORTEST to LONGEST characters."""
    for run in re.finditer(r"[^\W_]+", text):
        for start in range(run.start(), run.end()):
            for end in range(start + SHORTEST, min(start + LONGEST, run.end()) + 1):
                yield start, end, text[start:end]


def _grams_of(texts: Iterable[str]) -> set[str]:
    return {words for text in texts for _start, _end, words in _grams(plain(text))}


def _wording(coded: list[CodedEntry], vocabulary: dict[str, list[str]]) -> _Wording:
    """Of the grams in the evidence of coded entries those that mostly show one mechanism."""
    # {gram: {mechanism: entries where it is evidence of it}}, and {gram: entries that have it}.
    shown: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in coded:
        for mechanism, evidence in entry.evidence.items():
            if mechanism in vocabulary:
                for gram in _grams_of(evidence):
                    shown[gram][mechanism] += 1
    seen: dict[str, int] = defaultdict(int)
    for entry in coded:
        for gram in _grams_of(entry.texts.values()) & shown.keys():
            seen[gram] += 1
    wording: _Wording = defaultdict(list)
    for gram, mechanisms in shown.items():
        least = max(LEAST_ENTRIES, LEAST_SHARE * seen[gram])
        for mechanism, entries in mechanisms.items():
            if entries >= least:
                wording[gram].append((mechanism, entries, seen[gram]))
    return wording


def _apart(signs: list[_Sign]) -> list[_Sign]:
    """The longest signs of one mechanism in one text that do not overlap, names before wording."""
    kept: list[_Sign] = []
    for sign in sorted(
        signs, key=lambda sign: (not sign.because, sign.start - sign.end, sign.start)
    ):
        if all(sign.end <= other.start or other.end <= sign.start for other in kept):
            kept.append(sign)
    return sorted(kept)


def _span(field: str, text: str, sign: _Sign) -> SuggestedSpan:
    start, end, because, shown, seen = sign
    return SuggestedSpan(field, start, end, text[start:end], because, shown, seen)


def _weight(suggestion: Suggestion) -> tuple[int, bool, int, str]:
    named = sum(bool(span.because) for span in suggestion.spans)
    in_title = any(span.field == "title" for span in suggestion.spans)
    return (-named, not in_title, -len(suggestion.spans), suggestion.mechanism)

"""Mechanisms that an entry's own words suggest, each with the words that speak for it.

A suggestion is not a coding: a person judges it. Two things suggest a mechanism: a name or alias
of it that stands in the text, and wording that showed it in entries coded before.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from governance.announcements.files.paragraphs import plain

# Wording counts if it was evidence for the mechanism in two entries or more, and in half or more
# of the coded entries in which it stands. Chosen before measuring, and not tuned.
LEAST_ENTRIES, LEAST_SHARE = 2, 0.5
SHORTEST, LONGEST = 2, 8


@dataclass(frozen=True)
class CodedEntry:
    """An entry coded before: {field: text}, and {mechanism: [evidence, …]} in words of the texts."""

    texts: dict
    evidence: dict


@dataclass(frozen=True)
class Span:
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
    """A mechanism, the first of its names in the vocabulary, and the Spans that speak for it."""

    mechanism: str
    name: str
    spans: tuple


class Suggester:
    """Suggests mechanisms from a vocabulary and from entries coded before.

    `vocabulary` is {mechanism: [name, alias, …]}, `coded` an iterable of CodedEntry.
    """

    def __init__(self, vocabulary, coded=()):
        self.vocabulary = vocabulary
        self.names = [
            (_pattern(plain(name)), name, mechanism)
            for mechanism, names in vocabulary.items()
            for name in names
            if len(name) >= SHORTEST
        ]
        self.wording = _wording(list(coded), vocabulary)

    def suggest(self, texts):
        """Suggestions for an entry's {field: text}, those with most to say for them first."""
        spans = defaultdict(list)
        for field, text in texts.items():
            for mechanism, found in self._found(plain(text)):
                spans[mechanism] += [_span(field, text, *each) for each in _apart(found)]
        suggestions = [
            Suggestion(mechanism, self.vocabulary[mechanism][0], tuple(each))
            for mechanism, each in spans.items()
        ]
        return sorted(suggestions, key=_weight)

    def _found(self, text):
        """(mechanism, [(start, end, because, shown, seen), …]) of one plain text."""
        found = defaultdict(list)
        for pattern, name, mechanism in self.names:
            for match in pattern.finditer(text):
                found[mechanism].append((*match.span(), name, 0, 0))
        for start, end, gram in _grams(text):
            for mechanism, shown, seen in self.wording.get(gram, ()):
                found[mechanism].append((start, end, "", shown, seen))
        return found.items()


def _pattern(word):
    """Finds a word; one of Latin letters only where no other Latin letters touch it."""
    alone = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])" if word.isascii() else "{}"
    return re.compile(alone.format(re.escape(word)), re.IGNORECASE)


def _grams(text):
    """(start, end, words) of all runs of letters from SHORTEST to LONGEST characters."""
    for run in re.finditer(r"[^\W_]+", text):
        for start in range(run.start(), run.end()):
            for end in range(start + SHORTEST, min(start + LONGEST, run.end()) + 1):
                yield start, end, text[start:end]


def _wording(coded, vocabulary):
    """{words: [(mechanism, entries where they show it, entries that have them), …]}"""
    shown = defaultdict(lambda: defaultdict(int))
    for entry in coded:
        for mechanism, evidence in entry.evidence.items():
            if mechanism in vocabulary:
                for gram in {gram for text in evidence for *_at, gram in _grams(plain(text))}:
                    shown[gram][mechanism] += 1
    seen = defaultdict(int)
    for entry in coded:
        texts = map(plain, entry.texts.values())
        for gram in {gram for text in texts for *_at, gram in _grams(text)} & shown.keys():
            seen[gram] += 1
    return {
        gram: kept
        for gram, mechanisms in shown.items()
        if (
            kept := [
                (mechanism, entries, seen[gram])
                for mechanism, entries in mechanisms.items()
                if entries >= LEAST_ENTRIES and entries >= LEAST_SHARE * seen[gram]
            ]
        )
    }


def _apart(found):
    """The longest finds of one mechanism in one text that do not overlap, names before wording."""
    kept = []
    for each in sorted(found, key=lambda each: (not each[2], each[0] - each[1], each[0])):
        if all(each[1] <= other[0] or other[1] <= each[0] for other in kept):
            kept.append(each)
    return sorted(kept)


def _span(field, text, start, end, because, shown, seen):
    return Span(field, start, end, text[start:end], because, shown, seen)


def _weight(suggestion):
    named = sum(bool(span.because) for span in suggestion.spans)
    in_title = any(span.field == "title" for span in suggestion.spans)
    return (-named, not in_title, -len(suggestion.spans), suggestion.mechanism)

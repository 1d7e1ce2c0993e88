"""What a query finds: exactly, or, if nothing is said in its words, in part."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain, pairwise
from operator import and_

from pyroaring import BitMap

from governance.models import IndexEntry

from .documents import gram_key, repeated_key
from .names import Names
from .points import add, by_points
from .reading import Index
from .text import LONG, SHORT, Term, english, is_english, terms, windows

# The passages in the words of the announcement.
ORIGINAL = ("title", "body")

# A longer query is cut for the partial match: nobody asks about more.
MOST_BIGRAMS = 48


# A word of a query: a term, or neighbouring ones that together spell a name.
Word = tuple[str, ...]


@dataclass
class Hits:
    """Disjoint bitmaps, the best hits first, and whether they match literally or in part."""

    terms: list[str]
    tiers: list[BitMap]
    match: str

    @cached_property
    def all(self) -> BitMap:
        return BitMap.union(*self.tiers) if self.tiers else BitMap()


def search(index: Index, query: str) -> Hits | None:
    """The Hits of a query, facets aside; None if it asks for nothing.

    Every word must be found, in the title, in a name (region, organization, mechanism) or in the
    text or its English translation; hits in the title come first, then those that need a name, then
    the rest.

    1. Cut the query into terms, folded as the texts are; neighbours that spell a name (tai cang) are
       one word.
    2. Fetch at once the postings of their n-grams and of the names that hold them.
    3. A term's entries are those of its n-grams, in each passage, and those of its names; all words
       must meet in an entry.
    4. If they meet nowhere, the hits are partial: mechanisms also known by the terms, then entries
       that hold at least half of the pairs of characters.
    """
    words = list(dict.fromkeys(_words(index.names, terms(query))))
    if not words:
        return None
    asked = list(dict.fromkeys(chain.from_iterable(words)))
    those = _Postings(index, words)
    titled = reduce(and_, map(those.titled, words))
    named = reduce(and_, map(those.titled_or_named, words))
    said = reduce(and_, map(those.anywhere, words))
    if said:
        return Hits(asked, [titled, named - titled, said - named], "literal")
    return Hits(asked, _partial(index, those, asked), "partial")


def _words(names: Names, asked: list[Term]) -> Iterator[Word]:
    """The terms, of which the most neighbours that together are a reading make one word."""
    at = 0
    while at < len(asked):
        end = at + 1
        while end < len(asked) and _typed(asked[end - 1]) and _typed(asked[end]):
            end += 1
        while end > at + 1 and not names.is_reading("".join(term.text for term in asked[at:end])):
            end -= 1
        yield tuple(term.text for term in asked[at:end])
        at = end


def _typed(term: Term) -> bool:
    """Whether it may be a syllable."""
    return term.text.isascii() and term.text.isalpha() and not term.quoted


class _Postings:
    """The postings that some words need, fetched together."""

    def __init__(self, index: Index, words: list[Word]):
        self._named = {
            name: index.named(name) for word in words for name in (*word, " ".join(word))
        }
        keys = {
            key
            for term in chain.from_iterable(words)
            for passage, text in _places_of(term)
            for key in _keys_of(passage, text)
        }
        self._postings = index.postings(keys)

    def titled(self, word: Word) -> BitMap:
        return reduce(and_, (self.phrase("title", term) for term in word))

    def titled_or_named(self, word: Word) -> BitMap:
        terms = (self.phrase("title", term) | self._named[term] for term in word)
        return self._named[" ".join(word)] | reduce(and_, terms)

    def anywhere(self, word: Word) -> BitMap:
        return self._named[" ".join(word)] | reduce(and_, map(self._anywhere, word))

    def _anywhere(self, term: str) -> BitMap:
        said = (self.phrase(passage, text) for passage, text in _places_of(term))
        return BitMap.union(self._named[term], *said)

    def phrase(self, passage: str, term: str) -> BitMap:
        """Entries whose passage has the term, exactly; the reasoning is in `grams.grams`."""

        def gram(words: str) -> BitMap:
            return self._postings[gram_key(passage, words)]

        def repeated(words: str) -> BitMap:
            return self._postings[repeated_key(passage, words)]

        if len(term) <= SHORT:
            return gram(term)
        held = [gram(words) for words in windows(term, SHORT)]
        for size in range(SHORT + 1, min(len(term), LONG) + 1):
            held = [
                (left & right) - repeated(words[1:-1]) | gram(words)
                for (left, right), words in zip(pairwise(held), windows(term, size), strict=True)
            ]
        holding = reduce(and_, held)
        # What LONG grams share may stand twice as well: of those few the text itself is read.
        overlaps = windows(term[1:-1], LONG - 1) if len(term) > LONG else []
        unsure = holding & BitMap.union(BitMap(), *(repeated(words) for words in overlaps))
        return holding - unsure | _read(passage, term, unsure) if unsure else holding


def _places_of(term: str) -> Iterator[tuple[str, str]]:
    """(passage, the text to look for in it) wherever a term may be said."""
    yield from ((passage, term) for passage in ORIGINAL)
    if is_english(term):
        yield "english", english(term)


def _keys_of(passage: str, term: str) -> Iterator[str]:
    if len(term) <= SHORT:
        yield gram_key(passage, term)
    for size in range(SHORT, min(len(term), LONG) + 1):
        for words in windows(term, size):
            yield gram_key(passage, words)
            yield repeated_key(passage, words[1:-1])
    if len(term) > LONG:
        yield from (repeated_key(passage, words) for words in windows(term[1:-1], LONG - 1))


def _read(passage: str, term: str, numbers: Iterable[int]) -> BitMap:
    """Those of `numbers` whose passage has the term, by reading it."""
    texts = IndexEntry.objects.filter(pk__in=list(numbers)).values_list("pk", passage)
    return BitMap(number for number, text in texts.iterator() if term in text)


def _partial(index: Index, those: _Postings, asked: list[str]) -> list[BitMap]:
    """Entries of mechanisms also known by these terms, then by the share of their bigrams that entries hold."""
    aliases = {term: index.names.keys_of_alias(term) for term in asked}
    grams = list(dict.fromkeys(pair for term in asked for pair in windows(term, 2)))[:MOST_BIGRAMS]
    keys = {gram_key(passage, pair) for pair in grams for passage in ORIGINAL}
    postings = index.postings(keys.union(*aliases.values()))
    known = reduce(
        and_,
        (
            BitMap.union(those.anywhere((term,)), *(postings[key] for key in aliases[term]))
            for term in asked
        ),
    )
    # A point for each of the bigrams.
    planes: list[BitMap] = []
    for pair in grams:
        holding = BitMap.union(*(postings[gram_key(passage, pair)] for passage in ORIGINAL))
        add(planes, holding, 1)
    half = max((len(grams) + 1) // 2, 1)
    return [known, *(group - known for _points, group in by_points(planes, half))]

"""What a query finds: exactly, or, if nothing is said in its words, in part."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise
from operator import and_

from pyroaring import BitMap

from governance.models import IndexEntry

from .documents import gram_key, repeated_key
from .points import add, by_points
from .reading import Index
from .text import LONG, SHORT, english, fold, is_english, terms, windows

# The passages in the words of the announcement.
ORIGINAL = ("title", "body")

# A longer query is cut for the partial match: nobody asks about more.
MOST_BIGRAMS = 48


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

    Every term must be found, in the title, in a name (region, organization, mechanism) or in the
    text or its English translation; hits in the title come first, then those that need a name, then
    the rest.

    1. Cut the query into terms, folded as the texts are.
    2. Fetch at once the postings of their n-grams and of the names that hold them.
    3. A term's entries are those of its n-grams, in each passage, and those of its names; all terms
       must meet in an entry.
    4. If they meet nowhere, the hits are partial: mechanisms also known by the terms, then entries
       that hold at least half of the pairs of characters.
    """
    asked = list(dict.fromkeys(fold(term) for term in terms(query)))
    if not asked:
        return None
    those = _Postings(index, asked)
    titled = reduce(and_, (those.phrase("title", term) for term in asked))
    named = reduce(and_, (those.phrase("title", term) | those.name(term) for term in asked))
    said = reduce(and_, (those.anywhere(term) for term in asked))
    if said:
        return Hits(asked, [titled, named - titled, said - named], "literal")
    return Hits(asked, _partial(index, those, asked), "partial")


class _Postings:
    """The postings that some terms need, fetched together."""

    def __init__(self, index: Index, asked: list[str]):
        self._index, self._alone = index, len(asked) == 1
        self._named = {term: index.named(term) for term in asked}
        keys = {
            key
            for term in asked
            for passage, words in self._places_of(term)
            for key in _keys_of(passage, words)
        }
        self._postings = index.postings(keys)

    def anywhere(self, term: str) -> BitMap:
        said = [self.phrase(passage, words) for passage, words in self._places_of(term)]
        return BitMap.union(self.name(term), *said)

    def _places_of(self, term: str) -> Iterator[tuple[str, str]]:
        """(passage, the words to look for in it) wherever a term may be said."""
        yield from ((passage, term) for passage in ORIGINAL)
        # One letter by itself begins a word of nearly every text.
        if is_english(term) and not (self._alone and len(english(term)) == 2):
            yield "english", english(term)

    def name(self, term: str) -> BitMap:
        return self._named[term]

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
            BitMap.union(those.anywhere(term), *(postings[key] for key in aliases[term]))
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

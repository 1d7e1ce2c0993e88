"""What a query finds: the entries that say every word of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain, pairwise
from operator import and_
from typing import NamedTuple

from pyroaring import BitMap

from governance.models import IndexEntry

from .documents import gram_key, repeated_key
from .names import Names
from .reading import Index
from .text import LONG, SHORT, Term, english, is_english, letters_of, only_asks, terms, windows
from .titles import is_long, is_pinyin, reading_key, title_readings

# The passages in the words of the announcement.
ORIGINAL = ("title", "body")


class Word(NamedTuple):
    """A term of a query, or neighbouring ones that together spell a name; `written` is without quotes."""

    terms: tuple[str, ...]
    written: str
    quoted: bool = False

    @property
    def text(self) -> str:
        return " ".join(self.terms)

    @property
    def asked(self) -> str:
        """How it can be asked again."""
        return f"“{self.written}”" if self.quoted else self.written

    @classmethod
    def of(cls, terms: list[Term]) -> "Word":
        written = " ".join(term.written for term in terms)
        return cls(tuple(term.text for term in terms), written, terms[0].quoted)


@dataclass
class Hits:
    """What a query finds: disjoint bitmaps, the best hits first.

    `found` are the entries of each of its words; `read` says of runs that are said nowhere how they
    were cut, `asking` which words only ask and were left out; `uncut` is the query with all as it
    stands.
    """

    words: list[Word]
    found: list[BitMap]
    tiers: list[BitMap]
    read: dict[str, list[str]]
    asking: list[Word]
    uncut: str

    @property
    def terms(self) -> list[str]:
        """The folded terms, to mark where they stand."""
        return [term for word in self.words for term in word.terms]

    @cached_property
    def all(self) -> BitMap:
        return BitMap.union(*self.tiers)


def search(index: Index, query: str) -> Hits | None:
    """The Hits of a query, facets aside; None if it asks for nothing.

    Every word must be found, in the title, in a name (region, organization, mechanism) or in the
    text or its English translation; hits in the title come first, then those that need a name, then
    the rest.

    1. Cut the query into terms, folded as the texts are; neighbours that spell a name (tai cang) are
       one word.
    2. Fetch at once the postings of their n-grams and of the names that hold them.
    3. A term's entries are those of its n-grams, in each passage, and those of its names.
    4. Cut a run that no entry says at the names in it, and take its parts for words.
    5. All words must meet in an entry. If they meet in none, what a question is put with (which, 如何)
       is not among them.
    """
    asked = terms(query)
    if not asked:
        return None
    read_so = _read_so(index, set(_typed(asked)))
    written = words = _unique(_words(index.names, asked, read_so))
    those = _Postings(index, words, read_so)
    found = list(map(those.anywhere, words))
    unsaid = [word for word, having in zip(words, found, strict=True) if not having]
    cut = {word: _parts(index.names, word) for word in unsaid}
    read = {word.written: [one.written for one in parts] for word, parts in cut.items() if parts}
    if read:
        words = _unique(one for word in words for one in cut.get(word) or [word])
        those = _Postings(index, words, read_so)
        found = list(map(those.anywhere, words))
    asking: list[Word] = []
    if not (said := reduce(and_, found)):
        left = [at for at, word in enumerate(words) if word.quoted or not only_asks(word.text)]
        if left:
            asking = [word for at, word in enumerate(words) if at not in left]
            words, found = [words[at] for at in left], [found[at] for at in left]
            said = reduce(and_, found)
    titled = reduce(and_, map(those.titled, words))
    named = reduce(and_, map(those.titled_or_named, words))
    otherwise = {*read, *(word.written for word in asking)}
    uncut = " ".join(
        word._replace(quoted=word.quoted or word.written in otherwise).asked for word in written
    )
    return Hits(words, found, [titled, named - titled, said - named], read, asking, uncut)


def _unique(words: Iterable[Word]) -> list[Word]:
    return list({word.terms: word for word in words}.values())


def _typed(asked: list[Term]) -> Iterator[str]:
    """What may be the reading of a title: each term in Latin letters, and neighbours together."""
    for at, term in enumerate(asked):
        if is_english(term.text):
            yield term.text
        # As long as they are syllables.
        for end in range(at + 1, len(asked) + 1):
            if not (_joins(asked[end - 1]) and is_pinyin(asked[end - 1].text)):
                break
            yield _together(asked[at:end])


def _read_so(index: Index, texts: set[str]) -> dict[str, BitMap]:
    """{text: the entries whose title it begins, as it is read} for folded texts in Latin letters."""
    typed = {text: letters_of(text) for text in texts}
    postings = index.postings(set(map(reading_key, typed.values())))
    found = {}
    for text, letters in typed.items():
        found[text] = having = postings[reading_key(letters)]
        if having and is_long(letters):
            rows = IndexEntry.objects.filter(pk__in=list(having)).values_list("pk", "pinyin")
            found[text] = BitMap(
                pk for pk, pinyin in rows.iterator() if letters in title_readings(pinyin)
            )
    return found


def _together(some: list[Term]) -> str:
    return " ".join(term.text for term in some)


def _words(names: Names, asked: list[Term], read_so: dict[str, BitMap]) -> Iterator[Word]:
    """The terms, of which the most neighbours that together spell a name, or begin a title, make one word."""
    at = 0
    while at < len(asked):
        end = at + 1
        while end < len(asked) and all(map(_joins, asked[end - 1 : end + 1])):
            end += 1
        while end > at + 1 and not (
            read_so.get(_together(asked[at:end])) or names.is_spelt(_together(asked[at:end]))
        ):
            end -= 1
        yield Word.of(asked[at:end])
        at = end


def _joins(term: Term) -> bool:
    return bool(is_english(term.text)) and not term.quoted


def _parts(names: Names, word: Word) -> list[Word]:
    """The words of which a run consists; none if it is none, or no name is in it."""
    if word.quoted or is_english(word.text):
        return []
    parts = names.parts(word.text)
    return [Word((part,), part) for part in parts] if parts != [word.text] else []


class _Postings:
    """The postings that some words need, fetched together."""

    def __init__(self, index: Index, words: list[Word], read_so: dict[str, BitMap]):
        self._read_so = read_so
        self._named = {
            name: index.named(name) for word in words for name in (*word.terms, word.text)
        }
        terms = set(chain.from_iterable(word.terms for word in words))
        keys = {
            key
            for term in terms
            for passage, text in _places_of(term)
            for key in _keys_of(passage, text)
        }
        self._postings = index.postings(keys)
        self._title = {
            term: read_so.get(term, BitMap()) | self.phrase("title", term) for term in terms
        }

    def titled(self, word: Word) -> BitMap:
        return self._titled(word.text, map(self._title.__getitem__, word.terms))

    def titled_or_named(self, word: Word) -> BitMap:
        terms = (self._title[term] | self._named[term] for term in word.terms)
        return self._named[word.text] | self._titled(word.text, terms)

    def anywhere(self, word: Word) -> BitMap:
        return self._named[word.text] | self._titled(word.text, map(self._anywhere, word.terms))

    def _titled(self, text: str, found: Iterable[BitMap]) -> BitMap:
        """The entries in which all is `found`, and those whose title's reading the text begins."""
        return self._read_so.get(text, BitMap()) | reduce(and_, found)

    def _anywhere(self, term: str) -> BitMap:
        said = [
            self.phrase(passage, text) for passage, text in _places_of(term) if passage != "title"
        ]
        return BitMap.union(self._named[term], self._title[term], *said)

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

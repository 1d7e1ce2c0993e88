"""The index against the slow way of answering, over made-up records and made-up questions."""

from collections import defaultdict
from itertools import product
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from governance import index
from governance.index import reading, search
from governance.index.documents import gram_key, repeated_key
from governance.index.grams import grams

from .helpers.oracle import FACETS, REGION_FACETS, Oracle
from .helpers.worlds import READINGS, make_bounds, make_facets, make_query, make_world
from .test_index_building import taken_back

# 2,000 questions in all, more in a longer profile of hypothesis.
WORLDS, QUESTIONS = settings.default.max_examples * 2 // 5, 50
SORTS = ("", "relevance", "year", "-year", "region", "title", "-modified")

in_database = settings(
    max_examples=WORLDS,
    deadline=None,
    # The examples share a database, and each takes back what it did.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.django_db
@in_database
@given(size=st.integers(0, 120), random=st.randoms(use_true_random=True))
def test_it_answers_as_the_oracle(size, random):
    with taken_back():
        make_world(random, size)
        index.rebuild()
        oracle = Oracle()
        texts, values = sources(oracle), choices(oracle)
        for _ in range(QUESTIONS):
            query = make_query(random, texts) if random.random() < 0.8 else ""
            facets = make_facets(random, values)
            if random.random() < 0.3:
                facets["also"] = [make_pair(random, values) for _ in range(random.randint(1, 2))]
            facets |= make_bounds(random, [entry.code for entry in oracle.entries])
            note(f"{query=} {facets=}")
            # Small worlds are sparse: count what is left over in some of them nevertheless. And their
            # titles are few: read them in several pieces.
            with (
                patch.object(reading, "SPARSE", random.choice([0, reading.SPARSE])),
                patch.object(reading, "TITLES", random.choice([1, 7, reading.TITLES])),
            ):
                reading._current = None
                compare(random, oracle, query, facets)


def sources(oracle):
    """What queries are made of: all texts and names, Latin ones included."""
    texts = [*READINGS, "taicang", "tc", "self", "市", "区", "新区", "which cases", "what"]
    texts += ["哪些地方做了", "的经验是什么", "怎么做"]
    for entry in oracle.entries:
        texts += [entry.title, entry.body, *entry.names, *entry.readings]
        texts += [entry.pinyin, "".join(entry.pinyin.split())]
        texts += entry.english
        texts += [entry.code, entry.code[-3:], str(entry.year), entry.region.code]
    return [text for text in (*texts, *sorted(oracle.known)) if text]


def choices(oracle):
    values = {facet: set() for facet in FACETS}
    paths = {entry.region.path for entry in oracle.entries}
    paths |= {region.path for entry in oracle.entries for region in entry.became}
    values["region"] = paths | {path[:size] for path in paths for size in (2, 4, 6)}
    for entry, facet in product(oracle.entries, FACETS):
        values[facet] |= entry.values(facet)
    return values


def make_pair(random, values):
    facet = random.choice([facet for facet in sorted(values) if values[facet]] or ["zone"])
    return facet, random.choice([*sorted(values[facet]), "nothing"])


def compare(random, oracle, query, facets):
    sort = random.choice(SORTS)
    expected = oracle.select(query, sort, **facets)
    found = index.select(query, sort, **facets)
    assert [record["code"] for record in found] == expected.codes
    assert found.count() == len(expected.codes)
    start, stop = sorted(random.choices(range(len(expected.codes) + 3), k=2))
    assert [record["code"] for record in found[start:stop]] == expected.codes[start:stop]
    for facet in FACETS:
        assert found.counts(facet) == oracle.counts(facet, query=query, **facets), facet
    under = random.choice(sorted(oracle.paths))[: random.choice([0, 2, 4])]
    for facet in REGION_FACETS:
        counts = found.counts(facet, under)
        # A path may stand for no region: there is no 3101 between 上海市 and its districts.
        counts = {path: n for path, n in counts.items() if path in oracle.paths}
        assert counts == oracle.counts(facet, under, query=query, **facets), (facet, under)
    compare_crosstab(random, oracle, found, expected)


def compare_crosstab(random, oracle, found, expected):
    rows, columns = random.choices([*FACETS, "region2"], k=2)
    table = found.crosstab(rows, columns)
    assert table.total == len(expected.entries)
    assert table.cells == oracle.crosstab(rows, columns, expected.entries), (rows, columns)
    for values, facet in ((table.rows, rows), (table.columns, columns)):
        cells = oracle.crosstab(facet, facet, expected.entries)
        assert values == {one: n for (one, other), n in cells.items() if one == other}


# So few letters, or stretches, that passages repeat themselves all the time: there phrases are hard.
stretches = st.sampled_from(["abcab", "bcabca", "ab", "c", "\n"])
passages = st.lists(
    st.text("abc\n", max_size=40) | st.lists(stretches, max_size=9).map("".join), max_size=30
)


@settings(max_examples=settings.default.max_examples * 5, deadline=None)
@given(texts=passages, random=st.randoms(use_true_random=True))
def test_a_phrase_is_found_where_it_stands_and_nowhere_else(texts, random):
    """Twenty phrases in up to thirty passages, five hundred times."""
    postings = postings_of(texts)
    for _ in range(20):
        phrase = make_phrase(random, texts)
        note(f"{phrase=}")
        expected = [number for number, text in enumerate(texts) if phrase in text]
        assert list(entries_with(phrase, texts, postings)) == expected


def test_a_passage_without_a_repeated_pair_has_its_longer_phrases():
    texts = ["babb", "社区协商", "居民提案居"]
    postings = postings_of(texts)
    for number, text in enumerate(texts):
        for size in range(1, len(text) + 1):
            assert number in entries_with(text[:size], texts, postings)


def make_phrase(random, texts):
    """One to fourteen letters, of a text or not, or nearly of one."""
    size = random.randint(1, 14)
    text = random.choice(texts) if texts else ""
    start = random.randrange(len(text) + 1)
    phrase = text[start : start + size]
    if random.random() < 0.5:
        phrase = spliced(random, text, start, size)
    if random.random() < 0.3:
        at = random.randrange(len(phrase) + 1)
        phrase = phrase[:at] + random.choice("abc") + phrase[at + 1 :]
    # A query is one line.
    return phrase.replace("\n", "b") or random.choice("abc")


def spliced(random, text, start, size):
    """What leads to a stretch of the text, and what follows the same stretch somewhere else."""
    shared = text[start : start + random.randint(2, 8)]
    other = text.find(shared, start + 1)
    if other < 0:
        start, other = 0, text.find(shared)
    return text[max(0, start - 3) : start] + text[other : other + size]


def postings_of(texts):
    postings = defaultdict(BitMap)
    for gram, repeated, numbers in grams(texts, range(len(texts))):
        key = repeated_key if repeated else gram_key
        postings[key("title", gram)].update(numbers)
    return postings


def entries_with(phrase, texts, postings):
    """What the search makes of these postings: only of those that it asks for."""
    those = object.__new__(search._Postings)
    those._postings = defaultdict(BitMap)
    those._postings |= {
        key: postings[key] for key in search._keys_of("title", phrase) if key in postings
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            search,
            "_read",
            lambda _passage, term, numbers: BitMap(
                number for number in numbers if term in texts[number]
            ),
        )
        return those.phrase("title", phrase)

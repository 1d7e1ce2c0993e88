"""What is offered beside an empty list: other questions that find something, and the nearest entries.

None of it is a hit: no count, table, download or citation takes it for one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_
from typing import Any

from django.utils.translation import gettext as _
from pyroaring import BitMap

from governance.facet_table import REGION_LEVELS
from governance.index import select
from governance.index.codes import coded_keys, year_of
from governance.index.documents import region_key
from governance.index.meanings import Meaning
from governance.index.names import Names
from governance.index.near import family, near
from governance.index.rows import records
from governance.index.search import Hits, Word
from governance.index.text import english, fold, is_english
from governance.index.titles import is_pinyin
from governance.models import Organization
from governance.records import AchievementRecord
from governance.words import listed
from showcase import links
from showcase.text import localized

from .query import Query
from .vocabulary import Vocabulary

# So many words of a query are tried, and so many spellings or mechanisms offered.
FIRST_WORDS, MOST = 8, 3
# Of neighbouring words so many may mean one thing: Yangtze River Delta.
MOST_TOGETHER = 6


@dataclass
class Alternative:
    """Another question, what it finds and where; of a near entry its title, and why it is near.

    `kind` is without, wider, year, spelling, search_word or near, or filter above a list (`offers`); `address`
    is a query string, or a path.
    """

    kind: str
    text: str
    count: int
    address: str
    reason: str


def alternatives(asked: Query) -> list[Alternative]:
    """All that a `Query` that finds nothing may have meant; empty if it finds something."""
    if len(asked.selection):
        return []
    hits, among = asked.selection.hits, asked.selection.without("query")
    found = list(_without_a_condition(asked))
    near_ones = list(islice(_in_a_chosen_year(asked), MOST))
    if hits:
        near_ones += islice(_in_a_year(asked, hits), MOST)
        without = _without_a_word(hits, among)
        found += _with_the_others(asked, hits, without)
        near_ones += islice(_wider(asked, hits, without), MOST)
        near_ones += islice(_of_a_family(asked, hits, among), MOST)
        near_ones += islice(_spellings(asked, hits, without), MOST)
        near_ones += islice(_led_to(asked, hits), MOST)
        near_ones += _nearest(asked, hits, among)
    found.sort(key=lambda one: -one.count)
    return [*found, *_in_a_wider_region(asked), *near_ones]


def _without_a_condition(asked: Query) -> Iterator[Alternative]:
    """Without one of the conditions, all words being one."""
    conditions = _conditions(asked)
    if len(conditions) < 2:
        return
    for name, label in conditions.items():
        if count := len(asked.selection.without(name)):
            left = [one for other, one in conditions.items() if other != name]
            address = links.changed(asked.parameters, **{"q" if name == "query" else name: []})
            yield Alternative("without", _all(left), count, address, _left_out(label))


def _without_a_word(hits: Hits, among: BitMap) -> list[BitMap]:
    """For each of the first words, the entries that say all the others: so a question is tried before it is put."""
    return [
        reduce(and_, [*hits.found[:at], *hits.found[at + 1 :]], among)
        for at in range(len(hits.words[:FIRST_WORDS]))
    ]


def _with_the_others(asked: Query, hits: Hits, without: list[BitMap]) -> Iterator[Alternative]:
    """Without one of the first words."""
    for at, numbers in enumerate(without if len(hits.words) > 1 else []):
        others = [*hits.words[:at], *hits.words[at + 1 :]]
        # Two that become neighbours could be read as one.
        beside = [one.text for one in hits.words[at - 1 : at + 2 : 2]] if at else []
        joining = len(beside) == 2 and (
            all(map(is_pinyin, beside)) or asked.index.names.is_spelt(" ".join(beside))
        )
        count = _count(asked, query=_query(others)) if joining else len(numbers)
        reason = _left_out(f"“{hits.words[at].written}”")
        yield from _asking(asked, "without", others, reason, count)


def _in_a_wider_region(asked: Query) -> Iterator[Alternative]:
    """In the next region that has something, above the one that is chosen."""
    if len(chosen := asked.criteria["region"]) != 1:
        return
    for path, code, label in _above(asked.words, chosen[0]):
        if count := _count(asked, region=[path]):
            address = links.changed(asked.parameters, region=[code])
            text = _all((_conditions(asked) | {"region": label}).values())
            yield Alternative("wider", text, count, address, _widened(label))
            return


def _wider(asked: Query, hits: Hits, without: list[BitMap]) -> Iterator[Alternative]:
    """With the next region that has something in place of a word that is a region."""
    for at, numbers in enumerate(without):
        for path in sorted(asked.index.names.places.get(hits.words[at].text, ()))[:MOST]:
            for above, _code, label in _above(asked.words, path):
                key = region_key(above)
                if asked.index.postings([key])[key] & numbers:
                    yield from _instead(asked, hits, at, "wider", label, _widened(label))
                    break


def _in_a_chosen_year(asked: Query) -> Iterator[Alternative]:
    """In the nearest years that have something, in place of those that are chosen."""
    if not (chosen := asked.criteria.get("year")):
        return
    counts = asked.selection.counts("year")
    for year, label, reason in _other_years(asked, chosen[0], counts):
        address = links.changed(asked.parameters, year=[year])
        text = _all((_conditions(asked) | {"year": label}).values())
        yield Alternative("year", text, counts[year], address, reason)


def _in_a_year(asked: Query, hits: Hits) -> Iterator[Alternative]:
    """With the nearest years in place of a word that is a year of which there is nothing."""
    years = asked.index.group("year").keys() - {year_of(word.text) for word in hits.words}
    for at in _unsaid(hits):
        if year := year_of(hits.words[at].text):
            for other, _label, reason in _other_years(asked, year, years):
                yield from _instead(asked, hits, at, "year", other, reason)


def _other_years(asked: Query, year: str, years: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(year, label, reason) of these years, the nearest first, of two the later; none for 0000 and 9999."""
    nearest = sorted(years, key=lambda one: (abs(int(one) - int(year)), -int(one)))
    labels = asked.words.known("year", [year, *nearest])
    for other in nearest if year in labels else []:
        said = {"year": labels[year], "other": labels[other]}
        yield other, labels[other], _("%(year)s没有，换成%(other)s") % said


def _of_a_family(asked: Query, hits: Hits, among: BitMap) -> Iterator[Alternative]:
    """With an English word of the family of one that is said nowhere."""
    for at in _unsaid(hits):
        word = hits.words[at]
        reason = _("“%(word)s”的同族词") % {"word": word.written}
        for other in family(asked.index, word.text, among, MOST):
            yield from _instead(asked, hits, at, "spelling", other, reason)


def _spellings(asked: Query, hits: Hits, without: list[BitMap]) -> Iterator[Alternative]:
    """With a name that is spelt like a word that is said nowhere."""
    # A word that means something, 东部, or is in a name, 昆山, is no slip for 东城 or 山西.
    names = asked.index.names
    for at in _unsaid(hits):
        text = hits.words[at].text
        known = names.meanings_of(text) or names.keys(text)
        near_names = {} if known else names.nearest(text)
        postings = asked.index.postings(near_names)
        for key in [key for key in near_names if postings[key] & without[at]]:
            label = _label(key, near_names[key], asked.words)
            said = {"word": hits.words[at].written, "name": label}
            reason = _("“%(word)s”与“%(name)s”写法相近") % said
            yield from _instead(asked, hits, at, "spelling", label, reason)


def _unsaid(hits: Hits) -> list[int]:
    """Of which words nothing is said; names are compared with two of them."""
    return [at for at, found in enumerate(hits.found[:FIRST_WORDS]) if not found][:2]


def _led_to(asked: Query, hits: Hits) -> Iterator[Alternative]:
    """With the mechanism to which words lead in place of these words."""
    for meaning, at, end in meanings_in(asked.index.names, hits.words):
        if meaning.facet != "mechanism" or "mechanism" in asked.labels:
            continue
        query, chosen = _query([*hits.words[:at], *hits.words[end:]]), list(meaning.values)
        if count := _count(asked, query=query, mechanism=chosen):
            label = asked.words["mechanism"][chosen[0]]
            sentence = _("没有成果写到“%(word)s”。它归入“%(name)s”。")
            if reduce(and_, hits.found[at:end]):
                sentence = _("“%(word)s”归入“%(name)s”。")
            conditions = _conditions(asked) | {"query": f"“{query}”", "mechanism": label}
            if not query:
                del conditions["query"]
            said = " ".join(word.written for word in hits.words[at:end])
            address = links.changed(asked.parameters, q=[query] if query else [], mechanism=chosen)
            reason = sentence % {"word": said, "name": label}
            yield Alternative("search_word", _all(conditions.values()), count, address, reason)


def meanings_in(names: Names, words: Sequence[Word]) -> Iterator[tuple[Meaning, int, int]]:
    """(meaning, first word, the one behind the last) of neighbouring words, the longest first."""
    for length in range(min(MOST_TOGETHER, len(words)), 0, -1):
        for at in range(len(words) - length + 1):
            some = words[at : at + length]
            if not any(word.quoted for word in some):
                text = " ".join(word.text for word in some)
                for meaning in names.meanings_of(text):
                    yield meaning, at, at + length


def _nearest(asked: Query, hits: Hits, among: BitMap) -> Iterator[Alternative]:
    """The entries nearest to the words, each with what it says of them and what not."""
    numbers = near(asked.index, hits, among)
    for record in records(numbers):
        number = asked.index.number(record)
        address = links.address("achievement", record["code"])
        yield Alternative(
            "near", localized(record, "title"), 1, address, _reason(hits, number, record)
        )


def _reason(hits: Hits, number: int, record: AchievementRecord) -> str:
    texts = ("title", "summary", "organization_text", "title_en", "summary_en")
    text = fold("\n".join(record[name] for name in texts))  # type: ignore[literal-required]  # texts
    said: list[str] = []
    coded: list[str] = []
    named: list[str] = []
    missing: list[str] = []
    for word, found in zip(hits.words, hits.found, strict=True):
        if number not in found:
            missing.append(word.written)
            if not is_english(word.text):
                said += _stretches(word.text, text)
        elif word.terms[0] in text or english(word.text) in english(text):
            said.append(word.written)
        elif coded_keys(word.text):
            coded.append(word.written)
        else:
            named.append(word.written)
    sentences = {
        _("写到%(words)s"): said,
        _("年度或编号是%(words)s"): coded,
        _("机制、机构或地区名有%(words)s"): named,
        _("没有写到%(words)s"): missing,
    }
    return _("；").join(
        sentence % {"words": listed(f"“{word}”" for word in dict.fromkeys(words))}
        for sentence, words in sentences.items()
        if words
    )


def _stretches(word: str, text: str) -> list[str]:
    """The longest parts of a word, of two characters at least, that stand in a text."""
    found, at = [], 0
    while at < len(word) - 1:
        end = next((end for end in range(len(word), at + 1, -1) if word[at:end] in text), 0)
        if end:
            found.append(word[at:end].strip())
        at = end or at + 1
    return [part for part in found if len(part) > 1]


def _instead(
    asked: Query, hits: Hits, at: int, kind: str, label: str, reason: str
) -> Iterator[Alternative]:
    """The alternative that asks for a name in place of a word."""
    name = Word((fold(label),), label, quoted=" " in label)
    words = [*hits.words[:at], name, *hits.words[at + 1 :]]
    yield from _asking(asked, kind, words, reason, _count(asked, query=_query(words)))


def _asking(
    asked: Query, kind: str, words: Sequence[Word], reason: str, count: int
) -> Iterator[Alternative]:
    """The alternative that asks for these words, the rest of the query kept; none if it finds nothing."""
    if count:
        said = " ".join(f"“{word.written}”" for word in words)
        text = _all((_conditions(asked) | {"query": said}).values())
        address = links.changed(asked.parameters, q=[_query(words)])
        yield Alternative(kind, text, count, address, reason)


def _conditions(asked: Query) -> dict[str, str]:
    """{parameter: what it asks for, in words}"""
    chosen = {name: listed(some.values()) for name, some in asked.labels.items() if some}
    return ({"query": asked.said} if asked.said else {}) | chosen


def _count(asked: Query, **changes: Any) -> int:
    return len(select(index=asked.index, **asked.criteria | changes))


def _query(words: Sequence[Word]) -> str:
    return " ".join(word.asked for word in words)


def _above(words: Vocabulary, path: str) -> Iterator[tuple[str, str, str]]:
    """(path, code, label) of the regions above one, the nearest first."""
    for size in reversed(REGION_LEVELS):
        if size < len(path) and (place := words.regions.places.get(path[:size])):
            yield path[:size], place[0], place[1]


def _label(key: str, name: str, words: Vocabulary) -> str:
    """`name`, which a facet key such as /mechanism/deliberation has, in the reader's language."""
    _root, kind, value = key.split("/")
    if kind == "organization":
        rows = Organization.objects.filter(slug=value)
        return next((localized(row, "short_name") for row in rows), name)
    if kind == "mechanism":
        return words["mechanism"].get(value, name)
    return words.regions.places[value][1] if value in words.regions.places else name


def _all(conditions: Iterable[str]) -> str:
    return _("，").join(conditions)


def _left_out(label: str) -> str:
    return _("去掉%(label)s") % {"label": label}


def _widened(label: str) -> str:
    return _("放宽到%(place)s") % {"place": label}

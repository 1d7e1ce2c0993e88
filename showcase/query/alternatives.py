"""What is offered beside an empty list: other questions that find something, and the nearest entries.

None of it is a hit: no count, table, download or citation takes it for one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.utils.translation import gettext as _

from governance.facet_table import REGION_LEVELS
from governance.index import select
from governance.index.near import family, near
from governance.index.search import Hits, Word
from governance.index.selection import records
from governance.index.text import english, fold, is_english
from governance.models import Organization
from governance.records import AchievementRecord
from governance.words import listed
from showcase import links
from showcase.text import localized

from .query import Query
from .vocabulary import Vocabulary

# So many words of a query are tried, and so many spellings or mechanisms offered.
FIRST_WORDS, MOST = 8, 3


@dataclass
class Alternative:
    """Another question, what it finds and where; of a near entry its title, and why it is near.

    `kind` is without, wider, spelling, search_word or near; `address` a query string, or a path.
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
    hits = asked.selection.hits
    found = sorted(_without_a_condition(asked, hits), key=lambda one: -one.count)
    found += _in_a_wider_region(asked)
    if hits:
        found += [*_wider(asked, hits), *_spellings(asked, hits), *_led_to(asked, hits)]
        found += _nearest(asked, hits)
    return found


def _without_a_condition(asked: Query, hits: Hits | None) -> Iterator[Alternative]:
    """Without one of the conditions, all words being one, or without one of the first words."""
    conditions = _conditions(asked)
    for name, label in conditions.items():
        if count := len(asked.selection.without(name)) if len(conditions) > 1 else 0:
            left = [one for other, one in conditions.items() if other != name]
            address = links.changed(asked.parameters, **{"q" if name == "query" else name: []})
            yield Alternative("without", _all(left), count, address, _left_out(label))
    if not hits or len(hits.words) == 1:
        return
    among = asked.selection.without("query")
    for at, word in enumerate(hits.words[:FIRST_WORDS]):
        others = [*hits.words[:at], *hits.words[at + 1 :]]
        bits = reduce(and_, [*hits.found[:at], *hits.found[at + 1 :]], among)
        # Two that become neighbours could be read as one.
        joining = at and all(is_english(one.text) for one in hits.words[at - 1 : at + 2 : 2])
        count = _count(asked, query=_query(others)) if joining else len(bits)
        yield from _asking(asked, "without", others, _left_out(f"“{word.written}”"), count)


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


def _wider(asked: Query, hits: Hits) -> Iterator[Alternative]:
    """With the next region that has something in place of a word that is a region."""
    for at, word in enumerate(hits.words[:FIRST_WORDS]):
        for path in sorted(asked.index.names.places.get(word.text, ()))[:MOST]:
            for _path, _code, label in _above(asked.words, path):
                words = [*hits.words[:at], _named(label), *hits.words[at + 1 :]]
                if count := _count(asked, query=_query(words)):
                    yield from _asking(asked, "wider", words, _widened(label), count)
                    break


def _spellings(asked: Query, hits: Hits) -> Iterator[Alternative]:
    """With a name that is spelt like a word that is said nowhere, or an English word of its family."""
    among, offered = asked.selection.without("query"), 0
    unsaid = [at for at, found in enumerate(hits.found[:FIRST_WORDS]) if not found][:MOST]
    for at in unsaid:
        word = hits.words[at]
        for other in family(asked.index, word.text, among, MOST):
            words = [*hits.words[:at], Word((other,), other), *hits.words[at + 1 :]]
            reason = _("与“%(word)s”同族") % {"word": word.written}
            yield from _asking(asked, "spelling", words, reason, _count(asked, query=_query(words)))
        near_names = asked.index.names.nearest(hits.words[at].text)
        postings = asked.index.postings(near_names)
        for key in [key for key in near_names if postings[key] & among]:
            label = _label(key, near_names[key], asked.words)
            words = [*hits.words[:at], _named(label), *hits.words[at + 1 :]]
            count = _count(asked, query=_query(words)) if offered < MOST else 0
            if count:
                offered += 1
                reason = _("“%(word)s”像是“%(name)s”") % {
                    "word": hits.words[at].written,
                    "name": label,
                }
                yield from _asking(asked, "spelling", words, reason, count)


def _led_to(asked: Query, hits: Hits) -> Iterator[Alternative]:
    """With the mechanism to which a word leads in place of the word."""
    if "mechanism" in asked.labels:
        return
    for at, word in enumerate(hits.words[:FIRST_WORDS]):
        for key in sorted(asked.index.names.search_words.get(word.text, ()))[:MOST]:
            slug = key.removeprefix("/mechanism/")
            label, query = (
                asked.words["mechanism"][slug],
                _query([*hits.words[:at], *hits.words[at + 1 :]]),
            )
            if count := _count(asked, query=query, mechanism=[slug]):
                address = links.changed(asked.parameters, q=[query], mechanism=[slug])
                words = {"word": word.written, "name": label}
                sentence = _("没有成果写到“%(word)s”。它归入“%(name)s”。")
                if hits.found[at]:
                    sentence = _("“%(word)s”归入“%(name)s”。")
                text = _all([f"“{query}”", label] if query else [label])
                yield Alternative("search_word", text, count, address, sentence % words)


def _nearest(asked: Query, hits: Hits) -> Iterator[Alternative]:
    """The entries nearest to the words, each with what it says of them and what not."""
    numbers = near(asked.index, hits, asked.selection.without("query"))
    for record in records(numbers):
        number = asked.index.number(record)
        address = links.address("achievement", record["code"])
        yield Alternative(
            "near", localized(record, "title"), 1, address, _reason(hits, number, record)
        )


def _reason(hits: Hits, number: int, record: AchievementRecord) -> str:
    texts = ("title", "summary", "organization_text", "title_en", "summary_en")
    text = fold("\n".join(record[name] for name in texts))  # type: ignore[literal-required]
    said: list[str] = []
    named: list[str] = []
    missing: list[str] = []
    for word, found in zip(hits.words, hits.found, strict=True):
        if number not in found:
            missing.append(word.written)
            said += [] if is_english(word.text) else _stretches(word.text, text)
        else:
            there = word.terms[0] in text or english(word.text) in english(text)
            (said if there else named).append(word.written)
    sentences = {
        _("写到%(words)s"): said,
        _("名称有%(words)s"): named,
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
            found.append(word[at:end])
        at = end or at + 1
    return found


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


def _named(name: str) -> Word:
    return Word((fold(name),), name, quoted=" " in name)


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

"""Cards of entries, each drawn by a macro of `_cards.html`."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, lru_cache, partial
from typing import Any

import orjson
from django.utils.translation import get_language
from markupsafe import Markup

from governance.index.text import english, fold, is_english
from governance.records import Card
from showcase import links
from showcase.text import Span, joined, marked, marked_excerpt, marks, marks_in_english

# A macro takes a card, and how it shall look.
Macro = Callable[..., str]

# Entries side by side in a comparison; more fit on no screen.
COMPARED = 4
# Stands in what is drawn where the query string of the list will; no text of the record has it.
HOLE = "\0"
# About how many characters of a summary a list shows, in Chinese and in English.
WIDTH, WIDTH_EN = 72, 200
# Mechanisms that a card names, unless others are asked for.
NAMED = 2
# Drawings that a worker keeps, of some 6 KB each, with what they are known by.
MOST_DRAWN = 2048


def draw(
    macro: Macro,
    cards: Collection[Card],
    query_string: str = "",
    terms: Collection[str] = (),
    mechanisms: Iterable[str] = (),
    *,
    tiers: Mapping[str, str],
    **look: bool,
) -> Markup:
    """The cards, each drawn by `macro`, which is given `tiers`, {tier: label}, and `look` too.

    `query_string` is what the addresses of the entries carry. What was found by the folded
    `terms` is marked; without terms, the words that show one of the `mechanisms`. Cards without terms
    are drawn once and kept.
    """
    asked = tuple(mechanisms)
    if terms:
        named = asked or _called(cards, terms)
        drawn = [macro(with_links(with_marks(card, terms), named), tiers, **look) for card in cards]
    else:
        # Copied, since what orjson gives keeps 4 KB, however short it is.
        keys = [bytes(memoryview(orjson.dumps(card))) for card in cards]
        labels = tuple(tiers.items())
        drawn = [_drawn(macro, key, labels, asked, **look) for key in keys]
    return Markup("").join(drawn).replace(HOLE, query_string)


# By all that the card says, so that nothing kept is ever out of date; a language has its own macros.
@lru_cache(maxsize=MOST_DRAWN)
def _drawn(
    macro: Macro,
    card: bytes,
    tiers: tuple[tuple[str, str], ...],
    mechanisms: tuple[str, ...],
    **look: bool,
) -> str:
    found = with_marks(orjson.loads(card), (), mechanisms)
    return macro(with_links(found, mechanisms), dict(tiers), **look)


def with_marks(card: Card, terms: Collection[str], mechanisms: Collection[str] = ()) -> Card:
    """The card with its texts as HTML, of a long summary an excerpt, what is asked for marked.

    That is the terms; where there are none, the words that show one of the mechanisms.
    """
    evidence = partial(_evidence, card, [] if terms else mechanisms)
    in_title = marks(card["title"], terms) or evidence("title")
    here = marks(card["summary"], terms) or evidence("summary")
    found: Card = {
        **card,
        "title": marked(card["title"], in_title),
        "summary": marked_excerpt(card["summary"], here, WIDTH),
    }
    if get_language() != "en":
        found["translated"] = _only_in_translation(card, terms)
        return found
    in_title_en = marks_in_english(card["title_en"], terms) or evidence("title_en")
    there = marks_in_english(card["summary_en"], terms) or evidence("summary_en")
    # In the language that says it; if neither does, the entry was found by a name.
    said = card["summary_en"] if there or not (terms and here) else ""
    found["title_en"] = marked(card["title_en"], in_title_en)
    found["summary_en"] = marked_excerpt(said, there, WIDTH_EN)
    return found


def _only_in_translation(card: Card, terms: Collection[str]) -> Markup:
    """The English words that were found, where neither the announcement nor a name says them."""
    latin = [term for term in terms if is_english(term)]
    named = (*card["places"], *card["means"]) if latin else ()
    names = [english(fold(one["name_en"])) for one in named]
    asked = [
        term
        for term in latin
        if not any(english(term) in name for name in names)
        and not (marks(card["title"], [term]) or marks(card["summary"], [term]))
    ]
    for text in (card["title_en"], card["summary_en"]) if asked else ():
        if there := marks_in_english(text, asked):
            return marked_excerpt(text, there, WIDTH_EN)
    return Markup("")


def _evidence(card: Card, mechanisms: Collection[str], field: str) -> list[Span]:
    """Where a field of the entry has words that show one of the mechanisms."""
    return joined(
        (start, end)
        for one in card["means"]
        if one["slug"] in mechanisms
        for where, start, end in one["spans"]
        if where == field
    )


def _called(cards: Iterable[Card], terms: Collection[str]) -> list[str]:
    """The mechanisms of the cards whose name has one of the terms."""
    means = {one["slug"]: one for card in cards for one in card["means"]}
    names = {slug: fold(f"{one['name']}\n{one['name_en']}") for slug, one in means.items()}
    return [slug for slug, name in names.items() if any(term in name for term in terms)]


def with_links(card: Card, mechanisms: Collection[str] = ()) -> dict[str, Any]:
    """The card as its macro takes it.

    `address` is its own, `place` says where it is, `means` are (address, name, weight)s: of those that
    are asked for, else of the first; `further` is how many there are besides.
    """
    language = get_language()
    achievements, mechanism_pages = _sections(language)
    english = language == "en"
    asked = [one for one in card["means"] if one["slug"] in mechanisms]
    named = asked or card["means"][:NAMED]
    # Not by `localized`, which takes rows too: a list has 150 of them.
    places = [(english and place["name_en"]) or place["name"] for place in card["places"]]
    return {
        **card,
        "address": f"{achievements}{card['code']}/{HOLE}",
        "place": ", ".join(places[::-1]) if english else "".join(places),
        "means": [
            (
                f"{mechanism_pages}{one['slug']}/",
                (english and one["name_en"]) or one["name"],
                one["weight"],
            )
            for one in named
        ],
        "further": len(card["means"]) - len(named),
    }


@cache
def _sections(_language: str) -> tuple[str, str]:
    return links.address("achievements"), links.address("mechanisms")

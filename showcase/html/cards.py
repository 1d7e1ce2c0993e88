"""Cards of entries, each drawn by a macro of `_cards.html`."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

import orjson
from django.utils.translation import get_language
from markupsafe import Markup, escape

from governance.records import SUMMARY, SUMMARY_EN, Card
from showcase import links
from showcase.text import marked, marks, marks_in_english

# A macro takes a card, and how it shall look.
Macro = Callable[..., str]

# Entries side by side in a comparison; more fit on no screen.
COMPARED = 4
# Stands in what is drawn where the query string of the list will; no text of the record has it.
HOLE = "\0"
# Drawings that a worker keeps, of some 3 KB each.
MOST_DRAWN = 4096


def draw(
    macro: Macro,
    cards: Iterable[Card],
    query_string: str = "",
    terms: Iterable[str] = (),
    *,
    tiers: Mapping[str, str],
    **look: bool,
) -> Markup:
    """The cards, each drawn by `macro`, which is given `tiers`, {tier: label}, and `look` too.

    `query_string` is what the addresses of the entries carry. What was found by the folded
    `terms` is marked; cards without marks are drawn once and kept.
    """
    if terms:
        drawn = [macro(with_links(with_marks(card, terms)), tiers, **look) for card in cards]
    else:
        # Copied, since what orjson gives keeps 4 KB, however short it is.
        keys = [bytes(memoryview(orjson.dumps(card))) for card in cards]
        labels = tuple(tiers.items())
        drawn = [_drawn(macro, key, labels, **look) for key in keys]
    return Markup("".join(drawn).replace(HOLE, escape(query_string)))


# By all that the card says, so that nothing kept is ever out of date; a language has its own macros.
@lru_cache(maxsize=MOST_DRAWN)
def _drawn(macro: Macro, card: bytes, tiers: tuple[tuple[str, str], ...], **look: bool) -> str:
    return macro(with_links(orjson.loads(card)), dict(tiers), **look)


def with_marks(card: Card, terms: Iterable[str]) -> Card:
    """The card with its texts as HTML, the terms marked, its summary cut to where most of them are."""
    here = marks(card["summary"], terms)
    found: Card = {
        **card,
        "title": marked(card["title"], marks(card["title"], terms)),
        "summary": marked(card["summary"], here, SUMMARY),
    }
    if get_language() == "en":
        there = marks_in_english(card["summary_en"], terms)
        # In the language that says it; if neither does, the entry was found by a name.
        said = card["summary_en"] if there or not here else ""
        found["summary_en"] = marked(said, there, SUMMARY_EN)
        found["title_en"] = marked(card["title_en"], marks_in_english(card["title_en"], terms))
    return found


def with_links(card: Card) -> dict[str, Any]:
    """The card as its macro takes it: `address` is its own, `places` and `means` are (address, name)s."""
    language = get_language()
    achievements, regions, mechanisms = _sections(language)
    english = language == "en"
    return {
        **card,
        "address": f"{achievements}{card['code']}/{HOLE}",
        # Not by `localized`, which takes rows too: a list has 150 of them.
        "places": [
            (f"{regions}{place['code']}/", (english and place["name_en"]) or place["name"])
            for place in card["places"]
        ],
        "means": [
            (f"{mechanisms}{one['slug']}/", (english and one["name_en"]) or one["name"])
            for one in card["means"]
        ],
    }


@cache
def _sections(_language: str) -> tuple[str, str, str]:
    return links.address("achievements"), links.address("regions"), links.address("mechanisms")

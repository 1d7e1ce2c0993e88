"""Why an entry was found, where nothing that its card shows says so: a name has the word."""

from collections.abc import Sequence
from itertools import chain

from django.utils.translation import gettext as _

from governance.index.search import Word
from governance.index.text import english, fold
from governance.models import IndexEntry
from governance.records import Card
from showcase.text import localized

from .query import Query

# So many reasons are given of an entry.
MOST = 2
# Facets of what has a name, the first that has the word being the reason.
NAMED = ("mechanism", "region", "organization")


def with_reasons(asked: Query, cards: Sequence[Card]) -> list[Card]:
    """The cards with `why`: ["地区：坪山区（当时坪山新区）", "机构：太仓市人民政府"]."""
    hits = asked.selection.hits
    if not hits:
        return list(cards)
    unsaid = {card["code"]: _unsaid(card, hits.words) for card in cards}
    names = asked.index.names
    # {word: the keys of what it names}, of a word that is several terms of all that they spell.
    keys = {
        word: set().union(*map(names.keys, {word.text, *word.terms}))
        for word in dict.fromkeys(chain.from_iterable(unsaid.values()))
    }
    codes = [code for code, words in unsaid.items() if words]
    kept = IndexEntry.objects.filter(code__in=codes).values_list("code", "facets")
    facets = {code: set(text.split("\n")) for code, text in kept}
    found = []
    for card in cards:
        code = card["code"]
        why = [_reason(asked, card, keys[word] & facets[code]) for word in unsaid[code]]
        told = list(dict.fromkeys(filter(None, why)))[:MOST]
        explained: Card = {**card, "why": told}
        found.append(explained)
    return found


def _unsaid(card: Card, words: Sequence[Word]) -> list[Word]:
    """The words of which a term stands neither in what the card shows nor in its translation."""
    shown = fold(f"{card['title']}\n{card['summary']}\n{_place(card)}")
    unshown = [word for word in words if not all(term in shown for term in word.terms)]
    if not unshown:
        return []
    translated = english(fold(f"{card['title_en']}\n{card['summary_en']}"))
    return [
        word
        for word in unshown
        if not all(term in shown or english(term) in translated for term in word.terms)
    ]


def _place(card: Card) -> str:
    return "".join(f"{place['name']} {place['name_en']}\n" for place in card["places"])


def _reason(asked: Query, card: Card, keys: set[str]) -> str:
    """Of the entry's keys that a word names, the first and nearest in words; "" if there is none."""
    values = sorted(((*key[1:].partition("/"),) for key in keys), key=lambda one: -len(one[2]))
    for name in NAMED:
        for kind, _slash, value in values:
            if kind.rstrip("0123456789") == name and (label := _label(asked, name, value)):
                if name == "region" and label not in _place(card):
                    then = localized(card["places"][-1], "name")
                    label = _("%(now)s（当时%(then)s）") % {"now": label, "then": then}
                return _("%(facet)s：%(label)s") % {
                    "facet": asked.words.names[name],
                    "label": label,
                }
    return ""


def _label(asked: Query, name: str, value: str) -> str:
    if name == "region":
        return asked.words.regions.places[value][1] if value in asked.words.regions.places else ""
    return asked.words.known(name, [value]).get(value, "")

"""What stands around an entry's page: the list one came from, related entries."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance import index
from governance.records import AchievementRecord, Card
from governance.words import listed
from showcase import links
from showcase.query.form import LIST
from showcase.query.query import query_of
from showcase.text import localized


def neighbourhood(request: HttpRequest, record: AchievementRecord) -> dict[str, Any]:
    """The template's values; none of them while there is no index.

    The address of an entry may carry the query of a list, and then the entry has the neighbours that
    it has there. Without one, or if the list has lost the entry, they are those of its award year.
    """
    try:
        question = query_of(request, LIST)
        beside = question.selection.neighbours(record) if question.parameters else None
        kept = links.changed(question.parameters) if beside else ""
        award = [record["award"]["slug"]]
        year = index.select(index=question.index, year=[record["year"]], award=award)
        before, after = beside or year.neighbours(record) or (None, None)
        related = index.related(question.index, record)
        cards = index.cards([number for number in (before, after, *related) if number is not None])
        return {
            "kept": kept if kept != "?" else "",
            "before": cards.get(before) if before else None,
            "after": cards.get(after) if after else None,
            "related": [
                (cards[number], shared(record, cards[number], keys))
                for number, keys in related.items()
                if number in cards
            ],
        }
    except index.Unready:
        return {}


def shared(record: AchievementRecord, card: Card, keys: Iterable[str]) -> list[str]:
    """Why another entry is related, in words: the organization, the nearest common region, mechanisms.

    `keys` are the facet keys that both have.
    """
    english, reasons = get_language() == "en", []
    same, near, alike = _sentences(english)
    if any(key.startswith("/organization/") for key in keys):
        reasons.append(same)
    places = {place["code"] for place in card["places"]}
    means = {coding["slug"] for coding in card["means"]}
    common = [place for place in record["region"]["lineage"][1:] if place["code"] in places]
    if common:
        reasons.append(near % {"place": localized(common[-1], "name", english)})
    names = [
        localized(coding, "name", english)
        for coding in record["mechanisms"]
        if coding["aspect"] == "means" and coding["slug"] in means
    ]
    if names:
        reasons.append(alike % {"mechanisms": listed(names)})
    return reasons


@cache
def _sentences(_english: bool) -> tuple[str, str, str]:
    return _("同一机构"), _("同在%(place)s"), _("同用%(mechanisms)s")

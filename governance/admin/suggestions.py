"""Mechanisms that an entry's own words suggest, with the words, shown where a person judges them."""

from collections.abc import Mapping
from typing import TypedDict, cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.intake import ProposedSpan, suggester
from governance.models import Mechanism
from governance.models.coding import Passage
from governance.words import surroundings

# So many characters around words are shown with them.
AROUND = 14
# Wording is learned from so many entries, the newest: whoever codes waits for it.
MOST_CODED = 1000


class QuotedSpan(TypedDict):
    """Words that speak for a mechanism, what stands around them, where, and why they do.

    The place is counted in characters; `passage` is the label of the `field`.
    """

    field: str
    start: int
    end: int
    before: str
    words: str
    after: str
    passage: str
    because: str


class OfferedMechanism(TypedDict):
    """`key` is the primary key of the mechanism, as its form field has it."""

    key: str
    name: str
    spans: list[QuotedSpan]


def quoted_span(texts: Mapping[str, str], span: ProposedSpan) -> QuotedSpan:
    """What a ProposedSpan quotes of an entry's {field: text}."""
    field, start, end = span["field"], span["start"], span["end"]
    before, after = surroundings(texts[field], start, end, AROUND)
    if span["because"]:
        because = _("即“%(name)s”") % {"name": span["because"]}
    else:
        because = _("过去有此字句的 %(seen)s 条中，%(shown)s 条以它为依据") % span
    return {
        "field": field,
        "start": start,
        "end": end,
        "before": before,
        "words": texts[field][start:end],
        "after": after,
        "passage": str(Passage(field).label),
        "because": because,
    }


def offered_mechanisms(texts: dict[str, str]) -> list[OfferedMechanism]:
    """The mechanisms that an entry's {field: text} suggest, those with most to say for them first."""
    suggestions = suggester(MOST_CODED).suggest(texts)
    slugs = [suggestion.mechanism for suggestion in suggestions]
    mechanisms = Mechanism.objects.in_bulk(slugs, field_name="slug")
    return [
        {
            "key": str(mechanisms[suggestion.mechanism].pk),
            "name": _name(mechanisms[suggestion.mechanism]),
            "spans": [
                quoted_span(texts, cast(ProposedSpan, vars(span))) for span in suggestion.spans
            ],
        }
        for suggestion in suggestions
    ]


def _name(mechanism: Mechanism) -> str:
    """In the reader's language."""
    return mechanism.name_en if get_language() == "en" else mechanism.name

"""Mechanisms that an entry's own words suggest, with the words, shown where a person judges them."""

from typing import TypedDict, cast

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.intake import ProposedSpan, suggester
from governance.models import Mechanism
from governance.models.coding import Passage
from governance.words import stretch

# So many characters around words are shown with them.
AROUND = 14
# Wording is learned from so many entries, the newest: whoever codes waits for it.
MOST_CODED = 1000


class QuotedWords(TypedDict):
    """Words that speak for a mechanism, what stands around them, where, and why they do."""

    before: str
    words: str
    after: str
    passage: str
    because: str


class OfferedSpan(QuotedWords):
    """With its place, counted in characters."""

    field: str
    start: int
    end: int


class OfferedMechanism(TypedDict):
    """`key` is the primary key of the mechanism, as its form field has it."""

    key: str
    name: str
    spans: list[OfferedSpan]


def quoted_words(text: str, span: ProposedSpan) -> QuotedWords:
    """What a ProposedSpan of the text quotes."""
    start, end = span["start"], span["end"]
    if span["because"]:
        because = _("即“%(name)s”") % {"name": span["because"]}
    else:
        because = _("过去有此字句的 %(seen)s 条中，%(shown)s 条以它为依据") % span
    return {
        "before": stretch(text[:start], start - AROUND, start),
        "words": text[start:end],
        "after": stretch(text, end, end + AROUND).removeprefix("…"),
        "passage": str(Passage(span["field"]).label),
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
            "spans": [_span(texts, cast(ProposedSpan, vars(span))) for span in suggestion.spans],
        }
        for suggestion in suggestions
    ]


def _name(mechanism: Mechanism) -> str:
    """In the reader's language."""
    return mechanism.name_en if get_language() == "en" else mechanism.name


def _span(texts: dict[str, str], span: ProposedSpan) -> OfferedSpan:
    place = {"field": span["field"], "start": span["start"], "end": span["end"]}
    return cast(OfferedSpan, quoted_words(texts[span["field"]], span) | place)

"""The words of all entries that show a mechanism, each with what stands before and after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from governance.models import Aspect, Weight
from governance.records import AchievementRecord, CodingRecord, SpanRecord
from showcase.text import HANGING, between_words

# Entries of one aspect that are shown; the list has all.
MOST = 50
# Characters before and after the words, in Chinese and in English.
BEFORE, BEFORE_EN = 12, 22
AFTER, AFTER_EN = 24, 60
# Marks that open something, and those that follow words.
OPENING = "（《〈“‘「『(["
ENDING = " ，。、；：！？）》〉”’』」,.;:!?)"


class Quotation(NamedTuple):
    """Words and what stands around them in the entry's text `field`; `begins` tells whether that is its beginning."""

    before: str
    words: str
    after: str
    field: str
    begins: bool


class Case(NamedTuple):
    """An entry and the lines of its coding."""

    record: AchievementRecord
    lines: list[Quotation]


@dataclass
class CaseGroup:
    """The cases of one weight and aspect."""

    weight: str
    aspect: str
    cases: list[Case]


def concordance(slug: str, entries: Iterable[AchievementRecord], english: bool) -> list[CaseGroup]:
    """The groups of the entries coded by the mechanism, without empty ones: means first, primary ones first.

    On an English page the words are those of the translation, where it has them.
    """
    groups = [CaseGroup(weight, aspect, []) for aspect in Aspect.values for weight in Weight.values]
    for record in entries:
        coding = next(one for one in record["mechanisms"] if one["slug"] == slug)
        lines = [_line(record, span) for span in _spans(coding, english)]
        for group in groups:
            if (group.weight, group.aspect) == (coding["weight"], coding["aspect"]):
                group.cases.append(Case(record, lines))
    return [group for group in groups if group.cases]


def _spans(coding: CodingRecord, english: bool) -> list[SpanRecord]:
    return [(english and span["english"]) or span for span in coding["evidence"]]


def _line(record: AchievementRecord, span: SpanRecord) -> Quotation:
    text: str = record[span["field"]]  # type: ignore[literal-required]  # title or summary
    translated = span["field"].endswith("_en")
    room = BEFORE_EN if translated else BEFORE
    start = between_words(text, span["start"] - room)
    before, after = text[start : span["start"]], text[span["end"] :]
    if translated and len(before) > room:
        # The first word would be cut by the column.
        before = before.partition(" ")[2]
    if start:
        # It does not begin with what ends something that is not shown.
        before = before.lstrip(ENDING)
    width = AFTER_EN if translated else AFTER
    if len(after) > width:
        after = f"{after[: between_words(after, width)].rstrip(HANGING + OPENING)}…"
    return Quotation(before, span["text"], after, span["field"], start == 0)

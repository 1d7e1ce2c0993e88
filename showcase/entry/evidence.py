"""The evidence margin: a text cut where evidence begins and ends, so that spans may overlap."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from governance.records import AchievementRecord, CodingRecord, SpanRecord

# The texts of an entry, in the order in which a page has them, in either language.
PASSAGES = ("title", "summary")


@dataclass
class Segment:
    """A stretch of a text, and the numbers of the codings for which it is evidence."""

    text: str
    # Unique on the page of an entry.
    id: str = ""
    codings: list[int] = field(default_factory=list)
    # The codings of which a span ends here: their numbers are printed after the segment.
    ending: list[int] = field(default_factory=list)


class Margin:
    """An entry's texts and its codings, numbered as one meets their words in the text that comes first.

    That is the English one if it is asked for and there is any; both have the same numbers.
    """

    def __init__(self, record: AchievementRecord, english: bool) -> None:
        self._record = record
        # What the names of the fields of the text that comes first end with.
        self.leading = "_en" if english and record["summary_en"] else ""
        self.codings = in_order(record, self.leading)
        self.texts = {
            name: segments(record[name], self.codings, name)  # type: ignore[literal-required]  # texts
            for passage in PASSAGES
            for name in (passage, f"{passage}_en")
        }

    @property
    def shown_at(self) -> dict[int, str]:
        """{number of a coding: id of the first segment that shows it, of the leading text if that does}."""
        found: dict[int, str] = {}
        for language in dict.fromkeys([self.leading, ""]):
            for segment in [part for name in PASSAGES for part in self.texts[name + language]]:
                for number in segment.codings:
                    found.setdefault(number, segment.id)
        return found


def in_order(record: AchievementRecord, language: str = "") -> list[CodingRecord]:
    """The record's codings in the order in which a reader meets their words, the title's first.

    `language` is what the names of the fields of the text end with; those without words in it come last.
    """

    def first(coding: CodingRecord) -> tuple[bool, int, int, int]:
        spans = list(spans_of(coding))
        ours = [span for span in spans if span["field"].endswith("_en") == bool(language)]
        return min((not ours, *_place(span)) for span in ours or spans or [NOWHERE])

    return sorted(record["mechanisms"], key=first)


NOWHERE = SpanRecord(text="", field="summary", start=0, end=0)


def _place(span: SpanRecord) -> tuple[int, int, int]:
    return PASSAGES.index(span["field"].removesuffix("_en")), span["start"], span["end"]


def spans_of(coding: CodingRecord) -> Iterator[SpanRecord]:
    """The words that show a coding, and those of the translation that render them."""
    for span in coding["evidence"]:
        yield span
        if english := span["english"]:
            yield english


def segments(text: str, codings: list[CodingRecord], passage: str) -> list[Segment]:
    """Cut `text`, the achievement's field `passage`, at the spans of `codings`, numbered from 1; all as in the record."""
    spans = [
        (span["start"], span["end"], number)
        for number, coding in enumerate(codings, 1)
        for span in spans_of(coding)
        if span["field"] == passage
    ]
    cuts = sorted({0, len(text), *(cut for start, end, _ in spans for cut in (start, end))})
    return [
        Segment(
            text[start:end],
            f"{passage}-{start}",
            [number for first, last, number in spans if first <= start and end <= last],
            [number for _, last, number in spans if last == end],
        )
        for start, end in pairwise(cuts)
    ]

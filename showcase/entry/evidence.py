"""The evidence margin: a text cut where evidence begins and ends, so that spans may overlap."""

from dataclasses import dataclass, field
from itertools import pairwise

from governance.records import AchievementRecord, CodingRecord


@dataclass
class Segment:
    """A stretch of a text, and the numbers of the codings for which it is evidence."""

    text: str
    # Unique on the page of an entry.
    id: str = ""
    codings: list[int] = field(default_factory=list)
    # The codings of which a span ends here: their numbers are printed after the segment.
    ending: list[int] = field(default_factory=list)


def in_order(record: AchievementRecord) -> list[CodingRecord]:
    """The record's codings in the order in which a reader meets their words: text first, then title."""

    def first(coding: CodingRecord) -> tuple[bool, int]:
        return min(
            ((span["field"] == "title", span["start"]) for span in coding["evidence"]),
            default=(True, 0),
        )

    return sorted(record["mechanisms"], key=first)


def segments(text: str, codings: list[CodingRecord], passage: str) -> list[Segment]:
    """Cut `text`, the achievement's field `passage`, at the spans of `codings`, numbered from 1; all as in the record."""
    spans = [
        (span["start"], span["end"], number)
        for number, coding in enumerate(codings, 1)
        for span in coding["evidence"]
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


def shown_at(*texts: list[Segment]) -> dict[int, str]:
    """{number of a coding: id of the first segment that shows it} in several texts cut by `segments`."""
    found: dict[int, str] = {}
    for segment in (segment for text in texts for segment in text):
        for number in segment.codings:
            found.setdefault(number, segment.id)
    return found

"""The evidence margin: a text cut where evidence begins and ends, so that spans may overlap."""

from dataclasses import dataclass, field
from itertools import pairwise


@dataclass
class Segment:
    """A stretch of a text, and the numbers of the codings for which it is evidence."""

    text: str
    codings: list[int] = field(default_factory=list)
    # The codings of which a span ends here: their numbers are printed after the segment.
    ending: list[int] = field(default_factory=list)


def segments(text, codings, passage):
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
            [number for first, last, number in spans if first <= start and end <= last],
            [number for _, last, number in spans if last == end],
        )
        for start, end in pairwise(cuts)
    ]

"""Words in the reader's language, and the words that were found."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language
from markupsafe import Markup, escape

from governance.index.text import (
    BORDER,
    ENGLISH_WORD,
    INVISIBLE,
    english,
    is_english,
    stem,
    unified,
)
from governance.records import CUT

# Where a mark begins, and before which character it ends.
Span = tuple[int, int]

LETTERS = re.compile(r"[\w'’-]*", re.ASCII)
HAN = re.compile(r"[\u3400-\u9fff]")
# What may vanish, or join with what stands before it.
JOINING = re.compile(f"{INVISIBLE.pattern}|[\u0300-\u036f\u1100-\u11ff\u3099\u309a]")


def localized(row: Model | Mapping[str, Any], field: str, english: bool | None = None) -> str:
    """The English text of a row, or of a record, on an English page where it has one, else the Chinese.

    `english` tells whether the page is, where that is known.
    """
    get: Callable[[str], Any] = row.get if isinstance(row, Mapping) else partial(getattr, row)
    if english is None:
        english = get_language() == "en"
    return (english and get(f"{field}_en")) or get(field)


def clipped(text: str) -> str:
    """`text` in as many characters as a search engine shows: up to 110 Chinese or 160 Latin ones."""
    width = 110 if HAN.search(text) else 160
    if len(text) <= width:
        return text
    # Not amid an English word.
    return f"{re.sub(r' [^ ]*$', '', text[: width - 1])}…"


def plurals(labels: Mapping[str, str]) -> dict[str, str]:
    """The same labels for headings above several; the labels of awards are in the singular."""
    return {key: f"{label}s" if get_language() == "en" else label for key, label in labels.items()}


def with_facts(words: str, facts: Iterable[str]) -> str:
    """Words, and facts about them in brackets."""
    if get_language() == "en":
        return f"{words} ({'; '.join(facts)})"
    return f"{words}（{'；'.join(facts)}）"


def unified_with_places(text: str) -> tuple[str, Sequence[int]]:
    """(unified text, place in `text` of each of its characters): ㈠ becomes (一), and U+200B nothing."""
    shown = unified(text)
    if len(shown) == len(text) and not JOINING.search(text):
        return shown, range(len(text))
    pieces = [unified(char) for char in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]


def marks(text: str, terms: Iterable[str]) -> list[Span]:
    """Where the folded `terms` stand in `text`: sorted (start, end), overlapping ones made one."""
    shown, places = unified_with_places(text)
    found = [span for term in terms for span in _each(term, shown)]
    return _joined([(places[start], places[end - 1] + 1) for start, end in found])


def marks_in_english(text: str, terms: Iterable[str]) -> list[Span]:
    """The same of an English text, in which a term is whole words, whatever their endings and the signs between."""
    shown, places = unified_with_places(text)
    words = [(stem(word[0]), word.start(), word.end()) for word in ENGLISH_WORD.finditer(shown)]
    stems, found = [word for word, _start, _end in words], []
    for asked in (english(term).split() for term in terms if is_english(term)):
        for at in range(len(stems) - len(asked) + 1):
            if stems[at] == asked[0] and stems[at : at + len(asked)] == asked:
                start, end = words[at][1], words[at + len(asked) - 1][2]
                found.append((places[start], places[end - 1] + 1))
    return _joined(found)


def _each(term: str, text: str) -> Iterator[Span]:
    words = term.split(" ")
    if len(words) > 1:
        # A blank stands for whatever separates words.
        pattern = f"{BORDER.pattern}".join(map(re.escape, words))
        yield from (match.span() for match in re.finditer(pattern, text))
        return
    at = text.find(term)
    while at >= 0:
        yield at, at + len(term)
        at = text.find(term, at + 1)


def _joined(found: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def snippet(text: str, found: list[Span], width: int | None = None) -> list[tuple[str, bool]]:
    """`text`, or the stretch of `width` characters with most marks in it, as (piece, marked) pairs.

    `found` is where the marks stand, as `marks` gives it.
    """
    start, end = 0, len(text)
    if not found and not (width and end > width):
        return [(text, False)] if text else []
    if width and end > width:
        lead = width // 4
        starts = [max(0, min(first - lead, end - width)) for first, _last in found] or [0]
        if len(starts) > 1:
            start = max(starts, key=lambda at: sum(at <= a and b <= at + width for a, b in found))
        else:
            (start,) = starts
        end = start + width
        # No English word in two.
        if start and CUT.match(text, start - 1):
            start += len(_word(text, start))
        if CUT.match(text, end - 1):
            end = max(start, end - len(_word(text[start:end][::-1])))
    pieces, at = [], start
    for first, last in found:
        if first >= start and last <= end:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces.append((text[at:end], False))
    if start:
        pieces.insert(0, ("…", False))
    if end < len(text):
        pieces.append(("…", False))
    return [(piece, marked) for piece, marked in pieces if piece]


def _word(text: str, at: int = 0) -> str:
    found = LETTERS.match(text, at)
    return found[0] if found else ""


def marked(text: str, found: list[Span], width: int | None = None) -> Markup:
    """`snippet` as HTML."""
    pieces = snippet(text, found, width)
    return Markup(
        "".join(
            [f"<mark>{escape(piece)}</mark>" if hit else escape(piece) for piece, hit in pieces]
        )
    )

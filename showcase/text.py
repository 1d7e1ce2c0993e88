"""Words in the reader's language, and the words that were found."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language
from markupsafe import Markup, escape

from governance.index.text import (
    BORDER,
    ENGLISH_WORD,
    INVISIBLE,
    QUOTES,
    english,
    is_english,
    stem,
    unified,
)
from governance.models import Aspect, Weight

# Where a mark begins, and before which character it ends.
Span = tuple[int, int]

# Of a Latin word or a number.
LETTER = re.compile(r"[\w'’-]", re.ASCII)
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


def between(texts: Iterable[str]) -> str:
    """Texts one after another, each of which may have commas."""
    return ("; " if get_language() == "en" else "；").join(texts)


def labelled(label: str, text: str) -> str:
    return f"{label}{': ' if get_language() == 'en' else '：'}{text}"


def place_line(lineage: Sequence[Mapping[str, Any]]) -> str:
    """A place with those above it, in one line as the language has it; `lineage` begins with the largest."""
    names = [localized(place, "name") for place in lineage]
    return ", ".join(reversed(names)) if get_language() == "en" else "".join(names)


def how_coded(coding: Mapping[str, Any]) -> str:
    """主要做法; Primary means."""
    weight, aspect = str(Weight(coding["weight"]).label), str(Aspect(coding["aspect"]).label)
    return f"{weight} {aspect.lower()}" if get_language() == "en" else f"{weight}{aspect}"


def evidence_words(coding: Mapping[str, Any]) -> list[str]:
    """The words that show a coding, in the reader's language if the translation has them."""
    english = get_language() == "en"
    return [((english and span["english"]) or span)["text"] for span in coding["evidence"]]


def in_its_language(text: str) -> Markup:
    """`text` as HTML; on an English page what is Chinese in it says so, for those who listen and for its marks."""
    if get_language() != "en":
        return escape(text)
    # As plain text: what `re` puts together, a Markup would escape.
    return Markup(CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', str(escape(text))))  # noqa: S704  # escaped


# Chinese characters, with what stands between them.
CHINESE = re.compile(
    r"[\u3400-\u9fff](?:[\d\s\u3400-\u9fff“”‘’，。、；：！？（）《》·—…]*[\u3400-\u9fff，。；！？）》])?"
)


# Words in quotation marks, as HTML: an element that begins among them ends there too.
QUOTED = re.compile(r"“(?:[^<“”]|<(\w+)[^<>]*>[^<“”]*</\1>)+”")


def unbroken(html: str) -> Markup:
    """`html` in which a line does not end within quotation marks that the next one has room for."""
    # As plain text, since what `re` puts together, a Markup would escape.
    kept = QUOTED.sub(r'<span class="whole">\g<0></span>', str(escape(html)))
    return Markup(kept)  # noqa: S704  # escaped


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


def marks(text: str, terms: Collection[str]) -> list[Span]:
    """Where the folded `terms` stand in `text`: sorted (start, end), overlapping ones made one."""
    if not terms:
        return []
    shown, places = unified_with_places(text)
    found = [span for term in terms for span in _each(term, shown)]
    return joined([(places[start], places[end - 1] + 1) for start, end in found])


def marks_in_english(text: str, terms: Collection[str]) -> list[Span]:
    """The same of an English text, in which a term is whole words, whatever their endings and the signs between."""
    if not terms:
        return []
    shown, places = unified_with_places(text)
    words = [(stem(word[0]), word.start(), word.end()) for word in ENGLISH_WORD.finditer(shown)]
    stems, found = [word for word, _start, _end in words], []
    for asked in (english(term).split() for term in terms if is_english(term)):
        for at in range(len(stems) - len(asked) + 1):
            if stems[at] == asked[0] and stems[at : at + len(asked)] == asked:
                start, end = words[at][1], words[at + len(asked) - 1][2]
                found.append((places[start], places[end - 1] + 1))
    return joined(found)


def _each(term: str, text: str) -> Iterator[Span]:
    # A blank stands for whatever separates words, and quotation marks may stand between any two.
    words = (f"[{QUOTES}]*".join(map(re.escape, word)) for word in term.split(" "))
    pattern = re.compile(BORDER.pattern.join(words))
    # Those that overlap as well.
    match = pattern.search(text)
    while match:
        yield match.span()
        match = pattern.search(text, match.start() + 1)


def joined(found: Iterable[Span]) -> list[Span]:
    """Spans in their order, those that overlap or touch made one."""
    made: list[Span] = []
    for start, end in sorted(found):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def excerpt(text: str, found: Sequence[Span], width: int) -> Span:
    """Where some `width` characters of `text` begin and end: around the most marks, from clause to clause.

    Where no clause ends in reach, between two words.
    """
    if len(text) <= width + width // 4:
        return 0, len(text)
    first = _busiest(found, width)
    start = _last_end(text, first - width // 2, first)
    if start < 0:
        start = between_words(text, first - width // 4) if first > width // 2 else 0
    mark = max((end for begin, end in found if begin == first), default=first)
    if mark > start + width:
        start = first
    said = max(
        (end for begin, end in found if begin >= first and end <= start + width), default=mark
    )
    limit, least = start + width, max(said, start + width // 2)
    end = _last_end(text, least, limit)
    end = min(end if end > 0 else between_words(text, max(limit, said)), len(text))
    # A mark that nothing follows would hang before the ellipsis.
    return start, end if end == len(text) else max(
        start + len(text[start:end].rstrip(HANGING + "。.")), said
    )


HANGING = " \n\t\u3000，、；：,;:"
# What ends a clause, with the quotation mark that follows it.
BREAK = re.compile(r"[，、。；：！？]”?|[,.;:!?][”’]? ")


def _last_end(text: str, least: int, most: int) -> int:
    """The last place between the two at which a clause ends; -1 if none does."""
    # A break has three characters at most: from the one before `least` to the one that ends too late.
    breaks = BREAK.finditer(text, max(least - 3, 0), most + 3)
    return max((end for end in map(re.Match.end, breaks) if least <= end <= most), default=-1)


def _busiest(found: Sequence[Span], width: int) -> int:
    """The mark from which on most others begin within a width; 0 without marks."""
    starts = [start for start, _end in found]
    return max(starts, key=lambda at: sum(at <= one < at + width for one in starts), default=0)


def between_words(text: str, at: int) -> int:
    """`at`, or the beginning of the Latin word or number that it stands in."""
    at = max(at, 0)
    while 0 < at < len(text) and LETTER.match(text[at]) and LETTER.match(text[at - 1]):
        at -= 1
    return at


def marked(text: str, found: Iterable[Span]) -> Markup:
    """`text` as HTML, with what was found as marks."""
    return Markup(_marked(text, found, 0, len(text)))  # noqa: S704  # _marked escapes


def marked_excerpt(text: str, found: Sequence[Span], width: int) -> Markup:
    """`text` as HTML: on a screen its `excerpt`; the rest of it is there for paper, and for who asks for it."""
    start, end = excerpt(text, found, width)
    # In the place of what is left out, as the language of the text has it.
    cut = f'<span class="cut">{"……" if HAN.search(text) else "…"}</span>'
    before = f'<span class="rest">{_marked(text, found, 0, start)}</span>{cut}' if start else ""
    rest = _marked(text, found, end, len(text))
    after = f'{cut}<span class="rest">{rest}</span>' if rest else ""
    return Markup(f"{before}{_marked(text, found, start, end)}{after}")  # noqa: S704  # _marked escapes


def _marked(text: str, found: Iterable[Span], start: int, end: int) -> str:
    pieces, at = [], start
    for first, last in found:
        if first < end and last > start:
            first, last = max(first, start), min(last, end)
            pieces.append(f"{escape(text[at:first])}<mark>{escape(text[first:last])}</mark>")
            at = last
    return "".join([*pieces, escape(text[at:end])])

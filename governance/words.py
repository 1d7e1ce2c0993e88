"""Words as the reader's language puts them together, and texts side by side."""

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language


def listed(words: Iterable[object]) -> str:
    """Words one after another, with the mark between them that the language has."""
    return (", " if get_language() == "en" else "、").join(map(str, words))


def any_of(words: Sequence[str]) -> str:
    """Words of which one is enough: 北京市、江苏省或山东省; Beijing, Jiangsu or Shandong."""
    if len(words) < 2:
        return "".join(words)
    either = " or " if get_language() == "en" else "或"
    return f"{listed(words[:-1])}{either}{words[-1]}"


def all_of(words: Iterable[str]) -> str:
    """Conditions that all hold: 协商议事，且北京市或江苏省; Deliberation, and Beijing or Jiangsu."""
    return (", and " if get_language() == "en" else "，且").join(words)


def first_difference(texts: Sequence[str]) -> int:
    """Where texts begin to differ: how many characters all of them have in common until there."""
    columns = enumerate(zip(*texts, strict=False))
    return next((at for at, column in columns if len(set(column)) > 1), min(map(len, texts)))


def stretch(text: str, start: int, end: int) -> str:
    """`text[start:end]`, with … where something is left out; a `start` below 0 is the beginning."""
    start = max(start, 0)
    return f"{'…' * (start > 0)}{text[start:end]}{'…' * (end < len(text))}"


def surroundings(text: str, start: int, end: int, width: int) -> tuple[str, str]:
    """What stands before and after `text[start:end]`, each of so many characters, with … where more does."""
    return stretch(text[:start], start - width, start), stretch(text[end:], 0, width)

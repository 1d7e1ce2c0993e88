"""Words as the reader's language puts them together, and texts side by side."""

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language


def listed(words: Iterable[object]) -> str:
    """Words one after another, with the mark between them that the language has."""
    return (", " if get_language() == "en" else "、").join(map(str, words))


def first_difference(texts: Sequence[str]) -> int:
    """Where texts begin to differ: how many characters all of them have in common until there."""
    columns = enumerate(zip(*texts, strict=False))
    return next((at for at, column in columns if len(set(column)) > 1), min(map(len, texts)))


def stretch(text: str, start: int, end: int) -> str:
    """`text[start:end]`, with … where something is left out; a `start` below 0 is the beginning."""
    start = max(start, 0)
    return f"{'…' * (start > 0)}{text[start:end]}{'…' * (end < len(text))}"

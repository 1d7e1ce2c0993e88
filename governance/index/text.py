"""Text folding: one fold, for documents and for queries."""

import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path


@cache
def _simplified() -> dict[int, str]:
    """Traditional → simplified, by character, and radicals → the characters that PDFs have them for. Closed."""
    table = json.loads(Path(__file__).with_name("t2s_chars.json").read_text("utf-8"))
    return str.maketrans(table)


def fold(text: str) -> str:
    """`text` without its differences of width, case and script: ＡＢ社區 → ab社区."""
    return _foldable()(_folded, text)


@cache
def _foldable() -> Callable[[Callable[[re.Match[str]], str], str], str]:
    """Replaces each run of what is not a simplified ideograph.

    Those fold to themselves and join with nothing, so what stands between them folds alone. That
    is mostly a mark, the same few in every text.
    """
    traditional = "".join(map(chr, _simplified()))
    return re.compile(f"[\0-\u4dff\ua000-\U0010ffff{traditional}]+").sub


def _folded(run: re.Match[str]) -> str:
    return _fold(run[0])


@lru_cache(4096)
def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_simplified())


# Latin letters or digits, and any signs around them.
is_english = re.compile(r"[\W_]*[a-z0-9][a-z0-9\W_]*").fullmatch

# They stand within a word: people’s. One that opens a quotation can be left out as well.
APOSTROPHES = "'’ʼ‘"


def english(text: str) -> str:
    """The words of an English text, folded, each behind a blank, so that it is found by its beginning.

    “The People’s Council,” → " the peoples council".
    """
    letters = fold(text).translate(dict.fromkeys(map(ord, APOSTROPHES)))
    return "".join(f" {word}" for word in re.findall("[a-z0-9]+", letters))


def terms(query: str) -> list[str]:
    """What a query asks for: its words, and its quoted phrases whole.

    社区 “居民 提案” → ["社区", "居民 提案"]. Straight, curved and corner quotes all count. Signs by
    themselves count only where there is nothing else: “社区”： → ["社区"].
    """
    pieces = re.findall(r"[“\"「]([^”\"」]+)[”\"」]|([^\s“”\"「」]+)", query)
    asked = [words for phrase, word in pieces if (words := " ".join((phrase or word).split()))]
    return [words for words in asked if re.search(r"\w", words)] or asked


# Every n-gram up to SHORT characters is indexed, and of those up to LONG the ones that need it.
SHORT, LONG = 3, 6


def windows(term: str, size: int) -> list[str]:
    """All n-grams of a term, in order."""
    return [term[at : at + size] for at in range(len(term) - size + 1)]

"""Text without its differences of width, case and script, each character knowing where it came from."""

import json
import unicodedata
from functools import cache
from pathlib import Path


@cache
def _simplified():
    # The index's table, read as data: this package imports nothing of the record.
    path = Path(__file__).parents[1] / "index" / "t2s_chars.json"
    return str.maketrans(json.loads(path.read_text("utf-8")))


@cache
def _fold_character(character):
    return unicodedata.normalize("NFKC", character).casefold().translate(_simplified())


def fold(text):
    """太倉市（ＡＢ） → 太仓市(ab), by character, so that places in the text can be found again."""
    return "".join(map(_fold_character, text))


class Folded:
    """A text and its fold; `source(start, end)` is the stretch of the text behind a stretch of the fold."""

    def __init__(self, text):
        self.original = text
        pieces = [_fold_character(character) for character in text]
        self.text = "".join(pieces)
        self._origins = [at for at, piece in enumerate(pieces) for _ in piece]

    def start(self, at):
        """Where in the text the fold's character `at` came from."""
        return self._origins[at] if at < len(self._origins) else len(self.original)

    def source(self, start, end):
        """(start, words) of the text: verbatim."""
        if start == end:
            return self.start(start), ""
        first, last = self._origins[start], self._origins[end - 1]
        return first, self.original[first : last + 1]

"""What a reader may have meant who spelt a value, or a name, otherwise."""

from collections.abc import Iterable

from governance.index.text import fold

# (value, label)
Choice = tuple[str, str]
# How many choices are offered in place of a wrong one; and of those to begin with, if none is like it.
NEAREST, FEW = 3, 8
# More characters are not compared.
LONGEST_COMPARED = 200


class Spellings:
    """Choices, each with the spellings that lead to it; the first that is spelt so stands.

    Of organizations there are 14,000 spellings, and a wrong value may cost no more than two lists:
    they stand in one text as well, so that looking for a part of one is a scan in C.
    """

    def __init__(self, choices: Iterable[tuple[Choice, tuple[str, ...]]]):
        spelt: dict[str, Choice] = {}
        for choice, texts in choices:
            for text in filter(None, texts):
                spelt.setdefault(_line(text), choice)
        self._texts, self._choices = list(spelt), list(spelt.values())
        self._text = "\n".join(self._texts)

    def nearest(self, value: str) -> list[Choice]:
        """The choices spelt most like `value`; the first of all if none is."""
        # A choice has three spellings at most: its value and its names.
        return self.alike(value) or list(dict.fromkeys(self._choices[: 3 * FEW]))[:FEW]

    def alike(self, value: str, least: int = 50) -> list[Choice]:
        """The first that have `value` in a spelling, then those whose spelling is like it to `least` per cent."""
        asked = _line(value[:LONGEST_COMPARED])
        found = self._holding(asked) if asked else {}
        if len(found) < NEAREST:
            # Here: only a wrong query asks.
            from rapidfuzz import fuzz, process

            near = process.extract(
                asked, self._texts, scorer=fuzz.ratio, score_cutoff=least, limit=NEAREST
            )
            found |= {self._choices[place]: None for _text, _score, place in near}
        return list(found)[:NEAREST]

    def _holding(self, part: str) -> dict[Choice, None]:
        found: dict[Choice, None] = {}
        at = self._text.find(part)
        while at >= 0 and len(found) < NEAREST:
            found[self._choices[self._text.count("\n", 0, at)]] = None
            end = self._text.find("\n", at)
            at = self._text.find(part, end) if end >= 0 else -1
        return found


def _line(text: str) -> str:
    return " ".join(fold(text).split())

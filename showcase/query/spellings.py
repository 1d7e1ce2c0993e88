"""What a reader may have meant who spelt a value, or a name, otherwise."""

from collections.abc import Iterable

from governance.index.text import fold

# (value, label)
Choice = tuple[str, str]
# How many choices are offered in place of a wrong one; and of how many all, if none is like it.
NEAREST, FEW = 3, 8
# What stands before a word.
WORD = " \n"
# More characters are not compared, and of those at the end no more are taken for a name.
LONGEST_COMPARED, LONGEST_END = 200, 20


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
        self._text = "\n" + "\n".join(self._texts)

    @property
    def example(self) -> Choice | None:
        """A choice, to show what kind of value is right; None if there is none at all."""
        return next(iter(self._choices), None)

    def nearest(self, value: str) -> list[Choice]:
        """The choices spelt most like `value`; of few all if none is, else none."""
        # A choice has three spellings at most: its value and its names.
        every = list(dict.fromkeys(self._choices[: 3 * (FEW + 1)]))
        return self.alike(value) or (every if len(every) <= FEW else [])

    def alike(self, value: str, least: int = 0) -> list[Choice]:
        """The first that have `value` in a spelling, else that begin as it ends: 江苏省苏州 → 苏州市.

        Else those whose spelling is like it to `least` per cent; or as far as a slip goes.
        """
        asked = _line(value[:LONGEST_COMPARED])
        # Letters have to begin a word, and characters that are the end of it a name.
        found = self._holding(asked, WORD if asked.isascii() else "") if asked else []
        for at in range(max(1, len(asked) - LONGEST_END), len(asked) - 1):
            found = found or ([] if asked.isascii() else self._holding(asked[at:], "\n"))
        if found:
            return found
        # Here: only a wrong query asks.
        from rapidfuzz import fuzz, process

        # One wrong character of two is a slip; half of the letters of a word are another word.
        cutoff = least or (75 if asked.isascii() else 50)
        near = process.extract(
            asked, self._texts, scorer=fuzz.ratio, score_cutoff=cutoff, limit=NEAREST
        )
        return list(dict.fromkeys(self._choices[place] for _text, _score, place in near))

    def _holding(self, part: str, before: str) -> list[Choice]:
        """The first choices that have the part in a spelling, behind one of the characters `before` if given."""
        found: dict[Choice, None] = {}
        at = self._text.find(part)
        while at >= 0 and len(found) < NEAREST:
            if not before or self._text[at - 1] in before:
                found[self._choices[self._text.count("\n", 1, at)]] = None
                at = self._text.find("\n", at)
            at = self._text.find(part, at + 1) if at >= 0 else -1
        return list(found)


def _line(text: str) -> str:
    return " ".join(fold(text).split())

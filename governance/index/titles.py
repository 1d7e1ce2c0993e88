"""Titles as they are typed in Latin letters: by their readings and initials, from the first syllable."""

import re

# The index has readings of up to so many letters; where more are typed, the few titles left are read.
LETTERS = 20
# Syllables of pinyin, one or more: what may be a part of a title's reading.
is_pinyin = re.compile("(?:(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?[aeiouv]{1,3}(?:ng?|r)?)+").fullmatch


def title_readings(pinyin: str) -> set[str]:
    """All ways of typing a title from its beginning: two syllables or more, or three initials or more.

    lü is lv or lu.
    """
    syllables = pinyin.split()
    whole = {"".join(syllables[:size]) for size in range(2, len(syllables) + 1)}
    initials = "".join(syllable[0] for syllable in syllables)
    begun = {initials[:size] for size in range(3, len(initials) + 1)}
    return whole | {one.replace("v", "u") for one in whole} | begun


def reading_keys(pinyin: str) -> set[str]:
    """The keys that find a title: its readings, and how the longer ones begin."""
    return {reading_key(one) for one in title_readings(pinyin)}


def reading_key(letters: str) -> str:
    """The key of the titles that are read so; of many letters, of those that may be."""
    return f"/reading/{letters[:LETTERS]}{'+' * is_long(letters)}"


def is_long(letters: str) -> bool:
    return len(letters) > LETTERS

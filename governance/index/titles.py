"""Titles as they are typed in Latin letters: by their readings and initials, from the first syllable."""

import re

# The index has so many syllables of a title; where more are typed, the few titles left are read.
SYLLABLES = 8
# No eight syllables have more letters.
LONGEST = 48
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
    """The keys that find a title: of its first syllables, and of all of these where more follow."""
    syllables = pinyin.split()
    begun = title_readings(" ".join(syllables[:SYLLABLES]))
    keys = {f"/reading/{one}" for one in begun}
    if len(syllables) > SYLLABLES:
        all_of_these = begun - title_readings(" ".join(syllables[: SYLLABLES - 1]))
        keys |= {f"/reading/{one}+" for one in all_of_these}
    return {key for key in keys if len(key) < 100}


def typed_key(letters: str) -> str:
    """The key of the titles that begin so, up to the first syllables."""
    return f"/reading/{letters}"


def longer_keys(letters: str) -> list[str]:
    """The keys of the titles that may go on as these letters do."""
    sizes = range(SYLLABLES, min(len(letters), LONGEST))
    return [f"/reading/{letters[:size]}+" for size in sizes]

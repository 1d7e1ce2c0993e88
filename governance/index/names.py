"""Names of regions, organizations and mechanisms, and the entries that each stands for."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from governance.models import Mechanism, Organization, Region

from .documents import region_key
from .text import english, fold, is_english

# What people leave out of a place's name.
KINDS = re.compile(
    "(?<=..)(自治区|自治州|自治县|自治旗|特别行政区|地区|新区|街道|[省市县区镇乡盟旗])$"
)
# Comparing more characters with every name would cost too much; no name is as long.
LONGEST = 30
# How the facet keys of organizations begin.
ORGANIZATION = "/organization/"
# So many places share a character with another that the nearest few may have no entry at all.
NEAR = 100


class Names:
    """All names in one string each way, so that looking for one costs a scan in C.

    A name is found by any part of it in Chinese, and in Latin script by the beginning of its
    reading (taicang) or of the reading's initials (tc), or by whole words of its English name.
    """

    def __init__(self) -> None:
        chinese, latin = [], []
        readings: set[str] = set()
        # Slugs of all that are public, by their reading.
        self.organizations: list[str] = []
        # {folded spelling: (name, facet key)}
        self.spellings: dict[str, tuple[str, str]] = {}
        for key, name, names, pinyin, name_en in _named():
            whole, initials = _readings(pinyin)
            readings |= whole
            chinese.append((key, "\t".join(map(fold, names))))
            # Readings each behind a tab; the words of an English name each between blanks.
            typed = "".join(f"\t{letters}" for letters in (*whole, initials))
            latin.append((key, typed + english(fold(name_en))))
            spelt = [name, KINDS.sub("", name), *whole, name_en, *name_en.split()]
            self.spellings |= {fold(text): (name, key) for text in spelt if len(text) > 1}
            if key.startswith(ORGANIZATION):
                self.organizations.append(key.removeprefix(ORGANIZATION))
        aliases = []
        rows = Mechanism.objects.values_list("slug", "name", "synonyms", "search_words")
        for slug, name, synonyms, search_words in rows:
            known_as = f"{synonyms}\n{search_words}".split("\n")
            key, folded = f"/mechanism/{slug}", [fold(alias) for alias in known_as]
            aliases.append((key, "\t".join(folded)))
            self.spellings |= {alias: (name, key) for alias in folded if len(alias) > 1}
        self._chinese, self._latin, self._aliases = _Lines(chinese), _Lines(latin), _Lines(aliases)
        self._readings = sorted(readings)

    def keys(self, term: str) -> set[str]:
        """Facet keys of all that is named by the folded `term`."""
        found = self._chinese.containing(term)
        # One letter would begin half of all names.
        if is_english(term) and len(letters := _letters(term)) > 1:
            found |= self._latin.containing(f"\t{letters}") | self._latin.containing(english(term))
        return found

    def is_reading(self, term: str) -> bool:
        """Whether the letters of a folded term begin the reading of a name: tai cang."""
        letters = _letters(term)
        at = bisect_left(self._readings, letters)
        return at < len(self._readings) and self._readings[at].startswith(letters)

    def keys_of_alias(self, term: str) -> set[str]:
        """Facet keys of the mechanisms that are also known by the folded `term`."""
        return self._aliases.containing(term)

    def nearest(self, term: str) -> dict[str, str]:
        """{facet key: name} of what is spelt, or read in Latin script, most like the folded `term`."""
        if len(term) > LONGEST:
            return {}
        # Here: only an empty list asks.
        from rapidfuzz import fuzz, process

        # One wrong character of two is a slip; half of the letters of a word are another word.
        cutoff = 75 if term.isascii() else 50
        near = process.extract(
            term, list(self.spellings), scorer=fuzz.ratio, score_cutoff=cutoff, limit=NEAR
        )
        nearest: dict[str, str] = {}
        for name, key in (self.spellings[text] for text, _score, _place in near):
            nearest.setdefault(key, name)
        return nearest


class _Lines:
    """Texts one to a line in a single string; `containing` tells whose line a part stands in."""

    def __init__(self, pairs: list[tuple[str, str]]):
        self._keys = [key for key, _text in pairs]
        self._text = "\n".join(text.replace("\n", " ") for _key, text in pairs)

    def containing(self, part: str) -> set[str]:
        keys: set[str] = set()
        line, last, at = 0, 0, self._text.find(part)
        while at >= 0:
            line += self._text.count("\n", last, at)
            keys.add(self._keys[line])
            last, at = at, self._text.find(part, at + 1)
        return keys


def _named() -> Iterator[tuple[str, str, list[str], str, str]]:
    """(facet key, name, Chinese names, reading, English name) of everything that has a name."""
    for path, name, english_name, pinyin in Region.objects.values_list(
        "path", "name", "name_en", "pinyin"
    ):
        yield region_key(path), name, [name], pinyin, english_name
    organizations = Organization.objects.published()
    for slug, name, short, english_name, pinyin in organizations.values_list(
        "slug", "name", "short_name", "name_en", "pinyin"
    ):
        yield f"{ORGANIZATION}{slug}", short, [name, short], pinyin, english_name
    for slug, name, english_name, pinyin in Mechanism.objects.values_list(
        "slug", "name", "name_en", "pinyin"
    ):
        yield f"/mechanism/{slug}", name, [name], pinyin, english_name


def _readings(pinyin: str) -> tuple[set[str], str]:
    """How a reading is typed, in one and by its initials: tai cang → {taicang}, tc; lü is lv or lu."""
    syllables = pinyin.split()
    whole = "".join(syllables)
    return {whole, whole.replace("v", "u")}, "".join(syllable[0] for syllable in syllables)


def _letters(term: str) -> str:
    return re.sub("[^a-z0-9]", "", term)

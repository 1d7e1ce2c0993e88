"""Names of regions, organizations and mechanisms, and the entries that each stands for."""

import re
import unicodedata
from collections.abc import Iterator

from governance.models import Mechanism, Organization, Region

from .documents import region_key
from .text import fold

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
    reading (taicang), of the reading's initials (tc) or of a word of its English name.
    """

    def __init__(self) -> None:
        chinese, latin = [], []
        # Slugs of all that are public, by their reading.
        self.organizations: list[str] = []
        # {folded spelling: (name, facet key)}
        self.spellings: dict[str, tuple[str, str]] = {}
        for key, name, names, readings in _named():
            chinese.append((key, fold("\t".join(names))))
            latin.append((key, _latin(readings)))
            spelt = [name, KINDS.sub("", name)]
            spelt += ["".join(readings[0].split()), readings[1], *readings[1].split()]
            self.spellings |= {fold(text): (name, key) for text in spelt if len(text) > 1}
            if key.startswith(ORGANIZATION):
                self.organizations.append(key.removeprefix(ORGANIZATION))
        aliases = [
            (f"/mechanism/{slug}", fold("\t".join([*names.split("\n"), *words.split("\n")])))
            for slug, names, words in Mechanism.objects.values_list(
                "slug", "synonyms", "search_words"
            )
        ]
        mechanisms = dict(Mechanism.objects.values_list("slug", "name"))
        for key, known_as in aliases:
            named = mechanisms[key.removeprefix("/mechanism/")], key
            self.spellings |= {text: named for text in known_as.split("\t") if len(text) > 1}
        self._chinese, self._latin, self._aliases = _Lines(chinese), _Lines(latin), _Lines(aliases)

    def keys(self, term: str) -> set[str]:
        """Facet keys of all that is named by the folded `term`."""
        if re.fullmatch(r"[a-z' -]+", term):
            # One letter would begin half of all names.
            return self._latin.containing(f" {term}") if len(term) > 1 else set()
        return self._chinese.containing(term)

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


def _named() -> Iterator[tuple[str, str, list[str], tuple[str, str]]]:
    """(facet key, name, Chinese names, (reading, English name)) of everything that has a name."""
    for path, name, english, pinyin in Region.objects.values_list(
        "path", "name", "name_en", "pinyin"
    ):
        yield region_key(path), name, [name], (pinyin, english)
    organizations = Organization.objects.published()
    for slug, name, short, english, pinyin in organizations.values_list(
        "slug", "name", "short_name", "name_en", "pinyin"
    ):
        yield f"{ORGANIZATION}{slug}", short, [name, short], (pinyin, english)
    for slug, name, english, pinyin in Mechanism.objects.values_list(
        "slug", "name", "name_en", "pinyin"
    ):
        yield f"/mechanism/{slug}", name, [name], (pinyin, english)


def _latin(readings: tuple[str, str]) -> str:
    pinyin, english = readings
    syllables = pinyin.split()
    plain = "".join(
        c for c in unicodedata.normalize("NFD", english) if not unicodedata.combining(c)
    )
    initials = "".join(syllable[0] for syllable in syllables)
    # Tabs, which no term has: "ba b" must not be found across a reading and its initials.
    return f" {''.join(syllables)}\t {initials}\t {plain.lower()}"

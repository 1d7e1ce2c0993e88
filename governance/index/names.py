"""Names of regions, organizations and mechanisms, and the entries that each stands for."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain

from governance.models import Mechanism, Organization, Region

from .codes import coded_keys, is_year
from .documents import region_key
from .meanings import Meaning, meanings
from .text import QUESTION, english, fold, is_english, letters_of

# What people leave out of a place's name.
KINDS = re.compile(
    "(?<=..)(自治区|自治州|自治县|自治旗|特别行政区|地区|新区|街道|[省市县区镇乡盟旗])$"
)
# Comparing more characters with every name would cost too much; no name is as long.
LONGEST = 30
# How the facet keys of organizations and regions begin.
ORGANIZATION, REGION = "/organization/", "/region"
# Each of them is looked up by itself.
MOST_PARTS = 16
# Stands between a name and what is of it, 朝阳区的提案, and asks for nothing where a run is cut.
OF = "的"
# So many places share a character with another that the nearest few may have no entry at all.
NEAR = 100


class Names:
    """All names in one string each way, so that looking for one costs a scan in C.

    A name is found by any part of it in Chinese, and in Latin script by the beginning of its
    reading (taicang) or of the reading's initials (tc), or by whole words of its English name. A
    synonym of a mechanism is its name as a whole.
    """

    def __init__(self) -> None:
        chinese, latin = [], []
        readings: set[str] = set()
        # Slugs of all that are public, by their reading.
        self.organizations: list[str] = []
        # {folded name of a region, Chinese or English, whole or without its kind: paths}
        self.places: dict[str, set[str]] = {}
        # {folded synonym, in English its words: facet keys of the mechanisms of which it is a name}
        self._synonyms: dict[str, set[str]] = {}
        self._meanings: dict[str, list[Meaning]] = {}
        for words, those in meanings().items():
            self._meanings.setdefault(_whole(words), []).extend(those)
        # {folded spelling: (name, facet key) of each that is spelt so: there are three 朝阳区}
        self.spellings: dict[str, list[tuple[str, str]]] = {}
        for key, name, names, pinyin, name_en in _named():
            whole, initials = typed_readings(pinyin)
            readings |= whole
            chinese.append((key, "\t".join(map(fold, names))))
            # Readings each behind a tab; the words of an English name each between blanks.
            typed = "".join(f"\t{letters}" for letters in (*whole, initials))
            latin.append((key, typed + english(fold(name_en))))
            spelt = [*names, KINDS.sub("", name), *whole, name_en, *name_en.split()]
            for text in {fold(text) for text in spelt if len(text) > 1}:
                self.spellings.setdefault(text, []).append((name, key))
            if key.startswith(REGION):
                for text in {name, KINDS.sub("", name), name_en} - {""}:
                    self.places.setdefault(fold(text), set()).add(key.split("/")[2])
            if key.startswith(ORGANIZATION):
                self.organizations.append(key.removeprefix(ORGANIZATION))
        for slug, name, synonyms in Mechanism.objects.values_list("slug", "name", "synonyms"):
            key = f"/mechanism/{slug}"
            for synonym in map(fold, filter(None, synonyms.split("\n"))):
                self.spellings.setdefault(synonym, []).append((name, key))
                self._synonyms.setdefault(_whole(synonym), set()).add(key)
        self._chinese, self._latin = _Lines(chinese), _Lines(latin)
        self._readings = sorted(readings)

    def keys(self, term: str) -> set[str]:
        """Keys of all that is named by the folded `term`, or has it for a code or a year."""
        found = (
            coded_keys(term)
            | self._chinese.containing(term)
            | self._synonyms.get(_whole(term), set())
        )
        # One letter would begin half of all names.
        if is_english(term) and len(letters := letters_of(term)) > 1:
            found |= self._latin.containing(f"\t{letters}") | self._latin.containing(english(term))
        return found

    def meanings_of(self, text: str) -> list[Meaning]:
        """What folded words may mean as a choice, in English in any number."""
        return self._meanings.get(_whole(text), [])

    def is_spelt(self, term: str) -> bool:
        """Whether folded Latin words are a synonym, or their letters begin the reading of a name: tai cang."""
        if _whole(term) in self._synonyms:
            return True
        letters = letters_of(term)
        at = bisect_left(self._readings, letters)
        return at < len(self._readings) and self._readings[at].startswith(letters)

    def parts(self, run: str) -> list[str]:
        """A folded run, cut at the names in it, the longest first from the left: 太仓市协商 → 太仓市, 协商.

        And at what a question is put with: 哪些地方做了协商 → 哪些地方做了, 协商. A + parts what it joins: 协商+议事. A cut that would leave a single character is not made, nor any
        that leave more than MOST_PARTS.
        """
        joined = [part for part in re.split("[+%]+", run) if part]
        if min(map(len, joined), default=0) < 2:
            return [run]
        parts = list(chain.from_iterable(map(self._cut, joined)))
        return parts if len(set(parts)) <= MOST_PARTS else [run]

    def _cut(self, run: str) -> list[str]:
        parts, start, at = [], 0, 0
        while at < len(run):
            if end := self._end_of_part(run, start, at):
                before = run[start:at]
                # Never so that one character is left: 目的.
                parts += [before if len(before) == 2 else before.removesuffix(OF), run[at:end]]
                start = at = end + run.startswith(OF, end)
            else:
                at += 1
        return [part for part in (*parts, run[start:]) if part]

    def _end_of_part(self, run: str, start: int, at: int) -> int:
        """Where the longest name, or else a question, ends that begins `at` a place and can be cut out; or 0."""
        if at - start == 1 and run[start:at] != OF:
            return 0
        for end in range(min(len(run), at + LONGEST), at + 1, -1):
            if len(run[end:].removeprefix(OF)) != 1 and self._is_name(run[at:end]):
                return end
        question = QUESTION.match(run, at)
        return question.end() if question and len(run) - question.end() != 1 else 0

    def _is_name(self, text: str) -> bool:
        known = any(meaning.is_known for meaning in self.meanings_of(text))
        return (known or text in self.spellings or is_year(text)) and not text.isascii()

    def nearest(self, term: str) -> dict[str, str]:
        """{facet key: name} of what is spelt, or read in Latin script, most like the folded `term`."""
        if len(term) > LONGEST:
            return {}
        # Here: only an empty list asks.
        from rapidfuzz import fuzz, process

        # One wrong character of two is a slip; half of a longer word, or of its letters, are another word.
        cutoff = 50 if len(term) < 4 and not term.isascii() else 75
        near = process.extract(
            term, list(self.spellings), scorer=fuzz.ratio, score_cutoff=cutoff, limit=NEAR
        )
        nearest: dict[str, str] = {}
        for text, _score, _place in near:
            for name, key in self.spellings[text]:
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


def typed_readings(pinyin: str) -> tuple[set[str], str]:
    """How a reading is typed, in one and by its initials: tai cang → {taicang}, tc; lü is lv or lu."""
    syllables = pinyin.split()
    whole = "".join(syllables)
    return {whole, whole.replace("v", "u")}, "".join(syllable[0] for syllable in syllables)


def _whole(term: str) -> str:
    """A folded name as it is compared where it counts as a whole."""
    return english(term) if is_english(term) else term

"""What the index must answer, worked out the slow way: for every question every entry is read.

The only things that it shares with the index are how text is folded and a query cut into terms, and
which facets there are. What an entry has of each it works out by itself; of a facet that it has not
been taught yet it takes the table's word.
"""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import repeat

from django.conf import settings

from governance.facet_table import MISSING
from governance.facets import TABLE
from governance.index.text import fold, terms
from governance.index.titles import is_pinyin
from governance.models import Achievement, Award, Mechanism, Organization, Publication, Region
from governance.models.region import FORMER_CODES, path_of
from governance.records import Records

from .oracle_words import (
    cut,
    english_words,
    is_latin,
    is_part,
    is_whole,
    letters_of,
    only_asks,
    readings_of,
    synonyms,
    without_kind,
    words_of,
    year_of,
)

FACETS = tuple(facet.name for facet in TABLE if not facet.tree)
REGION_FACETS = ("region2", "region4", "region6", "region8", "region9")

# A run is not cut into more.
MOST_PARTS = 16


@dataclass
class Answer:
    """Entries in order."""

    entries: list

    @property
    def codes(self):
        return [entry.code for entry in self.entries]


class Oracle:
    """The published record as it is when the oracle is made."""

    def __init__(self):
        self.regions = {region.pk: region for region in Region.objects.all()}
        self.paths = defaultdict(list)
        for region in self.regions.values():
            self.paths[region.path].append(region)
        published = Achievement.objects.filter(status="published").select_related("award_year")
        published = published.prefetch_related("organizations", "codings__mechanism")
        self.modified = dict(Publication.objects.values_list("code", "modified"))
        entries = map(Entry, published, Records().of(published), repeat(self))
        self.entries = sorted(entries, key=lambda e: e.as_announced)
        named = [
            *self.regions.values(),
            *Organization.objects.published(),
            *Mechanism.objects.all(),
        ]
        self.readings = {reading for item in named for reading in readings_of(item)[:2]}
        self.synonyms = {one for item in Mechanism.objects.all() for one in synonyms(item)}
        self.known = {name for name in map(fold, self._known_names()) if not name.isascii()}
        self._hits = cache(self._find)

    def _is_spelt(self, term):
        return (
            self._is_title(term)
            or any(one.startswith(letters_of(term)) for one in self.readings)
            or any(is_whole(term, synonym) for synonym in self.synonyms)
        )

    def _is_title(self, term):
        # What is no pinyin begins no title together with its neighbours.
        return all(map(is_pinyin, term.split())) and any(one.reads(term) for one in self.entries)

    def _known_names(self):
        """At which runs may be cut."""
        for region in self.regions.values():
            yield from (region.name, without_kind(region.name))
        for organization in Organization.objects.published():
            yield from (organization.name, organization.short_name)
            yield without_kind(organization.short_name)
        for mechanism in Mechanism.objects.all():
            yield from (mechanism.name, without_kind(mechanism.name))
            yield from (*synonyms(mechanism), *mechanism.search_words.split("\n"))
        with open(settings.BASE_DIR / "fixtures" / "region_sets.csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield from (row["name"], *row["other_names"].split("|"))
        for zone in ("东部", "中部", "西部", "东北"):
            yield from (zone, f"{zone}地区")
        yield from ("获奖", "提名", "入围", "提名奖")
        yield from ("城市", "农村", "乡村", "城乡兼有", "未说明")
        for award in Award.objects.published():
            yield from (award.winner_label, award.nominee_label)

    def region(self, pk):
        return self.regions.get(pk)

    def select(self, query="", sort="", code=(), modified_since=date.min, **facets):
        hits, words = self._hits(query)
        found = [
            entry
            for entry in hits
            if entry.chosen_by(facets)
            and (entry.code in code or not code)
            and self.modified[entry.code] >= modified_since
        ]
        if sort == "year":
            found = sorted(found, key=lambda e: (e.year, *e.as_announced))
        elif sort == "region":
            found = sorted(found, key=lambda e: (e.region.path, *e.as_announced))
        elif sort == "title":
            found = sorted(found, key=lambda e: (e.pinyin, *e.as_announced))
        elif sort == "-modified":
            found = sorted(found, key=lambda e: e.as_announced)
            found.sort(key=lambda e: self.modified[e.code], reverse=True)
        elif sort == "-year" or not words:
            found = sorted(found, key=lambda e: e.as_announced)
        return Answer(found)

    def counts(self, facet, prefix="", query="", **facets):
        """{value: entries}, on what the other facets choose."""
        own = "region" if facet in REGION_FACETS else facet
        others = {name: values for name, values in facets.items() if name != own}
        found = self.select(query, **others).entries
        counted = Counter(value for entry in found for value in entry.values(facet))
        return {value: n for value, n in counted.items() if value.startswith(prefix)}

    def crosstab(self, rows, columns, found):
        """Counts of the `found` entries by (row, column)."""
        return Counter(
            (row, column)
            for entry in found
            for row in entry.values(rows)
            for column in entry.values(columns)
        )

    def _find(self, query):
        """(entries that the query finds, the best first; its words, as tuples of terms)."""
        words = {
            part: quoted
            for word, quoted in words_of(terms(query), self._is_spelt)
            for part in ([word] if quoted else self._parts(word))
        }
        if not words:
            return self.entries, []
        said = self._saying(words)
        left = [word for word, quoted in words.items() if quoted or not only_asks(word)]
        if left and not said:
            said, words = self._saying(left), left
        return sorted(said, key=lambda e: e.distance(words)), list(words)

    def _saying(self, words):
        return [entry for entry in self.entries if all(map(entry.says, words))]

    def _parts(self, word):
        """The parts of a run that is said nowhere; of anything else itself."""
        if len(word) > 1 or is_latin(word[0]) or any(entry.says(word) for entry in self.entries):
            return [word]
        parts = cut(word[0], self.known)
        return [(part,) for part in parts] if len(set(parts)) <= MOST_PARTS else [word]


class Entry:
    """A published achievement with all that can be asked of it."""

    def __init__(self, achievement, record, oracle):
        self._record, self._oracle = record, oracle
        self.pk, self.code, self.pinyin = achievement.pk, achievement.code, achievement.pinyin
        self.year, self.tier, self.rank = (
            achievement.award_year.year,
            achievement.tier,
            achievement.rank,
        )
        self.as_announced = (
            *(-self.year, achievement.award_year.code),
            *(self.tier != "winner", self.rank),
        )
        self.setting = achievement.setting
        self.region = oracle.region(achievement.region_id)
        self.organizations = list(achievement.organizations.all())
        self.mechanisms = [
            coding.mechanism for coding in achievement.codings.all() if coding.aspect == "means"
        ]
        self.title = fold(achievement.title)
        self.body = fold(f"{achievement.summary}\n{achievement.organization_text}")
        self.english = [fold(text) for text in (achievement.title_en, achievement.summary_en)]
        self._facets = {facet: self._values(facet) for facet in (*FACETS, *REGION_FACETS)}
        self.names = [fold(name) for name in self._names()]
        self.readings = [reading for item in self._named() for reading in readings_of(item)]
        self.names_en = [fold(item.name_en) for item in self._named()]

    # Facets

    def values(self, facet):
        return self._facets[facet]

    def chosen_by(self, facets):
        also = facets.get("also", [])
        return all(self._has_any(facet, [value]) for facet, value in also) and all(
            self._has_any(facet, values)
            for facet, values in facets.items()
            if values and facet != "also"
        )

    def _has_any(self, facet, values):
        if facet == "region":
            return any(region.path.startswith(path) for region in self.became for path in values)
        return any(str(value) in self._facets[facet] for value in values)

    def _values(self, facet):
        if facet in REGION_FACETS:
            size = int(facet.removeprefix("region"))
            starts = {region.path[:size] for region in self.became}
            return {path for path in starts & self._oracle.paths.keys() if len(path) == size}
        if facet in ("zone", "zone3"):
            zone = getattr(self.above(self.region)[-1], facet)
            return {zone or "none"}
        if facet == "province":
            return {region.path[:2] for region in self.became}
        known = {
            "year": {str(self.year)},
            "tier": {self.tier},
            "setting": {self.setting},
            "region_level": {self.region.level},
            "mechanism": {item.slug for item in self.mechanisms} or {"none"},
            "field": {item.field for item in self.mechanisms} or {"none"},
            "organization": {item.slug for item in self.organizations},
            "organization_kind": {item.kind for item in self.organizations} or {"none"},
            "organization_level": {item.level for item in self.organizations} or {"none"},
        }
        return known[facet] if facet in known else self._as_declared(TABLE[facet])

    def _as_declared(self, facet):
        values = set(facet.values(self._record, self.region))
        return values or ({MISSING} if facet.missing else set())

    # Regions through time

    @property
    def became(self):
        """The region as it was in its year, and all that it became."""
        found, region = [], self.region
        while region:
            found.append(region)
            region = self._oracle.region(region.successor_id)
        return found

    def above(self, region):
        """The region and those above it, the province last."""
        parent = self._oracle.region(region.parent_id)
        return [region, *self.above(parent)] if parent else [region]

    @property
    def places(self):
        """All that ever had the code of the region, of what it became, or of one above these."""
        paths = {region.path[:size] for region in self.became for size in (2, 4, 6, 16)}
        return [region for path in paths for region in self._oracle.paths.get(path, ())]

    # Text

    def says(self, word):
        """A word is a tuple of terms: the name that they spell, or all of them by themselves."""
        return self._is_called(word) or all(map(self._says, word))

    def _says(self, term):
        said = self._in_title(term) or term in self.body or self.is_named(term)
        return said or self.says_in_english(term)

    def says_in_english(self, term):
        """Whether whole words of the translation are those of the term."""
        words = english_words(term)
        return bool(is_latin(term) and words) and any(
            is_part(words, english_words(text)) for text in self.english
        )

    def distance(self, words):
        """0 if the title says it all, 1 if that takes names, 2 if it takes the text."""
        if all(self.reads(" ".join(word)) or all(map(self._in_title, word)) for word in words):
            return 0
        return 1 if all(map(self._in_title_or_name, words)) else 2

    def _in_title_or_name(self, word):
        return self._is_called(word) or all(
            self._in_title(term) or self.is_named(term) for term in word
        )

    def _in_title(self, term):
        return term in self.title or self.reads(term)

    def _is_called(self, word):
        return self.is_named(" ".join(word)) or self.reads(" ".join(word))

    def reads(self, term):
        """Whether the title begins so as it is read: by two syllables or more, or three initials or more."""
        syllables = self.pinyin.split()
        letters = letters_of(term) if is_latin(term) else ""
        return bool(letters) and any(
            letters in (read := "".join(syllables[:size]), read.replace("v", "u"))
            or (size > 2 and letters == "".join(one[0] for one in syllables[:size]))
            for size in range(2, len(syllables) + 1)
        )

    def is_coded(self, term):
        """Whether a term is the year, the code of the entry, or the code of a region in which it lies."""
        *_year, last = self.code.split("-")
        if term in {fold(self.code), last} or year_of(term) == str(self.year):
            return True
        if any(term == fold(region.code) for region in self.became):
            return True
        code = term[:9].removesuffix("000") if len(term) == 12 else term
        path = path_of(FORMER_CODES.get(code, code))
        is_code = term.isascii() and term.isdigit() and len(term) in (6, 9, 12)
        return is_code and any(region.path.startswith(path) for region in self.became)

    def is_named(self, term):
        if any(term in name for name in self.names) or self.is_coded(term):
            return True
        if any(is_whole(term, synonym) for item in self.mechanisms for synonym in synonyms(item)):
            return True
        letters = letters_of(term)
        if not is_latin(term) or len(letters) < 2:
            return False
        words = english_words(term)
        return any(reading.startswith(letters) for reading in self.readings) or any(
            is_part(words, english_words(name)) for name in self.names_en
        )

    def _names(self):
        for region in self.places:
            yield region.name
        for organization in self.organizations:
            yield from (organization.name, organization.short_name)
        for mechanism in self.mechanisms:
            yield mechanism.name

    def _named(self):
        return [*self.places, *self.organizations, *self.mechanisms]

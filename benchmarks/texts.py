"""Achievements as someone might have announced them: the clauses of 2015 in other orders and places."""

import random
import re
from dataclasses import dataclass
from functools import cache

import yaml

from governance.pinyin import reading

# What stands between commas; quotes and brackets keep theirs.
CLAUSE = re.compile(r"(?:“[^”]*”|（[^）]*）|[^，；。])+")
# The county and what is above it, with which every summary begins: 青岛市市北区.
PLACE = re.compile(r"(?:.{1,3}?(?:市|新区|(?<!社)区|县|镇))+")
# How many mechanisms an entry has, from 1 to 7, about as in 2015.
MECHANISMS = (2, 6, 14, 24, 26, 18, 10)
SETTINGS = {"unstated": 14, "urban": 3, "rural": 2, "urban_and_rural": 1}
TRANSLATED = 0.1


@dataclass(frozen=True)
class Place:
    """A county in some years; `organizations` are the keys of those that may enter the award."""

    pk: int
    name: str
    full_name: str
    pinyin: str
    valid_from: int
    valid_to: int
    organizations: tuple


@dataclass
class Entry:
    """One achievement; `codings` are (mechanism number, weight, aspect, (start, end) in the summary)."""

    title: str
    short_name: str
    pinyin: str
    summary: str
    organization_text: str
    setting: str
    title_en: str
    summary_en: str
    place: Place
    organizations: tuple
    codings: list


class Source:
    """The parts of an award year's fixture that entries are made of."""

    def __init__(self, fixture):
        self.openings, self.middles, self.endings = [], [], []
        self.names, self.tails, self.english = [], [], []
        for row in yaml.load(fixture.read_text("utf-8"), yaml.CSafeLoader):
            if row["model"] == "governance.achievement":
                self._add(row["fields"])

    def _add(self, fields):
        place = PLACE.match(fields["summary"])[0]
        first, *rest = CLAUSE.findall(fields["summary"])
        self.openings.append(first.removeprefix(place))
        self.middles += rest[:-1]
        self.endings.append(rest[-1])
        self.english.append((fields["title_en"], fields["summary_en"]))
        if fields["short_name"]:
            self.names.append(fields["short_name"])
            self.tails.append(fields["title"].rpartition("”")[2] or "社区治理模式")


class Writer:
    """Writes entries, the same ones for the same seed."""

    def __init__(self, source, townships, mechanisms, seed):
        self._source, self._townships = source, townships
        self._random = random.Random(seed)
        self._mechanisms = range(mechanisms)
        self._skew = [1 / (number + 1) for number in range(mechanisms)]

    def entry(self, place):
        pick = self._random.choice
        title, short_name, pinyin = self._title(place)
        clauses = self._clauses(place)
        english = pick(self._source.english) if self._random.random() < TRANSLATED else ("", "")
        (setting,) = self._random.choices(list(SETTINGS), SETTINGS.values())
        suffix = place.name[-1]
        return Entry(
            title=title,
            short_name=short_name,
            pinyin=pinyin,
            summary="，".join(clauses) + "。",
            organization_text=f"{place.full_name}{suffix}委、{suffix}政府",
            setting=setting,
            title_en=english[0],
            summary_en=english[1],
            place=place,
            organizations=place.organizations[: self._random.randint(1, 2)],
            codings=self._codings(clauses),
        )

    def _title(self, place):
        """(title, quoted short name, reading): “居民提案3.0”开创社会治理新格局."""
        pick, number = self._random.choice, self._random.randint(2, 99)
        name, tail = pick(self._source.names), pick(self._source.tails)
        shape = self._random.randrange(3)
        if shape == 0:
            return f"{place.name}{number}条", "", f"{place.pinyin} {number} tiao"
        if shape == 1:
            pinyin = f"{read(name)} {read(tail)}"
            return f"“{name}”{tail}", name, pinyin
        pinyin = f"{place.pinyin} {read(name)} {number} {read(tail)}"
        return f"{place.name}“{name}{number}”{tail}", f"{name}{number}", pinyin

    def _clauses(self, place):
        pick, number = self._random.choice, self._random.randint
        where = (
            f"在{pick(self._townships)}、{pick(self._townships)}等{number(2, 60)}个社区（村）试点"
        )
        middle = self._random.sample(self._source.middles, number(2, 5))
        middle.insert(number(0, len(middle)), where)
        opening = place.name + pick(self._source.openings)
        reach = f"惠及居民{number(200, 90_000)}户"
        return [opening, *middle, reach, pick(self._source.endings)]

    def _codings(self, clauses):
        spans, at = [], 0
        for clause in clauses:
            spans.append((at, at + len(clause)))
            at += len(clause) + 1
        (wanted,) = self._random.choices(range(1, 8), MECHANISMS)
        chosen = self._random.choices(self._mechanisms, self._skew, k=wanted)
        codings = []
        for mechanism in dict.fromkeys(chosen):
            weight = "secondary" if codings else "primary"
            (aspect,) = self._random.choices(("means", "goal", "effect"), (17, 2, 1))
            codings.append((mechanism, weight, aspect, self._random.choice(spans)))
        return codings


@cache
def read(text):
    return reading(text)

"""Up to four entries side by side: which, and what they share."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.http import Http404, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance import index
from governance.models import Achievement
from governance.models.achievement import CODE
from governance.records import AchievementRecord, CodingRecord
from showcase import links
from showcase.html.cards import COMPARED
from showcase.query.problems import MOST, UNREADABLE, BadQuery, Problem, unknown_entry
from showcase.text import between, evidence_words, how_coded, labelled, localized, place_line

from .addresses import Gone, Moved, lead_on


@dataclass
class TooMany(Problem):
    """More codes than fit side by side; the way out is to keep the first."""

    def ways_out(self, query: QueryDict) -> Iterator[tuple[str, str]]:
        codes = links.present(query).getlist("code")
        yield _("只比较前四项"), links.changed(query, code=codes[:COMPARED])


class SharedMechanism(NamedTuple):
    """A mechanism, and the coding of each entry by it, None where there is none."""

    mechanism: CodingRecord
    codings: list[CodingRecord | None]

    @property
    def entries(self) -> int:
        """How many of the entries name it, as means, goal or effect."""
        return len(self.codings) - self.codings.count(None)


@dataclass
class Comparison:
    """The records of entries in the order of the address, and those left out since they are gone."""

    records: list[AchievementRecord]
    gone: list[Gone]

    @property
    def codes(self) -> list[str]:
        return [record["code"] for record in self.records]

    @cached_property
    def names(self) -> list[str]:
        """What each entry is called where its title is too long, all in one way.

        As they call themselves, which no translation has; else by their places; else by their codes.
        """
        quoted = [f"“{record['short_name']}”" for record in self.records if record["short_name"]]
        places = [localized(record["region"]["lineage"][-1], "name") for record in self.records]
        ways = [places] if get_language() == "en" else [quoted, places]
        apart = (names for names in ways if len(set(names)) == len(self.records))
        return next(apart, self.codes)

    @cached_property
    def shared(self) -> list[SharedMechanism]:
        """The mechanisms that several of the entries name, those of most entries first."""
        return sorted((row for row in self._rows if row.entries > 1), key=lambda row: -row.entries)

    @property
    def said(self) -> list[tuple[int, list[CodingRecord]]]:
        """(how many entries, the mechanisms that so many name) of the shared ones."""
        counts = dict.fromkeys(row.entries for row in self.shared)
        return [
            (count, [row.mechanism for row in self.shared if row.entries == count])
            for count in counts
        ]

    @cached_property
    def own(self) -> list[list[CodingRecord]]:
        """For each entry its codings by mechanisms that no other one names."""
        alone = {row.mechanism["slug"] for row in self._rows if row.entries == 1}
        return [
            [coding for coding in record["mechanisms"] if coding["slug"] in alone]
            for record in self.records
        ]

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """(code, a sentence) of each that is gone."""
        with_title = _("%(code)s %(title)s 已撤下，未列入比较。")
        without = _("%(code)s 已不再公开，未列入比较。")
        return [
            (
                one.key,
                (with_title if one.title else without) % {"code": one.key, "title": one.title},
            )
            for one in self.gone
        ]

    def table(self, tiers: Mapping[str, str]) -> list[list[str]]:
        """The comparison as plain words, the first row its head; `tiers` are {tier: label}."""
        said = [
            [_("项目"), *(localized(record, "title") for record in self.records)],
            [_("编号"), *self.codes],
            [_("评选结果"), *(f"{one['year']} {tiers[one['tier']]}" for one in self.records)],
            [_("地区"), *(place_line(record["region"]["lineage"]) for record in self.records)],
        ]
        for row in self.shared:
            cells = [_judgement(coding) if coding else _("没有写到") for coding in row.codings]
            said.append([localized(row.mechanism, "name"), *cells])
        own = [between(map(_named_judgement, codings)) for codings in self.own]
        label = _("仅此一项写到") if len(self.records) > 1 else _("机制")
        return [*said, [label, *(cell or _("没有别的机制") for cell in own)]]

    @cached_property
    def _rows(self) -> list[SharedMechanism]:
        coded = [{one["slug"]: one for one in record["mechanisms"]} for record in self.records]
        every = {slug: coding for codings in coded for slug, coding in codings.items()}
        return [
            SharedMechanism(coding, [codings.get(slug) for codings in coded])
            for slug, coding in every.items()
        ]


def comparison(query: QueryDict) -> Comparison:
    """Of the published entries whose codes, or former codes, `query` names; raises BadQuery.

    A link outlives what it names: what was public once and is not now is left out, and told.
    """
    query = links.present(query)
    codes = query.getlist("code")
    names = [name for name in query if name != "code"][:MOST]
    problems = [_unknown_name(name, query) for name in names]
    if len(codes) > COMPARED:
        count = {"count": len(codes)}
        sentence = _("最多比较四项成果，这里有 %(count)s 项。") % count
        problems.append(TooMany("code", "", sentence, code="too_many"))
    # No more than could be shown are looked up, however long the address is.
    if problems:
        raise BadQuery(problems)
    found: dict[str, AchievementRecord] = {}
    gone = []
    for code in codes:
        try:
            record = _record(code)
            found[record["code"]] = record
        except Gone as left:
            gone.append(left)
        except Http404:
            problems.append(unknown_entry("code", code))
    if problems:
        raise BadQuery(problems)
    return Comparison(list(found.values()), gone)


def _record(code: str) -> AchievementRecord:
    """Raises Gone, or Http404 if there never was one."""
    if not re.fullmatch(CODE, code):
        raise Http404(code)
    record = index.record(code)
    if record is None:
        try:
            lead_on(Achievement, code)
        except Moved as moved:
            record = index.record(moved.key)
    if record is None:
        raise Http404(code)
    return record


def _judgement(coding: CodingRecord) -> str:
    """主要做法：the words that show it."""
    return labelled(how_coded(coding), between(evidence_words(coding)))


def _named_judgement(coding: CodingRecord) -> str:
    return labelled(localized(coding, "name"), between(evidence_words(coding)))


def _unknown_name(name: str, query: QueryDict) -> Problem:
    shown = {"name": re.sub(UNREADABLE, "", name)}
    meant = any(re.fullmatch(CODE, value) for value in query.getlist(name))
    suggestions = [("code", _("编号"))] if meant else []
    sentence = _("没有名为“%(name)s”的参数。") % shown
    return Problem(name, "", sentence, suggestions, name_is_wrong=True, code="unknown_parameter")

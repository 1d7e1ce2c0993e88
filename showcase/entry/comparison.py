"""Up to four entries side by side: which, and what they share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import index
from governance.models import Achievement
from governance.models.achievement import CODE
from governance.models.award import award_year_code
from governance.records import AchievementRecord, CodingRecord
from showcase import links
from showcase.html.cards import COMPARED
from showcase.query.problems import MOST, UNREADABLE, BadQuery, Problem
from showcase.query.spellings import Spellings

# By how many of the entries use a mechanism as a means: all, several, one, or none.
GROUPS = {
    "common": gettext_lazy("共有的机制"),
    "several": gettext_lazy("其中几项共有的机制"),
    "apart": gettext_lazy("只有一项采用的机制"),
    "aside": gettext_lazy("只作目标或成效的机制"),
}


@dataclass
class TooMany(Problem):
    """More codes than fit side by side; the way out is to keep the first."""

    def ways_out(self, query: QueryDict) -> Iterator[tuple[str, str]]:
        codes = links.present(query).getlist("code")
        yield _("只比较前四项"), links.changed(query, code=codes[:COMPARED])


def compared_records(query: QueryDict) -> list[AchievementRecord]:
    """The records of the published entries that `query`, a QueryDict, names; or BadQuery."""
    query = links.present(query)
    codes = query.getlist("code")
    names = [name for name in query if name != "code"][:MOST]
    problems = [_unknown_name(name, query) for name in names]
    if len(codes) > COMPARED:
        count = {"count": len(codes)}
        problems.append(TooMany("code", "", _("最多比较四项成果，这里有 %(count)s 项。") % count))
    # No more than could be shown are looked up, however long the address is.
    found = {code: index.record(code) for code in codes[:COMPARED] if re.fullmatch(CODE, code)}
    problems += [_unknown(code) for code in codes[:COMPARED] if not found.get(code)]
    if problems:
        raise BadQuery(problems)
    return [record for record in found.values() if record]


def _unknown_name(name: str, query: QueryDict) -> Problem:
    shown = {"name": re.sub(UNREADABLE, "", name)}
    meant = any(re.fullmatch(CODE, value) for value in query.getlist(name))
    suggestions = [("code", _("编号"))] if meant else []
    return Problem(name, "", _("没有名为“%(name)s”的参数。") % shown, suggestions, True)


def _unknown(code: str) -> Problem:
    """A code that no published entry has, and the nearest of the same award year that one has."""
    scope = re.sub(UNREADABLE, "", award_year_code(code.lower()))
    of_year = Achievement.objects.published().filter(award_year__code=scope)
    codes = of_year.values_list("code", flat=True)[:500]
    near = Spellings(((one, ""), (one,)) for one in codes).alike(code, 60)
    shown = {"code": re.sub(UNREADABLE, "", code)}
    message = _("没有编号为“%(code)s”的成果；编号形如 2015-w01。") % shown
    return Problem("code", code, message, near)


@dataclass
class ComparedMechanism:
    """A mechanism and the coding of each entry by it, None where there is none."""

    codings: list[CodingRecord | None]

    @property
    def mechanism(self) -> CodingRecord:
        """Any of the codings: all have its slug and its names."""
        return next(coding for coding in self.codings if coding)

    @property
    def group(self) -> str:
        means = sum(1 for coding in self.codings if coding and coding["aspect"] == "means")
        if means == len(self.codings) > 1:
            return "common"
        return ("aside", "apart")[means] if means < 2 else "several"


def compared_mechanisms(
    records: list[AchievementRecord],
) -> list[tuple[str, list[ComparedMechanism]]]:
    """(label, ComparedMechanisms) of what the records have in common and apart, without empty groups."""
    coded = [{coding["slug"]: coding for coding in record["mechanisms"]} for record in records]
    slugs = dict.fromkeys(slug for codings in coded for slug in codings)
    rows = [ComparedMechanism([codings.get(slug) for codings in coded]) for slug in slugs]
    groups = [(label, [row for row in rows if row.group == name]) for name, label in GROUPS.items()]
    return [(str(label), found) for label, found in groups if found]

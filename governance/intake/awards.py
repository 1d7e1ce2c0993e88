"""Which award an announcement is of: one of the record's, or a new one that is proposed."""

import re
from itertools import chain, product
from string import ascii_lowercase
from typing import Any

from governance.announcements.award import award_told
from governance.announcements.readings import Reading
from governance.loading.problems import unknown
from governance.loading.slugs import slug_of
from governance.models import Award
from governance.pinyin import reading as pinyin_of

# The longest prefix that the record takes; the longer, the less likely is it that another has it.
LONGEST_PREFIX = 8


class UnknownAward(Exception):
    """A slug that no award of the record has; says which there are."""


def award_for(reading: Reading, slug: str = "") -> Award:
    """The Award that an announcement is of; not saved if the record has none such.

    `slug` is what a person said. Without it: the award of which the document carries a name; if it
    names another, a new one of this name; if it names none, the first award. Raises UnknownAward.
    """
    awards = {award.slug: award for award in Award.objects.prefetch_related("years")}
    if slug:
        if slug not in awards:
            raise UnknownAward(unknown(slug, list(awards)))
        return awards[slug]
    told = award_told(reading, {slug: names_of(award) for slug, award in awards.items()})
    if told:
        return awards[told]
    first = next((award for award in awards.values() if not award.prefix), None)
    document = reading.document
    if first and not document.award:
        return first
    name = document.award or document.title
    prefixes = {award.prefix for award in awards.values()}
    return Award(
        slug=slug_of(name, set(awards)),
        prefix=_prefix(name, prefixes) if first else "",
        name=name,
    )


def names_of(award: Award) -> list[str]:
    """What it was called, the latest first."""
    years = award.years.all() if award.pk else ()
    return list(dict.fromkeys([*(year.name for year in years), award.name]))


def name_in(award: Award, year: int) -> str:
    """What the record calls the award in a year, else what it last called it; "" for a new one."""
    years = list(award.years.all()) if award.pk else []
    of_year = [one.name for one in years if one.year == year]
    return next(chain(of_year, (one.name for one in years)), award.name if award.pk else "")


def fields_of(award: Award) -> dict[str, Any]:
    """What a fixture says of it: of one that the record has, by which name it has it there."""
    names = ("slug",) if award.pk else ("slug", "prefix", "name")
    return {name: getattr(award, name) for name in names}


def _prefix(name: str, taken: set[str]) -> str:
    """The initials of a name, or what is near them and no other award's: zhsyshzl of 珠海市域社会治理…"""
    words = re.findall("[a-z]+", pinyin_of(name, place=True).lower())
    # Of a name of one syllable, its first two letters.
    initials = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:2]
    ends = chain([""], ascii_lowercase, map("".join, product(ascii_lowercase, repeat=2)))
    prefixes = ((initials or "aw")[: LONGEST_PREFIX - len(end)] + end for end in ends)
    return next(one for one in prefixes if len(one) > 1 and one not in taken)

"""Which award an announcement is of: one of the record's, or a new one that is proposed."""

from itertools import chain
from typing import Any

from governance.announcements.award import award_told
from governance.announcements.readings import Reading
from governance.loading.addresses import address_of
from governance.loading.problems import unknown
from governance.models import Award


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
    slug, prefix = address_of(name)
    return Award(slug=slug, prefix=prefix, name=name)


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

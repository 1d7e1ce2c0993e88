"""Which award an announcement is of: one of the record's, or a new one that is proposed."""

from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from governance.announcements.award import award_told
from governance.announcements.entries.award_names import award_in_title
from governance.announcements.files.paragraphs import plain
from governance.announcements.readings import Reading
from governance.loading.addresses import address_of
from governance.loading.problems import unknown
from governance.models import Award
from governance.words import listed

# A shorter label may be anybody's: 获奖成果.
LEAST_LABEL = 6


class UnknownAward(Exception):
    """A slug that no award of the record has; says which there are."""


class FoundAward(NamedTuple):
    """The Award of an announcement, not saved if the record has none such; unless it is `sure`, a person has to say."""

    award: Award
    sure: bool = True


def award_for(reading: Reading, slug: str = "") -> FoundAward:
    """The FoundAward that an announcement is of.

    `slug` is what a person said. Without it: the award of which the document carries a name; if it
    names another, or its title tells of one, a new one of this name; if it names none, the only award
    of the record, where there are several perhaps the first. Raises UnknownAward.
    """
    awards = {award.slug: award for award in Award.objects.prefetch_related("years")}
    if slug:
        if slug not in awards:
            raise UnknownAward(unknown(slug, list(awards)))
        return FoundAward(awards[slug])
    document = reading.document
    name = document.award or award_in_title(document.title)
    named = replace(reading, document=replace(document, award=name))
    told = award_told(named, {slug: names_of(award) for slug, award in awards.items()})
    if told:
        return FoundAward(awards[told])
    if awards and not name:
        first, *others = awards.values()
        labelled = [award for award in awards.values() if _has_label_of(reading, award)]
        return FoundAward(labelled[0]) if labelled else FoundAward(first, sure=not others)
    name = name or document.title
    slug, prefix = address_of(name)
    return FoundAward(Award(slug=slug, prefix=prefix, name=name))


def _has_label_of(reading: Reading, award: Award) -> bool:
    """Whether its own words for its winners, 十大创新成果, head the list or a part of it."""
    label = award.winner_label
    lines = (line.text for line in reading.lines if line.use in ("title", "heading"))
    return len(label) >= LEAST_LABEL and any(label in plain(text) for text in lines)


def which_award() -> str:
    """The sentence that asks of which award a document is, with those of the record."""
    awards = [f"{award.slug}（{award.name}）" for award in Award.objects.all()]
    return _(
        "文件没有写明是哪个奖项的公告；请在开头加上公告的标题，或用 --award 指明：%(awards)s。若是别的奖项，请先在后台的“奖项”里建好它。"
    ) % {"awards": listed(awards)}


def names_of(award: Award) -> list[str]:
    """What it was called, the latest first."""
    years = award.years.all() if award.pk else ()
    return list(dict.fromkeys([*(year.name for year in years), award.name]))


def name_in(award: Award, year: int) -> str:
    """What the record calls the award in a year, else what it last called it."""
    years = list(award.years.all()) if award.pk else []
    of_year = [one.name for one in years if one.year == year]
    return next(chain(of_year, (one.name for one in years)), award.name)


def fields_of(award: Award) -> dict[str, Any]:
    """What a fixture says of it: of one that the record has, by which name it has it there."""
    names = ("slug",) if award.pk else ("slug", "prefix", "name")
    return {name: getattr(award, name) for name in names}

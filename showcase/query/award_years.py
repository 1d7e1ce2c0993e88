"""Award years as pages count them: each with its entries, tier by tier."""

from collections.abc import Iterable
from typing import NamedTuple

from governance import index
from governance.index import Index, Selection
from governance.models import AwardYear
from governance.models.achievement import tier_labels
from showcase import links
from showcase.text import plurals


class TierPart(NamedTuple):
    """The published entries of a tier: `label` in the plural, `query` the query string of their list."""

    label: str
    query: str
    entries: Selection


class AwardPart(NamedTuple):
    """An award year, with its tiers and what an entry of each is called, {tier: label}."""

    award_year: AwardYear
    tiers: list[TierPart]
    labels: dict[str, str]

    @property
    def total(self) -> int:
        return sum(len(tier.entries) for tier in self.tiers)


def award_parts(award_years: Iterable[AwardYear]) -> list[AwardPart]:
    """An AwardPart for each; their lists name the award where the record has several."""
    several = has_several(index.current())
    return [_part(award_year, several) for award_year in award_years]


def has_several(now: Index) -> bool:
    """Whether the public knows more than one award."""
    return len(now.group("award")) > 1


def _part(award_year: AwardYear, several: bool) -> AwardPart:
    year, award = [str(award_year.year)], [award_year.award.slug] if several else []
    labels, tiers = tier_labels([award_year.award]), []
    for tier, label in plurals(labels).items():
        entries = index.select(year=year, award=award, tier=[tier])
        asked = {"year": year, "award": award, "tier": [tier]}
        query = links.query_string({name: some for name, some in asked.items() if some})
        tiers.append(TierPart(label, query, entries))
    return AwardPart(award_year, tiers, labels)

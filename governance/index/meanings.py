"""What words may mean as a choice: 提名, 东部, 农村; regions that together have a name, 长三角; search words."""

import csv
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import override

from governance import facets
from governance.facet_table import MISSING
from governance.models import Mechanism, Tier

from .text import fold

# What else people call a value, by its label.
ALSO_CALLED = {
    "县级": ("区县级", "县区级", "县市区级"),
    "地级": ("市级", "地市级"),
    "乡级": ("乡镇级", "街道级", "镇级"),
    "东部": ("东部地区",),
    "中部": ("中部地区",),
    "西部": ("西部地区",),
    "东北": ("东北地区",),
    "农村": ("乡村",),
    "提名": ("入围", "提名奖"),
    "East": ("eastern", "eastern China"),
    "Central": ("central China",),
    "West": ("western", "western China"),
    "Northeast": ("northeastern", "northeast China"),
}


class Meaning(NamedTuple):
    """Values of a facet that words may mean; regions that together have a name have it in both languages."""

    facet: str
    values: tuple[str, ...]
    name: str = ""
    name_en: str = ""

    @property
    def is_known(self) -> bool:
        """Whether a run is cut at the words, as at names; 政府 stands in too many."""
        return self.facet in ("region", "zone", "zone3", "tier", "setting", "mechanism")


def meanings() -> dict[str, list[Meaning]]:
    """{folded words: what they may mean}, in both languages."""
    found: dict[str, list[Meaning]] = {}

    def add(words: str, meaning: Meaning) -> None:
        those = found.setdefault(fold(words), [])
        if meaning not in those:
            those.append(meaning)

    for facet in facets.TABLE.parameters():
        if facet.closed:
            for spoken in ("zh-hans", "en"):
                with override(spoken):
                    labels = [*facet.labels(()), *(Tier.choices if facet.name == "tier" else ())]
                    labels = [(value, str(label)) for value, label in labels if value != MISSING]
                for value, label in labels:
                    for words in (label, *ALSO_CALLED.get(label, ())):
                        add(words, Meaning(facet.name, (value,)))
    for row in region_sets():
        meaning = Meaning("region", tuple(row["codes"].split()), row["name"], row["name_en"])
        for words in (row["name"], row["name_en"], *filter(None, row["other_names"].split("|"))):
            add(words, meaning)
    for slug, search_words in Mechanism.objects.values_list("slug", "search_words"):
        for words in filter(None, search_words.split("\n")):
            add(words, Meaning("mechanism", (slug,)))
    return found


@cache
def region_sets() -> Sequence[dict[str, str]]:
    """Rows of fixtures/region_sets.csv: name, other_names, name_en, codes, source."""
    with open(settings.BASE_DIR / "fixtures" / "region_sets.csv", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))

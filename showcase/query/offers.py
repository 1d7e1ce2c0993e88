"""What words of a query may mean as a filter, 提名, 东部, 农村, and sets of regions that have a name, 长三角.

They are offered above the list, with what they would find; the query itself takes them as words.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language, override

from governance import facets
from governance.facet_table import MISSING
from governance.index import select
from governance.index.search import Word
from governance.index.text import fold
from governance.models import Tier
from showcase import links

from .form import as_indexed
from .query import Query

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
}
# Of the words that stand together in a query, so many may be one label: Yangtze River Delta.
MOST_WORDS = 6
MOST_OFFERS = 6


@dataclass
class WayOut:
    """A filter, where choosing it leads, and how many entries are there."""

    label: str
    address: str
    count: int


class Meaning(NamedTuple):
    """A parameter, values of it that the words may mean, and the words for them all if they have any."""

    parameter: str
    values: tuple[str, ...]
    label: str = ""


def offers(asked: Query) -> list[WayOut]:
    """Each filter that words of the query may mean, instead of these words; the longest words first."""
    found = []
    for meaning, rest in _meant(asked):
        name, values = meaning.parameter, list(meaning.values)
        said = " ".join(f"“{term.written}”" if term.quoted else term.written for term in rest)
        criteria = {"query": said, name: [as_indexed(name, value) for value in values]}
        count = len(select(index=asked.index, **asked.criteria | criteria))
        label = meaning.label or asked.words.known(name, values)[values[0]]
        address = links.changed(asked.parameters, **{"q": [said] if said else [], name: values})
        found.append(WayOut(label, address, count))
        if len(found) == MOST_OFFERS:
            break
    return found


def _meant(asked: Query) -> Iterator[tuple[Meaning, list[Word]]]:
    """Each Meaning and what is left of the query without its words."""
    hits = asked.selection.hits
    # As the query was read: a run such as 长三角协商 is two words.
    all_terms = hits.words if hits else []
    known = meanings(asked.index.names_version, get_language())
    for length in range(min(MOST_WORDS, len(all_terms)), 0, -1):
        for at in range(len(all_terms) - length + 1):
            words = all_terms[at : at + length]
            if not any(term.quoted for term in words):
                rest = all_terms[:at] + all_terms[at + length :]
                for meaning in known.get(" ".join(term.text for term in words), ()):
                    yield meaning, rest


@lru_cache(maxsize=4)
def meanings(_names_version: int, language: str | None) -> dict[str, list[Meaning]]:
    """{folded words: what they may mean}, in both languages; kept as the names are."""
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
        label = row["name_en"] if language == "en" else row["name"]
        for words in (row["name"], row["name_en"], *filter(None, row["other_names"].split("|"))):
            add(words, Meaning("region", tuple(row["codes"].split()), label))
    return found


@cache
def region_sets() -> Sequence[dict[str, str]]:
    """Rows of fixtures/region_sets.csv: name, other_names, name_en, codes, source."""
    with open(settings.BASE_DIR / "fixtures" / "region_sets.csv", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))

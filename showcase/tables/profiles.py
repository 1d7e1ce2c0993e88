"""What the entries of a region, a mechanism, an organization or a year are like, beside all entries."""

from typing import NamedTuple

from governance import facets, index
from governance.facet_table import Facet
from governance.index import Selection
from showcase import links
from showcase.query.facets import region_counts
from showcase.query.vocabulary import vocabulary

# Of fewer entries each can be read; their shares say nothing.
FEWEST = 5
# The most lines of one table; the list's facet has all values.
LINES = 10


class ProfileLine(NamedTuple):
    """A value: how many entries have it, their share of these entries and of all, and their list."""

    label: str
    entries: int
    share: float
    overall: float
    href: str


class Profile:
    """Tables of what some entries are like: `query` is the query string of their list.

    `own` is the facet that the page itself is about, such as year: it is left out.
    """

    def __init__(self, selection: Selection, query: str, own: str = ""):
        self._selection, self.query, self._own = selection, query, own
        self.total = len(selection)

    @property
    def telling(self) -> bool:
        """Whether there are enough entries to say what they are like."""
        return self.total >= FEWEST

    @property
    def tables(self) -> list[tuple[str, list[ProfileLine]]]:
        """(label, lines) of each dimension in which there is something to compare."""
        if not self.total:
            return []
        words, whole = vocabulary(self._selection.index), index.select()
        tables = []
        for facet in facets.TABLE.profiles():
            if facet.name == self._own:
                continue
            lines = self._lines(facet, words[facet.name], whole)
            if len(lines) > 1:
                tables.append((words.names[facet.name], lines))
        return tables

    @property
    def first(self) -> tuple[int, int] | None:
        """(year, how many of these entries it has) of the earliest, or None."""
        years = self._selection.counts("year")
        return min((int(year), count) for year, count in years.items()) if years else None

    @property
    def regions(self) -> dict[str, int]:
        """{path: entries} of the provinces, for the tile map."""
        return region_counts(self._selection)

    def _lines(self, facet: Facet, labels: dict[str, str], whole: Selection) -> list[ProfileLine]:
        name = facet.name
        counts, overall = self._selection.counts(name), whole.counts(name)
        lines = [
            ProfileLine(
                label,
                counts[value],
                100 * counts[value] / self.total,
                100 * overall[value] / len(whole),
                f"{self.query}&{links.part(name, [value])}",
            )
            for value, label in labels.items()
            if value in counts and links.part(name, [value]) not in self.query
        ]
        if not facet.ordered:
            lines.sort(key=lambda line: -line.entries)
        return lines[:LINES]


def together(slug: str) -> list[tuple[str, int, str]]:
    """(name, entries, the query string of their list) of what is most often a means beside a mechanism."""
    used = index.select(also=[("mechanism", slug)])
    counts, names = used.counts("mechanism"), vocabulary(used.index)["mechanism"]
    found = sorted(
        (-counts[other], place, other)
        for place, other in enumerate(names)
        if other != slug and counts.get(other, 0) > 1
    )
    query = f"?mechanism={slug}&also=mechanism."
    return [(names[other], -count, query + other) for count, _place, other in found[:LINES]]

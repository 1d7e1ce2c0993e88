"""What the entries of a region, a mechanism, an organization or a year are like, beside all entries."""

from typing import NamedTuple

from governance import index
from showcase.query.facets import region_counts
from showcase.query.vocabulary import vocabulary

# In the order of the page. A mechanism's own table says with which others it goes.
DIMENSIONS = ("year", "mechanism", "field", "tier", "organization_kind", "zone")
# The most lines of one table; the list's facet has all values.
LINES = 10


class Line(NamedTuple):
    """A value: how many entries have it, their share of these entries and of all, and their list."""

    label: str
    count: int
    share: float
    overall: float
    href: str


class Profile:
    """Tables of what some entries are like: `query` is the query string of their list.

    `own` is the facet that the page itself is about, such as year: it is left out, but for the other
    mechanisms of a mechanism's entries, which must then be selected by `also`.
    """

    def __init__(self, selection, query, own=""):
        self._selection, self.query, self._own = selection, query, own
        self.total = len(selection)

    @property
    def tables(self):
        """(label, Lines) of each dimension in which there is something to compare."""
        if not self.total:
            return []
        words, whole = vocabulary(self._selection.version), index.select()
        tables = []
        for name in DIMENSIONS:
            if name == self._own != "mechanism":
                continue
            lines = self._lines(name, words[name], whole)
            if len(lines) > 1:
                tables.append((words.names[name], lines))
        return tables

    @property
    def first(self):
        """(year, how many of these entries it has) of the earliest, or None."""
        years = self._selection.counts("year")
        return min((int(year), count) for year, count in years.items()) if years else None

    @property
    def regions(self):
        """{path: entries} of the provinces, for the tile map."""
        return region_counts(self._selection)

    def _lines(self, name, labels, whole):
        counts, overall = self._selection.counts(name), whole.counts(name)
        found = [
            Line(
                label,
                counts[value],
                100 * counts[value] / self.total,
                100 * overall[value] / len(whole),
                self._address(name, value),
            )
            for value, label in labels.items()
            if value in counts and f"{name}={value}" not in self.query
        ]
        if name != "year":
            found.sort(key=lambda line: -line.count)
        return found[:LINES]

    def _address(self, name, value):
        if name == self._own:
            return f"{self.query}&also={name}.{value}"
        return f"{self.query}&{name}={value}"

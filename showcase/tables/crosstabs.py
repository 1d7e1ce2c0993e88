"""Cross-tabulations: any two dimensions of a selection, each number with the list that it counts."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter

from governance import index
from governance.models import Level
from showcase import links
from showcase.query.facets import chips
from showcase.query.form import SEVERAL, AchievementFilter
from showcase.query.query import Asked, read
from showcase.query.vocabulary import vocabulary
from showcase.text import with_facts

DIMENSIONS = {
    name: gettext_lazy("省级地区")
    if name == "province"
    else AchievementFilter.base_filters[name].label
    for name in (
        *("year", "tier", "setting", "zone", "zone3", "province", "organization_kind"),
        *("organization_level", "region_level", "field", "mechanism"),
    )
}
MEASURES = {
    "count": gettext_lazy("项数"),
    "row": gettext_lazy("行百分比"),
    "column": gettext_lazy("列百分比"),
    "total": gettext_lazy("总百分比"),
}
# What the address says beside the filters of the list.
OWN = {"rows": DIMENSIONS, "columns": DIMENSIONS, "measure": MEASURES}
# Without a word about rows and columns.
DEFAULT = ("field", "zone")

# Every value of these is shown, none of the entries having it included.
CLOSED = {
    *("tier", "setting", "zone", "zone3", "organization_kind", "organization_level"),
    *("region_level", "field"),
}
# The dimension as the list and the index call it, where they do otherwise.
PARAMETER, FACET = {"province": "region"}, {"province": "region2"}

# Steps of shade above none.
SHADES = 4


class AnalysisFilter(AchievementFilter):
    """Says what is wrong with the query of a table; a table has no order and no pages."""

    rows = ChoiceFilter(label=gettext_lazy("行"), choices=list(DIMENSIONS.items()))
    columns = ChoiceFilter(label=gettext_lazy("列"), choices=list(DIMENSIONS.items()))
    measure = ChoiceFilter(label=gettext_lazy("单元格"), choices=list(MEASURES.items()))
    sort = None


@dataclass
class Question:
    """What a table is asked to show: `rows` and `columns` are dimensions, `columns` "" for one alone."""

    rows: str
    columns: str
    measure: str
    # The entries, as a list without these parameters would choose them.
    asked: Asked

    @cached_property
    def permalink(self):
        """The query string that asks for this table again."""
        return links.changed(self.asked.query, **self._own)

    @cached_property
    def chips(self):
        """What the filters choose, as (words, address of the table without it)."""
        query = self.asked.query.copy()
        for name, values in self._own.items():
            query.setlist(name, values)
        return chips(replace(self.asked, query=query))

    @property
    def _own(self):
        return {"rows": [self.rows], "columns": [self.columns], "measure": [self.measure]}


def question(request):
    """The `Question` of a request, or `problems.BadQuery`."""
    query = links.present(request.GET)
    if not _plain(query):
        AnalysisFilter(query, paging={}).raise_problems()
    rows, columns, measure = (query.get(name, "") for name in OWN)
    filters = query.copy()
    for name in OWN:
        filters.pop(name, None)
    if not rows:
        rows, columns = (columns, "") if columns else DEFAULT
    now = getattr(request, "index", None) or index.current()
    return Question(rows, columns, measure or "count", read(filters, now, paging={}))


def _plain(query):
    """Whether nothing but the values of the filters can be wrong: those `read` looks at again."""
    return all(
        name in AnalysisFilter.base_filters
        and (name not in OWN or (len(values) == 1 and values[0] in OWN[name]))
        for name, values in query.lists()
    )


@dataclass(slots=True)
class Cell:
    """A count with its share in percent (None if only counted), its list and its step of shade."""

    count: int
    share: float | None
    href: str
    shade: int = 0

    @property
    def number(self):
        """The one number that a machine wants: the share, else the count."""
        return self.count if self.share is None else round(self.share, 1)

    def __str__(self):
        return f"{self.count:,}" if self.share is None else f"{self.share:.1f} ({self.count:,})"


@dataclass(slots=True)
class Value:
    """A value of a dimension, heading a row or a column, and its entries: the N of the margin."""

    key: str
    label: str
    total: Cell


class Table:
    """The answer to a `Question`.

    `rows` and `columns` are Values, `lines` a list of Cells for each row, `total` the Cell of all.
    Without `question.columns` there are no columns, and each row's `total` has its share.
    """

    def __init__(self, question):
        self.question, asked = question, question.asked
        counted = asked.selection.crosstab(
            FACET.get(question.rows, question.rows),
            # All entries, as a facet of one value.
            FACET.get(question.columns, question.columns) or "all",
        )
        self._cells, self._list = counted.cells, _Links(question)
        share = None if question.columns else self._percent(counted.total, counted.total)
        self.total = Cell(counted.total, share, self._list())
        self.rows = self._values(question.rows, counted.rows, lambda key: self._list(row=key))
        self.columns, self.lines = [], [[] for _row in self.rows]
        if question.columns:
            self.columns = self._values(
                question.columns, counted.columns, lambda key: self._list(column=key)
            )
            self.lines = [[self._cell(row, column) for column in self.columns] for row in self.rows]
        self._shade()

    @property
    def title(self):
        if self.of_pairs:
            return _("%(dimension)s共现") % {"dimension": self.head}
        names = (self.question.rows, self.question.columns)
        return " × ".join(str(DIMENSIONS[name]) for name in names if name)

    @property
    def head(self):
        """What stands above the headings of the rows."""
        return str(DIMENSIONS[self.question.rows])

    @cached_property
    def caption(self):
        """The title, what the filters choose, N and the unit."""
        facts = [words for words, _remove in self.question.chips]
        facts += [f"N = {self.total.count:,}", self.unit]
        return with_facts(self.title, facts)

    @property
    def unit(self):
        measure = self.question.measure
        if not self.question.columns:
            return _("项数与百分比")
        if measure == "count":
            return _("单位：项")
        return _("%(measure)s，括号内为项数") % {"measure": str(MEASURES[measure]).lower()}

    @cached_property
    def of_pairs(self):
        """Whether it counts what occurs together: one dimension of which an entry has several values."""
        return self.question.rows == self.question.columns and self.question.rows in SEVERAL

    @property
    def name(self):
        """For files, of letters and hyphens."""
        asks = self.question
        return "-".join(filter(None, ("analysis", asks.rows, asks.columns, asks.measure)))

    def as_rows(self):
        """Texts and plain numbers: a row of headings, a row for each value, the row of N."""
        head = self.head
        if not self.question.columns:
            body = [[row.label, row.total.count, row.total.number] for row in self.rows]
            return [[head, _("项数"), "%"], *body, ["N", self.total.count, self.total.number]]
        if self.question.measure != "count":
            head = f"{head} ({MEASURES[self.question.measure]})"
        body = [
            [row.label, *(cell.number for cell in line), row.total.count]
            for row, line in zip(self.rows, self.lines, strict=True)
        ]
        totals = ["N", *(column.total.count for column in self.columns), self.total.count]
        return [[head, *(column.label for column in self.columns), "N"], *body, totals]

    def as_dict(self):
        """`cells` holds a list of numbers for each row; percentages have one decimal."""
        asks = self.question
        return {
            "title": self.title,
            "measure": asks.measure,
            "filters": dict(asks.asked.query.lists()),
            "rows": {"dimension": asks.rows, "values": _as_dicts(asks.rows, self.rows)},
            "columns": {
                "dimension": asks.columns,
                "values": _as_dicts(asks.columns, self.columns),
            },
            "cells": [[cell.number for cell in line] for line in self.lines],
            "count": self.total.count,
        }

    @property
    def missing(self):
        """What "missing" means in this table: the labels of those of its headings that lack a value."""
        found = [value.label for value in (*self.rows, *self.columns) if value.key == index.MISSING]
        return list(dict.fromkeys(found))

    def _values(self, dimension, counts, link):
        chosen = PARAMETER.get(dimension, dimension) in self.question.asked.labels
        labels = _labels(dimension, vocabulary(self.question.asked.selection.version))
        every = dimension in CLOSED and not chosen
        keys = [key for key in labels if key in counts or (every and key != index.MISSING)]
        if dimension == "mechanism":
            keys.sort(key=lambda key: (key == index.MISSING, -counts[key]))
        return [
            Value(key, labels[key], self._margin(counts.get(key, 0), key, link)) for key in keys
        ]

    def _margin(self, count, key, link):
        """An N; in a table of one dimension, with its share of all."""
        share = None if self.question.columns else self._percent(count, self.total.count)
        return Cell(count, share, link(key) if count else "")

    def _cell(self, row, column):
        count = self._cells.get((row.key, column.key), 0)
        bases = {"row": row.total.count, "column": column.total.count, "total": self.total.count}
        measure = self.question.measure
        share = None if measure == "count" else self._percent(count, bases[measure])
        return Cell(count, share, self._list(row.key, column.key) if count else "")

    @staticmethod
    def _percent(count, base):
        return 100 * count / base if base else 0.0

    def _shade(self):
        """Steps up to the largest; what pairs with itself would drown the rest."""
        shaded = [
            cell
            for row, line in zip(self.rows, self.lines, strict=True)
            for column, cell in zip(self.columns, line, strict=True)
            if not (self.of_pairs and row.key == column.key)
        ]
        most = max((cell.number for cell in shaded), default=0)
        for cell in shaded:
            cell.shade = -int(-SHADES * cell.number // most) if most else 0


def _as_dicts(dimension, values):
    parameter = PARAMETER.get(dimension, dimension)
    return [
        {
            "value": _in_address(parameter, value.key),
            "label": value.label,
            "count": value.total.count,
        }
        for value in values
    ]


class _Links:
    """The address of the list that a cell counts: a table has hundreds, so what they share is made once."""

    def __init__(self, question):
        self._query = question.asked.query
        self._rows, self._columns = (
            PARAMETER.get(name, name) for name in (question.rows, question.columns)
        )
        rest = links.changed(self._query, **{self._rows: [], self._columns: []})
        self._start = links.address("achievements") + (rest + "&" if rest != "?" else rest)
        self._pieces = {}

    def __call__(self, row=None, column=None):
        """Of a row, a column or both; of neither, of the whole table."""
        if self._rows != self._columns:
            pieces = self._piece(self._rows, row), self._piece(self._columns, column)
        elif None in (row, column) or row == column:
            pieces = (self._piece(self._rows, column if row is None else row),)
        else:
            pieces = self._piece(self._rows, row), self._besides(self._rows, column)
        return (self._start + "&".join(piece for piece in pieces if piece)).rstrip("?&")

    def _piece(self, name, key):
        if (name, key) not in self._pieces:
            self._pieces[name, key] = self._narrowed(name, key)
        return self._pieces[name, key]

    def _narrowed(self, name, key):
        """`key` within what the query chooses of `name`, as a piece of a query string."""
        chosen, value = self._query.getlist(name), _in_address(name, key)
        kept = [f"{name}={one}" for one in chosen]
        if key is None:
            return "&".join(kept)
        if value in chosen or not (chosen or (name, key) == NO_MECHANISM):
            return f"{name}={value}"
        # Values of one parameter widen, so a further one has to be asked for besides.
        return "&".join([*kept, self._besides(name, key)])

    def _besides(self, name, key):
        name = "field" if (name, key) == NO_MECHANISM else name
        return f"also={name}.{_in_address(name, key)}"


# The list is not asked for `mechanism=none`, since mechanisms are rows and not a closed set.
NO_MECHANISM = ("mechanism", index.MISSING)


def _in_address(name, key):
    """A province stands in the index by its path and in addresses by its code."""
    return f"{key}0000" if name == "region" else key


def _labels(dimension, words):
    """{key: label} of a dimension's values in their order; of provinces by path, as the index has them."""
    if dimension == "province":
        places = sorted(words.regions.places.items())
        return {path: label for path, (_code, label, depth) in places if not depth}
    if dimension == "region_level":
        return {value: str(label) for value, label in Level.choices}
    if dimension == "year":
        return {year: year for year in sorted(words["year"])}
    if dimension == "mechanism":
        return words["mechanism"] | {index.MISSING: _("无机制标注")}
    return words[dimension]

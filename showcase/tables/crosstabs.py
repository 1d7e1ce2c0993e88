"""Cross-tabulations: any two dimensions of a selection, each number with the list that it counts."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter

from governance import facets
from governance.facet_table import MISSING, Facet
from governance.models import Tier
from showcase import links
from showcase.query.facets import Chips, chips, offered_now, phrases_of
from showcase.query.form import Fields
from showcase.query.query import Query, query_of
from showcase.query.vocabulary import Vocabulary
from showcase.text import with_facts

MEASURES = {
    "count": gettext_lazy("项数"),
    "row": gettext_lazy("行百分比"),
    "column": gettext_lazy("列百分比"),
    "total": gettext_lazy("总百分比"),
}
# Without a word about rows and columns.
DEFAULT = ("field", "zone")

# Steps of shade above none.
SHADES = 4


def own_fields() -> Fields:
    """What the address of a table says beside the filters of the list; it has no order and no pages."""
    dimensions = [(name, facet.label) for name, facet in facets.TABLE.dimensions().items()]
    return {
        "rows": ChoiceFilter(label=gettext_lazy("行"), choices=dimensions),
        "columns": ChoiceFilter(label=gettext_lazy("列"), choices=dimensions),
        "measure": ChoiceFilter(label=gettext_lazy("单元格"), choices=list(MEASURES.items())),
    }


@dataclass
class Question:
    """What a table is asked to show: `rows` and `columns` are dimensions, `columns` "" for one alone."""

    rows: str
    columns: str
    measure: str
    # The entries, as a list without these parameters would choose them.
    asked: Query
    fields: Fields

    @cached_property
    def hidden(self) -> list[str]:
        """Dimensions that are not offered: all entries have one value of them, or these ones here do."""
        table = facets.TABLE.dimensions()
        return [name for name in table if self._is_fixed(table[name])]

    def _is_fixed(self, facet: Facet) -> bool:
        chosen = self.asked.parameters.getlist(facet.parameter)
        alone = len(chosen) == 1 and not facet.several
        return alone or not offered_now(facet, self.asked.index)

    @cached_property
    def permalink(self) -> str:
        """The query string that asks for this table again."""
        return links.changed(self.asked.parameters, **self._own)

    @cached_property
    def chips(self) -> list[Chips]:
        """What the filters choose, as (words, address of the table without it)."""
        query = self.asked.parameters.copy()
        for name, values in self._own.items():
            query.setlist(name, values)
        return chips(replace(self.asked, parameters=query))

    @property
    def _own(self) -> dict[str, list[str]]:
        return {"rows": [self.rows], "columns": [self.columns], "measure": [self.measure]}


def question(request: HttpRequest) -> Question:
    """The `Question` of a request, or `problems.BadQuery`."""
    own = own_fields()
    whole = query_of(request, own)
    rows, columns, measure = (whole.parameters.get(name, "") for name in own)
    if not rows:
        rows, columns = (columns, "") if columns else DEFAULT
    filters = whole.parameters.copy()
    for name in own:
        filters.pop(name, None)
    return Question(rows, columns, measure or "count", replace(whole, parameters=filters), own)


@dataclass(slots=True)
class Cell:
    """A count with its share in percent (None if only counted), its list and its step of shade."""

    count: int
    share: float | None
    href: str
    shade: int = 0

    @property
    def number(self):
        """The one number that a machine wants: the share, else the count; None for a share of nothing."""
        if self.share is None:
            return self.count
        return None if math.isnan(self.share) else round(self.share, 1)

    def __str__(self):
        if self.share is not None and math.isnan(self.share):
            return "–"
        return f"{self.count:,}" if self.share is None else f"{self.share:.1f} ({self.count:,})"


@dataclass(slots=True)
class Value:
    """A value of a dimension, heading a row or a column, and its entries: the N of the margin."""

    key: str
    label: str
    total: Cell


class Row(NamedTuple):
    """A row as a page shows it, and how many of its entries won."""

    value: Value
    cells: list[Cell]
    winners: int


class RowGroup(NamedTuple):
    """Rows that stand together, and what heads them, if anything does."""

    head: Row | None
    rows: list[Row]


class Table:
    """The answer to a `Question`.

    `rows` and `columns` are Values, `lines` a list of Cells for each row, `total` the Cell of all.
    Without `question.columns` there are no columns, and each row's `total` has its share.
    """

    def __init__(self, question: Question):
        self.question = question
        counted = question.asked.selection.crosstab(question.rows, question.columns)
        self._cells, self._list = counted.cells, _Links(question)
        share = None if question.columns else self._percent(counted.total, counted.total)
        self.total = Cell(counted.total, share, self._list())
        self.rows = self._values(question.rows, counted.rows, lambda key: self._list(row=key))
        self.columns: list[Value] = []
        self.lines: list[list[Cell]] = [[] for _row in self.rows]
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
        return " × ".join(str(facets.TABLE[name].label) for name in names if name)

    @property
    def head(self):
        """What stands above the headings of the rows."""
        return str(facets.TABLE[self.question.rows].label)

    @cached_property
    def filters(self):
        """What the filters choose, each condition as a phrase."""
        return phrases_of(self.question.chips)

    @cached_property
    def caption(self):
        """The title, what the filters choose, N and the unit."""
        facts = [*self.filters, f"N = {self.total.count:,}", self.unit]
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
        rows, columns = self.question.rows, self.question.columns
        return rows == columns and facets.TABLE[rows].several

    @cached_property
    def groups(self) -> list[RowGroup]:
        """The rows as a page shows them: mechanisms below their fields, of which each counts an entry once."""
        if self.of_pairs or self.question.rows != "mechanism":
            return [RowGroup(None, self._with_winners())]
        by_key = {row.value.key: row for row in self._with_winners()}
        found = []
        for head in Table(replace(self.question, rows="field"))._with_winners():
            slugs = set(self.question.asked.words.mechanisms_of(head.value.key))
            below = [row for key, row in by_key.items() if key in slugs]
            if below:
                found.append(RowGroup(head, below))
        missing = [row for key, row in by_key.items() if key == MISSING]
        return [*found, RowGroup(None, missing)] if missing else found

    def _with_winners(self) -> list[Row]:
        won = self.question.asked.selection.crosstab(self.question.rows, "tier").cells
        return [
            Row(row, line, won.get((row.key, Tier.WINNER), 0))
            for row, line in zip(self.rows, self.lines, strict=True)
        ]

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
            "filters": dict(asks.asked.parameters.lists()),
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
        found = [value.label for value in (*self.rows, *self.columns) if value.key == MISSING]
        return list(dict.fromkeys(found))

    def _values(
        self, dimension: str, counts: dict[str, int], link: Callable[[str], str]
    ) -> list[Value]:
        facet = facets.TABLE[dimension]
        chosen = facet.parameter in self.question.asked.labels
        labels = _labels(facet, self.question.asked.words)
        every = facet.closed and not chosen
        keys = [key for key in labels if key in counts or (every and key != MISSING)]
        if facet.rows is not None:
            keys.sort(key=lambda key: (key == MISSING, -counts[key]))
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
        """NaN of nothing: 0 of 0 is no 0 %."""
        return 100 * count / base if base else math.nan

    def _shade(self):
        """Steps up to the largest; what pairs with itself would drown the rest."""
        shaded = [
            cell
            for row, line in zip(self.rows, self.lines, strict=True)
            for column, cell in zip(self.columns, line, strict=True)
            if not (self.of_pairs and row.key == column.key)
        ]
        most = max((cell.number or 0 for cell in shaded), default=0)
        for cell in shaded:
            cell.shade = -int(-SHADES * (cell.number or 0) // most) if most else 0


def _as_dicts(dimension: str, values: Iterable[Value]) -> list[dict]:
    if not dimension:
        return []
    facet = facets.TABLE[dimension]
    return [
        {"value": _in_address(facet, one.key), "label": one.label, "count": one.total.count}
        for one in values
    ]


class _Links:
    """The address of the list that a cell counts: a table has hundreds, so what they share is made once."""

    def __init__(self, question: Question):
        self._query = question.asked.parameters
        self._rows = facets.TABLE[question.rows]
        self._columns = facets.TABLE[question.columns] if question.columns else None
        parameters = [facet.parameter for facet in (self._rows, self._columns) if facet]
        rest = links.changed(self._query, **{name: [] for name in parameters})
        self._start = links.address("achievements") + (rest + "&" if rest != "?" else rest)
        self._pieces: dict[tuple[str, str | None], str] = {}

    def __call__(self, row: str | None = None, column: str | None = None) -> str:
        """Of a row, a column or both; of neither, of the whole table."""
        rows, columns = self._rows, self._columns
        if columns is None:
            pieces = [self._piece(rows, row)]
        elif rows.parameter != columns.parameter:
            pieces = [self._piece(rows, row), self._piece(columns, column)]
        elif row is None or column is None or row == column:
            pieces = [self._piece(rows, column if row is None else row)]
        else:
            pieces = [self._piece(rows, row), _besides(columns, column)]
        return (self._start + "&".join(piece for piece in pieces if piece)).rstrip("?&")

    def _piece(self, facet: Facet, key: str | None) -> str:
        if (facet.name, key) not in self._pieces:
            self._pieces[facet.name, key] = self._narrowed(facet, key)
        return self._pieces[facet.name, key]

    def _narrowed(self, facet: Facet, key: str | None) -> str:
        """`key` within what the query chooses of the facet, as a piece of a query string."""
        name, chosen = facet.parameter, self._query.getlist(facet.parameter)
        kept = [links.part(name, [one]) for one in chosen]
        if key is None:
            return "&".join(kept)
        value = _in_address(facet, key)
        if value in chosen or not (chosen or _asked_elsewhere(facet, key)):
            return links.part(name, [value])
        # Values of one parameter widen, so a further one has to be asked for besides.
        return "&".join([*kept, _besides(facet, key)])


def _besides(facet: Facet, key: str) -> str:
    name = facet.missing_by if _asked_elsewhere(facet, key) else facet.parameter
    return links.part("also", [f"{name}.{_in_address(facet, key)}"])


def _asked_elsewhere(facet: Facet, key: str) -> bool:
    """Whether the list has another parameter for this: mechanisms are rows, and none is no row."""
    return key == MISSING and bool(facet.missing_by)


def _in_address(facet: Facet, key: str) -> str:
    """A province stands in the index by its path and in addresses by its code."""
    return f"{key}0000" if facet.stands_for == "region" else key


def _labels(facet: Facet, words: Vocabulary) -> dict[str, str]:
    """{key: label} of a dimension's values in their order; of provinces by path, as the index has them."""
    if facet.stands_for == "region":
        places = sorted(words.regions.places.items())
        return {path: label for path, (_code, label, depth) in places if not depth}
    labels = words[facet.name]
    if facet.newest_first:
        labels = {value: value for value in reversed(labels)}
    if facet.rows is not None and facet.missing:
        labels = labels | {MISSING: str(facet.missing)}
    return labels

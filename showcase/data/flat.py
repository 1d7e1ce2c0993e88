"""Records as the rows of tables: an entry a row, or a coding."""

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any, NamedTuple

from governance.records.fields import CODING, FIELDS, Field, fields_named

from .exports import Cell
from .provenance import Provenance
from .records import OpenRecord

# What stands between several values in a cell; names of organizations and mechanisms have none in them.
BETWEEN = "；"


class Wanted(NamedTuple):
    """`select` are fields by name, [] for what the face has by itself; `names` whether a table is for
    programs, headed by names and with the record's own values.
    """

    select: list[str]
    names: bool
    provenance: Provenance


class FlatTable(NamedTuple):
    """A table: each row has a cell for each of its fields."""

    fields: list[Field]
    head: list[Cell]
    body: list[list[Cell]]


def entry_rows(records: Iterable[OpenRecord], wanted: Wanted) -> FlatTable:
    """One row an entry."""
    fields = fields_named(wanted.select) or [field for field in FIELDS if field.flat]
    cells = [_cell_of(field, "", wanted) for field in fields]
    body = [[cell(record) for cell in cells] for record in records]
    return FlatTable(fields, _head(fields, wanted), body)


def coding_rows(records: Iterable[OpenRecord], wanted: Wanted) -> FlatTable:
    """One row a coding."""
    own = [field for field in FIELDS if field.name.startswith(CODING)]
    fields = fields_named(wanted.select) or [*fields_named(["code", "year", "title"]), *own]
    places = [CODING if field in own else "" for field in fields]
    cells = [
        (below, _cell_of(field, below, wanted)) for field, below in zip(fields, places, strict=True)
    ]
    body = [
        [cell(coding if below else record) for below, cell in cells]
        for record in records
        for coding in record["mechanisms"]
    ]
    return FlatTable(fields, _head(fields, wanted), body)


def _head(fields: Iterable[Field], wanted: Wanted) -> list[Cell]:
    return [field.name if wanted.names else str(field.label) for field in fields]


def _labels(field: Field, wanted: Wanted) -> dict[str, str]:
    """{closed value: how people call it}; {} where the record's own values are shown."""
    if wanted.names or not field.choices:
        return {}
    return {value: str(label) for value, label in field.choices.choices}


def _cell_of(field: Field, below: str, wanted: Wanted) -> Callable[[Any], Cell]:
    """What makes the cell of a field, of a record or of what stands in one at the path `below`."""
    labels = _labels(field, wanted)
    branch, _dot, name = field.name.removeprefix(below).rpartition(".")

    def joined(values: list[Any]) -> Cell:
        if len(values) == 1:
            return labels.get(values[0], values[0])
        return BETWEEN.join(str(labels.get(value, value)) for value in values)

    def far(node: Any) -> Cell:
        return joined(field.values(node, below))

    def near(node: Any) -> Cell:
        place = node[branch] if branch else node
        if isinstance(place, list):
            return far(node)
        value = place[name]
        return labels.get(value, value)

    # Most fields stand in the node itself or one step below: read so, a table takes half the time.
    if field.read or "." in branch:
        return far
    return near if branch or labels else itemgetter(name)

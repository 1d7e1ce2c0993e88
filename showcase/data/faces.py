"""The faces of a list: each makes the bytes of a file of records."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import orjson
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter

from governance.records.fields import CODING, FIELDS, Field, fields_named, names
from showcase.citing.references import bibtex, csl, ris
from showcase.citing.works import Work, entry_work
from showcase.query.form import PAGING, Fields, Listed

from .exports import Cell, csv_bytes
from .records import OpenRecord

# What stands between several values in a cell; names of organizations and mechanisms have none in them.
BETWEEN = "；"

SORT: Fields = {"sort": PAGING["sort"]}
SELECT: Fields = {
    "select": Listed(label=gettext_lazy("栏目"), choices=[(name, name) for name in names()])
}
HEADER: Fields = {"header": ChoiceFilter(label=gettext_lazy("表头"), choices=[("names", "names")])}


def selected(parameters: QueryDict) -> list[str]:
    """What `select` names in a query string."""
    return list(filter(None, parameters.get("select", "").split(",")))


class Wanted(NamedTuple):
    """`select` are fields by name, [] for what the face has by itself; `names` whether a table is for
    programs, headed by names and with the record's own values; `version` is the digest of the record.
    """

    select: list[str]
    names: bool
    version: str


class Face(NamedTuple):
    """`own` are its parameters beside those of any list; its errors are JSON, too, if `is_json`."""

    content_type: str
    write: Callable[[Iterable[OpenRecord], Wanted], bytes]
    own: Fields
    is_json: bool = False


def achievements_csv(records: Iterable[OpenRecord], wanted: Wanted) -> bytes:
    """One row an entry."""
    fields = fields_named(wanted.select) or [field for field in FIELDS if field.flat]
    return _csv(((record, None) for record in records), fields, wanted)


def codings_csv(records: Iterable[OpenRecord], wanted: Wanted) -> bytes:
    """One row a coding."""
    own = [field for field in FIELDS if field.name.startswith(CODING)]
    rows = ((record, coding) for record in records for coding in record["mechanisms"])
    return _csv(
        rows,
        fields_named(wanted.select) or [*fields_named(["code", "year", "title"]), *own],
        wanted,
    )


def _csv(rows: Iterable[tuple[OpenRecord, Any]], fields: list[Field], wanted: Wanted) -> bytes:
    head: list[Cell] = [field.name if wanted.names else str(field.label) for field in fields]
    # Which record it was made of is said in each row, unless the columns were chosen.
    kept: list[Cell] = [] if wanted.select else [wanted.version]
    if kept:
        head.append("version" if wanted.names else _("数据版本"))
    body = ([*(_cell(field, *row, wanted) for field in fields), *kept] for row in rows)
    return csv_bytes(head, body)


def _cell(field: Field, record: OpenRecord, coding: Any, wanted: Wanted) -> Cell:
    is_of_coding = coding is not None and field.name.startswith(CODING)
    values = field.values(coding, CODING) if is_of_coding else field.values(record)
    if field.choices and not wanted.names:
        said = dict(field.choices.choices)
        values = [str(said.get(value, value)) for value in values]
    return values[0] if len(values) == 1 else BETWEEN.join(map(str, values))


def as_json(records: Iterable[OpenRecord], wanted: Wanted) -> bytes:
    """The API's records as one array."""
    return orjson.dumps(list(picked(records, wanted.select)))


def as_json_lines(records: Iterable[OpenRecord], wanted: Wanted) -> bytes:
    """The API's records, one a line."""
    return b"".join(orjson.dumps(one) + b"\n" for one in picked(records, wanted.select))


def picked(records: Iterable[OpenRecord], select: list[str]) -> Iterator[Any]:
    """Of each record the fields of these names, in their order; all of it where none is named."""
    fields = fields_named(select)
    paths = [field.name.split(".") for field in fields if not field.read]
    for record in records:
        if not fields:
            yield record
            continue
        part = _part(record, paths)
        for field in fields:
            if field.read:
                branch, name = field.name.split(".")
                part.setdefault(branch, {})[name] = BETWEEN.join(field.values(record))
        yield part


def _part(node: Any, paths: list[list[str]]) -> Any:
    """What stands in a record at these paths, in their order."""
    if isinstance(node, list):
        return [_part(one, paths) for one in node]
    if node is None or paths == [[]]:
        return node
    below: dict[str, list[list[str]]] = {}
    for name, *rest in paths:
        below.setdefault(name, []).append(rest)
    return {name: _part(node[name], rests) for name, rests in below.items()}


def _works(records: Iterable[OpenRecord]) -> Iterator[Work]:
    return (entry_work(record, record["url"]) for record in records)


def as_csl(records: Iterable[OpenRecord], wanted: Wanted) -> bytes:
    return orjson.dumps([csl(work) for work in _works(records)])


# By the extension of the address; `codings` is /codings.csv.
FACES: dict[str, Face] = {
    "csv": Face(
        "text/csv; charset=utf-8; header=present", achievements_csv, SORT | SELECT | HEADER
    ),
    "codings": Face("text/csv; charset=utf-8; header=present", codings_csv, SORT | SELECT | HEADER),
    "json": Face("application/json", as_json, SORT | SELECT, True),
    "jsonl": Face("application/jsonl", as_json_lines, SORT | SELECT, True),
    "bib": Face(
        "application/x-bibtex; charset=utf-8",
        lambda records, wanted: bibtex(_works(records)).encode(),
        SORT,
    ),
    "ris": Face(
        "application/x-research-info-systems; charset=utf-8",
        lambda records, wanted: ris(_works(records)).encode(),
        SORT,
    ),
    "csl.json": Face("application/vnd.citationstyles.csl+json", as_csl, SORT, True),
}

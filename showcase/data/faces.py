"""The faces of a list: each makes the bytes of a file of records."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import orjson
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_filters import ChoiceFilter

from governance.records.fields import fields_named, names
from showcase.citing.references import bibtex, csl, ris
from showcase.citing.works import Work, entry_work
from showcase.query.form import PAGING, Fields, Listed

from .briefs import brief
from .exports import csv_bytes
from .flat import BETWEEN, FlatTable, Wanted, coding_rows, entry_rows
from .provenance import Provenance
from .records import OpenRecord
from .workbooks import achievements_xlsx

# What any list as a file takes, beside its filters and what each face takes by itself.
SORT: Fields = {"sort": PAGING["sort"]}
SELECT: Fields = {
    "select": Listed(
        label=pgettext_lazy("file", "栏目"), choices=[(name, name) for name in names()]
    )
}
HEADER: Fields = {"header": ChoiceFilter(label=gettext_lazy("表头"), choices=[("names", "names")])}


def selected(parameters: QueryDict) -> list[str]:
    """What `select` names in a query string."""
    return list(filter(None, parameters.get("select", "").split(",")))


def wanted_of(parameters: QueryDict, provenance: Provenance) -> Wanted:
    """What a query string asks of a file, beside its entries."""
    return Wanted(selected(parameters), parameters.get("header") == "names", provenance)


# As many entries are made in memory: 15 MB of CSV; as many as a second or two make a workbook of; as
# many as somebody reads.
MOST, MOST_IN_A_WORKBOOK, MOST_IN_A_BRIEF = 10_000, 2000, 50


class Face(NamedTuple):
    """`own` are its parameters, of a list and of an entry; its errors are JSON, too, if `is_json`.

    It holds no more than `most` entries; `larger` is a face that holds more, "" if none does.
    """

    content_type: str
    write: Callable[[Iterable[OpenRecord], Wanted], bytes]
    own: Fields = {}
    is_json: bool = False
    most: int = MOST
    larger: str = ""


def achievements_csv(records: Iterable[OpenRecord], wanted: Wanted) -> bytes:
    """One row an entry."""
    return _csv(entry_rows(records, wanted), wanted)


def codings_csv(records: Iterable[OpenRecord], wanted: Wanted) -> bytes:
    """One row a coding."""
    return _csv(coding_rows(records, wanted), wanted)


def _csv(rows: FlatTable, wanted: Wanted) -> bytes:
    # Which record it was made of is said in each row, unless the columns were chosen.
    if wanted.select:
        return csv_bytes(rows.head, rows.body)
    head = [*rows.head, "version" if wanted.names else _("数据版本")]
    return csv_bytes(head, [[*row, wanted.provenance.version] for row in rows.body])


def as_json(records: Iterable[OpenRecord], wanted: Wanted) -> bytes:
    """The API's records as one array."""
    # One after another, so that no more than one is there as a dict.
    return b"[" + b",".join(map(orjson.dumps, picked(records, wanted.select))) + b"]"


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
    return b"[" + b",".join(orjson.dumps(csl(work)) for work in _works(records)) + b"]"


CSV = "text/csv; charset=utf-8; header=present"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BRIEF = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# By the extension of the address; `codings` is /codings.csv.
FACES: dict[str, Face] = {
    "csv": Face(CSV, achievements_csv, SELECT | HEADER),
    "codings": Face(CSV, codings_csv, SELECT | HEADER),
    "xlsx": Face(
        WORKBOOK, achievements_xlsx, SELECT | HEADER, most=MOST_IN_A_WORKBOOK, larger="csv"
    ),
    "docx": Face(
        BRIEF,
        lambda records, wanted: brief(records, wanted.provenance),
        most=MOST_IN_A_BRIEF,
        larger="xlsx",
    ),
    "json": Face("application/json", as_json, SELECT, True),
    "jsonl": Face("application/jsonl", as_json_lines, SELECT, True),
    "bib": Face(
        "application/x-bibtex; charset=utf-8",
        lambda records, wanted: bibtex(_works(records)).encode(),
    ),
    "ris": Face(
        "application/x-research-info-systems; charset=utf-8",
        lambda records, wanted: ris(_works(records)).encode(),
    ),
    "csl.json": Face("application/vnd.citationstyles.csl+json", as_csl, is_json=True),
}

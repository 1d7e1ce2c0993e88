"""What earlier loads said, which the next one is compared with, and what each of them did."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Max, QuerySet

from governance.merging import UNKNOWN
from governance.models import (
    Achievement,
    Award,
    AwardYear,
    ChangePart,
    Load,
    LoadPart,
    LoadState,
    Mechanism,
)
from governance.models.award import award_year_code
from governance.models.fields import NaturalKeyModel

from .schemas import LABELS, SCHEMAS, Key, Schema, columns

SHARED = ""

# An undone load keeps the history of those rows alone that it created and that stayed.
IN_FORCE = (LoadState.LOADED, LoadState.UNDONE)

# A row of the record, whatever becomes of its key: its schema and its primary key.
RowId = tuple[Schema, int | None]


@dataclass(eq=False, slots=True)
class LoadedRow:
    """What a load said of one row and did to it. Values are by column, as `json_value` has them.

    `said` is None if the file does not have the row. `before` and `after` hold what was changed:
    None before a row was created and after it was removed, both {} if nothing was done. `after`
    of a created row leaves out what is there as it was said.
    """

    key: Key
    pk: int | None
    said: dict[str, Any] | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def created(self) -> bool:
        return self.before is None

    @property
    def removed(self) -> bool:
        return self.after is None

    @property
    def written(self) -> dict[str, Any]:
        """What the load left in the columns that it changed."""
        after = self.after or {}
        return {**(self.said or {}), **after} if self.created else after

    def as_list(self) -> list[Any]:
        return [self.key, self.pk, self.said, self.before, self.after]


@dataclass(eq=False, slots=True)
class Known:
    """What the loads so far have said of a row, the latest last."""

    pk: int | None
    said: dict[str, Any]

    def value(self, attname: str) -> Any:
        return self.said.get(attname, UNKNOWN)


# {schema: {key: Known}} for every schema.
Base = dict[Schema, dict[Key, Known]]


def as_said(row: NaturalKeyModel, known: Known | None) -> bool:
    """Whether a row is as loads have left it."""
    if known is None:
        return False
    there = columns(row)
    return all(there[name] == value for name, value in known.said.items())


def scope_of(schema: Schema, key: Key) -> str:
    """The code of the award year to whose scope a row belongs, or SHARED."""
    if schema.model is AwardYear:
        return str(key[0])
    if schema.owner is None and schema.model is not Achievement:
        return SHARED
    # What is no code names no row, and is refused later.
    return award_year_code(key[0])


def said_so_far(scopes: Iterable[str], *, shipped: bool = False) -> Base:
    """What all loads that stand have said in these scopes, with what is left of others.

    With `shipped`, what the shipped ones among them have said.
    """
    found: Base = {schema: {} for schema in SCHEMAS.values()}
    parts = LoadPart.objects.filter(load__state__in=IN_FORCE, scope__in=scopes)
    parts = parts.filter(load__shipped=True) if shipped else parts
    # Among the loads of people, a shipped one has the word only where the record took it: else it
    # would come between the two loads of a person who corrects a correction.
    yielding = (
        set() if shipped else set(parts.filter(load__shipped=True).values_list("pk", flat=True))
    )
    # Parts are made when a load is written; the load itself is as old as its upload. Not by "load":
    # that would be by the ordering of Load, the newest first.
    for part in parts.order_by("pk"):
        for schema, rows in done_in(part):
            for done in rows:
                _add_words(found[schema], done, yields=part.pk in yielding)
    return found


def _add_words(rows: dict[Key, Known], done: LoadedRow, *, yields: bool) -> None:
    if done.removed:
        rows.pop(done.key, None)
        return
    if done.said is None:
        return
    if yields and not done.created and done.key not in rows:
        # People have removed the row by a load; that the shipped file still has it brings nothing back.
        return
    earlier = {} if done.created or done.key not in rows else rows[done.key].said
    # Of a row that it created, a load has also said the columns that its file left out.
    unsaid = done.after if done.created else {}
    said = {**earlier, **(unsaid or {}), **done.said}
    rows[done.key] = Known(done.pk, said | earlier | (done.after or {}) if yields else said)


def since(load: Load) -> QuerySet[LoadPart]:
    """Parts of the loads that stand and were written after this one."""
    last = LoadPart.objects.filter(load=load).aggregate(last=Max("pk"))["last"] or 0
    return LoadPart.objects.filter(load__state=LoadState.LOADED, pk__gt=last)


class Renamed(NamedTuple):
    """What stored histories of a model call otherwise than its fields are called today."""

    # {column then: column now}
    columns: Mapping[str, str] = {}
    # Gives the key of today for one of then; for one of today, that key.
    key: Callable[[Key], Key] = lambda key: key
    # Gives {column: value} of columns that came later, and that a row of then holds by now otherwise
    # than by default, since a migration filled them.
    added: Callable[[], dict[str, Any]] = dict


def _first_award() -> dict[str, Any]:
    return {"award_id": Award.objects.filter(prefix="").values_list("pk", flat=True).first()}


# {model label: Renamed}. Whoever renames a column of the record, changes a natural key, or fills a new
# column, says so here: loads that were stored before keep the old names.
RENAMED = {
    # Known by its year, while there was one award.
    AwardYear._meta.label_lower: Renamed(key=lambda key: (str(key[0]),), added=_first_award),
    Mechanism._meta.label_lower: Renamed(columns={"aliases": "search_words"}),
}


def done_in(part: LoadPart | ChangePart) -> Iterator[tuple[Schema, list[LoadedRow]]]:
    """(Schema, [LoadedRow]) of each model in a part, as the models are today.

    A column that the load could not know yet holds what `RENAMED` or the row's key says, else the
    field's default; one that is gone is left out, as is a model that is gone. What is stored stays as
    it is.
    """
    for label, rows in _stored(part).items():
        if schema := LABELS.get(label):
            renamed = RENAMED.get(label, Renamed())
            yield schema, [_as_of_today(schema, renamed, *row) for row in rows]


def models_in(part: LoadPart) -> set[str]:
    """The labels of the models of which a load says anything."""
    return set(_stored(part))


def _stored(part: LoadPart | ChangePart) -> Any:
    """{model label: [[key, pk, said, before, after]]}"""
    return part.rows


def _as_of_today(
    schema: Schema, renamed: Renamed, stored_key: list[Any], pk: int | None, *stored: Any
) -> LoadedRow:
    key = renamed.key(tuple(stored_key))
    said, before, after = (_columns_of_today(schema, renamed, values) for values in stored)
    # Of a row that it created or removed, a load has kept every column that there was.
    if before is None and said is not None and after is not None:
        after = _unknown_then(schema, renamed, key, said.keys() | after.keys()) | after
    elif after is None and before is not None:
        before = _unknown_then(schema, renamed, key, before.keys()) | before
    return LoadedRow(key, pk, said, before, after)


def _columns_of_today(
    schema: Schema, renamed: Renamed, values: dict[str, Any] | None
) -> dict[str, Any] | None:
    if values is None or (values.keys() <= schema.defaults.keys() and not renamed.columns):
        return values
    named = {renamed.columns.get(name, name): value for name, value in values.items()}
    return {name: value for name, value in named.items() if name in schema.defaults}


def _unknown_then(schema: Schema, renamed: Renamed, key: Key, there: Set[str]) -> dict[str, Any]:
    """{column: value} of those that are not `there`."""
    missing = schema.defaults.keys() - there
    if not missing:
        return {}
    of_key = {
        field.attname: key[start]
        for field, start, _stop in schema.key_parts
        if not field.is_relation
    }
    known = schema.defaults | renamed.added() | of_key
    return {name: known[name] for name in missing}


def remember(load: Load, rows: Mapping[Schema, list[LoadedRow]]) -> None:
    """Keep what a load said and did."""
    parts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for schema, all_done in rows.items():
        for done in all_done:
            parts[scope_of(schema, done.key)][schema.label].append(done.as_list())
    LoadPart.objects.bulk_create(
        LoadPart(load=load, scope=scope, rows=rows) for scope, rows in parts.items()
    )


def forget(load: Load, stays: Mapping[RowId, dict[str, Any]]) -> None:
    """Keep of a load that is undone only what it did to the rows that stay, {row: {column: value}}.

    The columns are those that undoing has changed. The next load finds such a row as this one left it.
    """
    for part in LoadPart.objects.filter(load=load):
        rows = defaultdict(list)
        for schema, all_done in done_in(part):
            for done in all_done:
                columns = stays.get((schema, done.pk))
                if done.created and columns is not None:
                    done.said = {**(done.said or {}), **columns}
                    rows[schema.label].append(done.as_list())
        part.rows = rows
        part.save(update_fields=["rows"])


def left_by(load: Load) -> Iterator[tuple[Schema, LoadedRow]]:
    """What all years share that earlier loads created, and left when they were undone.

    Only those undone since this load was written: what they left then may hang on it alone.
    """
    parts = LoadPart.objects.filter(load__state=LoadState.UNDONE, scope=SHARED)
    own = LoadPart.objects.filter(load=load, scope=SHARED)
    said = {(schema, done.pk) for part in own for schema, done in _all(part)}
    for part in parts.filter(load__undone_at__gt=load.loaded_at).exclude(load=load):
        yield from (found for found in _all(part) if (found[0], found[1].pk) in said)


def said_beside(load: Load) -> dict[RowId, int]:
    """The number of a load that stands, other than this one, by each row of what all years share
    that it has said."""
    parts = LoadPart.objects.filter(load__state=LoadState.LOADED, scope=SHARED).exclude(load=load)
    return {(schema, done.pk): part.load_id for part in parts for schema, done in _all(part)}


def _all(part: LoadPart) -> Iterator[tuple[Schema, LoadedRow]]:
    for schema, rows in done_in(part):
        for done in rows:
            yield schema, done

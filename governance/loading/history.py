"""What earlier loads said, which the next one is compared with, and what each of them did."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max

from governance.models import Achievement, AwardYear, LoadPart, LoadState

from .merging import UNKNOWN
from .schemas import LABELS, SCHEMAS

SHARED = 0

# An undone load keeps the history of those rows alone that it created and that stayed.
IN_FORCE = (LoadState.LOADED, LoadState.UNDONE)


@dataclass(eq=False, slots=True)
class LoadedRow:
    """What a load said of one row and did to it. Values are by column, as `schemas.json_value` has them.

    `said` is None if the file does not have the row. `before` and `after` hold what was changed:
    None before a row was created and after it was removed, both {} if nothing was done. `after`
    of a created row leaves out what is there as it was said.
    """

    key: tuple
    pk: int | None
    said: dict | None
    before: dict | None
    after: dict | None

    @property
    def created(self):
        return self.before is None

    @property
    def removed(self):
        return self.after is None

    @property
    def written(self):
        """What the load left in the columns that it changed."""
        return {**self.said, **self.after} if self.created else self.after

    def as_list(self):
        return [self.key, self.pk, self.said, self.before, self.after]


@dataclass(eq=False, slots=True)
class Known:
    """What the loads so far have said of a row, the latest last."""

    pk: int | None
    said: dict

    def value(self, attname):
        return self.said.get(attname, UNKNOWN)


def scope_of(schema, key):
    """The award year to whose scope a row belongs, or SHARED."""
    if schema.model is AwardYear:
        return key[0]
    if schema.owner is None and schema.model is not Achievement:
        return SHARED
    year = key[0][:4]
    # What is no code names no row, and is refused later.
    return int(year) if year.isdecimal() else SHARED


def said_so_far(scopes):
    """{Schema: {key: Known}} of all loads that stand, for these scopes, and of what is left of others."""
    found = {schema: {} for schema in SCHEMAS.values()}
    parts = LoadPart.objects.filter(load__state__in=IN_FORCE, scope__in=scopes)
    # Parts are made when a load is written; the load itself is as old as its upload. Not by "load":
    # that would be by the ordering of Load, the newest first.
    for part in parts.order_by("pk"):
        for schema, rows in done_in(part):
            for done in rows:
                _remember(found[schema], done)
    return found


def _remember(rows, done):
    if done.removed:
        rows.pop(done.key, None)
        return
    if done.said is None:
        return
    earlier = {} if done.created or done.key not in rows else rows[done.key].said
    # Of a row that it created, a load has also said the columns that its file left out.
    unsaid = done.after if done.created else {}
    rows[done.key] = Known(done.pk, {**earlier, **unsaid, **done.said})


def since(load):
    """Parts of the loads that stand and were written after this one."""
    last = load.parts.aggregate(last=Max("pk"))["last"] or 0
    return LoadPart.objects.filter(load__state=LoadState.LOADED, pk__gt=last)


def done_in(part):
    """(Schema, [LoadedRow]) of each model in a LoadPart."""
    for label, rows in part.rows.items():
        schema = LABELS[label]
        yield schema, [LoadedRow(tuple(key), *rest) for key, *rest in rows]


def remember(load, rows):
    """Keep what a load said and did; `rows` is {Schema: [LoadedRow]}."""
    parts = defaultdict(lambda: defaultdict(list))
    for schema, all_done in rows.items():
        for done in all_done:
            parts[scope_of(schema, done.key)][schema.label].append(done.as_list())
    LoadPart.objects.bulk_create(
        LoadPart(load=load, scope=scope, rows=rows) for scope, rows in parts.items()
    )


def forget(load, stays):
    """Keep of a load that is undone only what it did to the rows that stay, {(Schema, pk): {column: value}}.

    The columns are those that undoing has changed. The next load finds such a row as this one left it.
    """
    for part in load.parts.all():
        rows = defaultdict(list)
        for schema, all_done in done_in(part):
            for done in all_done:
                columns = stays.get((schema, done.pk))
                if done.created and columns is not None:
                    done.said = {**done.said, **columns}
                    rows[schema.label].append(done.as_list())
        part.rows = rows
        part.save(update_fields=["rows"])


def left_by(load):
    """(Schema, LoadedRow) of what all years share that earlier loads created, and left when they were undone.

    Only those undone since this load was written: what they left then may hang on it alone.
    """
    parts = LoadPart.objects.filter(load__state=LoadState.UNDONE, scope=SHARED)
    said = {
        (schema, done.pk) for part in load.parts.filter(scope=SHARED) for schema, done in _all(part)
    }
    for part in parts.filter(load__undone_at__gt=load.loaded_at).exclude(load=load):
        yield from (found for found in _all(part) if (found[0], found[1].pk) in said)


def said_beside(load):
    """{(Schema, pk): a load that stands, other than this one, and has said it} of what all years share."""
    parts = LoadPart.objects.filter(load__state=LoadState.LOADED, scope=SHARED).exclude(load=load)
    return {(schema, done.pk): part.load_id for part in parts for schema, done in _all(part)}


def _all(part):
    for schema, rows in done_in(part):
        for done in rows:
            yield schema, done

"""The rows that a fixture names, found in the database by a few queries for each model."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from governance.batches import batched
from governance.models.fields import NaturalKeyModel
from governance.models.publication import KEYS
from governance.publishing import present_keys

from .history import Base
from .schemas import SCHEMAS, Key, Schema, named_by


class Missing(Enum):
    """Stands for a row that is not there."""

    # An earlier load brought it, and staff have since deleted it.
    GONE = "gone"
    # The fixture has it, but it cannot be made.
    BROKEN = "broken"


GONE, BROKEN = Missing.GONE, Missing.BROKEN
Found = NaturalKeyModel | Missing | None


class Rows:
    """Finds rows by the keys that a fixture gives them.

    `known` is what earlier loads said: a row that has been renamed since is found under its old key
    as well, unless another row of the fixture has the new one. `promised` are rows of earlier files
    that will not be written, so that their absence is no second error.
    """

    def __init__(self, known: Base, promised: dict[tuple[Schema, Key], NaturalKeyModel]) -> None:
        self.known = known
        self.promised = promised
        self.by_key: dict[Schema, dict[Key, NaturalKeyModel | Missing]] = _for_each_schema(dict)
        self.by_pk: dict[Schema, dict[int, NaturalKeyModel]] = _for_each_schema(dict)
        self.wanted: dict[Schema, set[Key]] = _for_each_schema(set)

    def want(self, schema: Schema, key: Key) -> None:
        """Say beforehand that the row of this key will be asked for."""
        if key in self.wanted[schema]:
            return
        self.wanted[schema].add(key)
        for field, start, stop in schema.key_parts:
            if field.is_relation:
                self.want(named_by(field), key[start:stop])

    def get(self, schema: Schema, key: Key) -> Found:
        """The row; GONE; BROKEN; None if there is none."""
        return self.by_key[schema].get(key) or self.promised.get((schema, key))

    def pk_of_gone(self, schema: Schema, key: Key) -> int | None:
        """The primary key that a row had, if it was ever there."""
        known = self.known[schema].get(key)
        return known.pk if known else None

    def made(self) -> dict[tuple[Schema, Key], NaturalKeyModel]:
        """The rows that are not saved yet."""
        return {
            (schema, key): row
            for schema, rows in self.by_key.items()
            for key, row in rows.items()
            if isinstance(row, Model) and row._state.adding
        }

    def fetch(self, schema: Schema, said: Iterable[Key]) -> None:
        """Find all rows wanted; those of `said`, the fixture's own keys, come before old names."""
        identities = {}
        for key in self.wanted[schema]:
            identity = self._identity(schema, key)
            if identity is not None:
                identities[identity] = key
        for row in self._candidates(schema, identities):
            self.by_pk[schema][row.pk] = row
            wanted = identities.get(schema.identity_of(row))
            if wanted is not None:
                self.by_key[schema][wanted] = row
        self._follow_renamed(schema, said)

    def _identity(self, schema: Schema, key: Key) -> Key | None:
        identity = []
        for field, start, stop in schema.key_parts:
            if not field.is_relation:
                identity.append(key[start])
                continue
            row = self.get(named_by(field), key[start:stop])
            if not isinstance(row, Model):
                return None
            identity.append(row.pk)
        return tuple(identity)

    def _candidates(self, schema: Schema, identities: Iterable[Key]) -> Iterator[NaturalKeyModel]:
        """All rows that share the first part of an identity: of an achievement, all its codings."""
        firsts = {identity[0] for identity in identities}
        owners = self.by_pk[named_by(schema.owner)] if schema.owner else {}
        if schema.owner:
            firsts &= owners.keys()
        attname = schema.key_parts[0][0].attname
        for some in batched(firsts):
            for row in schema.model.objects.filter(**{f"{attname}__in": some}):
                if schema.owner:
                    schema.owner.set_cached_value(row, owners[getattr(row, attname)])
                yield row

    def _follow_renamed(self, schema: Schema, said: Iterable[Key]) -> None:
        found, known, there = self.by_key[schema], self.known[schema], self.by_pk[schema]
        missing = {key: known[key].pk for key in self.wanted[schema] & known.keys() - found.keys()}
        taken = {row.pk for key in said if isinstance(row := found.get(key), Model)}
        for some in batched(set(missing.values()) - there.keys() - {None}):
            there.update(schema.model.objects.in_bulk(some))
        for key, pk in missing.items():
            found[key] = GONE if pk is None or pk in taken else there.get(pk, GONE)
        self._follow_moved(schema, taken)

    def _follow_moved(self, schema: Schema, taken: set[int]) -> None:
        """Find rows that the public knew by another code or slug than they have now."""
        first = schema.key_fields[0].name
        if KEYS.get(schema.model) != first or schema.owner:
            return
        found = self.by_key[schema]
        left = {str(key[0]): key for key in self.wanted[schema] - found.keys()}
        for former, now in present_keys(schema.model, left).items():
            for row in schema.model.objects.filter(**{first: now}):
                if schema.identity_of(row)[1:] == left[former][1:] and row.pk not in taken:
                    self.by_pk[schema][row.pk] = found[left[former]] = row

    def add(self, schema: Schema, keys: Collection[Key]) -> None:
        """Make an unsaved row for each of the keys, with a primary key that nobody else gets."""
        for key, pk in zip(keys, reserved(schema.model, len(keys)), strict=True):
            self.by_key[schema][key] = schema.new(pk=pk)


def _for_each_schema(kind: Callable[[], Any]) -> dict[Schema, Any]:
    return {schema: kind() for schema in SCHEMAS.values()}


def reserved(model: type[Model], count: int) -> Sequence[int]:
    """`count` new primary keys: rows can name each other before they are saved."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return sorted(pk for (pk,) in cursor)
        # The transaction holds SQLite's only lock for writing, so nobody else counts on.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
        return range(last + 1, last + 1 + count)


def not_there(schema: Schema, key: Key, named: Found) -> str:
    """The sentence for a row that is named and not there, with those that are near."""
    if named is GONE:
        return _("%(row)s 已被工作人员删除；请从文件中去掉，或先在后台恢复。") % {
            "row": schema.name(key)
        }
    values = {"row": schema.name(key), "near": "", "model": schema}
    first = schema.key_parts[0][0]
    if not first.is_relation:
        rows = schema.model.objects.filter(**{first.name: key[0]})[:5]
        values["near"] = "、".join(str(list(row.natural_key())) for row in rows)
    if values["near"]:
        return _("没有 %(row)s；库中有：%(near)s。") % values
    return _("没有 %(row)s；请在文件中列出它，或先装入有它的文件。") % values

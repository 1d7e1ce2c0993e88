"""The rows that a fixture names, found in the database by a few queries for each model."""

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from governance.batches import batched

from .schemas import SCHEMAS

# Stands for a row that an earlier load brought and staff have since deleted.
GONE = object()
# Stands for a row that the fixture has, but that cannot be made.
BROKEN = object()


class Rows:
    """Finds rows by the keys that a fixture gives them.

    `known` is what earlier loads said ({Schema: {key: Known}}): a row that has been renamed since is
    found under its old key as well, unless another row of the fixture has the new one. `promised`
    are rows of earlier files that will not be written, so that their absence is no second error.
    """

    def __init__(self, known, promised):
        self.known = known
        self.promised = promised
        self.by_key = {schema: {} for schema in SCHEMAS.values()}
        self.by_pk = {schema: {} for schema in SCHEMAS.values()}
        self.wanted = {schema: set() for schema in SCHEMAS.values()}

    def want(self, schema, key):
        """Say beforehand that the row of this key will be asked for."""
        if key in self.wanted[schema]:
            return
        self.wanted[schema].add(key)
        for field, start, stop in schema.key_parts:
            if field.is_relation:
                self.want(SCHEMAS[field.related_model], key[start:stop])

    def get(self, schema, key):
        """The row; GONE; BROKEN; None if there is none."""
        return self.by_key[schema].get(key) or self.promised.get((schema, key))

    def pk_of_gone(self, schema, key):
        """The primary key that a row had, if it was ever there."""
        known = self.known[schema].get(key)
        return known.pk if known else None

    def fetch(self, schema, said):
        """Find all rows wanted; those of `said`, the fixture's own keys, come before old names."""
        identities = {}
        for key in self.wanted[schema]:
            identity = self._identity(schema, key)
            if identity is not None:
                identities[identity] = key
        found = self.by_key[schema]
        for row in self._candidates(schema, identities):
            self.by_pk[schema][row.pk] = row
            key = identities.get(schema.identity_of(row))
            if key is not None:
                found[key] = row
        self._follow_renamed(schema, said)

    def _identity(self, schema, key):
        identity = []
        for field, start, stop in schema.key_parts:
            if not field.is_relation:
                identity.append(key[start])
                continue
            row = self.get(SCHEMAS[field.related_model], key[start:stop])
            if not isinstance(row, Model):
                return None
            identity.append(row.pk)
        return tuple(identity)

    def _candidates(self, schema, identities):
        """All rows that share the first part of an identity: of an achievement, all its codings."""
        firsts = {identity[0] for identity in identities}
        if schema.owner:
            owners = SCHEMAS[schema.owner.related_model]
            firsts &= self.by_pk[owners].keys()
        attname = schema.key_parts[0][0].attname
        for some in batched(firsts):
            for row in schema.model.objects.filter(**{f"{attname}__in": some}):
                if schema.owner:
                    owner = self.by_pk[owners][getattr(row, attname)]
                    schema.owner.set_cached_value(row, owner)
                yield row

    def _follow_renamed(self, schema, said):
        found, known = self.by_key[schema], self.known[schema]
        missing = {key: known[key].pk for key in self.wanted[schema] & known.keys() - found.keys()}
        taken = {found[key].pk for key in said if key in found}
        there = self.by_pk[schema]
        for some in batched(set(missing.values()) - there.keys() - {None}):
            there.update(schema.model.objects.in_bulk(some))
        for key, pk in missing.items():
            found[key] = GONE if pk in taken else there.get(pk, GONE)

    def add(self, schema, keys):
        """Make an unsaved row for each of the keys, with a primary key that nobody else gets."""
        for key, pk in zip(keys, reserved(schema.model, len(keys)), strict=True):
            self.by_key[schema][key] = schema.model(pk=pk)


def reserved(model, count):
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


def not_there(schema, key, named):
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

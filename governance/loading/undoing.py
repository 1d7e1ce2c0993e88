"""Taking a load back: the merge the other way round.

What the load wrote is what the last one "said", what was there before is what the "file" says.
"""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.batches import batched
from governance.models import Achievement, Load, LoadPart, LoadState

from .consistency import settle
from .history import SHARED, done_in, forget, left_by, said_beside, since
from .merging import UNKNOWN, Outcome, merge
from .problems import FixtureProblem, Invalid, LoadError, first_few
from .report import LoadReport, UndoDetail, settled
from .running import Counter, follow, one_turn
from .schemas import MODELS, SCHEMAS, SPANS, columns, json_value
from .writing import Changes


def undo(pk, *, by=None, dry_run=False, progress=lambda words, done, total: None):
    """Take the Load with this primary key back; returns a LoadReport.

    Rows that it created go, unless staff have changed them, added to them or named them since, or a
    later load has said them too; an entry stays or goes with all its parts. Values that it changed
    and rows that it removed come back, unless somebody has changed them since.
    Raises LoadError if there is no such load, if it does not stand or if a later one of the same year
    does, Invalid if what would be left is not valid.
    """
    with one_turn():
        load = _standing(pk)
        words = _("撤销 %(name)s") % {"name": load.name}
        undoing = Undoing(load, Counter(progress, words))
        touched = undoing.changes.write(Counter(progress, words))
        forget(load, undoing.stays)
        load.state, load.undone_at, load.undone_by = LoadState.UNDONE, timezone.now(), by
        load.undo_report = undoing.report.as_json()
        load.save(update_fields=["state", "undone_at", "undone_by", "undo_report"])
        follow(touched, [undoing.report], progress)
        if dry_run:
            transaction.set_rollback(True)
    undoing.report.dry_run = dry_run
    return undoing.report


def obstacle(pk):
    """The sentence why a load cannot be undone as things stand, "" if it can: seen without trying.

    What trying finds besides, `undo(pk, dry_run=True)` tells.
    """
    try:
        with transaction.atomic():
            _standing(pk)
    except LoadError as error:
        return str(error)
    return ""


def _standing(pk):
    load = Load.objects.without_content().select_for_update().filter(pk=pk).first()
    if load is None:
        raise LoadError(_("没有装入 #%(load)s。") % {"load": pk})
    if load.state != LoadState.LOADED:
        raise LoadError(
            _("装入 #%(load)s 现为“%(state)s”，不能撤销。")
            % {"load": pk, "state": load.get_state_display()}
        )
    if later := _later_of_the_same(load):
        raise LoadError(
            _("其后还装入过同一内容，请先撤销 %(later)s，再撤销 #%(load)s。")
            % {"later": "、".join(f"#{one}" for one in later), "load": pk}
        )
    return load


def _later_of_the_same(load):
    """Later loads that stand, of a year that this one has too, the last first.

    What all years share does not count: a later year keeps what it names, and says so. Only a load
    of nothing else waits for another such load.
    """
    parts = since(load)
    scopes = set(load.parts.values_list("scope", flat=True))
    if scopes - {SHARED}:
        found = parts.filter(scope__in=scopes - {SHARED})
    else:
        models = {model for part in load.parts.all() for model in part.rows}
        alone = parts.exclude(load__parts__scope__gt=SHARED)
        found = [part for part in alone if models & part.rows.keys()]
    return list({part.load_id: part for part in sorted(found, key=lambda part: -part.pk)})


class Undoing:
    """The changes that take a load back, and their report."""

    def __init__(self, load, tick):
        self.load = load
        self.changes = Changes()
        self.report = LoadReport(load.name, load.digest, undo=True, load=load.pk)
        self.done = defaultdict(list)
        for part in LoadPart.objects.filter(load=load):
            for schema, rows in done_in(part):
                self.done[schema] += [done for done in rows if done.created or done.before]
        self._keys = {}
        self._texts = {
            (schema, done.key): {**(done.before or {}), **(done.said or {})}.get("text", "")
            for schema in map(SCHEMAS.get, SPANS)
            for done in self.done.get(schema, ())
        }
        self.later = self._said_later()
        # {(schema, pk): {column: value that settling gave it}} of the rows it created that stay.
        self.stays = {}
        self._add_left()
        self.rows = {schema: self._there(schema) for schema in self.done}
        self._remove_created()
        self._refuse_half()
        for model in MODELS:
            schema = SCHEMAS[model]
            for done in self.done[schema]:
                if done.removed:
                    self._bring_back(schema, done)
                elif not done.created:
                    self._restore(schema, done)
                tick()
        self._settle()
        self.report.note_published()
        self._check()

    def _add_left(self):
        """What loads undone before this one had created and left because this one had it too."""
        self.left = list(left_by(self.load))
        if not self.left:
            return
        said = said_beside(self.load)
        for schema, done in self.left:
            self.done[schema].append(done)
            if load := said.get((schema, done.pk)):
                self.later[schema, done.pk][load] = set()

    def _said_later(self):
        """{(schema, pk): {later load: columns that it has said}}"""
        later = defaultdict(dict)
        scopes = LoadPart.objects.filter(load=self.load).values("scope")
        for part in since(self.load).filter(scope__in=scopes):
            for schema, rows in done_in(part):
                for done in rows:
                    if done.said is not None:
                        later[schema, done.pk][part.load_id] = done.said.keys()
        return later

    def _there(self, schema):
        found = {}
        for some in batched(done.pk for done in self.done[schema]):
            found |= schema.model.objects.in_bulk(some)
        return found

    def _remove_created(self):
        """Remove what the load created, children first, but nothing that somebody has worked on."""
        # {(schema, pk): (reason, words)} of those that stay for another reason than a change.
        self.reasons = {}
        doomed = {SCHEMAS[model]: self._untouched(SCHEMAS[model]) for model in MODELS}
        for model in reversed(MODELS):
            schema = SCHEMAS[model]
            while named := self._still_named(schema, doomed):
                doomed[schema] -= named.keys()
                self.reasons.update({(schema, pk): ("used", who) for pk, who in named.items()})
            if model is Achievement:
                self._keep_parts_of_kept(doomed)
        for schema, pks in doomed.items():
            for done in self.done[schema]:
                row = self._row(schema, done)
                if not done.created or row is None:
                    continue
                if done.pk in pks:
                    self.report.count(schema, "removed", done.key)
                    self.changes.removed[schema.model].append(row)
                else:
                    self.report.count(schema, "unchanged", done.key)
                    self.stays[schema, done.pk] = {}
                    self._report_kept(schema, done, row)

    def _refuse_half(self):
        """What all years stand on goes whole or not at all: half a table of regions reads no year."""
        if self.load.parts.exclude(scope=SHARED).exists():
            return
        used = [
            str(row)
            for (schema, pk), (reason, _words) in self.reasons.items()
            if reason == "used" and (row := self.rows[schema].get(pk))
        ]
        if used:
            raise LoadError(
                _("装入 #%(load)s 不能撤销：它装入的%(rows)s仍有别处用到。")
                % {"load": self.load.pk, "rows": first_few(used)}
            )

    def _untouched(self, schema):
        """Primary keys of the rows that it created and that are as it left them."""
        found = set()
        for done in self.done[schema]:
            row = self._row(schema, done)
            if not done.created or row is None:
                continue
            if loads := self.later.get((schema, done.pk)):
                self.reasons[schema, done.pk] = "loaded", first_few(f"#{load}" for load in loads)
            elif columns(row) == done.written:
                found.add(done.pk)
        return found

    def _still_named(self, schema, doomed):
        """{doomed row: who names it} of those that a row which stays names."""
        named = defaultdict(list)
        for relation in schema.model._meta.related_objects:
            other = SCHEMAS.get(relation.related_model)
            # Many to many is said by the rows between, which are looked at by themselves.
            if other is None or relation.many_to_many:
                continue
            attname = relation.field.attname
            for some in batched(doomed[schema]):
                rows = other.model.objects.filter(**{f"{attname}__in": some})
                for pk, target in rows.values_list("pk", attname):
                    if pk not in doomed[other]:
                        named[target].append((other, pk))
        return named

    def _keep_parts_of_kept(self, doomed):
        """An entry that stays keeps all its parts: without its organizations it would be another."""
        schema = SCHEMAS[Achievement]
        kept = {
            done.key for done in self.done[schema] if done.created and done.pk not in doomed[schema]
        }
        for part, dones in self.done.items():
            if part.owner:
                pks = {done.pk for done in dones if done.key[:1] in kept}
                self.reasons.update({(part, pk): ("part", "") for pk in pks & doomed[part]})
                doomed[part] -= pks

    def _row(self, schema, done):
        return self.rows.get(schema, {}).get(done.pk)

    def _report_kept(self, schema, done, row):
        there, written = columns(row), done.written
        changed = [name for name in there if there[name] != written[name]]
        for name in changed:
            values = self._shown(schema, name, written[name], None, there[name])
            self._keep(schema, done.key, *values)
        if not changed:
            reason, words = self.reasons.get((schema, done.pk), ("", ""))
            if reason == "used":
                words = first_few(_who(other, pk) for other, pk in words)
            self._keep(schema, done.key, reason=reason, words=words)

    def _restore(self, schema, done):
        """Bring back what a row held, column by column."""
        row, restored = self._row(schema, done), False
        if row is None:
            self._keep(schema, done.key, reason="deleted")
            return
        later = set().union(*self.later.get((schema, done.pk), {}).values())
        for attname, before in done.before.items():
            field = schema.fields[_field(schema, attname)]
            after, there = done.after[attname], json_value(getattr(row, attname))
            outcome = merge(UNKNOWN if attname in later else after, before, there)
            value = _value(field, before)
            if outcome is Outcome.TAKEN and (before is None or value is not None):
                values = self._shown(schema, attname, after, before, there)
                self._differ("changed", schema, done.key, *values)
                self.changes.change(row, field, value)
                restored = True
            elif outcome is not Outcome.UNCHANGED:
                self._keep(schema, done.key, *self._shown(schema, attname, after, before, there))
        if schema.model in SPANS:
            self.changes.place(row)
        self.report.count(schema, "changed" if restored else "unchanged", done.key)

    def _bring_back(self, schema, done):
        """Make a row that the load removed anew, under its old primary key."""
        values = {}
        for field in schema.fields.values():
            before = done.before[field.attname]
            values[field.name] = value = _value(field, before, self.changes.created)
            if value is None and before is not None:
                self._keep(schema, done.key, reason="homeless")
                return
        row = schema.model(pk=done.pk, **values)
        identity = {
            field.attname: getattr(row, field.attname) for field, _start, _stop in schema.key_parts
        }
        if schema.model.objects.filter(**identity).exists():
            self._keep(schema, done.key, reason="remade")
            return
        self.changes.created[schema.model].append(row)
        if schema.model in SPANS:
            self.changes.place(row)
        self.report.count(schema, "created", done.key)

    def _shown(self, schema, attname, *columns):
        """The name of a field, and its columns' values as a report has them: relations by their keys."""
        field = schema.fields[_field(schema, attname)]
        return field.name, *(self._key_of(field, column) for column in columns)

    def _key_of(self, field, column):
        if column is None or not field.is_relation:
            return column
        named = (field.related_model, column)
        if named not in self._keys:
            row = field.related_model.objects.filter(pk=column).first()
            self._keys[named] = list(row.natural_key()) if row else None
        return self._keys[named]

    def _keep(self, schema, key, *values, **why):
        self._differ("kept", schema, key, *values, **why)

    def _differ(self, outcome, schema, key, *values, **why):
        if schema.model in SPANS and not why.get("reason"):
            why["words"] = self._texts.get((schema, key), "")
        self.report.add(UndoDetail(outcome, schema.label, key, *values, **why))

    def _settle(self):
        """Places and ranks of entries that stay, where the year is again as it was before."""
        schema = SCHEMAS[Achievement]
        for row, before in settle(self.changes, self._keeps_rank).items():
            after = {name: getattr(row, name) for name in before}
            if (schema, row.pk) in self.stays:
                self.stays[schema, row.pk] = after
            self.report.count(schema, "changed", (row.code,))
            for detail in settled((row.code,), before, after, UndoDetail):
                self.report.add(detail)

    def _keeps_rank(self, row):
        """Whether it is neither restored nor of this load: then nobody takes its rank."""
        ours = (SCHEMAS[Achievement], row.pk) in self.stays
        return not ours and row.pk not in self.changes.changed[Achievement]

    def _check(self):
        problems = [
            FixtureProblem(self.load.name, sentence, row=str(row))
            for row, error in self.changes.problems()
            for sentence in error.messages
        ]
        if problems:
            raise Invalid(problems)


def _who(schema, pk):
    """A row that names another, as a person knows it: the entry of which it is a part."""
    row = schema.model.objects.get(pk=pk)
    return str(getattr(row, schema.owner.name) if schema.owner else row)


def _field(schema, attname):
    return schema.model._meta.get_field(attname).name


def _value(field, column, new=()):
    """What a field holds for a column's JSON value; None for a row that is no longer there."""
    if column is None:
        return None
    if not field.is_relation:
        return field.to_python(column)
    for row in new[field.related_model] if new else ():
        if row.pk == column:
            return row
    return field.related_model.objects.filter(pk=column).first()

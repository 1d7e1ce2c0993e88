"""Taking a load back: the merge the other way round.

What the load wrote is what the last one "said", what was there before is what the "file" says.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import Field, Model
from django.utils.translation import gettext as _

from governance.batches import batched
from governance.merging import UNKNOWN, Outcome, merge
from governance.models import Achievement, Address, Load, LoadPart, Publication, Status
from governance.models.fields import NaturalKeyModel, json_value
from governance.models.publication import KEYS, kind_of

from .consistency import settle
from .history import SHARED, LoadedRow, RowId, done_in, left_by, said_beside, since
from .judgements import settle_judgements
from .problems import FixtureProblem, LoadError, Problems, first_few
from .report import LoadReport, UndoDetail, settled
from .schemas import MODELS, SCHEMAS, SPANS, Key, Schema, columns, named_by
from .writing import Changes, Plan

ENTRY = SCHEMAS[Achievement]

# {schema: primary keys of the rows that are to go}
Doomed = dict[Schema, set[int | None]]


def plan_undo(load: Load, tick: Callable[[], None] = lambda: None) -> Plan:
    """What undoing a load comes to as things stand; nothing is written.

    Raises LoadError for a load of what all years share of which something is in use.

    1. Read what the load did, what earlier ones left to it, and what later ones have said.
    2. Find the rows that it created and that nobody has changed, publishing apart; of these, children
       first, leave those that a row which stays names, entries that were ever public, and all parts
       of an entry that stays. Those that are public are taken back from the public.
    3. Model by model, bring back the rows that it removed and the values that it changed, unless
       somebody has changed them since.
    4. Settle the places, ranks, English words and reviews of what stays.
    5. Check what will be.
    """
    undoing = _Undoing(load)
    undoing.read_history()
    undoing.remove_created()
    undoing.refuse_half()
    for model in MODELS:
        undoing.restore_all(SCHEMAS[model], tick)
    undoing.settle()
    undoing.report.note_published()
    return Plan(undoing.changes, undoing.report, undoing.problems(), stays=undoing.stays)


class _Undoing:
    """The plan as it grows."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.changes = Changes()
        self.report = LoadReport(load.name, load.digest, undo=True, load=load.pk)
        self.done: dict[Schema, list[LoadedRow]] = defaultdict(list)
        self.rows: dict[Schema, dict[int, NaturalKeyModel]] = {}
        # {row: {later load: columns that it has said}}
        self.later: dict[RowId, dict[int, set[str]]] = defaultdict(dict)
        # {row: (reason, words)} of those that stay for another reason than a change.
        self.reasons: dict[RowId, tuple[str, Any]] = {}
        # {row: {column: value that settling gave it}} of the rows it created that stay.
        self.stays: dict[RowId, dict[str, Any]] = {}
        # {(schema, key): words} of the spans, which may be gone.
        self.texts: dict[tuple[Schema, Key], str] = {}
        # {(model, primary key): the key of the row}
        self.keys: dict[tuple[type[Model], int], list[Any] | None] = {}

    def read_history(self) -> None:
        for part in LoadPart.objects.filter(load=self.load):
            for schema, rows in done_in(part):
                self.done[schema] += [done for done in rows if done.created or done.before]
        self.texts = {
            (schema, done.key): {**(done.before or {}), **(done.said or {})}.get("text", "")
            for schema in map(SCHEMAS.__getitem__, SPANS)
            for done in self.done[schema]
        }
        self._read_later()
        self._add_left()
        self.rows = {schema: self._there(schema) for schema in self.done}

    def _read_later(self) -> None:
        scopes = LoadPart.objects.filter(load=self.load).values("scope")
        for part in since(self.load).filter(scope__in=scopes):
            for schema, rows in done_in(part):
                for done in rows:
                    if done.said is not None:
                        self.later[schema, done.pk][part.load_id] = set(done.said)

    def _add_left(self) -> None:
        """What loads undone before this one had created and left because this one had it too."""
        left = list(left_by(self.load))
        said = said_beside(self.load) if left else {}
        for schema, done in left:
            self.done[schema].append(done)
            if load := said.get((schema, done.pk)):
                self.later[schema, done.pk][load] = set()

    def _there(self, schema: Schema) -> dict[int, NaturalKeyModel]:
        found: dict[int, NaturalKeyModel] = {}
        for some in batched(done.pk for done in self.done[schema]):
            found |= schema.model.objects.in_bulk(some)
        return found

    def remove_created(self) -> None:
        """Remove what the load created, but nothing that somebody has worked on."""
        for schema, pks in self._doomed().items():
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
                    self._take_back(schema, done, row)
                    self._report_kept(schema, done, row)

    def _doomed(self) -> Doomed:
        """The rows that it created and that can go; why the others stay is in `reasons`."""
        doomed = {SCHEMAS[model]: self._untouched(SCHEMAS[model]) for model in MODELS}
        # Children first: a parent goes only if all that names it does.
        for model in reversed(MODELS):
            schema = SCHEMAS[model]
            while named := self._still_named(schema, doomed):
                doomed[schema] -= named.keys()
                self.reasons.update({(schema, pk): ("used", who) for pk, who in named.items()})
            if schema is ENTRY:
                self._keep_parts_of_kept(doomed)
        return doomed

    def _take_back(self, schema: Schema, done: LoadedRow, row: NaturalKeyModel) -> None:
        """Take an entry that stays back from the public: its address says so from now on."""
        later = self.later.get((schema, done.pk))
        if not isinstance(row, Achievement) or row.status != Status.PUBLISHED or later:
            return
        self.changes.change(row, _field(schema, "status"), Status.DRAFT)
        self.stays[schema, done.pk]["status"] = Status.DRAFT.value
        self.report.count(schema, "changed", done.key)
        self._differ("changed", schema, done.key, reason="withdrawn")

    def refuse_half(self) -> None:
        """What all years stand on goes whole or not at all: half a table of regions reads no year."""
        if LoadPart.objects.filter(load=self.load).exclude(scope=SHARED).exists():
            return
        used = [
            str(row)
            for (schema, pk), (reason, _words) in self.reasons.items()
            if reason == "used" and pk and (row := self.rows[schema].get(pk))
        ]
        if used:
            raise LoadError(
                _("装入 #%(load)s 不能撤销：它装入的%(rows)s仍有别处用到。")
                % {"load": self.load.pk, "rows": first_few(used)}
            )

    def _untouched(self, schema: Schema) -> set[int | None]:
        """Primary keys of the rows that it created and that are as it left them."""
        found = set()
        for done in self.done[schema]:
            row = self._row(schema, done)
            if not done.created or row is None:
                continue
            if loads := self.later.get((schema, done.pk)):
                self.reasons[schema, done.pk] = "loaded", first_few(f"#{load}" for load in loads)
            elif (schema, done.pk) in self._public:
                self.reasons[schema, done.pk] = "public", ""
            elif not _changed(row, done):
                found.add(done.pk)
        return found

    @cached_property
    def _public(self) -> set[RowId]:
        """The entries that it created and that were ever public, and what such entries ever named."""
        found: set[RowId] = set()
        for schema, rows in self.rows.items():
            for some in batched(rows if schema.model in KEYS else ()):
                known = Address.objects.filter(kind=kind_of(schema.model), row__in=some)
                found.update((schema, pk) for pk in known.values_list("row", flat=True))
        entries = self.rows.get(ENTRY, {})
        by_code = {row.code: pk for pk, row in entries.items() if isinstance(row, Achievement)}
        for codes in batched(by_code):
            noted = Publication.objects.filter(code__in=codes).values_list("code", flat=True)
            found.update((ENTRY, by_code[code]) for code in noted)
        # What SQL published, the builder has not met yet.
        for pk, row in entries.items():
            if isinstance(row, Achievement) and row.status == Status.PUBLISHED:
                found.add((ENTRY, pk))
        return found

    def _still_named(
        self, schema: Schema, doomed: Doomed
    ) -> dict[int | None, list[tuple[Schema, int]]]:
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

    def _keep_parts_of_kept(self, doomed: Doomed) -> None:
        """An entry that stays keeps all its parts: without its organizations it would be another."""
        kept = {
            done.key for done in self.done[ENTRY] if done.created and done.pk not in doomed[ENTRY]
        }
        for part, dones in self.done.items():
            if part.owner:
                pks = {done.pk for done in dones if done.key[:1] in kept}
                self.reasons.update({(part, pk): ("part", "") for pk in pks & doomed[part]})
                doomed[part] -= pks

    def _row(self, schema: Schema, done: LoadedRow) -> NaturalKeyModel | None:
        return self.rows.get(schema, {}).get(done.pk or 0)

    def _report_kept(self, schema: Schema, done: LoadedRow, row: NaturalKeyModel) -> None:
        there, written, changed = columns(row), done.written, _changed(row, done)
        for name in changed:
            values = self._shown(schema, name, written[name], None, there[name])
            self._keep(schema, done.key, *values)
        if not changed:
            reason, words = self.reasons.get((schema, done.pk), ("", ""))
            if reason == "used":
                words = first_few(_who(other, pk) for other, pk in words)
            self._keep(schema, done.key, reason=reason, words=words)

    def restore_all(self, schema: Schema, tick: Callable[[], None]) -> None:
        for done in self.done[schema]:
            if done.removed:
                self._bring_back(schema, done, done.before or {})
            elif not done.created:
                self._restore(schema, done, done.before or {}, done.after or {})
            tick()

    def _restore(
        self, schema: Schema, done: LoadedRow, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        """Bring back what a row held, column by column."""
        row, restored = self._row(schema, done), False
        if row is None:
            self._keep(schema, done.key, reason="deleted")
            return
        later = set().union(*self.later.get((schema, done.pk), {}).values())
        for attname, old in before.items():
            field = _field(schema, attname)
            there = json_value(getattr(row, attname))
            outcome = merge(UNKNOWN if attname in later else after[attname], old, there)
            value = held_value(field, old)
            shown = self._shown(schema, attname, after[attname], old, there)
            if outcome is Outcome.TAKEN and (old is None or value is not None):
                self._differ("changed", schema, done.key, *shown)
                self.changes.change(row, field, value)
                restored = True
            elif outcome is not Outcome.UNCHANGED:
                self._keep(schema, done.key, *shown)
        if schema.model in SPANS:
            self.changes.place(row)
        self.report.count(schema, "changed" if restored else "unchanged", done.key)

    def _bring_back(self, schema: Schema, done: LoadedRow, before: dict[str, Any]) -> None:
        """Make a row that the load removed anew, under its old primary key."""
        values = {}
        for field in schema.fields.values():
            old = before[field.attname]
            values[field.name] = value = held_value(field, old, self.changes.created)
            if value is None and old is not None:
                self._keep(schema, done.key, reason="homeless")
                return
        row = schema.new(pk=done.pk, **values)
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

    def _shown(self, schema: Schema, attname: str, *values: Any) -> tuple[Any, ...]:
        """The name of a field, and its columns' values as a report has them: relations by their keys."""
        field = _field(schema, attname)
        return field.name, *(self._key_of(field, value) for value in values)

    def _key_of(self, field: Field, value: Any) -> Any:
        if value is None or not field.is_relation:
            return value
        model = named_by(field).model
        if (model, value) not in self.keys:
            row = model.objects.filter(pk=value).first()
            self.keys[model, value] = list(row.natural_key()) if row else None
        return self.keys[model, value]

    def _keep(self, schema: Schema, key: Key, *values: Any, **why: Any) -> None:
        self._differ("kept", schema, key, *values, **why)

    def _differ(self, outcome: str, schema: Schema, key: Key, *values: Any, **why: Any) -> None:
        if schema.model in SPANS and not why.get("reason"):
            why["words"] = self.texts.get((schema, key), "")
        self.report.add(UndoDetail(outcome, schema.label, key, *values, **why))

    def settle(self) -> None:
        """Places and ranks of entries that stay, where the year is again as it was before; with the
        English words and reviews of what stays."""
        rows: dict[Any, dict[str, Any]] = {**settle(self.changes, self._keeps_rank)}
        for row, before in (rows | settle_judgements(self.changes)).items():
            schema, key = SCHEMAS[type(row)], row.natural_key()
            after = {name: json_value(getattr(row, name)) for name in before}
            if (schema, row.pk) in self.stays:
                self.stays[schema, row.pk] |= after
            if not row._state.adding:
                self.report.count(schema, "changed", key)
            for detail in settled(schema, key, before, after, UndoDetail):
                self.report.add(detail)

    def _keeps_rank(self, row: Achievement) -> bool:
        """Whether it is neither restored nor of this load: then nobody takes its rank."""
        ours = (ENTRY, row.pk) in self.stays
        return not ours and row.pk not in self.changes.changed[Achievement]

    def problems(self) -> Problems:
        found = Problems()
        for row, error in self.changes.problems():
            for sentence in error.messages:
                found.append(FixtureProblem(self.load.name, sentence, row=str(row)))
        return found


def _changed(row: NaturalKeyModel, done: LoadedRow) -> list[str]:
    """The columns that somebody has changed since; to publish an entry is not to change it."""
    there, written = columns(row), done.written
    return [
        name
        for name in there
        if there[name] != written[name] and (name != "status" or not isinstance(row, Achievement))
    ]


def _who(schema: Schema, pk: int) -> str:
    """A row that names another, as a person knows it: the entry of which it is a part."""
    row = schema.model.objects.get(pk=pk)
    return str(getattr(row, schema.owner.name) if schema.owner else row)


def _field(schema: Schema, attname: str) -> Any:
    return schema.model._meta.get_field(attname)


def held_value(field: Field, column: Any, new: dict[type[Model], list[Any]] | None = None) -> Any:
    """What a field holds for a column's JSON value; None for a row that is no longer there."""
    if column is None:
        return None
    if not field.is_relation:
        return field.to_python(column)
    schema = named_by(field)
    for row in new[schema.model] if new else ():
        if row.pk == column:
            return row
    return schema.model.objects.filter(pk=column).first()

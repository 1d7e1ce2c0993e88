"""What was decided and checked, and how it is written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Field, Model, Q, prefetch_related_objects
from django.utils import timezone

from governance import images, index
from governance.batches import batched
from governance.changes import recording
from governance.models import (
    Achievement,
    AchievementImage,
    AchievementOrganization,
    Award,
    AwardYear,
    ChangeKind,
    Coding,
    Evidence,
    Load,
    LoadState,
    Mechanism,
    Organization,
    Region,
    SettingEvidence,
    Status,
)
from governance.models.achievement import MOST_RANK
from governance.models.coding import TEXTS, Passage, relocate
from governance.models.fields import NaturalKeyModel
from governance.publishing import ALONE, keep_addresses

from .checking import check
from .history import LoadedRow, RowId, forget, remember
from .problems import Problems
from .report import LoadReport
from .schemas import MODELS, SCHEMAS, SPANS, Key, Schema, columns, named_by

# So many changed regions are looked at one by one; with more, every entry is indexed anew.
FEW = 20
BATCH = 1000

Rows = Iterable[NaturalKeyModel]


class Changes:
    """What is to be done, by model: rows to create, to change and to remove.

    Rows are instances that hold their new values; `changed` is {model: {pk: row}}, and `columns`
    names those that change. `was` is {model: {pk: {field name: column before}}} of those rows, `texts`
    the titles and summaries of before, by achievement.
    `placed` are spans counted in the texts of after: other evidence moves with the text. `wrong` are
    rows that cannot be written, each with the fields that are already known to be wrong. `suspects`
    are entries that do not change and that a changed year may have made wrong.
    """

    def __init__(self) -> None:
        self.created: dict[type[Model], list[Any]] = defaultdict(list)
        self.changed: dict[type[Model], dict[int, Any]] = defaultdict(dict)
        self.columns: dict[type[Model], set[str]] = defaultdict(set)
        self.removed: dict[type[Model], list[Any]] = defaultdict(list)
        self.texts: dict[int, dict[str, str]] = defaultdict(dict)
        self.placed: dict[type[Model], set[Any]] = defaultdict(set)
        self.wrong: dict[type[Model], list[tuple[Any, set[str]]]] = defaultdict(list)
        self.suspects: list[Achievement] = []
        self.was: dict[type[Model], dict[int, dict[str, Any]]] = defaultdict(
            lambda: defaultdict(dict)
        )

    def change(self, row: NaturalKeyModel, field: Field, value: Any) -> None:
        """Set a field; `value` is a row for a relation, None included."""
        model = type(row)
        if row._state.adding:
            setattr(row, field.name, value)
            return
        was = self.was[model][row.pk].setdefault(field.name, getattr(row, field.attname))
        if model is Achievement and field.name in Passage.values:
            self.texts[row.pk].setdefault(field.name, was)
        setattr(row, field.name, value)
        self.changed[model][row.pk] = row
        self.columns[model].add(field.name)

    def before(self, row: NaturalKeyModel, name: str) -> Any:
        """What a field of a row held before it was changed; None for a new row."""
        there = getattr(row, name)
        return None if row._state.adding else self.was[type(row)][row.pk].get(name, there)

    @property
    def publishes(self) -> bool:
        """Whether an entry becomes public by it."""
        moved = (
            row
            for pk, row in self.changed[Achievement].items()
            if "status" in self.was[Achievement][pk]
        )
        return any(row.status == Status.PUBLISHED for row in (*self.created[Achievement], *moved))

    def place(self, span: NaturalKeyModel) -> None:
        """Say that the place of a span is that in the text of after."""
        self.placed[type(span)].add(span)

    def problems(
        self, tick: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[NaturalKeyModel, ValidationError]]:
        """Yield (row, ValidationError) for what would not be valid afterwards."""
        left = self._other_evidence()

        def clean(row: NaturalKeyModel) -> None:
            # Which words must still stand: not those that change or go with the text.
            if isinstance(row, Achievement):
                row.check_with(left.get(row.pk, ()))
            else:
                row.clean()

        for model in MODELS:
            # What clean() looks at, in a query for many instead of one for each. Django names them
            # in a chain of ORs there, of which SQLite takes a thousand.
            for some in batched(self.changed[model].values(), 500):
                prefetch_related_objects(some, *(field.name for field in SCHEMAS[model].relations))
                for row in some:
                    self._see_changed(row)
            rows = {row.pk: row for row in self.created[model]} | self.changed[model]
            for row in self._dependent(model):
                rows.setdefault(row.pk, row)
            going = {row.pk for row in self.removed[model]}
            yield from check(rows.values(), clean, tick, going=going)
            for row, fields in self.wrong[model]:
                yield from check([row], clean, tick, fields)

    def _see_changed(self, row: NaturalKeyModel) -> None:
        """Let a row be checked beside what the rows that it names will hold: a year's new text."""
        for relation in SCHEMAS[type(row)].relations:
            model = named_by(relation).model
            named = self.changed[model].get(getattr(row, relation.attname))
            if named is not None:
                relation.set_cached_value(row, named)

    def _dependent(self, model: type[Model]) -> Rows:
        """Rows that do not change, whose validity hangs on a text that does."""
        if model in SPANS:
            entries = self.was[Achievement]
            return [
                span
                for span in self.placed[model]
                if entries.get(span.source.pk, {}).keys() & set(TEXTS)
            ]
        return self.suspects if model is Achievement else []

    def _other_evidence(self) -> dict[int, list[tuple[str, str]]]:
        """{achievement: (title or summary, words) of its evidence that has no place in the text of
        after yet}"""
        left = defaultdict(list)
        for model, owner in ((Evidence, "coding__achievement"), (SettingEvidence, "achievement")):
            settled = self.placed[model] | set(self.removed[model])
            for some in batched(self.texts, BATCH):
                spans = model.objects.filter(**{f"{owner}__in": some})
                for span in spans.select_related(owner):
                    if span not in settled:
                        left[span.source.pk].append((span.field, span.text))
        return left


@dataclass(eq=False)
class Plan:
    """What loading a file, or undoing a load, comes to; with any of its `problems` it is not written.

    Of a load: `done` is what it will be remembered to have said and done, `scope` the code of its award
    year if the file has entries of one alone, `promises` the rows that it would create, if it has problems.
    Of an undoing: `stays` are the rows that the load created and that stay, each with the columns
    {column: value} that undoing changes.
    """

    changes: Changes
    report: LoadReport
    problems: Problems
    done: dict[Schema, list[LoadedRow]] = field(default_factory=dict)
    scope: str = ""
    promises: dict[tuple[Schema, Key], NaturalKeyModel] = field(default_factory=dict)
    stays: dict[RowId, dict[str, Any]] = field(default_factory=dict)


def write(
    plan: Plan,
    load: Load,
    by: User | None,
    tick: Callable[[int], None] = lambda rows: None,
) -> set[int]:
    """Write a plan, in the caller's transaction, with the Load that is loaded or undone by it.

    Returns the primary keys of the achievements that the index must follow.
    1. The rows themselves, of which a Change is recorded. 2. The Load, with the report. 3. What is
    remembered of it.
    """
    kind = ChangeKind.UNDO if plan.report.undo else ChangeKind.LOAD
    # What somebody loads becomes public by it only if nobody else has the permission.
    reason = str(ALONE) if by and kind == ChangeKind.LOAD and plan.changes.publishes else ""
    with recording(entries_in(plan.changes), kind, by=by, load=load, reason=reason):
        touched = write_rows(plan.changes, tick)
        if plan.report.undo:
            load.state, load.undone_at, load.undone_by = LoadState.UNDONE, timezone.now(), by
            load.undo_report = plan.report.as_json()
            load.save(update_fields=["state", "undone_at", "undone_by", "undo_report"])
            forget(load, plan.stays)
        else:
            _keep(plan, load, by)
    return touched


def _keep(plan: Plan, load: Load, by: User | None) -> None:
    """Keep the Load that is loaded."""
    load.state, load.loaded_at, load.by = LoadState.LOADED, timezone.now(), by
    load.scope = plan.scope
    load.save()
    # The report names the load, which has no number before.
    plan.report.load = load.pk
    load.report = plan.report.as_json()
    load.save(update_fields=["report"])
    _note_filled_in(plan)
    remember(load, plan.done)


def _note_filled_in(plan: Plan) -> None:
    """Note what new rows hold beyond what was said, pinyin for one."""
    for model, rows in plan.changes.created.items():
        created = {row.pk: row for row in rows}
        for done in plan.done[SCHEMAS[model]]:
            if done.created and done.said is not None:
                there = columns(created[done.pk])
                done.after = dict(there.items() - done.said.items())


def write_rows(changes: Changes, tick: Callable[[int], None] = lambda rows: None) -> set[int]:
    """Write rows, in the caller's transaction, and move what evidence moves with them.

    Returns the primary keys of the achievements that the index must follow.
    """
    touched = _touched(changes)
    keep_addresses(chain(changes.removed[Region], changes.removed[Mechanism]))
    for model in reversed(MODELS):
        for some in _named_last(changes.removed[model]):
            model.objects.filter(pk__in=[row.pk for row in some]).delete()
            tick(len(some))
    _free_ranks(changes)
    for model in MODELS:
        for some in batched(changes.created[model], BATCH):
            model.objects.bulk_create(some)
            tick(len(some))
        _update(changes, model, tick)
    for pk, before in changes.texts.items():
        achievement = changes.changed[Achievement][pk]
        texts = {name: getattr(achievement, name) for name in Passage.values} | before
        relocate(achievement, texts, changes.placed[Evidence] | changes.placed[SettingEvidence])
    digests = {image.digest for image in changes.removed[AchievementImage]}
    if digests:
        transaction.on_commit(lambda: images.discard_unused(digests))
    return touched | _touched(changes)


def _free_ranks(changes: Changes) -> None:
    """Let entries change places: both databases compare ranks row by row, not at the end."""
    moving = [pk for pk, was in changes.was[Achievement].items() if "rank" in was]
    for some in batched(moving, BATCH):
        Achievement.objects.filter(pk__in=some).update(rank=MOST_RANK - F("rank"))


def _update(changes: Changes, model: type[NaturalKeyModel], tick: Callable[[int], None]) -> None:
    # As INSERT … ON CONFLICT UPDATE: an UPDATE with a CASE for each row takes many times as long.
    for some in batched(changes.changed[model].values(), BATCH):
        model.objects.bulk_create(
            some,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=sorted(changes.columns[model]),
        )
        tick(len(some))


def entries_in(changes: Changes) -> set[int]:
    """Primary keys of the achievements of which rows are written, their own or those of their parts."""

    def rows_of(model: type[Model]) -> Iterator[Any]:
        yield from changes.created[model]
        yield from changes.changed[model].values()
        yield from changes.removed[model]

    entries = {row.pk for row in rows_of(Achievement)}
    for model in (AchievementOrganization, Coding, SettingEvidence, AchievementImage):
        entries |= {row.achievement_id for row in rows_of(model)}
    # Of a new year they are all among those above.
    others = {row.coding_id for row in rows_of(Evidence)} - {row.pk for row in rows_of(Coding)}
    return entries | _pks(Coding, "achievement", pk=others)


def _touched(changes: Changes) -> set[int]:
    """As `index.touched_by`, for many rows at once, before or after they are written."""
    touched = entries_in(changes)
    touched |= _pks(
        AchievementOrganization, "achievement", organization=changes.changed[Organization]
    )
    touched |= _pks(Coding, "achievement", mechanism=changes.changed[Mechanism])
    touched |= _pks(Achievement, "pk", award_year=changes.changed[AwardYear])
    touched |= _pks(Achievement, "pk", award_year__award=changes.changed[Award])
    regions = changes.changed[Region]
    if len(regions) > FEW:
        return touched | set(Achievement.objects.values_list("pk", flat=True))
    return touched.union(*(index.touched_by(region) for region in regions.values()))


def _named_last(rows: list[NaturalKeyModel]) -> Iterator[list[NaturalKeyModel]]:
    """The rows in batches, none of which has a row that another of it or of a later one names.

    Regions name regions, and what is named cannot be deleted.
    """
    by_pk = {row.pk: row for row in rows}
    sorter: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(by_pk, ()))
    for row in rows:
        for relation in SCHEMAS[type(row)].relations:
            named = getattr(row, relation.attname)
            if relation.related_model is type(row) and named in by_pk:
                sorter.add(named, row.pk)
    sorter.prepare()
    while sorter.is_active():
        ready = sorter.get_ready()
        for some in batched(ready, BATCH):
            yield [by_pk[pk] for pk in some]
        sorter.done(*ready)


def _pks(model: type[NaturalKeyModel], column: str, **named: Iterable[int]) -> set[int]:
    """The values of `column` in rows whose relation is one of those named."""
    ((relation, pks),) = named.items()
    found: set[int] = set()
    for some in batched(pks, BATCH):
        rows = model.objects.filter(Q(**{f"{relation}__in": some}))
        found.update(rows.values_list(column, flat=True))
    return found

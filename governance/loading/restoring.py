"""Bringing back what an entry was: its history read backwards, written as a load is."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from governance import images, index
from governance.changes import ENTRY_OF, present_rows, recording
from governance.models import (
    Achievement,
    AchievementImage,
    ChangeKind,
    ChangePart,
    Coding,
    Evidence,
    Status,
)
from governance.models.fields import NaturalKeyModel, json_value
from governance.publishing import is_taken
from governance.roles import may_publish

from .consistency import settle
from .history import done_in
from .judgements import settle_judgements
from .lookup import reserved
from .problems import FixtureProblem, Invalid, LoadError, Problems
from .report import settled
from .running import one_turn
from .schemas import LABELS, SCHEMAS, SPANS, Schema, named_by
from .undoing import held_value
from .writing import Changes, entries_in, write_rows

ENTRY = SCHEMAS[Achievement]
# What restoring never moves: publishing is another act, and addresses are for good.
FIXED = ("status", "code")
# What hangs together with the code.
PLACE = ("award_year", "tier", "rank")

# {schema: {primary key: columns}} of an entry and its parts.
Moment = dict[Schema, dict[int, dict[str, Any]]]


@dataclass
class Restored:
    """What restoring did, or would do: the part of its Change, None if nothing was to do; and in
    sentences what could not be brought back."""

    part: ChangePart | None = None
    left: list[str] = field(default_factory=list)


def moment(entry: int, number: int) -> Moment:
    """What an entry, by its primary key, and its parts held once the Change of this number was done.

    Without the entry itself it was not there.
    """
    found: Moment = {SCHEMAS[model]: {} for model in ENTRY_OF}
    for label, rows in present_rows([entry]).get(entry, {}).items():
        found[LABELS[label]] = {pk: columns for _key, pk, columns in rows}
    for part in ChangePart.objects.filter(entry=entry, change__gt=number).order_by("-change_id"):
        for schema, all_done in done_in(part):
            for done in all_done:
                if done.pk is None:
                    continue
                if done.created:
                    found[schema].pop(done.pk, None)
                else:
                    there = found[schema].get(done.pk, {})
                    found[schema][done.pk] = {**there, **(done.before or {})}
    return found if found[ENTRY] else {}


def part_name(schema: Schema) -> str:
    """What restoring calls a part: evidence goes with its coding."""
    model = Coding if schema.model is Evidence else schema.model
    return str(model._meta.model_name)


def restore_entry(
    entry: int,
    number: int,
    names: Set[str] = frozenset(),
    *,
    by: User | None = None,
    reason: str = "",
    dry_run: bool = False,
) -> Restored:
    """Bring an entry, by its primary key, back to what it was after the Change of this number.

    All of it but status and code, or what `names` has: names of fields, and of models of parts (coding,
    with its evidence). An entry that is gone comes back as a draft. Nobody else's entry gives way: a
    rank that another has by now stays with that one. Raises LoadError, also where what is public is
    not for `by` to change, or Invalid with all that would not be valid.

    1. Wait for the turn. 2. Plan: the rows of then beside those of now, matched by what tells them
    apart. 3. Settle what would be untrue by now, places in the announcement and ranks. 4. Check.
    5. Write, and bring the index after.
    """
    with one_turn():
        restoring = _Restoring(entry, moment(entry, number), names)
        public = Achievement.objects.published().filter(pk=entry).exists()
        if public and not (dry_run or may_publish(by)):
            raise LoadError(_("这项成果已公开，须由有发布权限的人来恢复；未作任何改动。"))
        problems = restoring.plan()
        if problems:
            raise Invalid(problems)
        changes = restoring.changes
        kind = ChangeKind.RESTORE
        with recording(entries_in(changes), kind, by=by, reason=reason) as change:
            index.update(write_rows(changes))
        # With its change, which a trial takes back.
        parts = ChangePart.objects.select_related("change").filter(entry=entry)
        part = parts.get(change=change) if change.pk else None
        if dry_run:
            transaction.set_rollback(True)
    return Restored(part, restoring.left)


class _Restoring:
    """The plan as it grows."""

    def __init__(self, entry: int, then: Moment, names: Set[str]) -> None:
        if not then:
            raise LoadError(_("那时还没有这项成果。"))
        self.pk, self.then, self.names = entry, then, names
        self.changes, self.problems = Changes(), Problems()
        self.left: list[str] = []
        # {(schema, primary key then): the row that stands for it}
        self.rows: dict[tuple[Schema, int], Any] = {}

    def plan(self) -> Problems:
        """Fills `changes`; returns what is wrong with them."""
        self._restore_entry()
        for model in list(ENTRY_OF)[1:]:
            if not self.names or part_name(SCHEMAS[model]) in self.names:
                self._restore_parts(SCHEMAS[model])
        if self.problems:
            # Rows that lack what is no longer there can neither be checked nor named.
            return self.problems
        self._settle()
        for row, error in self.changes.problems():
            self._refuse(row, *error.messages)
        return self.problems

    def _restore_entry(self) -> None:
        columns = self.then[ENTRY][self.pk]
        row = Achievement.objects.filter(pk=self.pk).first() or self._new_entry(columns)
        self.rows[ENTRY, self.pk] = row
        moved = row.code != columns["code"]
        for one in ENTRY.fields.values():
            fixed = one.name in FIXED or (moved and one.name in PLACE)
            if not fixed and (not self.names or one.name in self.names):
                self._set(row, one, columns[one.attname])

    def _new_entry(self, columns: dict[str, Any]) -> Achievement:
        row = Achievement(pk=self.pk, code=columns["code"], status=Status.DRAFT)
        if Achievement.objects.filter(code=row.code).exists() or is_taken(row, row.code):
            raise LoadError(_("编号 %(code)s 现属另一项成果，不能恢复。") % {"code": row.code})
        self.changes.created[Achievement].append(row)
        return row

    def _restore_parts(self, schema: Schema) -> None:
        """Rows are matched by identity, not by primary key: so no two change places."""
        rows = schema.model.objects.filter(**{ENTRY_OF[schema.model]: self.pk}).order_by("pk")
        there = {schema.identity_of(row): row for row in rows}
        # Also the key of a row that goes: what belongs to it goes with it, and is not taken for kept.
        used, new = {row.pk for row in rows}, []
        for pk, columns in self.then[schema].items():
            identity = tuple(
                self._present(one, columns[one.attname]) for one, _start, _stop in schema.key_parts
            )
            if row := there.pop(identity, None):
                self._take(schema, pk, row, columns)
            else:
                new.append((pk, columns))
        self.changes.removed[schema.model] += there.values()
        for pk, columns in new:
            if self._has_files(schema, columns):
                row = schema.new(pk=reserved(schema.model, 1)[0] if pk in used else pk)
                self._take(schema, pk, row, columns)
                self.changes.created[schema.model].append(row)

    def _take(self, schema: Schema, pk: int, row: Any, columns: dict[str, Any]) -> None:
        """Give a row what it held then."""
        for one in schema.fields.values():
            if one is schema.owner:
                setattr(row, one.name, self.rows[named_by(one), columns[one.attname]])
            else:
                self._set(row, one, columns[one.attname])
        if schema.model in SPANS:
            self.changes.place(row)
        self.rows[schema, pk] = row

    def _present(self, one: Field, column: Any) -> Any:
        """The primary key by now of a row of then, if it is one of the entry's own."""
        row = self.rows.get((named_by(one), column)) if one.is_relation else None
        return row.pk if row is not None else column

    def _set(self, row: NaturalKeyModel, one: Field, column: Any) -> None:
        if json_value(getattr(row, one.attname)) == column:
            return
        value = held_value(one, column)
        if value is None and column is not None:
            entry = self.rows[ENTRY, self.pk]
            self._refuse(entry, _("当时的“%(field)s”已不在库中。") % {"field": one.verbose_name})
        else:
            self.changes.change(row, one, value)

    def _has_files(self, schema: Schema, columns: dict[str, Any]) -> bool:
        """Whether a picture can be brought back: whose row is deleted, its files are too."""
        if schema.model is not AchievementImage:
            return True
        image = AchievementImage(digest=columns["digest"], width=columns["width"])
        there = default_storage.exists(images.path(image.digest, images.widths(image)[-1]))
        if not there:
            sentence = _("图片“%(alt)s”的文件已经删除，未能恢复；请重新上传。")
            self.left.append(sentence % {"alt": columns["alt"]})
        return there

    def _settle(self) -> None:
        row = self.rows[ENTRY, self.pk]
        rows: dict[Any, dict[str, Any]] = {**settle(self.changes, lambda other: other is not row)}
        judged = settle_judgements(self.changes, lambda *_told: not self.names)
        for one, before in (rows | judged).items():
            self.left += self._sentences(one, before)

    def _sentences(self, row: NaturalKeyModel, before: dict[str, Any]) -> Iterator[str]:
        after = {name: json_value(getattr(row, name)) for name in before}
        for detail in settled(SCHEMAS[type(row)], row.natural_key(), before, after):
            yield f"{row}：{detail.of_row()}"

    def _refuse(self, row: Any, *sentences: str) -> None:
        for sentence in sentences:
            self.problems.append(FixtureProblem("", sentence, row=str(row)))

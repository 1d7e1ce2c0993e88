"""What a fixture would change: its objects merged with the last load and the database."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Field, Model
from django.utils.translation import gettext as _

from governance import images
from governance.batches import batched
from governance.merging import UNKNOWN, Outcome, merge
from governance.models import Achievement, AchievementImage, AwardYear, Coding, Evidence, Status
from governance.models.award import award_year_code
from governance.models.coding import Span, places
from governance.models.fields import NaturalKeyModel, json_value

from .fixture import Fixture, FixtureObject
from .history import SHARED, Base, Known, LoadedRow, as_said
from .lookup import BROKEN, GONE, Found, Rows, not_there
from .problems import FixtureProblem, Problems
from .recognizing import misnamed, recorded
from .report import Detail, LoadReport
from .schemas import MODELS, SCHEMAS, SPANS, Key, Schema, columns, named_by
from .settling import settle_plan
from .slugs import Slugs
from .writing import Changes, Plan

# How the report calls what became of a value.
WORDS = {Outcome.TAKEN: "changed", Outcome.KEPT: "kept", Outcome.CONFLICT: "conflicts"}
ENTRY, YEAR, EVIDENCE = SCHEMAS[Achievement], SCHEMAS[AwardYear], SCHEMAS[Evidence]


def plan(fixture: Fixture, base: Base, rows: Rows, tick: Callable[[], None] = lambda: None) -> Plan:
    """What loading a fixture comes to as things stand; nothing is written.

    `base` is what the last load said, with which values are compared; `rows` finds the rows of the
    database. Whatever is wrong goes into the plan's problems, after those of the fixture.

    1. Refuse entries that stand under a code which is another's.
    2. Say which rows are wanted, so that a few queries find them all.
    3. Model by model, those that are named before those that name them: merge each object with its
       row, or make a new one; remove the parts that the file has no longer.
    4. Report the entries of the year that the file has no longer.
    5. Settle places, ranks, English words and reviews that all this has made untrue.
    6. Check what will be.
    """
    merging = _Merging(fixture, base, rows, tick)
    merging.refuse_misnamed()
    merging.want_all()
    for model in MODELS:
        merging.merge_all(SCHEMAS[model])
    merging.report_absent()
    merging.settle()
    merging.report.note_published()
    merging.check()
    scopes = fixture.scopes() - {SHARED}
    return Plan(
        merging.changes,
        merging.report,
        merging.problems,
        done=merging.done,
        scope=scopes.pop() if len(scopes) == 1 else SHARED,
        promises=rows.made() if merging.problems else {},
    )


class _Merging:
    """The plan as it grows."""

    def __init__(self, fixture: Fixture, base: Base, rows: Rows, tick: Callable[[], None]) -> None:
        self.fixture, self.objects, self.base, self.rows = fixture, fixture.objects, base, rows
        self.tick = tick
        self.changes = Changes()
        self.report = LoadReport(fixture.file.name, fixture.file.digest)
        self.problems = Problems()
        self.problems.extend(fixture.problems)
        self.done: dict[Schema, list[LoadedRow]] = defaultdict(list)
        self.object_of: dict[NaturalKeyModel, FixtureObject] = {}
        self.slugs = Slugs(self.objects)
        # Codes that are another's, or may be.
        self.misnamed: set[Key] = set()
        # Keys of the codings for which the file has evidence: it means them, too.
        self.coded = {EVIDENCE.owner_key(key) for key in self.objects[EVIDENCE]}

    def refuse_misnamed(self) -> None:
        """Note entries that stand under a code which is another's or may be; the file has to name its own."""
        entries = self.objects[ENTRY]
        for scope in {award_year_code(code) for (code,) in entries}:
            there = recorded(scope, self.rows.known[ENTRY])
            listed = {
                code: item.said
                for (code,), item in entries.items()
                if award_year_code(code) == scope
            }
            for code, sentence, doubtful in misnamed(listed, there, self.fixture.file.sure):
                problem = self.fixture.problem(sentence, entries[code,], "code")
                self.problems.append(replace(problem, doubt=code) if doubtful else problem)
                self.misnamed.add((code,))

    def want_all(self) -> None:
        for schema, objects in self.objects.items():
            for key, item in objects.items():
                self.rows.want(schema, key)
                for field in schema.relations:
                    if item.said.get(field.name) is not None:
                        self.rows.want(named_by(field), item.said[field.name])
            for key in self._dropped(schema):
                self.rows.want(schema, key)

    def _dropped(self, schema: Schema) -> list[Key]:
        """Keys of parts that the last load said and this file no longer says.

        The parts of an entry are as a column of it: a file that has none of that kind for it says
        nothing about them, one that has some has them all.
        """
        if schema.owner is None:
            return []
        owners = {schema.owner_key(key) for key in self.objects[schema]}
        said = self.objects[schema].keys() | self.coded
        return [
            key for key in self.base[schema] if key not in said and schema.owner_key(key) in owners
        ]

    def merge_all(self, schema: Schema) -> None:
        objects = self.objects[schema]
        self.rows.fetch(schema, objects)
        new = []
        for key in objects:
            if self.rows.get(schema, key) is None:
                if self._owner(schema, key) is GONE:
                    self.rows.by_key[schema][key] = GONE
                else:
                    new.append(key)
        self.rows.add(schema, new)
        for key, item in objects.items():
            self._merge(item, self.rows.get(schema, key))
            self.tick()
        for key in self._dropped(schema):
            self._drop(schema, key)

    def _owner(self, schema: Schema, key: Key) -> Found:
        if schema.owner is None:
            return None
        return self.rows.get(named_by(schema.owner), schema.owner_key(key))

    def _merge(self, item: FixtureObject, row: Found) -> None:
        schema = item.schema
        values, wrong = self._values(item, row)
        said = {schema.fields[name].attname: _column(value) for name, value in values.items()}
        is_misnamed = schema is ENTRY and item.key in self.misnamed
        if row is GONE:
            self._leave_gone(item, said)
        elif is_misnamed or (schema.owner and schema.owner.name in wrong):
            # Nothing can be said of a part of what is not there, nor of the part's own parts.
            self.rows.by_key[schema][item.key] = BROKEN
        elif isinstance(row, Model) and row._state.adding:
            self._create(item, row, values, wrong, said)
        elif isinstance(row, Model):
            self._change(item, row, values, said)

    def _values(self, item: FixtureObject, row: Found) -> tuple[dict[str, Any], set[str]]:
        """{field name: value, a row for a relation}, and the fields of which there is none."""
        values, wrong = dict(item.said), set(item.wrong)
        for field in item.schema.relations:
            key = values.get(field.name)
            if key is None:
                continue
            schema = named_by(field)
            named = self.rows.get(schema, key)
            if named is GONE and row is GONE:
                values[field.name] = self.rows.pk_of_gone(schema, key)
            elif isinstance(named, Model):
                values[field.name] = named
            else:
                del values[field.name]
                wrong.add(field.name)
                if named is not BROKEN:
                    self._problem(not_there(schema, key, named), item, field.name)
        return values, wrong

    def _leave_gone(self, item: FixtureObject, said: dict[str, Any]) -> None:
        """Staff deleted the row, or the one of which it is a part."""
        earlier = self.base[item.schema].get(item.key)
        same = earlier and all(earlier.value(name) == value for name, value in said.items())
        self._differ("kept" if same else "conflicts", item.schema, item.key)
        self.report.count(item.schema, "unchanged", item.key)
        pk = self.rows.pk_of_gone(item.schema, item.key)
        self.done[item.schema].append(LoadedRow(item.key, pk, said, {}, {}))

    def _create(
        self,
        item: FixtureObject,
        row: NaturalKeyModel,
        values: dict[str, Any],
        wrong: set[str],
        said: dict[str, Any],
    ) -> None:
        schema = item.schema
        self._note_lacking(item, values, wrong)
        for name, value in values.items():
            setattr(row, name, value)
        if "slug" not in wrong:
            self.slugs.complete(row)
        if isinstance(row, Achievement) and self._would_publish(row.status):
            row.status = Status.DRAFT
            self._differ("kept", schema, item.key, reason="unpublished")
        self.object_of[row] = item
        if isinstance(row, AchievementImage) and "width" in values:
            self._check_files(item, row)
        if wrong:
            self.changes.wrong[schema.model].append((row, wrong))
        elif self._is_placed(item, row):
            self.changes.created[schema.model].append(row)
            self.report.count(schema, "created", item.key)
            self.done[schema].append(LoadedRow(item.key, row.pk, said, None, {}))

    def _note_lacking(self, item: FixtureObject, values: dict[str, Any], wrong: set[str]) -> None:
        """What a new row has to have and the file does not say is `wrong`, and a problem."""
        schema = item.schema
        lacking = [one for one in schema.required if one.name not in values.keys() | wrong]
        if lacking and item.said.keys() == {field.name for field, *_place in schema.key_parts}:
            # It names a row that was there when the file was made.
            sentence = _(
                "没有 %(row)s，文件也只写了它叫什么；请重新读取公告，或在文件中写全它的内容。"
            )
            self._problem(sentence % {"row": schema.name(item.key)}, item, "")
            wrong.update(schema.fields)
            return
        for field in lacking:
            sentence = _("缺少“%(field)s”；新行必须写明。") % {"field": field.verbose_name}
            self._problem(sentence, item, field.name)
            wrong.add(field.name)

    def _check_files(self, item: FixtureObject, image: AchievementImage) -> None:
        # A fixture names a picture's files and does not carry them; without them a page has a hole.
        name = images.path(image.digest, images.widths(image)[-1])
        if not default_storage.exists(name):
            sentence = _("没有图片文件 %(name)s；请先把它所在的文件夹复制到上传目录。")
            self._problem(sentence % {"name": name}, item, "digest")

    def _is_placed(self, item: FixtureObject, row: NaturalKeyModel) -> bool:
        """Whether the words of new evidence stand in the text that the database keeps.

        The file counts places in its own text; in another one, the words are looked for.
        """
        if not isinstance(row, SPANS):
            return True
        self.changes.place(row)
        achievement = self.objects[ENTRY].get(item.key[:1])
        file = achievement.said.get(row.field) if achievement else None
        kept = getattr(row.source, row.field)
        if file is None or file == kept or file[row.start : row.end] != row.text:
            return True
        found = places(row.text, kept)
        if not found:
            self._differ("conflicts", item.schema, item.key)
            self.report.count(item.schema, "unchanged", item.key)
            return False
        row.start = min(found, key=lambda place: abs(place - row.start))
        row.end = row.start + len(row.text)
        return True

    def _change(
        self,
        item: FixtureObject,
        row: NaturalKeyModel,
        values: dict[str, Any],
        said: dict[str, Any],
    ) -> None:
        schema, before, after = item.schema, {}, {}
        earlier = self.base[schema].get(item.key)
        for name, value in values.items():
            field = schema.fields[name]
            file, database = said[field.attname], json_value(getattr(row, field.attname))
            base = earlier.value(field.attname) if earlier else UNKNOWN
            outcome = merge(base, file, database)
            if outcome is Outcome.UNCHANGED:
                continue
            if (schema.label, item.key, name) in self.fixture.file.taken:
                outcome = Outcome.TAKEN
            if outcome is Outcome.TAKEN and isinstance(row, Achievement) and name == "status":
                if row.is_beyond(file):
                    label = str(Status(file).label)
                    self._differ("kept", schema, item.key, reason="lower", words=label)
                    continue
                if self._would_publish(file):
                    self._differ("kept", schema, item.key, reason="unpublished")
                    continue
            self._differ(
                WORDS[outcome],
                schema,
                item.key,
                name,
                base=self._shown(field, base),
                file=json_value(item.said[name]),
                database=self._shown(field, database),
            )
            if outcome is Outcome.TAKEN:
                before[field.attname], after[field.attname] = database, file
                self.changes.change(row, field, value)
        if schema.model in SPANS:
            self.changes.place(row)
        self.object_of[row] = item
        self.report.count(schema, "changed" if after else "unchanged", item.key)
        self.done[schema].append(LoadedRow(item.key, row.pk, said, before, after))

    def _would_publish(self, status: object) -> bool:
        return status == Status.PUBLISHED and not self.fixture.file.publishes

    def _shown(self, field: Field, value: Any) -> Any:
        """A column's value as the report says it: a relation's is the key of the row."""
        if value is UNKNOWN or value is None or not field.is_relation:
            return None if value is UNKNOWN else value
        schema = named_by(field)
        row = self.rows.by_pk[schema].get(value) or schema.model.objects.filter(pk=value).first()
        return list(row.natural_key()) if row else None

    def _drop(self, schema: Schema, key: Key) -> None:
        """Remove what the file no longer says, unless staff have worked on it."""
        row = self.rows.get(schema, key)
        if not isinstance(row, Model):
            return
        spans = list(Evidence.objects.filter(coding=row)) if isinstance(row, Coding) else []
        known_spans = [self._known_spans.get(span.pk) for span in spans]
        if not as_said(row, self.base[schema][key]) or not all(map(as_said, spans, known_spans)):
            self._differ("conflicts", schema, key)
            return
        self._remove(schema, key, row)
        for span in spans:
            span.coding = row
            self._remove(EVIDENCE, span.natural_key(), span)

    @cached_property
    def _known_spans(self) -> dict[int | None, Known]:
        """{primary key: what earlier loads said of it}"""
        return {known.pk: known for known in self.base[EVIDENCE].values()}

    def _remove(self, schema: Schema, key: Key, row: NaturalKeyModel) -> None:
        self._differ("removed", schema, key, row=row)
        self.report.count(schema, "removed", key)
        self.changes.removed[schema.model].append(row)
        self.done[schema].append(LoadedRow(key, row.pk, None, columns(row), None))

    def report_absent(self) -> None:
        """Entries have an address for good: a year's file that lacks one does not delete it."""
        years = {code for (code,) in self.objects[YEAR]}
        missing = {
            said.pk: key
            for key, said in self.base[ENTRY].items()
            if said.pk and key not in self.objects[ENTRY] and award_year_code(key[0]) in years
        }
        for some in batched(missing):
            for pk in Achievement.objects.filter(pk__in=some).values_list("pk", flat=True):
                self._differ("absent", ENTRY, missing[pk])

    def settle(self) -> None:
        settle_plan(self.changes, self.objects, self.object_of, self.done, self.report)

    def check(self) -> None:
        for row, error in self.changes.problems(self.tick):
            item = self.object_of.get(row)
            if item:
                self.problems.extend(self.fixture.invalid(error, item))
            else:
                name = self.fixture.file.name
                self.problems.extend(
                    FixtureProblem(name, sentence, row=str(row)) for sentence in error.messages
                )
        for sentence, item in self.slugs.refused(self.object_of):
            self._problem(sentence, item, "slug")
        self.problems.sort(key=lambda problem: problem.number or 0)

    def _problem(self, sentence: str, item: FixtureObject, name: str) -> None:
        self.problems.append(self.fixture.problem(sentence, item, name))

    def _differ(
        self,
        outcome: str,
        schema: Schema,
        key: Key,
        name: str = "",
        row: Found = None,
        **values: Any,
    ) -> None:
        row = row or self.rows.get(schema, key)
        values.setdefault("words", row.text if isinstance(row, Span) else "")
        self.report.add(Detail(outcome, schema.label, key, name, **values))


def _column(value: Any) -> Any:
    """What a field's column holds for a value or a row."""
    return value.pk if isinstance(value, Model) else json_value(value)

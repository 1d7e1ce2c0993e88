"""What a fixture would change: its entries merged with the last load and the database."""

from collections import defaultdict
from functools import cached_property

from django.core.files.storage import default_storage
from django.db.models import Model
from django.utils.translation import gettext as _

from governance import images
from governance.batches import batched
from governance.models import Achievement, AchievementImage, AwardYear, Coding, Evidence
from governance.models.coding import places

from .consistency import settle
from .history import SHARED, LoadedRow, said_so_far, scope_of
from .lookup import BROKEN, GONE, Rows, not_there
from .merging import UNKNOWN, Outcome, merge
from .problems import FixtureProblem
from .recognizing import misnamed, recorded
from .report import Detail, LoadReport, settled
from .schemas import MODELS, SCHEMAS, SPANS, columns, json_value
from .writing import Changes

# How the report calls what became of a value.
WORDS = {Outcome.TAKEN: "changed", Outcome.KEPT: "kept", Outcome.CONFLICT: "conflicts"}


class Plan:
    """What loading `source` does: `changes` to write, `done` to remember, a `report` to print.

    Problems go into `source.problems`; with any of them the plan must not be written.
    """

    def __init__(self, source, promised, tick=lambda: None):
        self.source = source
        self.tick = tick
        self.changes = Changes()
        self.done = defaultdict(list)
        self.report = LoadReport(source.name, source.digest)
        self.entries = self._entries()
        self.scopes = {
            scope_of(schema, key) for schema, keys in self.entries.items() for key in keys
        }
        self.rows = Rows(said_so_far(self.scopes), promised)
        # Keys of the codings for which the file has evidence: it means them, too.
        self._coded = {SCHEMAS[Evidence].owner_key(key) for key in self.entries[SCHEMAS[Evidence]]}
        self._entry_of = {}
        self._misnamed = self._refuse_misnamed()
        self._want_all()
        for model in MODELS:
            self._plan(SCHEMAS[model])
        self._report_absent()
        self._settle()
        self.report.note_published()
        self._check()

    def _entries(self):
        """{schema: {key: FixtureObject}}"""
        found = {schema: {} for schema in SCHEMAS.values()}
        for entry in self.source.entries():
            first = found[entry.schema].setdefault(entry.key, entry)
            if first is not entry:
                self.source.problem(
                    _("与第 %(number)s 个对象是同一行；只留一个。") % {"number": first.number},
                    entry,
                )
        return found

    def _refuse_misnamed(self):
        """Keys of entries that stand under a code which is another's; the file has to name its own."""
        entries, found = self.entries[SCHEMAS[Achievement]], set()
        for year in {key[0][:4] for key in entries}:
            there = recorded(int(year), self.rows.known[SCHEMAS[Achievement]])
            listed = {key[0]: entry.said for key, entry in entries.items() if key[0][:4] == year}
            for code, sentence in misnamed(listed, there):
                self.source.problem(sentence, entries[code,], "code")
                found.add((code,))
        return found

    def _want_all(self):
        for schema, entries in self.entries.items():
            for key, entry in entries.items():
                self.rows.want(schema, key)
                for field in schema.relations:
                    if entry.said.get(field.name) is not None:
                        self.rows.want(SCHEMAS[field.related_model], entry.said[field.name])
            for key in self._dropped(schema):
                self.rows.want(schema, key)

    def _dropped(self, schema):
        """Keys of parts that the last load said and this file no longer says.

        The parts of an entry are as a column of it: a file that has none of that kind for it says
        nothing about them, one that has some has them all.
        """
        if schema.owner is None:
            return []
        owners = {schema.owner_key(key) for key in self.entries[schema]}
        said = self.entries[schema].keys() | self._coded
        return [
            key
            for key in self.rows.known[schema]
            if key not in said and schema.owner_key(key) in owners
        ]

    def _plan(self, schema):
        entries = self.entries[schema]
        self.rows.fetch(schema, entries)
        new = []
        for key in entries:
            if self.rows.get(schema, key) is None:
                owner = self._owner(schema, key)
                if owner is GONE:
                    self.rows.by_key[schema][key] = GONE
                else:
                    new.append(key)
        self.rows.add(schema, new)
        for key, entry in entries.items():
            self._merge(entry, self.rows.get(schema, key))
            self.tick()
        for key in self._dropped(schema):
            self._drop(schema, key)

    def _owner(self, schema, key):
        if schema.owner is None:
            return None
        return self.rows.get(SCHEMAS[schema.owner.related_model], schema.owner_key(key))

    def _merge(self, entry, row):
        values = self._values(entry, row)
        fields = entry.schema.fields
        said = {fields[name].attname: _column(value) for name, value in values.items()}
        is_misnamed = entry.schema.model is Achievement and entry.key in self._misnamed
        if row is GONE:
            self._leave_gone(entry, said)
        elif is_misnamed or (entry.schema.owner and entry.schema.owner.name in entry.wrong):
            # Nothing can be said of a part of what is not there, nor of the part's own parts.
            self.rows.by_key[entry.schema][entry.key] = BROKEN
        elif row._state.adding:
            self._create(entry, row, values, said)
        else:
            self._change(entry, row, values, said)

    def _values(self, entry, row):
        """{field name: value, a row for a relation}; those that name no row are `wrong`."""
        values = dict(entry.said)
        for field in entry.schema.relations:
            key = values.get(field.name)
            if key is None:
                continue
            schema = SCHEMAS[field.related_model]
            named = self.rows.get(schema, key)
            if named is GONE and row is GONE:
                values[field.name] = self.rows.pk_of_gone(schema, key)
            elif isinstance(named, Model):
                values[field.name] = named
            else:
                del values[field.name]
                entry.wrong.add(field.name)
                if named is not BROKEN:
                    self.source.problem(not_there(schema, key, named), entry, field.name)
        return values

    def _leave_gone(self, entry, said):
        """Staff deleted the row, or the one of which it is a part."""
        earlier = self.rows.known[entry.schema].get(entry.key)
        same = earlier and all(earlier.value(name) == value for name, value in said.items())
        self._differ("kept" if same else "conflicts", entry.schema, entry.key)
        self.report.count(entry.schema, "unchanged", entry.key)
        pk = earlier.pk if earlier else None
        self.done[entry.schema].append(LoadedRow(entry.key, pk, said, {}, {}))

    def _create(self, entry, row, values, said):
        schema = entry.schema
        for field in schema.required:
            if field.name not in values and field.name not in entry.wrong:
                sentence = _("缺少“%(field)s”；新行必须写明。") % {"field": field.verbose_name}
                self.source.problem(sentence, entry, field.name)
                entry.wrong.add(field.name)
        for name, value in values.items():
            setattr(row, name, value)
        self._entry_of[row] = entry
        if schema.model is AchievementImage and "width" in values:
            self._check_files(entry, row)
        if entry.wrong:
            self.changes.wrong[schema.model].append((row, entry.wrong))
        elif self._placed(entry, row):
            self.changes.created[schema.model].append(row)
            self.report.count(schema, "created", entry.key)
            self.done[schema].append(LoadedRow(entry.key, row.pk, said, None, {}))

    def _check_files(self, entry, image):
        # A fixture names a picture's files and does not carry them; without them a page has a hole.
        name = images.path(image.digest, images.widths(image)[-1])
        if not default_storage.exists(name):
            self.source.problem(
                _("没有图片文件 %(name)s；请先把它所在的文件夹复制到上传目录。") % {"name": name},
                *(entry, "digest"),
            )

    def _placed(self, entry, row):
        """Whether the words of new evidence stand in the text that the database keeps.

        The file counts places in its own text; in another one, the words are looked for.
        """
        if entry.schema.model not in SPANS:
            return True
        self.changes.place(row)
        achievement = self.entries[SCHEMAS[Achievement]].get(entry.key[:1])
        file = achievement and achievement.said.get(row.field)
        kept = getattr(row.source, row.field)
        if file is None or file == kept or file[row.start : row.end] != row.text:
            return True
        found = places(row.text, kept)
        if not found:
            self._differ("conflicts", entry.schema, entry.key)
            self.report.count(entry.schema, "unchanged", entry.key)
            return False
        row.start = min(found, key=lambda place: abs(place - row.start))
        row.end = row.start + len(row.text)
        return True

    def _change(self, entry, row, values, said):
        schema, before, after = entry.schema, {}, {}
        earlier = self.rows.known[schema].get(entry.key)
        for name, value in values.items():
            field = schema.fields[name]
            file, database = said[field.attname], json_value(getattr(row, field.attname))
            base = earlier.value(field.attname) if earlier else UNKNOWN
            outcome = merge(base, file, database)
            if outcome is Outcome.UNCHANGED:
                continue
            if (schema.label, entry.key, name) in self.source.taken:
                outcome = Outcome.TAKEN
            self._differ(
                *(WORDS[outcome], schema, entry.key, name),
                base=self._shown(field, base),
                file=json_value(entry.said[name]),
                database=self._shown(field, database),
            )
            if outcome is Outcome.TAKEN:
                before[field.attname], after[field.attname] = database, file
                self.changes.change(row, field, value)
        if schema.model in SPANS:
            self.changes.place(row)
        self._entry_of[row] = entry
        self.report.count(schema, "changed" if after else "unchanged", entry.key)
        self.done[schema].append(LoadedRow(entry.key, row.pk, said, before, after))

    def _shown(self, field, value):
        """A column's value as the report says it: a relation's is the key of the row."""
        if value is UNKNOWN or value is None or not field.is_relation:
            return None if value is UNKNOWN else value
        row = self.rows.by_pk[SCHEMAS[field.related_model]].get(value)
        row = row or field.related_model.objects.filter(pk=value).first()
        return list(row.natural_key()) if row else None

    def _drop(self, schema, key):
        """Remove what the file no longer says, unless staff have worked on it."""
        row = self.rows.get(schema, key)
        if row is None or row is GONE:
            return
        spans = Evidence.objects.filter(coding=row) if schema.model is Coding else []
        known_spans = [self._known_spans.get(span.pk) for span in spans]
        if not _as_said(row, self.rows.known[schema][key]) or not all(
            map(_as_said, spans, known_spans)
        ):
            self._differ("conflicts", schema, key)
            return
        self._remove(schema, key, row)
        for span in spans:
            span.coding = row
            self._remove(SCHEMAS[Evidence], span.natural_key(), span)

    @cached_property
    def _known_spans(self):
        """{primary key: what earlier loads said of it}"""
        return {known.pk: known for known in self.rows.known[SCHEMAS[Evidence]].values()}

    def _remove(self, schema, key, row):
        self._differ("removed", schema, key, row=row)
        self.report.count(schema, "removed", key)
        self.changes.removed[schema.model].append(row)
        self.done[schema].append(LoadedRow(key, row.pk, None, columns(row), None))

    def _report_absent(self):
        """Entries have an address for good: a year's file that lacks one does not delete it."""
        schema = SCHEMAS[Achievement]
        years = {str(year) for (year,) in self.entries[SCHEMAS[AwardYear]]}
        missing = {
            said.pk: key
            for key, said in self.rows.known[schema].items()
            if key not in self.entries[schema] and key[0][:4] in years
        }
        for some in batched(missing):
            for pk in Achievement.objects.filter(pk__in=some).values_list("pk", flat=True):
                self._differ("absent", schema, missing[pk])

    def _settle(self):
        """Note what settling changes as said by this load, so that the next one finds it so."""
        schema = SCHEMAS[Achievement]
        all_done = {done.pk: done for done in self.done[schema]}
        for row, before in settle(self.changes, self._keeps_rank, self._told).items():
            after = {name: getattr(row, name) for name in before}
            done = all_done.get(row.pk)
            if done is None:
                done = LoadedRow((row.code,), row.pk, dict(after), {}, {})
                self.done[schema].append(done)
            if not done.created:
                done.before, done.after = before | done.before, done.after | after
                same = [name for name in done.before if done.before[name] == done.after[name]]
                for name in same:
                    del done.before[name], done.after[name]
                self.report.count(schema, "changed" if done.after else "unchanged", done.key)
            for detail in settled(done.key, before, after):
                self.report.add(detail)

    def _told(self, row, name):
        """Whether the file says what a row will hold, counted in the very text that the year keeps."""
        entry = self._entry_of.get(row)
        year = self.entries[SCHEMAS[AwardYear]].get((int(row.code[:4]),))
        text = year.said.get("text") if year else None
        return (
            entry is not None
            and text in (None, row.award_year.text)
            and entry.said.get(name) == getattr(row, name)
        )

    def _keeps_rank(self, row):
        entry = self._entry_of.get(row)
        return entry is not None and entry.said.get("rank") not in (None, row.rank)

    def _check(self):
        for row, error in self.changes.problems(self.tick):
            entry = self._entry_of.get(row)
            if entry:
                self.source.invalid(error, entry)
            else:
                self.source.problems += [
                    FixtureProblem(self.source.name, sentence, row=str(row))
                    for sentence in error.messages
                ]
        self.source.problems.sort(key=lambda problem: problem.number or 0)

    @property
    def year(self):
        """The award year, if the file has entries of one alone."""
        years = self.scopes - {SHARED}
        return years.pop() if len(years) == 1 else None

    def promises(self):
        """{(schema, key): row} of what it would create."""
        return {
            (schema, key): row
            for schema, rows in self.rows.by_key.items()
            for key, row in rows.items()
            if isinstance(row, Model) and row._state.adding
        }

    def finish(self):
        """After writing: note what new rows hold beyond what was said, pinyin for one."""
        for model, rows in self.changes.created.items():
            created = {row.pk: row for row in rows}
            for done in self.done[SCHEMAS[model]]:
                if done.created:
                    there = columns(created[done.pk])
                    done.after = dict(there.items() - done.said.items())

    def _differ(self, outcome, schema, key, *name, row=None, **values):
        row = row or self.rows.get(schema, key)
        words = getattr(row, "text", "") if schema.model in SPANS else ""
        self.report.add(Detail(outcome, schema.label, key, *name, words=words, **values))


def _column(value):
    """What a field's column holds for a value or a row."""
    return value.pk if isinstance(value, Model) else json_value(value)


def _as_said(row, known):
    """Whether a row is as loads have left it."""
    if known is None:
        return False
    there = columns(row)
    return all(there[name] == value for name, value in known.said.items())

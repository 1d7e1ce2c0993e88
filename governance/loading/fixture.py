"""A fixture file as objects, with the line of each, and with all that is wrong in its form."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance.models import LoadKind
from governance.models.achievement import VERBATIM

from .labels import Wording
from .problems import FixtureProblem, Problems, plainly, shown, unknown, without_middle
from .schemas import LABELS, is_filled_in
from .syntax import Json, Malformed, Yaml

SUFFIXES = {".yaml": Yaml, ".yml": Yaml, ".json": Json}


@dataclass(eq=False, slots=True)
class FixtureObject:
    """One object of a fixture: what it says of a row.

    `said` holds values as Schema.read gives them; those that could not be read are `wrong`.
    """

    number: int
    schema: object
    said: dict = field(default_factory=dict)
    wrong: set = field(default_factory=set)
    key: tuple | None = None


@dataclass(eq=False)
class FixtureFile:
    """What is to be loaded: a file, or objects that were made from one.

    `objects` are fixture objects for a `content` that is not a fixture itself; `record` is the
    pending Load under which the file waits. `taken` are (model label, key, field) of which a person
    chose the file's value over the database's.
    """

    name: str
    content: bytes
    objects: list | None = None
    record: object = None
    kind: str = LoadKind.FIXTURE
    taken: set = field(default_factory=set)
    problems: Problems = field(default_factory=Problems)

    def __post_init__(self):
        # A name that is not UTF-8 can be neither printed nor kept.
        self.name = self.name.encode(errors="backslashreplace").decode()

    @property
    def digest(self):
        return hashlib.sha256(self.content).hexdigest()

    def entries(self):
        """The FixtureObject of each object; what cannot be one is added to `problems`."""
        objects = self._objects()
        if isinstance(objects, list) and objects:
            return [
                entry
                for number, each in enumerate(objects, 1)
                if (entry := self._entry(number, each))
            ]
        if not self.problems:
            self.problem(_("文件里没有任何对象；应为列表，每项有 model 与 fields。"))
        return []

    def problem(self, sentence, entry=None, name="", number=None, line=None):
        """Add a FixtureProblem, with its line if there is one."""
        number = entry.number if entry else number
        row = self._wording.row(entry.schema, entry.key, said=entry.said) if _named(entry) else ""
        if number and self.objects is None and not self.problems.full:
            line = self._text.line(number, name)
        label = str(entry.schema.fields[name].verbose_name) if _has(entry, name) else ""
        place = self._paragraphs.get(entry.key[0]) if _named(entry) else None
        sentence, name = without_middle(str(sentence)), plainly(name)
        self.problems.append(
            FixtureProblem(self.name, sentence, number, line, row, name, label, place)
        )

    def invalid(self, error, entry, name=""):
        """Add the problems of a ValidationError."""
        if hasattr(error, "error_dict"):
            for field_name, sentences in error.message_dict.items():
                for sentence in sentences:
                    self.problem(sentence, entry, "" if field_name == "__all__" else field_name)
            return
        for sentence in error.messages:
            self.problem(sentence, entry, name)

    def _entry(self, number, each):
        if not isinstance(each, dict) or not isinstance(each.get("fields"), dict):
            return self.problem(
                _("%(value)s 不是对象；应有 model 与 fields。") % {"value": shown(each)},
                number=number,
            )
        model = each.get("model")
        schema = LABELS.get(model.lower()) if isinstance(model, str) else None
        if schema is None:
            return self.problem(unknown(model, list(LABELS)), number=number)
        entry = FixtureObject(number, schema)
        wrong = {}
        for name, value in each["fields"].items():
            if name not in schema.fields:
                continue
            try:
                read = schema.read(name, value)
            except ValidationError as error:
                wrong[name] = error
            else:
                if not is_filled_in(schema.fields[name], read):
                    entry.said[name] = read
        entry.wrong = set(wrong)
        entry.key = schema.key_of(entry.said)
        for name in each["fields"]:
            if name in wrong:
                self.invalid(wrong[name], entry, name)
            elif name not in schema.fields:
                self.problem(unknown(name, list(schema.fields)), entry, name)
        for name in each.keys() - {"model", "fields"}:
            if name != "pk" or each["pk"] is not None:
                self.problem(_("不收 %(name)s；行以自然键相认。") % {"name": shown(name)}, entry)
        parts = [field.name for field, _start, _stop in schema.key_parts]
        if entry.key is None and not entry.wrong.intersection(parts):
            self.problem(_("自然键不全；%(key)s 都须写明。") % {"key": ", ".join(parts)}, entry)
        return entry if entry.key else None

    def _objects(self):
        if self.objects is not None:
            return self.objects
        if PurePath(self.name).suffix.lower() not in SUFFIXES:
            self.problem(_("不认识的文件类型；可用的是 %(list)s。") % {"list": "、".join(SUFFIXES)})
            return None
        try:
            return self._text.read()
        except UnicodeDecodeError as error:
            self.problem(
                _("第 %(place)s 个字节起不是 UTF-8；请把文件另存为 UTF-8。")
                % {"place": error.start + 1}
            )
        except RecursionError:
            self.problem(_("嵌套过深，不是数据文件。"))
        except Malformed as error:
            self.problem(error.sentence, line=error.line)
        return None

    @cached_property
    def _text(self):
        syntax = SUFFIXES[PurePath(self.name).suffix.lower()]
        return syntax(self.content.decode("utf-8-sig"), self.problem)

    @cached_property
    def _wording(self):
        return Wording()

    @cached_property
    def _paragraphs(self):
        """{code: number of the paragraph in which the entry begins}, of what was made from a document."""
        objects = [one for one in self.objects or () if isinstance(one, dict) and "fields" in one]
        years = [one["fields"] for one in objects if one["model"] == "governance.awardyear"]
        text = years[0].get("text", "") if years else ""
        entries = [one["fields"] for one in objects if one["model"] == "governance.achievement"]
        places = {
            each.get("code"): [
                start for name in VERBATIM if (start := each.get(f"{name}_offset")) is not None
            ]
            for each in entries
        }
        return {
            code: text.count("\n", 0, min(starts)) + 1 for code, starts in places.items() if starts
        }


def _named(entry):
    return entry is not None and entry.key is not None


def _has(entry, name):
    return entry is not None and name in entry.schema.fields

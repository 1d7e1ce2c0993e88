"""A fixture file as objects, with the line of each, and with all that is wrong in its form."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath

import yaml
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance.models import LoadKind
from governance.models.achievement import VERBATIM

from .problems import Problem, shown, unknown
from .shapes import LABELS, is_filled_in
from .wording import Wording

SUFFIXES = (".yaml", ".yml", ".json")
DEEP = 500


@dataclass(eq=False, slots=True)
class Entry:
    """One object of a fixture: what it says of a row.

    `said` holds values as Shape.read gives them; those that could not be read are `wrong`.
    """

    number: int
    shape: object
    said: dict = field(default_factory=dict)
    wrong: set = field(default_factory=set)
    key: tuple | None = None


@dataclass(eq=False)
class Source:
    """What is to be loaded: a file, or objects that were made from one.

    `objects` are fixture objects for a `content` that is not a fixture itself; `record` is the
    pending Load under which the file waits.
    """

    name: str
    content: bytes
    objects: list | None = None
    record: object = None
    kind: str = LoadKind.FIXTURE
    problems: list = field(default_factory=list)

    @property
    def digest(self):
        return hashlib.sha256(self.content).hexdigest()

    def entries(self):
        """The Entry of each object; what cannot be one is added to `problems`."""
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

    def problem(self, sentence, entry=None, name="", number=None):
        """Add a Problem, with its line if there is one."""
        number = entry.number if entry else number
        row = self._wording.row(entry.shape, entry.key, said=entry.said) if _named(entry) else ""
        line = self._line(number, name)
        label = str(entry.shape.fields[name].verbose_name) if _has(entry, name) else ""
        place = self._paragraphs.get(entry.key[0]) if _named(entry) else None
        self.problems.append(
            Problem(self.name, str(sentence), number, line, row, name, label, place)
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
        shape = LABELS.get(str(each.get("model")).lower())
        if shape is None:
            return self.problem(unknown(each.get("model"), list(LABELS)), number=number)
        entry = Entry(number, shape)
        wrong = []
        for name, value in each["fields"].items():
            try:
                read = shape.read(name, value)
            except ValidationError as error:
                wrong.append((error, str(name)))
            else:
                if not is_filled_in(shape.fields[name], read):
                    entry.said[name] = read
        entry.wrong = {name for _error, name in wrong if name in shape.fields}
        entry.key = shape.key_of(entry.said)
        for error, name in wrong:
            self.invalid(error, entry, name)
        for name in each.keys() - {"model", "fields"}:
            if name != "pk" or each["pk"] is not None:
                self.problem(_("不收 %(name)s；行以自然键相认。") % {"name": shown(name)}, entry)
        parts = [field.name for field, _start, _stop in shape.key_parts]
        if entry.key is None and not entry.wrong.intersection(parts):
            self.problem(_("自然键不全；%(key)s 都须写明。") % {"key": ", ".join(parts)}, entry)
        return entry if entry.key else None

    def _objects(self):
        if self.objects is not None:
            return self.objects
        suffix = PurePath(self.name).suffix.lower()
        if suffix not in SUFFIXES:
            self.problem(_("不认识的文件类型；可用的是 %(list)s。") % {"list": "、".join(SUFFIXES)})
            return None
        try:
            return self._parsed(self.text, suffix)
        except UnicodeDecodeError as error:
            self.problem(
                _("第 %(place)s 个字节起不是 UTF-8；请把文件另存为 UTF-8。")
                % {"place": error.start + 1}
            )
        except RecursionError:
            self.problem(_("嵌套过深，不是数据文件。"))
        except json.JSONDecodeError as error:
            self.problems.append(
                Problem(
                    self.name, _("JSON 有误：%(error)s") % {"error": error.msg}, line=error.lineno
                )
            )
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = getattr(error, "problem", None) or str(error).splitlines()[0]
            self.problems.append(
                Problem(
                    self.name,
                    _("YAML 有误：%(error)s") % {"error": said},
                    line=mark and mark.line + 1,
                )
            )
        return None

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

    @cached_property
    def text(self):
        return self.content.decode("utf-8-sig")

    def _parsed(self, text, suffix):
        if suffix == ".json":
            return json.loads(text, object_pairs_hook=self._once)
        if _is_deep(text):
            raise RecursionError
        loader = _Loader(text)
        try:
            return loader.get_single_data()
        finally:
            for key, line in loader.twice:
                self.problems.append(Problem(self.name, _twice(key), line=line))
            loader.dispose()

    def _once(self, pairs):
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _value in pairs]
            for name in {name for name in names if names.count(name) > 1}:
                self.problems.append(Problem(self.name, _twice(name)))
        return found

    def _line(self, number, name):
        if number is None or self.objects is not None:
            return None
        lines, fields = self._lines[number - 1]
        return fields.get(name, lines)

    @cached_property
    def _lines(self):
        """[(line of the object, {field: its line})]. Read once more, since only errors need them."""
        json_file = PurePath(self.name).suffix.lower() == ".json"
        return _json_lines(self.text) if json_file else _yaml_lines(self.text)


def _named(entry):
    return entry is not None and entry.key is not None


def _has(entry, name):
    return entry is not None and name in entry.shape.fields


def _is_deep(text):
    """Whether a YAML might be nested deeper than any fixture: libyaml would end the whole process."""
    if re.search(rf"^[ \t?:-]{{{DEEP}}}", text, re.MULTILINE):
        return True
    depth = 0
    for bracket in re.findall(r"[][{}]", text):
        depth = depth + 1 if bracket in "[{" else max(depth - 1, 0)
        if depth > DEEP:
            return True
    return False


def _twice(name):
    return _("%(name)s 写了两次；只留一个。") % {"name": shown(name)}


class _Loader(yaml.CSafeLoader):
    """Reads null, lists, mappings, and everything else as the text that stands there.

    So 320585, 0123, yes and 12:30 need no quotes to stay what they are; fields make numbers and
    dates of their texts themselves.
    """

    def __init__(self, stream):
        super().__init__(stream)
        self.twice = []

    def construct_mapping(self, node, deep=False):
        found = super().construct_mapping(node, deep=deep)
        if len(found) < len(node.value):
            seen = set()
            for key, _value in node.value:
                if key.value in seen:
                    self.twice.append((key.value, key.start_mark.line + 1))
                seen.add(key.value)
        return found


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _yaml_lines(text):
    lines = []
    for node in yaml.compose(text, _Loader).value:
        fields = {}
        for key, value in _pairs(node):
            if key.value == "fields":
                fields = {name.value: name.start_mark.line + 1 for name, _value in _pairs(value)}
        lines.append((node.start_mark.line + 1, fields))
    return lines


def _pairs(node):
    return node.value if isinstance(node, yaml.MappingNode) else []


def _json_lines(text):
    decoder, lines, at = json.JSONDecoder(), [], text.index("[") + 1
    line, counted = 1, 0
    while True:
        while at < len(text) and (text[at].isspace() or text[at] == ","):
            at += 1
        if at >= len(text) or text[at] == "]":
            return lines
        line, counted = line + text.count("\n", counted, at), at
        value, end = decoder.raw_decode(text, at)
        fields = value.get("fields") if isinstance(value, dict) else None
        places = {}
        for name in fields if isinstance(fields, dict) else ():
            place = text.find(json.dumps(name, ensure_ascii=False), at, end)
            places[name] = line + text.count("\n", at, max(place, at))
        lines.append((line, places))
        at = end

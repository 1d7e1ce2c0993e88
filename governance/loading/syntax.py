"""The text of a fixture, YAML or JSON, as plain values, and the lines on which they stand."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import yaml
from django.utils.translation import gettext as _

from .problems import plainly, shown

# A fixture is four levels deep: list, object, fields, key.
DEEP = 50

# Longer numbers are values of no column, and Python refuses to read one of 4,300 digits.
DIGITS = 18

NULLS = ("", "~", "null", "Null", "NULL")


class Malformed(Exception):
    """Why a text cannot be read: a sentence, and the line if it is known."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


class Yaml:
    """A YAML text: null, lists, mappings, and everything else as the text that stands there.

    So 320585, 0123, yes and 12:30 need no quotes to stay what they are; fields make numbers and
    dates of their texts themselves. A tag would make something else of a text, and an alias a large
    load of a small file: neither is taken. `complain(sentence, line=)` is told of what is wrong
    without being the end.
    """

    def __init__(self, text: str, complain: Callable[..., None]) -> None:
        self.text = text
        self.complain = complain
        # Of each object: its line, and {field: its line}.
        self.lines: list[tuple[int, dict[str, int]]] = []

    def read(self) -> Any:
        """The value of the text, None if there is none. Raises Malformed, or RecursionError."""
        # By events: the nodes of a file take more than a hundred times as much as the file.
        # A generator, whatever its stubs say: only its end frees the parser.
        events: Any = yaml.parse(self.text, yaml.CSafeLoader)
        try:
            return self._document(events)
        except yaml.reader.ReaderError as error:
            before = self.text.encode()[: error.position]
            raise _malformed(error.reason, before.count(b"\n") + 1) from error
        except yaml.MarkedYAMLError as error:
            raise _malformed(error.problem, _line(error.problem_mark)) from error
        finally:
            events.close()

    def line(self, number: int, name: str) -> int:
        """The line of a field of the object of this number, or of the object."""
        line, fields = self.lines[number - 1]
        return fields.get(name, line)

    def _document(self, events: Iterator[Any]) -> Any:
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if found:
                    sentence = _("另有一份 YAML 由此开始；一个文件只收一份。")
                    raise Malformed(sentence, _line(event.start_mark))
                found.append(self._value(events, next(events)))
        return found[0] if found else None

    def _value(self, events: Iterator[Any], event: Any, depth: int = 0) -> Any:
        """What begins with `event`; takes the events up to its end."""
        if isinstance(event, yaml.AliasEvent):
            sentence = _("不收别名 *%(name)s；请把每处别名换成它所指的内容。")
            values = {"name": plainly(event.anchor)}
            raise Malformed(sentence % values, _line(event.start_mark))
        if event.tag:
            sentence = _("不收标签 %(tag)s；请去掉它，值照原样写。")
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.complain(sentence % {"tag": plainly(tag)}, line=_line(event.start_mark))
        if isinstance(event, yaml.ScalarEvent):
            unquoted, _quoted = event.implicit
            return None if unquoted and event.value in NULLS else event.value
        if depth == DEEP:
            raise RecursionError
        read: Callable[..., Any] = (
            self._list if isinstance(event, yaml.SequenceStartEvent) else self._mapping
        )
        return read(events, depth)

    def _list(self, events: Iterator[Any], depth: int) -> list[Any]:
        found = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            if depth == 0:
                self.lines.append((_line(event.start_mark), {}))
            found.append(self._value(events, event, depth + 1))
        return found

    def _mapping(self, events: Iterator[Any], depth: int) -> dict[str, Any]:
        found = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            line = _line(event.start_mark)
            if not isinstance(event, yaml.ScalarEvent):
                raise Malformed(_("冒号前只能是名称。"), line)
            self._value(events, event)
            if event.value in found:
                self.complain(twice(event.value), line=line)
            if depth == 2:
                self.lines[-1][1][event.value] = line
            found[event.value] = self._value(events, next(events), depth + 1)
        return found


def _line(mark: Any) -> Any:
    return mark and mark.line + 1


def _malformed(problem: object, line: int | None) -> Malformed:
    return Malformed(_("YAML 有误：%(error)s") % {"error": problem}, line)


class Json:
    """A JSON text; otherwise as Yaml."""

    def __init__(self, text: str, complain: Callable[..., None]) -> None:
        self.text = text
        self.complain = complain
        # [(mapping, name that it has twice)]: whoever makes the mapping does not know its line.
        self.twice: list[tuple[dict[str, Any], str]] = []

    def read(self) -> Any:
        try:
            value = json.loads(self.text, object_pairs_hook=self._once, parse_int=_integer)
        except json.JSONDecodeError as error:
            sentence = _("JSON 有误：%(error)s") % {"error": error.msg}
            raise Malformed(sentence, error.lineno) from error
        if self.twice:
            numbers = _numbers(value)
            for found, name in self.twice:
                number = numbers.get(id(found))
                self.complain(twice(name), line=number and self.line(number, name))
        return value

    def line(self, number: int, name: str) -> int:
        line, start, end = self._places[number - 1]
        quoted = re.compile(re.escape(json.dumps(name, ensure_ascii=False)) + r"\s*:")
        place = quoted.search(self.text, start, end)
        return line + self.text.count("\n", start, place.start()) if place else line

    @cached_property
    def _places(self) -> list[tuple[int, int, int]]:
        """[(line of the object, its start, its end)]. Read once more, since only errors need them."""
        text, decoder = self.text, json.JSONDecoder(parse_int=_integer)
        places: list[tuple[int, int, int]] = []
        line, counted, at = 1, 0, text.index("[") + 1
        while True:
            while text[at].isspace() or text[at] == ",":
                at += 1
            if text[at] == "]":
                return places
            line, counted = line + text.count("\n", counted, at), at
            _value, end = decoder.raw_decode(text, at)
            places.append((line, at, end))
            at = end

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(name for name, _value in pairs)
            self.twice += [(found, name) for name, count in counts.items() if count > 1]
        return found


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= DIGITS else digits


def _numbers(value: Any) -> dict[int, int]:
    """{id of a mapping: the number of the object that it is, or whose fields}"""
    numbers: dict[int, int] = {}
    for number, each in enumerate(value if isinstance(value, list) else (), 1):
        if isinstance(each, dict):
            numbers |= {id(each): number, id(each.get("fields")): number}
    return numbers


def twice(name: object) -> str:
    return _("%(name)s 写了两次；只留一个。") % {"name": shown(name)}

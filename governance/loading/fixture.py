"""A fixture file as objects, with the line of each, and with all that is wrong in its form."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from governance.models import Award, AwardYear, Load, LoadKind
from governance.models.achievement import VERBATIM
from governance.models.award import award_year_code
from governance.models.fields import KeyField

from .addresses import address_by_now
from .history import RENAMED, Renamed, scope_of
from .labels import Wording
from .problems import FixtureProblem, Problems, plainly, shown, unknown, without_middle
from .schemas import LABELS, SCHEMAS, Key, Schema, is_filled_in
from .syntax import Json, Malformed, Yaml

AWARD, YEAR = SCHEMAS[Award], SCHEMAS[AwardYear]
# As migration 0015 calls what was the only award.
FIRST_AWARD = "community-governance-innovation"

SUFFIXES: dict[str, type[Yaml] | type[Json]] = {".yaml": Yaml, ".yml": Yaml, ".json": Json}


@dataclass(eq=False)
class FixtureFile:
    """What is to be loaded: a file, or objects that were made from one.

    `objects` are fixture objects for a `content` that is not a fixture itself; `record` is the
    pending Load under which the file waits. `shipped`: it came with the program. `taken` are (model
    label, key, field) of which a person chose the file's value over the database's, `sure` codes of
    entries of which a person says that they are right though another entry looks alike. Unless it
    `publishes`, no entry becomes public by it, whatever it says: `load` knows by whom it is loaded.
    """

    name: str
    content: bytes
    objects: list[Any] | None = None
    record: Load | None = None
    kind: str = LoadKind.FIXTURE
    shipped: bool = False
    taken: set[tuple[str, Key, str]] = field(default_factory=set)
    sure: set[str] = field(default_factory=set)
    publishes: bool = True

    def __post_init__(self) -> None:
        # A name that is not UTF-8 can be neither printed nor kept.
        self.name = self.name.encode(errors="backslashreplace").decode()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(eq=False, slots=True)
class FixtureObject:
    """One object of a fixture: what it says of the row that has this `key`.

    `said` holds values as Schema.read gives them, by field; fields that could not be read are `wrong`.
    """

    number: int
    schema: Schema
    key: Key
    said: dict[str, Any]
    wrong: set[str]

    def move(self, codes: Mapping[str, str]) -> None:
        """Go on under other codes of award years, {code: code}, and so name others."""
        for name, value in self.said.items():
            if isinstance(self.schema.fields[name], KeyField | ForeignKey):
                self.said[name] = _moved(value, codes)
        key = self.schema.key_of(self.said)
        self.key = self.key if key is None else key


def _moved(value: Any, codes: Mapping[str, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_moved(one, codes) for one in value)
    if not isinstance(value, str) or not value:
        return value
    year = value if value in codes else award_year_code(value)
    return codes[year] + value.removeprefix(year) if year in codes else value


def read_fixture(file: FixtureFile) -> "Fixture":
    """The objects of a file, and all that is wrong with it: what cannot be an object is none."""
    fixture = Fixture(file)
    fixture.read()
    return fixture


class Fixture:
    """A file that was read: `objects` is {Schema: {key: FixtureObject}}, `problems` what was wrong."""

    def __init__(self, file: FixtureFile) -> None:
        self.file = file
        self.objects: dict[Schema, dict[Key, FixtureObject]] = {
            schema: {} for schema in SCHEMAS.values()
        }
        self.problems = Problems()

    def read(self) -> None:
        each = self._values()
        if isinstance(each, list) and each:
            for number, value in enumerate(each, 1):
                self._read_object(number, value)
            self._readdress()
        elif not self.problems:
            self._complain(_("文件里没有任何对象；应为列表，每项有 model 与 fields。"))

    def scopes(self) -> set[str]:
        """The codes of the award years of which it says anything, and SHARED."""
        return {scope_of(schema, key) for schema, keys in self.objects.items() for key in keys}

    def problem(self, sentence: str, item: FixtureObject, name: str = "") -> FixtureProblem:
        """What is wrong with an object, or with a field of it, with the line on which it stands."""
        place = self._paragraphs.get(item.key[0])
        return self._problem(sentence, item.number, name, item.schema, item.key, item.said, place)

    def invalid(self, error: ValidationError, item: FixtureObject) -> Iterator[FixtureProblem]:
        """The problems of a ValidationError of an object's row."""
        for name, sentence in _sentences(error):
            yield self.problem(sentence, item, name)

    def _problem(
        self,
        sentence: str,
        number: int | None = None,
        name: Any = "",
        schema: Schema | None = None,
        key: Key | None = None,
        said: dict[str, Any] | None = None,
        paragraph: int | None = None,
        line: int | None = None,
    ) -> FixtureProblem:
        row = self._wording.row(schema, key, said=said) if schema and key else ""
        if self.file.objects is not None:
            # What was made from a document has no numbers that anybody could count.
            number = None
        elif number:
            line = self._text.line(number, name)
        is_field = schema is not None and name in schema.fields
        label = str(schema.fields[name].verbose_name) if schema and is_field else ""
        return FixtureProblem(
            self.file.name,
            without_middle(str(sentence)),
            number=number,
            line=line,
            row=row,
            field=plainly(name),
            label=label,
            paragraph=paragraph,
        )

    def _complain(self, sentence: str, **place: Any) -> None:
        self.problems.append(self._problem(sentence, **place))

    def _read_object(self, number: int, value: Any) -> None:
        if not isinstance(value, dict) or not isinstance(value.get("fields"), dict):
            sentence = _("%(value)s 不是对象；应有 model 与 fields。") % {"value": shown(value)}
            self._complain(sentence, number=number)
            return
        model = value.get("model")
        schema = LABELS.get(model.lower()) if isinstance(model, str) else None
        if schema is None:
            self._complain(unknown(model, list(LABELS)), number=number)
            return
        renamed = RENAMED.get(schema.label, Renamed()).columns
        fields = {renamed.get(name, name): each for name, each in value["fields"].items()}
        said, wrong = _read_fields(schema, fields)
        if schema.model is AwardYear and not {"code", "award"} & fields.keys():
            said = self._of_first_award(number, said)
        key = schema.key_of(said)
        place: dict[str, Any] = {"number": number, "schema": schema, "key": key, "said": said}
        if key:
            place["paragraph"] = self._paragraphs.get(key[0])
        for name in fields:
            if name in wrong:
                for _name, sentence in _sentences(wrong[name]):
                    self._complain(sentence, name=name, **place)
            elif name not in schema.fields:
                self._complain(unknown(name, list(schema.fields)), name=name, **place)
        for name in value.keys() - {"model", "fields"}:
            if name != "pk" or value["pk"] is not None:
                self._complain(
                    _("不收 %(name)s；行以自然键相认。") % {"name": shown(name)}, **place
                )
        parts = [field.name for field, _start, _stop in schema.key_parts]
        if key is None and not wrong.keys() & set(parts):
            sentence = _("自然键不全；%(key)s 都须写明。") % {"key": ", ".join(parts)}
            self._complain(sentence, **place)
        if key:
            self._add(FixtureObject(number, schema, key, said, set(wrong)))

    def _of_first_award(self, number: int, said: dict[str, Any]) -> dict[str, Any]:
        """What an award year says in a file of when there was one award: a year, and no code.

        A record that has no such award gets it with its first year.
        """
        if "year" not in said:
            return said
        award = Award.objects.filter(prefix="").first()
        key = award.natural_key() if award else (FIRST_AWARD,)
        if award is None and key not in self.objects[AWARD]:
            new = {"slug": FIRST_AWARD, "prefix": "", "name": said.get("name", "")}
            self._add(FixtureObject(number, AWARD, key, new, set()))
        return said | {"award": key, "code": str(said["year"])}

    def _readdress(self) -> None:
        """Let a new award have an address that is free by now, and all that it has a code of its own."""
        now = {}
        for (slug,), item in self.objects[AWARD].items():
            address = address_by_now(item.said)
            if address.slug != slug or address.prefix != item.said.get("prefix", address.prefix):
                item.said |= address._asdict()
                now[slug] = address
        if not now:
            return
        codes: dict[str, str] = {}
        for (code,), item in self.objects[YEAR].items():
            slug, *_rest = item.said.get("award", ("",))
            if slug in now and "year" in item.said:
                codes[code] = Award(prefix=now[slug].prefix).year_code(item.said["year"])
                item.said["award"] = (now[slug].slug,)
        for schema, objects in self.objects.items():
            for item in objects.values():
                item.move(codes)
            self.objects[schema] = {item.key: item for item in objects.values()}

    def _add(self, item: FixtureObject) -> None:
        first = self.objects[item.schema].setdefault(item.key, item)
        if first is not item:
            sentence = _("与第 %(number)s 个对象是同一行；只留一个。") % {"number": first.number}
            self.problems.append(self.problem(sentence, item))

    def _values(self) -> Any:
        if self.file.objects is not None:
            return self.file.objects
        if PurePath(self.file.name).suffix.lower() not in SUFFIXES:
            sentence = _("不认识的文件类型；可用的是 %(list)s。")
            self._complain(sentence % {"list": "、".join(SUFFIXES)})
            return None
        try:
            return self._text.read()
        except UnicodeDecodeError as error:
            sentence = _("第 %(place)s 个字节起不是 UTF-8；请把文件另存为 UTF-8。")
            self._complain(sentence % {"place": error.start + 1})
        except RecursionError:
            self._complain(_("嵌套过深，不是数据文件。"))
        except Malformed as error:
            self._complain(error.sentence, line=error.line)
        return None

    @cached_property
    def _text(self) -> Yaml | Json:
        syntax = SUFFIXES[PurePath(self.file.name).suffix.lower()]
        return syntax(self.file.content.decode("utf-8-sig"), self._complain)

    @cached_property
    def _wording(self) -> Wording:
        return Wording()

    @cached_property
    def _paragraphs(self) -> dict[Any, int]:
        """{code: number of the paragraph in which the entry begins}, of what was made from a document."""
        objects = [
            one for one in self.file.objects or () if isinstance(one, dict) and "fields" in one
        ]
        years = [one["fields"] for one in objects if one["model"] == "governance.awardyear"]
        text = years[0].get("text", "") if years else ""
        entries = [one["fields"] for one in objects if one["model"] == "governance.achievement"]
        found = {}
        for entry in entries:
            offsets = [entry.get(f"{name}_offset") for name in VERBATIM]
            starts = [start for start in offsets if start is not None]
            if starts:
                found[entry.get("code")] = text.count("\n", 0, min(starts)) + 1
        return found


def _read_fields(
    schema: Schema, fields: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, ValidationError]]:
    """What an object says, by field, and what of it cannot be read."""
    said, wrong = {}, {}
    for name, value in fields.items():
        if name not in schema.fields:
            continue
        try:
            read = schema.read(name, value)
        except ValidationError as error:
            wrong[name] = error
        else:
            if not is_filled_in(schema.fields[name], read):
                said[name] = read
    return said, wrong


def _sentences(error: ValidationError) -> Iterator[tuple[str, str]]:
    """(field name, sentence) of each that an error says; "" for the row as a whole."""
    if not hasattr(error, "error_dict"):
        yield from (("", sentence) for sentence in error.messages)
        return
    for name, sentences in error.message_dict.items():
        yield from (("" if name == "__all__" else name, sentence) for sentence in sentences)

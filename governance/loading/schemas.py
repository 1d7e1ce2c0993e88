"""What each model looks like in a fixture: its fields, its natural key, and how a value is written."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext as _

from governance.models import (
    Achievement,
    AchievementImage,
    AchievementOrganization,
    Award,
    AwardYear,
    Coding,
    Evidence,
    Mechanism,
    Organization,
    Region,
    SettingEvidence,
)
from governance.models.fields import NaturalKeyModel, PinyinField, json_value

from .problems import shown, unknown

# A natural key, flat: ("2015-w01", "deliberation", "title", 0).
Key = tuple[Any, ...]

# Each may name those before it, and a region another region.
MODELS: list[type[NaturalKeyModel]] = [
    *(Region, Mechanism, Organization, Award, AwardYear, Achievement),
    *(AchievementOrganization, Coding, Evidence, SettingEvidence, AchievementImage),
]

# Words of an entry with their place in it.
SPANS = (Evidence, SettingEvidence)

# What each kind of integer holds in any database: SQLite itself takes more, and then fails.
RANGES = BaseDatabaseOperations.integer_field_ranges

# A region's path is made of its code by Region.clean(), an organization's address by `Slugs`.
DERIVED = ("path", "slug")


class Schema:
    """A model as fixtures have it.

    A row's *identity* is its key with each relation in it replaced by the primary key of the row
    that is named: unique in the database, and still true when that row has been renamed since.
    """

    def __init__(self, model: type[NaturalKeyModel]) -> None:
        self.model = model
        self.label = model._meta.label_lower
        self.fields: dict[str, Field] = {
            field.name: field for field in model._meta.concrete_fields if not field.primary_key
        }

    def __str__(self) -> str:
        return str(self.model._meta.verbose_name)

    @cached_property
    def key_fields(self) -> list[Field]:
        """The plain field that each item of the key is a value of."""
        return [_reached(self.model, path) for path in self.model.natural_key_fields]

    @cached_property
    def key_parts(self) -> list[tuple[Field, int, int]]:
        """[(field, start, stop)]: which items of the key belong to which field of the model."""
        parts: list[tuple[Field, int, int]] = []
        for place, path in enumerate(self.model.natural_key_fields):
            field = self.fields[path.split("__")[0]]
            if parts and parts[-1][0] is field:
                parts[-1] = (field, parts[-1][1], place + 1)
            else:
                parts.append((field, place, place + 1))
        return parts

    @cached_property
    def owner(self) -> ForeignKey | None:
        """The relation to the row of which a row is a part, None for what stands alone."""
        field = self.key_parts[0][0]
        return field if isinstance(field, ForeignKey) else None

    @cached_property
    def required(self) -> list[Field]:
        """The fields that a new row must be given."""
        return [
            field
            for field in self.fields.values()
            if not (field.blank or field.has_default() or field.name in DERIVED)
        ]

    @cached_property
    def choices(self) -> dict[str, list[str]]:
        """{field: all values that it may have}, if these are few; Django makes them anew at each look."""
        return {
            field.name: [str(value) for value, _label in field.flatchoices]
            for field in self.fields.values()
            if field.choices
        }

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """{column: what it holds where nothing was said}"""
        return {field.attname: json_value(field.get_default()) for field in self.fields.values()}

    @cached_property
    def relations(self) -> list[ForeignKey]:
        return [field for field in self.fields.values() if isinstance(field, ForeignKey)]

    def new(self, **values: Any) -> Any:
        """A row that is not saved."""
        return self.model(**values)

    def owner_key(self, key: Key) -> Key:
        return key[: self.key_parts[0][2]]

    def identity_of(self, row: Model) -> Key:
        return tuple(getattr(row, field.attname) for field, _start, _stop in self.key_parts)

    def name(self, key: Key) -> str:
        """A row in words: 机制标注 2015-w01 / deliberation."""
        return f"{self} {' / '.join(map(str, key))}"

    def key_of(self, said: dict[str, Any]) -> Key | None:
        """The key of a row of which a fixture says `said`; None if a part of it is missing."""
        key: list[Any] = []
        for field, _start, _stop in self.key_parts:
            value = said.get(field.name, field.get_default())
            if value is None or value == "":
                return None
            key += value if field.is_relation else [value]
        return tuple(key)

    def read(self, name: str, value: object) -> Any:
        """The value of a field as the model has it; a relation's is a key.

        Raises ValidationError.
        """
        field = self.fields[name]
        if value is None:
            if not field.null:
                raise ValidationError(_("不能为空；没有内容时写 ''。"))
            return None
        if field.is_relation:
            return named_by(field).read_key(value)
        return _clean(field, value, self.choices.get(name))

    def read_key(self, value: object) -> Key:
        if not isinstance(value, list):
            raise ValidationError(
                _("%(value)s 不是自然键；应为 [%(key)s]。")
                % {"value": shown(value), "key": ", ".join(self.model.natural_key_fields)}
            )
        if len(value) != len(self.key_fields):
            raise ValidationError(
                _("自然键 %(value)s 有 %(found)s 项；应有 %(right)s 项：[%(key)s]。")
                % {
                    "value": shown(value),
                    "found": len(value),
                    "right": len(self.key_fields),
                    "key": ", ".join(self.model.natural_key_fields),
                }
            )
        return tuple(map(_part_of_key, self.key_fields, value))


def _reached(model: Any, path: str) -> Field:
    *relations, last = path.split("__")
    for name in relations:
        model = model._meta.get_field(name).related_model
    return model._meta.get_field(last)


def _part_of_key(field: Field, value: object) -> Any:
    value = _plain_value(field, value)
    # The database is not asked for what no row can have.
    field.run_validators(value)
    return value


def _clean(field: Field, value: object, choices: list[str] | None) -> Any:
    """As the field's own clean(), for a value that a file gives."""
    value = _plain_value(field, value)
    if field.blank and value in field.empty_values:
        return value
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        raise ValidationError(
            _("太长：有 %(length)s 个字符，最多 %(most)s 个。")
            % {"length": len(value), "most": field.max_length}
        )
    if choices is None:
        return field.clean(value, None)
    if value not in choices:
        raise ValidationError(unknown(value, choices))
    return value


def _plain_value(field: Field, value: Any) -> Any:
    # A float or a truth value would be cut or spelt otherwise by Django without a word.
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValidationError(_("%(value)s 不是文字或整数。") % {"value": shown(value)})
    if isinstance(value, str) and not _can_be_stored(value):
        raise ValidationError(_("文字中有数据库不能保存的字符（NUL 或残缺的代理对）。"))
    try:
        value = field.to_python(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValidationError(_("%(value)s 不合格式。") % {"value": shown(value)}) from error
    low, high = RANGES.get(field.get_internal_type(), (None, None))
    if low is not None and value is not None and not low <= value <= high:
        sentence = _("%(value)s 不在 %(low)s 到 %(high)s 之间。")
        raise ValidationError(sentence % {"value": shown(value), "low": low, "high": high})
    return value


def _can_be_stored(text: str) -> bool:
    # An ASCII text has no surrogates, and most texts have no NUL: both tests are quick.
    if "\0" in text:
        return False
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_filled_in(field: Field, value: object) -> bool:
    """Whether saving would put something of its own in place of `value`."""
    return isinstance(field, PinyinField) and value == ""


def columns(row: NaturalKeyModel) -> dict[str, Any]:
    """All columns of a row but its primary key, as JSON has them."""
    fields = SCHEMAS[type(row)].fields.values()
    return {field.attname: json_value(getattr(row, field.attname)) for field in fields}


SCHEMAS: dict[type[Model], Schema] = {model: Schema(model) for model in MODELS}
LABELS = {schema.label: schema for schema in SCHEMAS.values()}


def named_by(field: Field) -> Schema:
    """The schema of the rows that a relation names."""
    model: Any = field.related_model
    return SCHEMAS[model]

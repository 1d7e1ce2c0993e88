"""What several models share: fields that keep text as it is, choices that the database checks."""

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from governance import pinyin


class VerbatimField(models.TextField):
    """Text exactly as the source has it; places in the document are counted in it.

    Django's forms strip spaces and a browser's textarea sends CRLF: both would move every
    place after them, so neither is let through.
    """

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"strip": False, **kwargs})

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        value = super().clean(value, model_instance)
        return value.replace("\r\n", "\n") if value else value


class LinesField(models.TextField):
    """Texts one a line, without empty lines and without spaces around them."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text and "\n".join(line.strip() for line in text.splitlines() if line.strip())


class KeyField(models.CharField):
    """ASCII text that is compared and sorted byte by byte, the same way on both databases."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        collation = "C" if connection.vendor == "postgresql" else None
        return super().db_parameters(connection) | {"collation": collation}


class PinyinField(KeyField):
    """The reading of the field named `source`, by which lists are sorted.

    Saving fills it when it is empty. It is stored, not computed, because no reading is right
    for every place name and a person must be able to correct it. `place` as in `pinyin.reading`.
    """

    def __init__(
        self, *args: Any, source: str = "name", place: bool = False, **kwargs: Any
    ) -> None:
        self.source, self.place = source, place
        kwargs.setdefault("verbose_name", _("拼音"))
        kwargs.setdefault("help_text", _("排序用；留空则自动生成。"))
        super().__init__(
            *args, **{"max_length": pinyin.LONGEST, "blank": True, "db_index": True, **kwargs}
        )

    # Not in clean(), which full_clean() skips for an empty field that may be blank.
    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if not getattr(model_instance, self.attname):
            text = getattr(model_instance, self.source)
            setattr(model_instance, self.attname, pinyin.reading(text, place=self.place))
        return super().pre_save(model_instance, add)


class KnownValue(models.CheckConstraint):
    """A CHECK that a form never meets, since the field has compared the value with its choices before.

    Asking the database for it again takes three queries a field: 57 of the 154 of a save with eight
    codings.
    """

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is left to say."""

    def deconstruct(self) -> Any:
        _path, arguments, keywords = super().deconstruct()
        return "django.db.models.CheckConstraint", arguments, keywords


def known(field: str, choices: type[models.TextChoices], *, blank: bool = False) -> KnownValue:
    """A CHECK that `field` holds one of `choices`, for the database to keep whoever writes."""
    values = [*choices.values, ""] if blank else choices.values
    return KnownValue(
        condition=models.Q(**{f"{field}__in": values}), name=f"%(class)s_{field}_known"
    )


def json_value(value: Any) -> Any:
    """A column's value as JSON has it, in which values are compared."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, FieldFile):
        return value.name or ""
    return value


_Row = TypeVar("_Row", bound="NaturalKeyModel")


class NaturalKeyManager(models.Manager[_Row]):
    """Finds a row by the fields that its model names in `natural_key_fields`.

    A path such as `achievement__code` reaches through a relation, so links have natural keys
    too, and loading a fixture twice changes nothing.
    """

    def get_by_natural_key(self, *values: Any) -> _Row:
        return self.get(**dict(zip(self.model.natural_key_fields, values, strict=True)))


class NaturalKeyModel(models.Model):
    """A model whose rows are told apart by `natural_key_fields`, in fixtures and in text."""

    natural_key_fields: ClassVar[tuple[str, ...]] = ()

    objects: models.Manager = NaturalKeyManager()

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django's, which asks the database for every row that is named, also for one that is at hand."""
        relations = [field for field in self._meta.concrete_fields if field.is_relation]
        at_hand = {
            one.name for one in relations if one.is_cached(self) and one.get_cached_value(self)
        }
        super().clean_fields(at_hand.union(exclude or ()))

    def natural_key(self) -> tuple[Any, ...]:
        return tuple(self._reach(path) for path in self.natural_key_fields)

    def _reach(self, path: str) -> Any:
        value: Any = self
        for name in path.split("__"):
            value = getattr(value, name)
        return value

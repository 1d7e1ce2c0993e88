"""Serializers that pass dicts through, and say of what shape these are: made of the shapes and the table of fields."""

import re
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from rest_framework import serializers

from governance.records.fields import FIELDS, Field


class PassedThrough(serializers.Serializer):
    # What a view hands over is the answer; the fields only tell what it is like. No docstring: the
    # schema would have it wherever a shape has none.
    def to_representation(self, instance: Any) -> Any:
        return instance


DESCRIBED: dict[str, Field] = {field.name: field for field in FIELDS}
LEAVES: dict[Any, type[serializers.Field]] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    bool: serializers.BooleanField,
}


@cache
def declared(shape: type, path: str = "", name: str = "") -> type[PassedThrough]:
    """The serializer of a TypedDict; `path` is where it stands in the record of an entry, if it does.

    Raises TypeError of a shape that no answer of the API has.
    """
    name = name or shape.__name__
    made: dict[str, Any] = {
        key: _field(
            hint,
            f"{path}{key}",
            f"{name}{key.title().replace('_', '')}",
            required=key in shape.__required_keys__,  # type: ignore[attr-defined]  # of TypedDicts
        )
        for key, hint in get_type_hints(shape).items()
    }
    documented = {"__doc__": re.sub(r"\s+", " ", shape.__doc__ or "").strip()}
    return type(name, (PassedThrough,), made | documented)


def _field(hint: Any, path: str, name: str, **options: Any) -> serializers.Field:
    if type(None) in get_args(hint):
        (hint,) = [part for part in get_args(hint) if part is not type(None)]
        options["allow_null"] = True
    if is_typeddict(hint):
        return declared(hint, f"{path}.", name)(**options)
    if get_origin(hint) is list:
        (item,) = get_args(hint)
        if is_typeddict(item):
            return declared(item, f"{path}.", name)(many=True, **options)
        return serializers.ListField(child=_field(item, "", name), **options)
    if get_origin(hint) is dict:
        return serializers.DictField(child=_field(get_args(hint)[1], "", name), **options)
    described = DESCRIBED.get(path)
    if described is None:
        return LEAVES[hint](**options)
    options |= {"label": described.label, "help_text": described.meaning}
    if described.choices:
        # Missing text is "".
        return serializers.ChoiceField(described.choices.choices, allow_blank=True, **options)
    if described.type == "date":
        return serializers.DateField(**options)
    return LEAVES[hint](**options)

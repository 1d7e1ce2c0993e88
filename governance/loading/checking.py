"""`full_clean()` for many rows at once: the same rules, without a query for each row."""

import operator
from collections.abc import Callable, Iterable, Iterator, Set
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext as _

from governance.batches import batched
from governance.models.fields import NaturalKeyModel

from .schemas import SCHEMAS

LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lte": operator.le,
    "in": lambda value, choices: value in choices,
}


def check(
    rows: Iterable[NaturalKeyModel],
    clean: Callable[[Any], None],
    tick: Callable[[], None] = lambda: None,
    wrong: Set[str] = frozenset(),
    going: Set[int] = frozenset(),
) -> Iterator[tuple[NaturalKeyModel, ValidationError]]:
    """Yield (row, ValidationError) for the unsaved state of `rows`, all of one model.

    `clean(row)` is the model's own clean(), or stands for it. Neither fields nor natural keys are
    checked: whoever made the rows has read each field by Schema.read and found each row by its key.
    What hangs on fields that are `wrong` is left out. `going` are primary keys of rows that make way.
    """
    rows = list(rows)
    if not rows:
        return
    constraints = [
        one
        for one in rows[0]._meta.constraints
        if isinstance(one, CheckConstraint) and not wrong & _names(one.condition)
    ]
    for row in rows:
        tick()
        try:
            clean(row)
        except ValidationError as error:
            left = {name: one for name, one in error.error_dict.items() if name not in wrong}
            if left:
                yield row, ValidationError(left)
        for constraint in constraints:
            if holds(constraint.condition, row) is False:
                sentence = constraint.get_violation_error_message()
                yield row, ValidationError({NON_FIELD_ERRORS: sentence})
    for names, sentence in _unique(rows[0]):
        if not wrong & set(names):
            for row in _taken(rows, names, going):
                yield row, ValidationError({names[-1]: sentence})


def _names(condition: Any) -> set[str]:
    """The fields of which a Q speaks."""
    return {
        name
        for part in condition.children
        for name in (_names(part) if isinstance(part, Q) else [part[0].partition("__")[0]])
    }


def holds(condition: Any, row: NaturalKeyModel) -> bool | None:
    """Whether `row` satisfies a Q as in SQL: None is "unknown", which a CHECK lets pass."""
    found = [_part(part, row) for part in condition.children]
    # One part that is false decides an AND, one that is true an OR.
    decisive = condition.connector != "AND"
    if decisive in found:
        known = decisive
    elif None in found:
        return None
    else:
        known = not decisive
    return known != condition.negated


def _part(part: Any, row: NaturalKeyModel) -> bool | None:
    if not isinstance(part, tuple):
        return holds(part, row)
    name, _underlines, lookup = part[0].partition("__")
    value = getattr(row, SCHEMAS[type(row)].fields[name].attname)
    other: Any = part[1]
    if isinstance(other, F):
        other = getattr(row, other.name)  # type: ignore[attr-defined]  # the stubs forget it
    if lookup == "isnull":
        return (value is None) == other
    if other is None:
        # Q(parent=None) is Django's IS NULL.
        return value is None
    return None if value is None else LOOKUPS[lookup or "exact"](value, other)


def _unique(row: NaturalKeyModel) -> Iterator[tuple[list[str], str]]:
    """([field name], sentence) of each rule of uniqueness."""
    for field in row._meta.concrete_fields:
        if field.unique and not field.primary_key and (field.name,) != row.natural_key_fields:
            sentence = _("已有另一%(model)s用了这个%(field)s；须各不相同。")
            yield (
                [field.name],
                sentence % {"model": row._meta.verbose_name, "field": field.verbose_name},
            )
    key = {path.split("__")[0] for path in row.natural_key_fields}
    for constraint in row._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and set(constraint.fields) != key:
            yield list(constraint.fields), str(constraint.get_violation_error_message())


def _taken(
    rows: list[NaturalKeyModel], names: list[str], going: Set[int]
) -> Iterator[NaturalKeyModel]:
    """Those of `rows` whose values of `names` another row has, of them or in the database."""
    model = type(rows[0])
    attnames = [SCHEMAS[model].fields[name].attname for name in names]

    def values(row: NaturalKeyModel) -> tuple[Any, ...]:
        return tuple(getattr(row, attname) for attname in attnames)

    ours = {row.pk: values(row) for row in rows}
    seen: dict[tuple[Any, ...], NaturalKeyModel] = {}
    for row in rows:
        if values(row) in seen:
            yield row
        seen.setdefault(values(row), row)
    # A row that keeps what it has in the database has been unique there.
    firsts = {first for first, *_rest in ours.values()}
    for some in batched(firsts, 500):
        there = model.objects.filter(**{f"{attnames[0]}__in": some})
        for pk, *found in there.values_list("pk", *attnames):
            taken = seen.get(tuple(found))
            if taken and taken.pk != pk and pk not in ours and pk not in going:
                yield taken

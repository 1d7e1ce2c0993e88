"""The history of the record: one function writes it, others read it for people.

Whoever changes entries does it in `recording()`. What is written down are the rows of each entry and
its parts before and after, wherever a change came from: evidence that moved with a text is among them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Model

from governance.batches import batched
from governance.models import (
    Achievement,
    AchievementImage,
    AchievementOrganization,
    Change,
    ChangeKind,
    ChangePart,
    Coding,
    Evidence,
    Load,
    SettingEvidence,
)
from governance.models.fields import NaturalKeyModel, json_value

# How long a command that writes the record waits for another, in seconds.
WAIT = 30

# {model of an entry or of its parts: the path to the entry}; each may name rows of those before it.
ENTRY_OF: dict[type[NaturalKeyModel], str] = {
    Achievement: "pk",
    AchievementOrganization: "achievement",
    Coding: "achievement",
    Evidence: "coding__achievement",
    SettingEvidence: "achievement",
    AchievementImage: "achievement",
}
ENTRY = Achievement._meta.label_lower

# [key, primary key, columns] of a row, and {model label: rows} of an entry.
Row = list[Any]
Stored = dict[str, list[Row]]


def take_turn() -> None:
    """Wait until nobody else writes the record, and keep others from it until the transaction ends.

    Readers go on. Call it before the transaction writes: two who have written and then wait for each
    other would never end. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        models: list[type[Model]] = [*record_models(), Load]
        tables = ", ".join(model._meta.db_table for model in models)
        with connection.cursor() as cursor:
            # The site's connections wait for less already.
            cursor.execute(
                f"SELECT set_config('lock_timeout', '{WAIT}s', true)"
                " WHERE current_setting('lock_timeout') = '0';"
                f" LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE"
            )


def record_models() -> list[type[NaturalKeyModel]]:
    """The models of the record itself."""
    models = apps.get_app_config("governance").get_models()
    return [model for model in models if issubclass(model, NaturalKeyModel)]


@contextmanager
def recording(
    entries: set[int],
    kind: ChangeKind = ChangeKind.EDIT,
    *,
    by: User | None = None,
    reason: str = "",
    load: Load | None = None,
    undoes: Change | None = None,
) -> Iterator[Change]:
    """Write down as one Change what the block does to these entries, by their primary keys.

    It runs in a transaction, the caller's if there is one, in which nobody else writes the record:
    what the block reads is so until it ends. Entries that are new are added to the set in the block;
    the Change that it is given is not saved, and may be given another name and reason. Where nothing
    differs, nothing is written.
    """
    with transaction.atomic():
        take_turn()
        before = _stored(entries)
        change = Change(kind=kind, by=by, name=person_name(by), reason=reason)
        change.load, change.undoes = load, undoes
        yield change
        parts = list(_parts(change, before, entries))
        if parts:
            change.save()
            ChangePart.objects.bulk_create(parts, batch_size=1000)


def person_name(user: User | None) -> str:
    """What a person is called, in codings, reports and changes; "" for nobody.

    A family name in Chinese characters comes first: 林小满.
    """
    if user is None:
        return ""
    if "\u4e00" <= user.last_name[:1] <= "\u9fff":
        return f"{user.last_name}{user.first_name}"
    return user.get_full_name() or user.get_username()


def is_derived(field: str) -> bool:
    """Whether a field follows from others: a place in a text, a reading."""
    places = ("start", "end", "start_en", "end_en")
    return field in ("pinyin", *places) or field.endswith("_offset")


def present_rows(entries: Iterable[int]) -> dict[int, Stored]:
    """What the record holds of these entries now: {primary key: {model label: rows}}."""
    return {pk: orjson.loads(stored) for pk, stored in _stored(entries).items()}


def _stored(entries: Iterable[int]) -> dict[int, bytes]:
    # As bytes: of twenty thousand entries, lists and dicts would fill a small machine.
    found: dict[int, bytes] = {}
    for some in batched(entries, 1000):
        rows: dict[int, Stored] = {}
        for model, path in ENTRY_OF.items():
            for entry, row in _rows(model, path, some):
                rows.setdefault(entry, {}).setdefault(model._meta.label_lower, []).append(row)
        found |= {pk: orjson.dumps(stored) for pk, stored in rows.items()}
    return found


def _rows(model: type[NaturalKeyModel], path: str, entries: list[int]) -> Iterator[tuple[int, Row]]:
    """(primary key of the entry, row) of each."""
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    keys = len(model.natural_key_fields)
    rows = model.objects.filter(**{f"{path}__in": entries}).order_by("pk")
    for entry, pk, *values in rows.values_list(path, "pk", *model.natural_key_fields, *names):
        columns = map(json_value, values[keys:])
        yield entry, [values[:keys], pk, dict(zip(names, columns, strict=True))]


def _parts(change: Change, before: dict[int, bytes], entries: set[int]) -> Iterator[ChangePart]:
    new = entries - before.keys()
    if change.kind == ChangeKind.LOAD:
        for some in batched(new, 1000):
            rows = Achievement.objects.filter(pk__in=some).order_by("pk")
            for pk, code in rows.values_list("pk", "code"):
                made = {ENTRY: [[[code], pk, None, None, {}]]}
                yield ChangePart(change=change, entry=pk, code=code, rows=made)
        new = set()
    after = _stored(before.keys() | new)
    for pk in sorted(before.keys() | after.keys()):
        was, now = before.get(pk, b"{}"), after.get(pk, b"{}")
        if was != now:
            was, now = orjson.loads(was), orjson.loads(now)
            ((code,), *_rest) = (now or was)[ENTRY][0]
            yield ChangePart(change=change, entry=pk, code=code, rows=_difference(was, now))


def _difference(before: Stored, after: Stored) -> dict[str, list[list[Any]]]:
    """{model label: [[key, primary key, None, columns before, columns after]]}, as a LoadPart has them."""
    found = {}
    for model in ENTRY_OF:
        label = model._meta.label_lower
        was = {pk: (key, columns) for key, pk, columns in before.get(label, ())}
        now = {pk: (key, columns) for key, pk, columns in after.get(label, ())}
        rows = []
        for pk in sorted(was.keys() | now.keys()):
            key, columns = now.get(pk) or was[pk]
            if pk not in was:
                rows.append([key, pk, None, None, columns])
            elif pk not in now:
                rows.append([key, pk, None, columns, None])
            elif was[pk][1] != columns:
                old = {name: one for name, one in was[pk][1].items() if one != columns[name]}
                rows.append([key, pk, None, old, {name: columns[name] for name in old}])
        if rows:
            found[label] = rows
    return found


def status_moved(part: ChangePart) -> tuple[str, str] | None:
    """(status before, "" of a new entry; status after), if the Change moved it."""
    rows: Any = part.rows
    for _key, _pk, _said, before, after in rows.get(ENTRY, ()):
        if after and "status" in after:
            return (before or {}).get("status", ""), after["status"]
    return None

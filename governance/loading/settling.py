"""What a plan makes untrue without naming it is settled, reported, and remembered as done by the load."""

from collections.abc import Mapping
from typing import Any

from governance.models import Achievement, AwardYear, Coding, Evidence
from governance.models.award import award_year_code
from governance.models.fields import NaturalKeyModel, json_value

from .consistency import settle
from .fixture import FixtureObject
from .history import LoadedRow
from .judgements import settle_judgements
from .report import LoadReport, settled
from .schemas import SCHEMAS, Key, Schema
from .writing import Changes

ENTRY, YEAR = SCHEMAS[Achievement], SCHEMAS[AwardYear]
PARTS = (SCHEMAS[Coding], SCHEMAS[Evidence])


def settle_plan(
    changes: Changes,
    objects: Mapping[Schema, Mapping[Key, FixtureObject]],
    object_of: Mapping[NaturalKeyModel, FixtureObject],
    done: dict[Schema, list[LoadedRow]],
    report: LoadReport,
) -> None:
    """Complete Changes with what they make untrue; `done` and `report` are completed with it.

    `objects` are what the file says, `object_of` which of them each row was merged with.
    """

    def told(row: NaturalKeyModel, name: str) -> bool:
        """Whether the file says what a row will hold, counted in the very text that will be kept."""
        item = object_of.get(row)
        said = item is not None and item.said.get(name) == getattr(row, name)
        return said and _keeps_text_of(row, objects)

    def keeps_rank(row: Achievement) -> bool:
        item = object_of.get(row)
        return item is not None and item.said.get("rank") not in (None, row.rank)

    _note(ENTRY, settle(changes, keeps_rank, told), done, report)
    judgements = settle_judgements(changes, told)
    for schema in PARTS:
        rows = {row: was for row, was in judgements.items() if isinstance(row, schema.model)}
        _note(schema, rows, done, report)


def _keeps_text_of(
    row: NaturalKeyModel, objects: Mapping[Schema, Mapping[Key, FixtureObject]]
) -> bool:
    """Whether the file says no other text than will be kept, of that in which a row's places are."""
    if isinstance(row, Achievement):
        year = objects[YEAR].get((award_year_code(row.code),))
        return year is None or year.said.get("text") in (None, row.award_year.text)
    if isinstance(row, Evidence) and row.field_en:
        entry, kept = objects[ENTRY].get((row.source.code,)), getattr(row.source, row.field_en)
        return entry is None or entry.said.get(row.field_en) in (None, kept)
    return True


def _note(
    schema: Schema,
    rows: Mapping[Any, dict[str, Any]],
    done: dict[Schema, list[LoadedRow]],
    report: LoadReport,
) -> None:
    """Note `rows`, {row: {field name: value before}}, as changed by this load."""
    all_done = {one.pk: one for one in done[schema]}
    for row, was in rows.items():
        before = {name: json_value(value) for name, value in was.items()}
        after = {name: json_value(getattr(row, name)) for name in was}
        one = all_done.get(row.pk)
        if one is None:
            # The next load finds an entry as this one left it. Of its parts nothing is said: those
            # that this file does not have are no reason to remove them when the next one lacks them.
            said = dict(after) if schema is ENTRY else None
            one = LoadedRow(row.natural_key(), row.pk, said, {}, {})
            done[schema].append(one)
        if one.before is not None and one.after is not None:
            olds, news = before | one.before, one.after | after
            moved = [name for name in olds if olds[name] != news[name]]
            one.before = {name: olds[name] for name in moved}
            one.after = {name: news[name] for name in moved}
            report.count(schema, "changed" if moved else "unchanged", one.key)
        for detail in settled(schema, one.key, before, after):
            report.add(detail)

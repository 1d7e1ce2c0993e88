"""Cards and records as the index keeps them; of a row that cannot be read, made of the record itself."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

import orjson
from django.db import connection
from django.db.models import Q

from governance.batches import batched
from governance.models import Achievement, Status
from governance.records import AchievementRecord, Card, Records, achievement_record, card

from .lists import Lists
from .reading import current
from .state import heal, mark_damaged

CARD, RECORD = Card.__required_keys__, AchievementRecord.__required_keys__


def records(numbers: Sequence[int]) -> list[AchievementRecord]:
    """The records of the published entries with these numbers, in this order."""
    found = _read("record", numbers)
    return [found[number] for number in numbers if number in found]


def cards(numbers: Iterable[int]) -> dict[int, Card]:
    """{number: card} of the published among some entries."""
    return _read("card", list(numbers))


def record(code: str) -> AchievementRecord | None:
    """The record of one published achievement, or None."""
    current()
    rows = _published("e.record", "e.code = %s", [code])
    if found := _parsed(rows[0][0], RECORD) if rows else None:
        return found
    achievement = Achievement.objects.published().filter(code=code).first()
    if achievement is None:
        return None
    _mend(code)
    return achievement_record(achievement)


def _read(column: str, numbers: Sequence[int]) -> dict[int, Any]:
    """{number: what its row has in this column}, without any that is no longer published."""
    if not numbers:
        return {}
    keys = CARD if column == "card" else RECORD
    places = ",".join(["%s"] * len(numbers))
    rows = _published(f"e.number, e.{column}", f"e.number IN ({places})", numbers)
    read = {number: _parsed(content, keys) for number, content in rows}
    found = {number: content for number, content in read.items() if content}
    if len(found) < len(numbers):
        for number, made in _made_anew([one for one in numbers if one not in found]):
            found[number] = card(made) if column == "card" else made
    return found


def _parsed(content: Any, keys: frozenset[str]) -> Any:
    """A card or record, which has these keys; None if it cannot be read."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and found.keys() >= keys else None


def _made_anew(numbers: Iterable[int]) -> Iterable[tuple[int, AchievementRecord]]:
    """(number, record) of those entries of the record that have these numbers and are published."""
    lists = Lists.kept()
    for some in batched(numbers, 100):
        places = {place: number for number in some if (place := lists.place(number))}
        if not places:
            continue
        there = [Q(award_year__code=code, tier=tier, rank=rank) for code, tier, rank in places]
        achievements = Achievement.objects.published().select_related("award_year")
        rows = list(achievements.filter(reduce(or_, there)))
        for row, made in zip(rows, Records().of(rows), strict=True):
            _mend(row.code)
            yield places[row.award_year.code, row.tier, row.rank], made


def _mend(code: str) -> None:
    mark_damaged(f"the row of {code}", faults=1)
    heal()


def _published(columns: str, where: str, parameters: Sequence[str | int]) -> list[tuple]:
    """Rows of index entries `e` and their achievements `a`."""
    # Plain SQL, as in `reading`. The join keeps an entry out that was unpublished a moment ago,
    # whoever did it and however.
    sql = (
        f"SELECT {columns} FROM governance_indexentry e"  # noqa: S608  # our own columns and conditions
        " JOIN governance_achievement a ON a.id = e.achievement_id"
        # Not by the index on statuses, by which SQLite without statistics would find most of all.
        f" WHERE a.status || '' = %s AND {where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [Status.PUBLISHED, *parameters])
        return cursor.fetchall()

"""Cards and records as the index keeps them; of a row that cannot be read, made of the record itself."""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

import orjson
from django.db import connection
from django.db.models import Q

from governance.batches import batched
from governance.models import Achievement, Status
from governance.records import (
    AchievementRecord,
    Card,
    PublicRecord,
    card,
    public_records,
    with_days,
)

from .lists import Lists
from .reading import current
from .state import heal, mark_damaged

CARD, RECORD = Card.__required_keys__, AchievementRecord.__required_keys__
# A record, and its days, which the index does not keep.
WHOLE = "e.record, p.first_published, p.modified"


def records(numbers: Sequence[int]) -> Iterator[PublicRecord]:
    """The records of the published entries with these numbers, in this order.

    Each is parsed when it is its turn: some hundreds at once take Python's collector longer to look
    through than all the rest of reading them.
    """
    rows = _read(WHOLE, numbers)
    made = _made_anew(number for number in numbers if number not in rows)
    for number in numbers:
        if number in rows:
            found = _whole(*rows[number]) or _made_anew([number]).get(number)
        else:
            found = made.get(number)
        if found:
            yield found


def cards(numbers: Iterable[int]) -> dict[int, Card]:
    """{number: card} of the published among some entries."""
    numbers = list(numbers)
    read = {number: _parsed(kept, CARD) for number, (kept,) in _read("e.card", numbers).items()}
    found = {number: one for number, one in read.items() if one}
    missing = _made_anew(number for number in numbers if number not in found)
    return found | {number: card(record) for number, record in missing.items()}


def record(code: str) -> PublicRecord | None:
    """The record of one published achievement, or None."""
    current()
    rows = _published(WHOLE, "e.code = %s", [code])
    if found := _whole(*rows[0]) if rows else None:
        return found
    achievement = Achievement.objects.published().filter(code=code).first()
    if achievement is None:
        return None
    _mend(code)
    return public_records([achievement])[0]


def _read(columns: str, numbers: Sequence[int]) -> dict[int, list[Any]]:
    """{number: what its row has in these columns}, without any that is no longer published."""
    if not numbers:
        return {}
    places = ",".join(["%s"] * len(numbers))
    rows = _published(f"e.number, {columns}", f"e.number IN ({places})", numbers)
    return {number: kept for number, *kept in rows}


def _whole(kept: Any, first_published: Any, modified: Any) -> PublicRecord | None:
    """A record with its days; None if it cannot be read."""
    found = _parsed(kept, RECORD)
    return with_days(found, first_published, modified) if found else None


def _parsed(content: Any, keys: frozenset[str]) -> Any:
    """A card or record, which has these keys; None if it cannot be read."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and found.keys() >= keys else None


def _made_anew(numbers: Iterable[int]) -> dict[int, PublicRecord]:
    """{number: record} of those entries of the record that have these numbers and are published."""
    found: dict[int, PublicRecord] = {}
    for some in batched(numbers, 100):
        lists = Lists.kept()
        places = {place: number for number in some if (place := lists.place(number))}
        if not places:
            continue
        there = [Q(award_year__code=code, tier=tier, rank=rank) for code, tier, rank in places]
        achievements = Achievement.objects.published().select_related("award_year")
        rows = list(achievements.filter(reduce(or_, there)))
        for row, made in zip(rows, public_records(rows), strict=True):
            _mend(row.code)
            found[places[row.award_year.code, row.tier, row.rank]] = made
    return found


def _mend(code: str) -> None:
    mark_damaged(f"the row of {code}", faults=1)
    heal()


def _published(columns: str, where: str, parameters: Sequence[str | int]) -> list[tuple]:
    """Rows of index entries `e`, their achievements `a` and publications `p`."""
    # Plain SQL, as in `reading`. The join keeps an entry out that was unpublished a moment ago,
    # whoever did it and however.
    sql = (
        f"SELECT {columns} FROM governance_indexentry e"  # noqa: S608  # columns and conditions are written in this file; values are parameters
        " JOIN governance_achievement a ON a.id = e.achievement_id"
        " LEFT JOIN governance_publication p ON p.code = e.code"
        # Not by the index on statuses, by which SQLite without statistics would find most of all.
        f" WHERE a.status || '' = %s AND {where}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [Status.PUBLISHED, *parameters])
        return cursor.fetchall()

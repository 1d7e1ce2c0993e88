"""What a merge makes untrue without naming it: places in a year's text, and ranks in its list.

A year's announcement is what the latest file says. Of an entry that this file does not have, or that
staff have changed, a place may then no longer hold, or its rank may be another's. That must not keep
the year out, so the place is emptied and the entry goes to the end of the list.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from governance.models import Achievement, AwardYear
from governance.models.achievement import VERBATIM

from .schemas import SCHEMAS
from .writing import Changes

FIELDS = SCHEMAS[Achievement].fields

# {row: {field name: value before}}
Settled = dict[Achievement, dict[str, Any]]


def settle(
    changes: Changes,
    leading: Callable[[Achievement], bool],
    told: Callable[[Achievement, str], bool] = lambda row, name: False,
) -> Settled:
    """Complete Changes; returns {row: {field name: value before}} of what was changed beyond them.

    `told(row, name)`: the file itself says what the row holds there, so that a mistake is the file's
    and is left for the check. `leading(row)`: the row keeps a rank that others want.
    """
    settled: Settled = defaultdict(dict)
    years = _years(changes)
    rows = _rows(changes, years)
    _settle_ranks(changes, rows, leading, told, settled)
    for row in rows:
        _settle_places(changes, row, years[row.award_year_id].text, told, settled)
    return settled


def _years(changes: Changes) -> dict[int, AwardYear]:
    """{primary key: AwardYear as it will be}, of those whose text or list changes."""
    there = {row.pk: row for row in changes.created[AwardYear]} | changes.changed[AwardYear]
    named = {row.award_year_id for row in changes.changed[Achievement].values()}
    named |= {row.award_year_id for row in changes.created[Achievement]}
    named.discard(None)
    return there | AwardYear.objects.in_bulk(named - there.keys())


def _rows(changes: Changes, years: dict[int, AwardYear]) -> list[Achievement]:
    """The entries of these years as they will be: first those that change, then the others."""
    rows = [
        row
        for row in (*changes.changed[Achievement].values(), *changes.created[Achievement])
        if row.award_year_id in years
    ]
    seen = {row.pk for row in (*rows, *changes.removed[Achievement])}
    # A year that is new has no others.
    old = years.keys() - {row.pk for row in changes.created[AwardYear]}
    others = Achievement.objects.filter(award_year__in=old).select_related("region")
    rows += [row for row in others if row.pk not in seen] if _matter(changes) else []
    for row in rows:
        row.award_year = years[row.award_year_id]
    return rows


def _matter(changes: Changes) -> bool:
    """Whether anything is done that entries beside may feel."""
    return bool(
        "text" in changes.columns[AwardYear]
        or changes.created[Achievement]
        or {"rank", "tier", "award_year"} & changes.columns[Achievement]
    )


def _settle_places(
    changes: Changes,
    row: Achievement,
    text: str,
    told: Callable[[Achievement, str], bool],
    settled: Settled,
) -> None:
    for name in VERBATIM:
        words, offset = getattr(row, name), f"{name}_offset"
        start = getattr(row, offset)
        if start is None or text.startswith(words, start):
            continue
        if told(row, name) and told(row, offset):
            changes.suspects.append(row)
            continue
        before = changes.before(row, offset)
        holds = before not in (None, start) and text.startswith(words, before)
        settled[row].setdefault(offset, before)
        changes.change(row, FIELDS[offset], before if holds else None)


def _settle_ranks(
    changes: Changes,
    rows: list[Achievement],
    leading: Callable[[Achievement], bool],
    told: Callable[[Achievement, str], bool],
    settled: Settled,
) -> None:
    """Who changes rank or is new comes before who is only there, and `leading` before all."""
    holders: dict[tuple[Any, ...], Achievement] = {}
    last: dict[tuple[int, str], int] = defaultdict(int)
    for row in rows:
        last[_list(row)] = max(last[_list(row)], row.rank or 0)
    for row in sorted(rows, key=leading, reverse=True):
        place = (*_list(row), row.rank)
        holder = holders.setdefault(place, row)
        if holder is row or row.rank is None or (told(row, "rank") and told(holder, "rank")):
            continue
        last[_list(row)] += 1
        settled[row].setdefault("rank", changes.before(row, "rank"))
        changes.change(row, FIELDS["rank"], last[_list(row)])


def _list(row: Achievement) -> tuple[int, str]:
    return row.award_year_id, row.tier

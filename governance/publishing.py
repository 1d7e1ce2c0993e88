"""What moves an entry to the public and back, and what lasts of what was published: dates, addresses."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import index
from governance.batches import batched
from governance.changes import recording, status_moved
from governance.models import (
    Achievement,
    Address,
    Change,
    ChangeKind,
    ChangePart,
    Publication,
    Region,
    Status,
)
from governance.models.gap import gaps_of, with_gaps
from governance.models.publication import KEYS, key_in_address, kind_of
from governance.roles import PUBLISH, may_publish_own


def last_change(now: index.Index | None) -> date | None:
    """The day on which the public record last changed; None before anything was public.

    It is kept with the index `now`; None while there is no index.
    """

    def found() -> date | None:
        # Plain SQL, as in `index.reading`: each of the two is one look into its index.
        sql = (
            "SELECT max(modified) FROM governance_publication"
            " UNION ALL SELECT max(withdrawn) FROM governance_publication"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql)
            # SQLite gives text.
            days = [date.fromisoformat(str(day)) for (day,) in cursor.fetchall() if day]
        return max(days, default=None)

    return now.kept(("last change",), found) if now else found()


class Move(NamedTuple):
    """From which statuses to which, and the permission that it takes."""

    before: tuple[str, ...]
    after: str
    permission: str


# What can be done with the status of an entry; the kinds are the words of the buttons as well.
MOVES = {
    ChangeKind.SUBMIT: Move((Status.DRAFT,), Status.IN_REVIEW, "change_achievement"),
    ChangeKind.RETURN: Move((Status.IN_REVIEW,), Status.DRAFT, "change_achievement"),
    ChangeKind.PUBLISH: Move((Status.DRAFT, Status.IN_REVIEW), Status.PUBLISHED, PUBLISH),
    ChangeKind.TAKE_BACK: Move((Status.PUBLISHED,), Status.DRAFT, PUBLISH),
}


# What the history says where nobody else could have published.
ALONE = gettext_lazy("只有一人有发布权限：发布者也是最后改动的人。")


class MoveOutcome(NamedTuple):
    """The entries that were moved, and those that cannot be, with the sentences why."""

    done: list[Achievement]
    refused: dict[Achievement, list[str]]


def may_move(kind: ChangeKind, user: User | None) -> bool:
    return user is None or user.has_perm(f"governance.{MOVES[kind].permission}")


def move(
    kind: ChangeKind, achievements: Iterable[int], *, by: User | None, reason: str = ""
) -> MoveOutcome:
    """Move the status of these achievements, by their primary keys; those that it does not suit stay.

    Every road to another status leads here but loads, which say it with the rest of an entry. Who
    has changed an entry last does not publish it, while somebody else could. Raises PermissionDenied.
    """
    if not may_move(kind, by):
        raise PermissionDenied
    what, chosen = MOVES[kind], set(achievements)
    done, refused = [], {}
    with recording(chosen, kind, by=by, reason=reason) as change:
        own = own_changes(chosen, by) if kind == ChangeKind.PUBLISH else set()
        alone = bool(own) and may_publish_own(by)
        found = Achievement.objects.filter(pk__in=chosen, status__in=what.before)
        for row in with_gaps(found):
            if reasons := _give(row, what.after, row.pk in own and not alone):
                refused[row] = reasons
            else:
                done.append(row)
        index.update({row.pk for row in done}, reason=reason)
        if alone:
            change.reason = f"{reason}\n{ALONE}".strip()
    return MoveOutcome(done, refused)


def undo_move(change: Change, *, by: User | None) -> MoveOutcome:
    """Give their status back to the entries that a Change moved and that have been moved no further.

    Raises PermissionDenied, and KeyError for a Change that is no move.
    """
    if not may_move(ChangeKind(change.kind), by):
        raise PermissionDenied
    moved = {part.entry: status_moved(part) for part in change.parts.all()}
    reason = _("误发布，已撤回。") if change.kind == ChangeKind.PUBLISH else ""
    done, refused = [], {}
    with recording(set(moved), ChangeKind.UNDO, by=by, reason=reason, undoes=change):
        for row in with_gaps(Achievement.objects.filter(pk__in=moved)):
            before, after = moved[row.pk] or ("", "")
            if row.status != after:
                refused[row] = [_("其后状态又有变动，保持现状。")]
            elif reasons := _give(row, before):
                refused[row] = reasons
            else:
                done.append(row)
        index.update({row.pk for row in done}, reason=reason)
    return MoveOutcome(done, refused)


def _give(row: Achievement, status: str, own: bool = False) -> list[str]:
    """Give an entry, which was read with its gaps, a status; or say why it cannot be public."""
    row.status = status
    reasons = _why_not(row, own) if status == Status.PUBLISHED else []
    if not reasons:
        row.save(update_fields=["status"])
    return reasons


def _why_not(row: Achievement, own: bool) -> list[str]:
    if forbidding := [str(gap.label) for gap in gaps_of(row) if gap.forbids]:
        return forbidding
    try:
        row.full_clean()
    except ValidationError as error:
        return error.messages
    return [_("最后改动它的是您，须由另一位有发布权限的人发布。")] if own else []


def own_changes(achievements: set[int], by: User | None) -> set[int]:
    """Those of which this user has made the latest change since they were last public."""
    if by is None:
        return set()
    own, seen = set(), set()
    for some in batched(achievements):
        # To take a move back is not to change what an entry says, nor is to submit or to return it.
        parts = ChangePart.objects.filter(entry__in=some, change__undoes=None)
        rows = parts.order_by("-change_id").values_list("entry", "change__kind", "change__by")
        for entry, kind, who in rows:
            if entry in seen or kind in (ChangeKind.SUBMIT, ChangeKind.RETURN):
                continue
            seen.add(entry)
            if kind not in (ChangeKind.PUBLISH, ChangeKind.TAKE_BACK) and who == by.pk:
                own.add(entry)
    return own


def take_back(achievements: Iterable[int], reason: str, *, by: User | None = None) -> None:
    """Take these achievements, by their primary keys, back from the public.

    Their addresses answer 410 with the reason until they are published again. Those that are not
    public stay as they are. Runs in the caller's transaction if there is one.
    """
    move(ChangeKind.TAKE_BACK, achievements, by=by, reason=reason)


def ever_public(row: Model) -> bool:
    """Whether the public ever met a row: an entry that was published, or what such an entry named.

    Its code or slug is then fixed, and it cannot be deleted.
    """
    is_public = isinstance(row, Achievement) and row.status == Status.PUBLISHED
    return is_public or bool(met_by_public([row]))


def met_by_public(rows: Iterable[Model]) -> list[Model]:
    """Those of some rows of one model that the public ever met."""
    stored = [row for row in rows if type(row) in KEYS and row.pk is not None]
    found: list[Model] = []
    for some in batched(stored, 500):
        met = set(chain(*Address.objects.kept(some).values_list("row", "key")))
        if isinstance(some[0], Achievement):
            # Before the first rebuild of an upgraded site there are publications alone.
            left = [key_in_address(row) for row in some if row.pk not in met]
            noted = Publication.objects.filter(code__in=left)
            met |= set(noted.values_list("code", flat=True))
        found += [row for row in some if row.pk in met or key_in_address(row) in met]
    return found


def is_taken(row: Model, key: str) -> bool:
    """Whether a code or slug was public as that of another row than this one."""
    return key in taken_keys(type(row), {key: row.pk})


def taken_keys(model: type[Model], keys: Mapping[str, int | None]) -> set[str]:
    """Those of {code or slug: primary key of the row that has or wants it} that were public as another row's.

    That of a row which is gone may come back, but for an entry's. Regions of several times share a code.
    """
    if model is Region:
        return set()
    found: set[str] = set()
    for some in batched(keys):
        known = Address.objects.filter(kind=kind_of(model), key__in=some)
        others = {key: pk for key, pk in known.values_list("key", "row") if pk != keys[key]}
        there = model._default_manager.filter(pk__in=others.values())
        left = set(there.values_list("pk", flat=True))
        found.update(key for key, pk in others.items() if model is Achievement or pk in left)
    return found


def keep_addresses(rows: Iterable[Model]) -> None:
    """Keep the addresses of rows that are about to go or to be renamed, if they have pages of their own.

    The builder knows what public entries name; regions and mechanisms have pages without any.
    """
    Address.objects.bulk_create(
        (
            Address(kind=kind_of(type(row)), key=key_in_address(row), row=row.pk)
            for row in rows
            if index.is_named(row)
        ),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["row"],
    )


def present_keys(model: type[Model], keys: Iterable[str]) -> dict[str, str]:
    """{former code or slug: the present one} of those `keys` that were public and are no longer."""
    former = Address.objects.filter(kind=kind_of(model), key__in=list(keys))
    rows = {address.key: address.row for address in former}
    present = model._default_manager.filter(pk__in=rows.values()).values_list("pk", KEYS[model])
    by_row = dict(present)
    return {
        key: str(by_row[row])
        for key, row in rows.items()
        if row in by_row and str(by_row[row]) != key
    }

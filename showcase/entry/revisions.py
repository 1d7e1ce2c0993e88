"""What has changed of an entry since it was first public: when and in what, never by whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from governance.changes import ENTRY, is_derived, status_moved
from governance.models import Achievement, ChangeKind, ChangePart, Status
from governance.words import listed

PUBLIC = Status.PUBLISHED.value
# A page says no more than so many.
MOST = 10
# Fields of an entry that the kind says, and that no page shows.
UNTOLD = ("status", "marker")


@dataclass
class Revision:
    """What one day brought of one kind: edit, publish (again) or take_back; `fields` are in words."""

    day: date
    kind: ChangeKind
    fields: dict[str, None]
    reason: str = ""

    @property
    def words(self) -> str:
        fields = listed(self.fields)
        if self.kind == ChangeKind.TAKE_BACK:
            return _("撤下：%(reason)s") % {"reason": self.reason} if self.reason else _("撤下")
        if self.kind == ChangeKind.PUBLISH:
            return (
                _("重新公开，已修订：%(fields)s") % {"fields": fields} if fields else _("重新公开")
            )
        return _("修订：%(fields)s") % {"fields": fields}


def revisions(code: str) -> list[Revision]:
    """Those of a public entry, the latest first. What was edited while it was not public comes with
    the day on which it was again."""
    entry = Achievement.objects.published().filter(code=code).values("pk")
    parts = ChangePart.objects.filter(entry__in=entry).order_by("change_id")
    found: list[Revision] = []
    for one in _revisions(list(parts.select_related("change"))):
        last = found[-1] if found else None
        if last and (last.day, last.kind, one.kind) == (one.day, ChangeKind.EDIT, ChangeKind.EDIT):
            last.fields |= one.fields
        else:
            found.append(one)
    return found[: -MOST - 1 : -1]


def _revisions(parts: list[ChangePart]) -> Iterator[Revision]:
    moves = [status_moved(part) for part in parts]
    # Where its status never moved, it has been public for as long as there is a history.
    public = ever = next((before for before, _after in filter(None, moves)), PUBLIC) == PUBLIC
    waiting: dict[str, None] = {}
    for part, move in zip(parts, moves, strict=True):
        day, fields = localdate(part.change.at), _fields(part)
        after = move[1] if move else None
        if after == PUBLIC:
            if ever:
                yield Revision(day, ChangeKind.PUBLISH, waiting | fields)
            public, ever, waiting = True, True, {}
        elif after and public:
            reason = part.change.reason if part.change.kind == ChangeKind.TAKE_BACK else ""
            yield Revision(day, ChangeKind.TAKE_BACK, {}, reason)
            public, waiting = False, fields
        elif public and fields:
            yield Revision(day, ChangeKind.EDIT, fields)
        elif ever:
            waiting |= fields


def _fields(part: ChangePart) -> dict[str, None]:
    """What readers see of a Change, in words, each once: fields of the entry, kinds of its parts."""
    found: dict[str, None] = {}
    all_rows: Any = part.rows
    for label, rows in all_rows.items():
        model: Any = apps.get_model(label)
        for _key, _pk, _said, before, after in rows:
            names = [name for name in {**(before or {}), **(after or {})} if not is_derived(name)]
            if label != ENTRY:
                found |= {str(model._meta.verbose_name): None} if names else {}
            elif before is not None:
                known = {one.attname: one for one in model._meta.concrete_fields}
                told = [known[name] for name in names if name in known and name not in UNTOLD]
                found |= {str(one.verbose_name): None for one in told}
    return found

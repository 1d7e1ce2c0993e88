"""What earlier loads said, which the next one is compared with, and what each of them did."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Max

from governance.models import Achievement, AwardYear, LoadPart, LoadState

from .merging import UNKNOWN
from .shapes import LABELS, SHAPES

SHARED = 0


@dataclass(eq=False, slots=True)
class Done:
    """What a load said of one row and did to it. Values are by column, as `shapes.plain` has them.

    `said` is None if the file does not have the row. `before` and `after` hold what was changed:
    None before a row was created and after it was removed, both {} if nothing was done. `after`
    of a created row leaves out what is there as it was said.
    """

    key: tuple
    pk: int | None
    said: dict | None
    before: dict | None
    after: dict | None

    @property
    def created(self):
        return self.before is None

    @property
    def removed(self):
        return self.after is None

    @property
    def written(self):
        """What the load left in the columns that it changed."""
        return {**self.said, **self.after} if self.created else self.after

    def as_list(self):
        return [self.key, self.pk, self.said, self.before, self.after]


@dataclass(eq=False, slots=True)
class Known:
    """What the loads so far have said of a row, the latest last."""

    pk: int | None
    said: dict

    def value(self, attname):
        return self.said.get(attname, UNKNOWN)


def scope_of(shape, key):
    """The award year to whose scope a row belongs, or SHARED."""
    if shape.model is AwardYear:
        return key[0]
    if shape.owner is None and shape.model is not Achievement:
        return SHARED
    year = key[0][:4]
    # What is no code names no row, and is refused later.
    return int(year) if year.isdecimal() else SHARED


def known(scopes):
    """{Shape: {key: Known}} of all loads that stand, for these scopes."""
    found = {shape: {} for shape in SHAPES.values()}
    parts = LoadPart.objects.filter(load__state=LoadState.LOADED, scope__in=scopes)
    # Parts are made when a load is written; the load itself is as old as its upload. Not by "load":
    # that would be by the ordering of Load, the newest first.
    for part in parts.order_by("pk"):
        for shape, rows in done_in(part):
            for done in rows:
                _remember(found[shape], done)
    return found


def _remember(rows, done):
    if done.removed:
        rows.pop(done.key, None)
        return
    if done.said is None:
        return
    earlier = {} if done.created or done.key not in rows else rows[done.key].said
    # Of a row that it created, a load has also said the columns that its file left out.
    unsaid = done.after if done.created else {}
    rows[done.key] = Known(done.pk, {**earlier, **unsaid, **done.said})


def since(load):
    """Parts of the loads that stand and were written after this one."""
    last = load.parts.aggregate(last=Max("pk"))["last"] or 0
    return LoadPart.objects.filter(load__state=LoadState.LOADED, pk__gt=last)


def done_in(part):
    """(Shape, [Done]) of each model in a LoadPart."""
    for label, rows in part.rows.items():
        shape = LABELS[label]
        yield shape, [Done(tuple(key), *rest) for key, *rest in rows]


def remember(load, rows):
    """Keep what a load said and did; `rows` is {Shape: [Done]}."""
    parts = defaultdict(lambda: defaultdict(list))
    for shape, all_done in rows.items():
        for done in all_done:
            parts[scope_of(shape, done.key)][shape.label].append(done.as_list())
    LoadPart.objects.bulk_create(
        LoadPart(load=load, scope=scope, rows=rows) for scope, rows in parts.items()
    )

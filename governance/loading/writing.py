"""Changes to the record that were decided and checked, and how they are written."""

from collections import defaultdict
from graphlib import TopologicalSorter

from django.db import transaction
from django.db.models import F, Q, prefetch_related_objects

from governance import images, index
from governance.batches import batched
from governance.models import (
    Achievement,
    AchievementImage,
    AchievementOrganization,
    AwardYear,
    Coding,
    Evidence,
    Mechanism,
    Organization,
    Region,
    SettingEvidence,
)
from governance.models.achievement import MOST_RANK
from governance.models.coding import Passage, relocate

from .checking import check
from .schemas import MODELS, SCHEMAS, SPANS

# So many changed regions are looked at one by one; with more, every entry is indexed anew.
FEW = 20
BATCH = 1000


class Changes:
    """What is to be done, by model: rows to create, to change and to remove.

    Rows are instances that hold their new values; `changed` is {model: {pk: row}}, and `columns`
    names those that change. `texts` are the titles and summaries of before, by achievement.
    `placed` are spans counted in the texts of after: other evidence moves with the text. `wrong` are
    rows that cannot be written, each with the fields that are already known to be wrong. `suspects`
    are entries that do not change and that a changed year may have made wrong.
    """

    def __init__(self):
        self.created = defaultdict(list)
        self.changed = defaultdict(dict)
        self.columns = defaultdict(set)
        self.removed = defaultdict(list)
        self.texts = defaultdict(dict)
        self.placed = defaultdict(set)
        self.wrong = defaultdict(list)
        self.suspects = []
        self._was = defaultdict(dict)

    def __bool__(self):
        return any(any(rows.values()) for rows in (self.created, self.changed, self.removed))

    def change(self, row, field, value):
        """Set a field; `value` is a row for a relation, None included."""
        model = type(row)
        if row._state.adding:
            setattr(row, field.name, value)
            return
        if model is Achievement:
            was = self._was[row.pk].setdefault(field.name, getattr(row, field.attname))
            if field.name in Passage.values:
                self.texts[row.pk].setdefault(field.name, was)
        setattr(row, field.name, value)
        self.changed[model][row.pk] = row
        self.columns[model].add(field.name)

    def before(self, row, name):
        """What a field of an entry held before it was changed; None for a new entry."""
        return None if row._state.adding else self._was[row.pk].get(name, getattr(row, name))

    def place(self, span):
        """Say that the place of a span is that in the text of after."""
        self.placed[type(span)].add(span)

    def problems(self, tick=lambda: None):
        """Yield (row, ValidationError) for what would not be valid afterwards."""
        left = self._other_evidence()
        for row in self.changed[Achievement].values():
            # clean() asks which words must still stand: not those that change or go with the text.
            row.spans = lambda pk=row.pk: left[pk]
        for model in MODELS:
            for some in batched(self.changed[model].values()):
                # What clean() looks at, in a query for all instead of one for each.
                prefetch_related_objects(some, *(field.name for field in SCHEMAS[model].relations))
                for row in some:
                    self._see_changed(row)
            rows = {row.pk: row for row in self.created[model]} | self.changed[model]
            for row in self._dependent(model):
                rows.setdefault(row.pk, row)
            going = {row.pk for row in self.removed[model]}
            yield from check(rows.values(), tick, going=going)
            for row, fields in self.wrong[model]:
                yield from check([row], tick, fields)

    def _see_changed(self, row):
        """Let a row be checked beside what the rows that it names will hold: a year's new text."""
        for field in SCHEMAS[type(row)].relations:
            named = self.changed[field.related_model].get(getattr(row, field.attname))
            if named is not None:
                field.set_cached_value(row, named)

    def _dependent(self, model):
        """Rows that do not change, whose validity hangs on a text that does."""
        if model in SPANS:
            return [span for span in self.placed[model] if span.source.pk in self.texts]
        return self.suspects if model is Achievement else []

    def _other_evidence(self):
        """{achievement: its evidence that has no place in the text of after yet}."""
        left = defaultdict(list)
        for model, owner in ((Evidence, "coding__achievement"), (SettingEvidence, "achievement")):
            settled = self.placed[model] | set(self.removed[model])
            for some in batched(self.texts, BATCH):
                spans = model.objects.filter(**{f"{owner}__in": some})
                for span in spans.select_related(owner):
                    if span not in settled:
                        left[span.source.pk].append(span)
        return left

    def write(self, tick=lambda: None):
        """Write all, in the caller's transaction. Returns the achievements that the index must follow."""
        touched = self._touched()
        for model in reversed(MODELS):
            for some in _named_last(self.removed[model]):
                model.objects.filter(pk__in=[row.pk for row in some]).delete()
                tick(len(some))
        self._free_ranks()
        for model in MODELS:
            for some in batched(self.created[model], BATCH):
                model.objects.bulk_create(some)
                tick(len(some))
            self._update(model, tick)
        for pk, before in self.texts.items():
            achievement = self.changed[Achievement][pk]
            texts = {name: getattr(achievement, name) for name in Passage.values} | before
            relocate(achievement, texts, self.placed[Evidence] | self.placed[SettingEvidence])
        digests = {image.digest for image in self.removed[AchievementImage]}
        if digests:
            transaction.on_commit(lambda: images.discard_unused(digests))
        return touched | self._touched()

    def _free_ranks(self):
        """Let entries change places: both databases compare ranks row by row, not at the end."""
        moving = [pk for pk, was in self._was.items() if "rank" in was]
        for some in batched(moving, BATCH):
            Achievement.objects.filter(pk__in=some).update(rank=MOST_RANK - F("rank"))

    def _update(self, model, tick):
        # As INSERT … ON CONFLICT UPDATE: an UPDATE with a CASE for each row takes many times as long.
        for some in batched(self.changed[model].values(), BATCH):
            model.objects.bulk_create(
                some,
                update_conflicts=True,
                unique_fields=["pk"],
                update_fields=sorted(self.columns[model]),
            )
            tick(len(some))

    def _touched(self):
        """As `index.touched_by`, for many rows at once, before or after they are written."""
        touched = {row.pk for rows in self._all(Achievement) for row in rows}
        for model in (AchievementOrganization, Coding, SettingEvidence, AchievementImage):
            touched |= {row.achievement_id for rows in self._all(model) for row in rows}
        codings = {row.coding_id for rows in self._all(Evidence) for row in rows}
        touched |= _pks(Coding, "achievement", pk=codings)
        touched |= _pks(
            AchievementOrganization, "achievement", organization=self.changed[Organization]
        )
        touched |= _pks(Coding, "achievement", mechanism=self.changed[Mechanism])
        touched |= _pks(Achievement, "pk", award_year=self.changed[AwardYear])
        regions = self.changed[Region]
        if len(regions) > FEW:
            return touched | set(Achievement.objects.published().values_list("pk", flat=True))
        return touched.union(*(index.touched_by(region) for region in regions.values()))

    def _all(self, model):
        return self.created[model], self.changed[model].values(), self.removed[model]


def _named_last(rows):
    """The rows in batches, none of which has a row that another of it or of a later one names.

    Regions name regions, and what is named cannot be deleted.
    """
    by_pk = {row.pk: row for row in rows}
    sorter = TopologicalSorter(dict.fromkeys(by_pk, ()))
    for row in rows:
        for field in SCHEMAS[type(row)].relations:
            if field.related_model is type(row) and getattr(row, field.attname) in by_pk:
                sorter.add(getattr(row, field.attname), row.pk)
    sorter.prepare()
    while sorter.is_active():
        ready = sorter.get_ready()
        for some in batched(ready, BATCH):
            yield [by_pk[pk] for pk in some]
        sorter.done(*ready)


def _pks(model, column, **named):
    """The values of `column` in rows whose relation is one of those named."""
    ((relation, pks),) = named.items()
    found = set()
    for some in batched(pks, BATCH):
        rows = model.objects.filter(Q(**{f"{relation}__in": some}))
        found.update(rows.values_list(column, flat=True))
    return found

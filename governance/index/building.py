"""The one builder of the index: called after every edit, and looped over all years by a rebuild."""

import secrets
from collections import defaultdict
from itertools import chain

from django.db import connection, transaction
from django.db.models import Q
from pyroaring import BitMap

from governance.models import Achievement, AwardYear, IndexEntry, IndexState, Posting

from .documents import entries_of, keys_of, year_of

# Counts up whenever the meaning of the index tables changes; an index of another shape is rebuilt.
SHAPE = 2

BATCH = 2000


def update(achievement_ids):
    """Bring the index entries of these achievements to what the record says now, or away.

    Runs in the caller's transaction if there is one: the change and its index entry are written
    together. Those who write take turns on the state row. Unchanged entries cost no write.
    """
    with transaction.atomic():
        state = locked_state()
        for some in batched(achievement_ids, BATCH):
            _update(some)
        # Even if no entry changed: a renamed organization changes what a name finds.
        _advance(state)


def _update(ids):
    after = list(entries_of(Achievement.objects.filter(pk__in=ids)))
    # Also those who hold a number or code that has passed to another, behind the index.
    held = Q(pk__in=[entry.pk for entry in after]) | Q(code__in=[entry.code for entry in after])
    before = list(IndexEntry.objects.filter(Q(achievement__in=ids) | held))
    kept = {_content(entry) for entry in before} & {_content(entry) for entry in after}
    gone = [entry for entry in before if _content(entry) not in kept]
    new = [entry for entry in after if _content(entry) not in kept]
    changes = defaultdict(lambda: defaultdict(lambda: (set(), set())))
    for which, entries in enumerate((gone, new)):
        for entry in entries:
            for key in keys_of(entry):
                changes[year_of(entry.number)][key][which].add(entry.number)
    _change_postings(changes)
    IndexEntry.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
    IndexEntry.objects.bulk_create(new, batch_size=500)


def rebuild(progress=lambda done: None):
    """Make the whole index anew, in one transaction: the site reads the old one until it ends.

    `progress` is told the number of entries done so far.
    """
    with transaction.atomic():
        state = locked_state()
        Posting.objects.all().delete()
        IndexEntry.objects.all().delete()
        done = 0
        for award_year in AwardYear.objects.published():
            for batch in _build_year(award_year):
                done += batch
                progress(done)
        state.shape, state.stale = SHAPE, False
        _advance(state)
    return done


def _build_year(award_year):
    """Write a year's entries and postings, yielding how many at a time; memory is bounded by the year's compressed postings."""
    postings, batch = defaultdict(BitMap), []

    def flush():
        numbers = defaultdict(list)
        for entry in batch:
            for key in keys_of(entry):
                numbers[key].append(entry.number)
        for key, found in numbers.items():
            postings[key].update(found)
        IndexEntry.objects.bulk_create(batch, batch_size=500)

    for entry in entries_of(Achievement.objects.filter(award_year=award_year)):
        batch.append(entry)
        if len(batch) == BATCH:
            flush()
            yield len(batch)
            batch.clear()
    flush()
    _insert_postings(award_year.year, postings)
    yield len(batch)


def _insert_postings(year, postings):
    """{key: bitmap} as rows. Plain SQL: a year has tens of thousands, and the ORM triples their cost."""
    into = "INSERT INTO governance_posting (key, year, numbers) VALUES "
    with connection.cursor() as cursor:
        for some in batched(postings.items(), 500):
            rows = [(key, year, bits.serialize()) for key, bits in some]
            cursor.execute(into + ",".join(["(%s,%s,%s)"] * len(rows)), list(chain(*rows)))


def locked_state():
    """The state row, held until the transaction ends."""
    IndexState.objects.get_or_create(pk=1)
    return IndexState.objects.select_for_update().get(pk=1)


def _advance(state):
    # Not a count: after a rollback the next change would get a number that a worker has already
    # seen with other content.
    state.version = secrets.randbits(62)
    state.save()


def _content(entry):
    return tuple(getattr(entry, field.attname) for field in IndexEntry._meta.concrete_fields)


def _change_postings(changes):
    """`changes` is {year: {key: (numbers that go, numbers that come)}}."""
    for year, keys in changes.items():
        keys = {key: both for key, both in keys.items() if both[0] != both[1]}
        kept = {}
        for some in batched(keys, 500):
            for row in Posting.objects.filter(year=year, key__in=some):
                kept[row.key] = BitMap.deserialize(bytes(row.numbers))
        rows, empty = [], []
        for key, (gone, new) in keys.items():
            numbers = kept.get(key, BitMap()) - BitMap(gone) | BitMap(new)
            if numbers:
                rows.append(Posting(key=key, year=year, numbers=numbers.serialize()))
            else:
                empty.append(key)
        Posting.objects.bulk_create(
            rows,
            500,
            update_conflicts=True,
            update_fields=["numbers"],
            unique_fields=["key", "year"],
        )
        for some in batched(empty, 500):
            Posting.objects.filter(year=year, key__in=some).delete()


def batched(items, size):
    """Lists of at most `size` items (itertools.batched, which Python 3.11 lacks)."""
    items = list(items)
    return [items[at : at + size] for at in range(0, len(items), size)]

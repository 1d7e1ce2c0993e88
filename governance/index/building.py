"""The one builder of the index: called after every edit, and looped over all years by a rebuild."""

import secrets
from collections import defaultdict
from itertools import chain, groupby, islice

from django.db import connection, transaction
from django.db.models import Max, Q
from pyroaring import BitMap

from governance.batches import batched
from governance.models import Achievement, AwardYear, IndexEntry, IndexState, Posting

from .documents import PASSAGES, Entry, bits_for, entries_of, gram_key, repeated_key

# Counts up whenever the meaning of the index tables changes; an index of another shape is rebuilt.
SHAPE = 6

BATCH = 4000
NONE = BitMap()


def update(achievement_ids):
    """Bring the index entries of these achievements to what the record says now, or away.

    Runs in the caller's transaction if there is one: the change and its index entry are written
    together. Those who write take turns on the state row. Unchanged entries cost no write.
    """
    with transaction.atomic():
        state, ids = locked_state(), list(achievement_ids)
        published = Achievement.objects.published()
        if _bits_of(published.filter(pk__in=ids)) > state.rank_bits:
            # A list has outgrown the numbers.
            _rebuild(state)
        else:
            for some in batched(ids, BATCH):
                _update(some, state.rank_bits)
        # Even if no entry changed: a renamed organization changes what a name finds.
        _advance(state)


def _update(ids, bits):
    after = list(entries_of(Achievement.objects.published().filter(pk__in=ids), bits))
    # Also those who hold a number or code that has passed to another, behind the index.
    held = Q(pk__in=[entry.number for entry in after]) | Q(code__in=[entry.code for entry in after])
    rows = IndexEntry.objects.filter(Q(achievement__in=ids) | held).values_list(*Entry._fields)
    before = [Entry(*map(_comparable, row)) for row in rows]
    kept = set(before) & set(after)
    gone = [entry for entry in before if entry not in kept]
    new = [entry for entry in after if entry not in kept]
    _change_postings(gone, new)
    IndexEntry.objects.filter(pk__in=[entry.number for entry in gone]).delete()
    _insert(IndexEntry, Entry._fields, new)


def _comparable(value):
    # PostgreSQL gives bytes as a memoryview, which equals none.
    return bytes(value) if isinstance(value, memoryview) else value


def rebuild(progress=lambda done: None):
    """Make the whole index anew, in one transaction: the site reads the old one until it ends.

    `progress` is told the number of entries done so far. Returns how many there are.
    """
    with transaction.atomic():
        state = locked_state()
        done = _rebuild(state, progress)
        state.stale = False
        _advance(state)
    return done


def _rebuild(state, progress=lambda done: None):
    Posting.objects.all().delete()
    IndexEntry.objects.all().delete()
    published = Achievement.objects.published()
    state.shape, state.rank_bits = SHAPE, _bits_of(published)
    columns = [field.attname for field in Achievement._meta.concrete_fields]
    rows = published.order_by("-tier", "rank").values_list(*columns, named=True)
    # Year by year, as an index of the database has them; sorting the whole table would fill disks.
    achievements = chain.from_iterable(
        rows.filter(award_year=year).iterator(chunk_size=BATCH)
        for year in AwardYear.objects.order_by("-year").values_list("pk", flat=True)
    )
    done, chunk, postings = 0, None, defaultdict(BitMap)
    for batch in _by_chunk(entries_of(achievements, state.rank_bits)):
        if chunk_of(batch[0]) != chunk:
            _insert_postings(chunk, postings)
            chunk, postings = chunk_of(batch[0]), defaultdict(BitMap)
        _post(batch, postings)
        _insert(IndexEntry, Entry._fields, batch)
        done += len(batch)
        progress(done)
    _insert_postings(chunk, postings)
    return done


def _by_chunk(entries):
    """Lists of at most BATCH entries of one chunk. They come in the order of their numbers."""
    for _chunk, of_chunk in groupby(entries, chunk_of):
        while batch := list(islice(of_chunk, BATCH)):
            yield batch


def _post(entries, postings):
    """Add some entries to {key: bitmap}, under every key that finds them."""
    # Here: numpy takes longer to import than the rest of a worker, which may never index anything.
    from .grams import grams

    facets, numbers = defaultdict(list), [entry.number for entry in entries]
    for entry in entries:
        for key in entry.facets.split("\n"):
            facets[key].append(entry.number)
    for key, found in facets.items():
        postings[key].update(found)
    for passage in PASSAGES:
        texts = [getattr(entry, passage) for entry in entries]
        for gram, repeated, found in grams(texts, numbers):
            key = repeated_key if repeated else gram_key
            postings[key(passage, gram)].update(found)


def _insert_postings(chunk, postings):
    # Plain SQL here and below: there are tens of thousands, and the ORM triples their cost.
    # Sorted, so that the database writes page after page of its index.
    rows = ((key, chunk, postings[key].serialize()) for key in sorted(postings))
    _insert(Posting, ("key", "chunk", "numbers"), rows)


def _insert(model, columns, rows):
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES "
    row = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for some in batched(rows, 900 // len(columns)):
            cursor.execute(into + ",".join([row] * len(some)), list(chain(*some)))


def chunk_of(entry):
    return entry.number >> 16


def _bits_of(achievements):
    return bits_for(achievements.aggregate(rank=Max("rank"))["rank"] or 0)


def locked_state():
    """The state row, held until the transaction ends."""
    IndexState.objects.get_or_create(pk=1)
    return IndexState.objects.select_for_update().get(pk=1)


def _advance(state):
    # Not a count: after a rollback the next change would get a number that a worker has already
    # seen with other content.
    state.version = secrets.randbits(62)
    state.save()


def _change_postings(gone, new):
    for chunk in {chunk_of(entry) for entry in (*gone, *new)}:
        before, after = defaultdict(BitMap), defaultdict(BitMap)
        _post([entry for entry in gone if chunk_of(entry) == chunk], before)
        _post([entry for entry in new if chunk_of(entry) == chunk], after)
        keys = [key for key in before | after if before.get(key) != after.get(key)]
        for some in batched(keys, 500):
            of_chunk = Posting.objects.filter(chunk=chunk, key__in=some)
            rows = []
            kept = {row.key: BitMap.deserialize(bytes(row.numbers)) for row in of_chunk}
            for key in some:
                numbers = kept.get(key, NONE) - before.get(key, NONE) | after.get(key, NONE)
                if numbers:
                    rows.append((key, chunk, numbers.serialize()))
            of_chunk.delete()
            _insert(Posting, ("key", "chunk", "numbers"), rows)

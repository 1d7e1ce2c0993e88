"""The one builder of the index: called after every edit, and looped over all years by a rebuild."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import reduce
from itertools import chain, groupby, product
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, Q
from pyroaring import BitMap

from governance import facets
from governance.batches import batched
from governance.models import Achievement, AwardYear, IndexEntry, IndexState, Posting, StaffText
from governance.models.achievement import TIERS
from governance.models.index import NOTHING
from governance.records import Records

from .documents import PASSAGES, IndexRow, gram_key, index_rows, repeated_key
from .history import History
from .lists import ListKey, Lists, last_ranks
from .staff_texts import keep_staff_texts

# Counts up whenever the meaning of the index tables changes, those of facets aside.
FORMAT = 21

BATCH = 4000
NONE = BitMap()

# {key: numbers of the entries that have it}
Postings = defaultdict[str, BitMap]


def shape() -> int:
    """What an index of this release is made like: its tables and facets. Another one is rebuilt."""
    return facets.TABLE.digest ^ FORMAT


def update(achievement_ids: Iterable[int], *, named: bool = False, reason: str = "") -> None:
    """Bring the index entries of these achievements to what the record says now, or away.

    Runs in the caller's transaction if there is one: the change and its index entry are written
    together. Those who write take turns on the state row. Unchanged entries cost no write. The
    version moves if any of them is public or was, since pages also show what its index entry does
    not have; or if what changed is `named`, see `is_named`. The version of the names moves with what
    is named, and when entries get or lose organizations, years or mechanisms: whether others have
    these the index cannot say while SQL has changed the record behind it. An edit of a draft moves
    nothing but the words by which staff find it. `reason` is why those that were public no longer are.
    """
    # No savepoint in the caller's transaction: what fails here takes the change back as well.
    with transaction.atomic(savepoint=False):
        state, ids = locked_state(), set(achievement_ids)
        lists, moving = _with_room(state, ids)
        public, history = False, History(state, reason, state.shape == shape())
        records = Records()
        for some in batched(ids | moving, BATCH):
            was_public, renamed = _update(some, lists, records, history)
            public, named = public or was_public, named or renamed
        for some in batched(ids, BATCH):
            keep_staff_texts(some, records)
        if public or named:
            # Rows that came in raw may have changed any name.
            _advance(state, named or state.stale)


def _with_room(state: IndexState, ids: set[int]) -> tuple[Lists, set[int]]:
    """Lists with room for these entries, and the other entries that get other numbers for that.

    A list that stands out of order for now is counted and found as any; the order comes with a
    rebuild, beside the requests and not in one of them.
    """
    lists = Lists.kept()
    last: dict[ListKey, int] = {}
    published = Achievement.objects.published()
    for some in batched(ids, BATCH):
        last |= last_ranks(published.filter(pk__in=some))
    if lists.hold(last):
        return lists, set()
    moved, in_order = lists.make_room(last)
    lists.keep()
    state.in_order = state.in_order and in_order
    if not state.in_order:
        state.save(update_fields=["in_order"])
    those = [Q(award_year__code=code, tier=tier) for code, tier in moved]
    moving = published.filter(reduce(or_, those)) if those else published.none()
    return lists, set(moving.values_list("pk", flat=True))


def _update(ids: list[int], lists: Lists, records: Records, history: History) -> tuple[bool, bool]:
    """Whether any of them is in the index or was; and whether they have other values than before that
    the public may know by them alone.
    """
    published = Achievement.objects.published().filter(pk__in=ids)
    made = list(index_rows(published, lists, records))
    # Also those who hold a number or code that has passed to another, behind the index.
    held = Q(pk__in=[row.number for row in made]) | Q(code__in=[row.code for row in made])
    rows = IndexEntry.objects.filter(Q(achievement__in=ids) | held).values_list(*IndexRow._fields)
    before = [IndexRow(*map(comparable, row)) for row in rows]
    after = history.follow(before, made)
    kept = set(before) & set(after)
    gone = [row for row in before if row not in kept]
    new = [row for row in after if row not in kept]
    if not _change_postings(gone, new):
        history.damaged()
    # What stays whose it is is written over; all else must be free before it is another's.
    there = {(row.number, row.code, row.achievement_id) for row in new}
    left = [row.number for row in gone if (row.number, row.code, row.achievement_id) not in there]
    IndexEntry.objects.filter(pk__in=left).delete()
    _insert(IndexEntry, IndexRow._fields, new, over="number")
    return bool(before or after), _by_entries(gone) != _by_entries(new)


def _by_entries(rows: list[IndexRow]) -> set[str]:
    """Their keys of facets whose values may be public by their entries alone: years, organizations.

    The values of enumerations and of trees are always known.
    """
    those = [facet for facet in facets.TABLE.parameters() if not (facet.closed or facet.tree)]
    stems = tuple(f"/{facet.name}/" for facet in those)
    return {key for row in rows for key in row.facets.split("\n") if key.startswith(stems)}


def comparable(value: Any) -> Any:
    """A column's value as it was written."""
    # PostgreSQL gives bytes as a memoryview, which equals none.
    return bytes(value) if isinstance(value, memoryview) else value


def rebuild(progress: Callable[[int], None] = lambda done: None) -> int:
    """Make the whole index anew, in one transaction: the site reads the old one until it ends.

    1. Take the state row, on which all who write the index wait for each other.
    2. Read the published achievements in the order of their numbers, year by year.
    3. Make of each its row: number, folded texts, the keys of its facets, card and record.
    4. Add its number to the bitmap of each of its keys, n-grams included, and write these chunk by chunk.
    5. Sum the digests of all records, and bring publications and addresses after.
    6. Write down the words by which staff find each achievement, drafts too.
    7. Give the index a new version, which tells every worker to read anew.

    `progress` is told the number of entries done so far. Returns how many there are.
    """
    with transaction.atomic():
        state, records = locked_state(), Records()
        done = _rebuild(state, records, progress)
        StaffText.objects.all().delete()
        for some in batched(Achievement.objects.values_list("pk", flat=True).iterator(), BATCH):
            keep_staff_texts(some, records)
        state.stale, state.faults = False, 0
        _advance(state, named=True)
    return done


def _rebuild(state: IndexState, records: Records, progress: Callable[[int], None]) -> int:
    history = History(state, "", state.shape == shape())
    Posting.objects.all().delete()
    IndexEntry.objects.all().delete()
    published = Achievement.objects.published()
    last, lists = last_ranks(), Lists.kept()
    if not (state.shape == shape() and state.in_order and lists.hold(last)):
        lists = lists.anew(last)
        lists.keep()
    state.shape, state.in_order, state.digest = shape(), True, NOTHING
    columns = [field.attname for field in Achievement._meta.concrete_fields]
    rows = published.order_by("rank").values_list(*columns, named=True)
    years = AwardYear.objects.order_by("-year", "code").values_list("pk", flat=True)
    # List by list, as an index of the database has them; sorting the whole table would fill disks.
    achievements = chain.from_iterable(
        rows.filter(award_year=year, tier=tier).iterator(chunk_size=BATCH)
        for year, tier in product(years, TIERS)
    )
    done = 0
    # They come in the order of their numbers, so one chunk after another.
    for chunk, of_chunk in groupby(index_rows(achievements, lists, records), chunk_of):
        postings: Postings = defaultdict(BitMap)
        for some in batched(of_chunk, BATCH):
            batch = history.follow([], some)
            post(batch, postings)
            _insert(IndexEntry, IndexRow._fields, batch)
            done += len(batch)
            progress(done)
        _insert_postings(chunk, postings)
    history.withdraw_others()
    return done


def post(rows: list[IndexRow], postings: Postings) -> None:
    """Add some entries to {key: bitmap}, under every key that finds them."""
    # Here: numpy takes longer to import than the rest of a worker, which may never index anything.
    from .grams import grams

    numbers, by_facet = [row.number for row in rows], defaultdict(list)
    for row in rows:
        for key in row.facets.split("\n"):
            by_facet[key].append(row.number)
    for key, having in by_facet.items():
        postings[key].update(having)
    for passage in PASSAGES:
        texts = [getattr(row, passage) for row in rows]
        for gram, repeated, holding in grams(texts, numbers):
            key = (repeated_key if repeated else gram_key)(passage, gram)
            postings[key].update(holding)


def _insert_postings(chunk: int, postings: Postings) -> None:
    # Plain SQL here and below: there are tens of thousands, and the ORM triples their cost.
    # Sorted, so that the database writes page after page of its index.
    rows = ((key, chunk, _bytes_of(postings[key])) for key in sorted(postings))
    _insert(Posting, ("key", "chunk", "numbers"), rows)


def _bytes_of(numbers: BitMap) -> bytes:
    # The entries of a year follow each other: of 200,000, all years take 0.6 KB instead of 246.
    numbers.run_optimize()
    return numbers.serialize()


def bitmap_of(stored: Any) -> BitMap:
    """The numbers of a posting, as the database gives them. Raises ValueError if they cannot be read."""
    try:
        return BitMap.deserialize(bytes(stored))
    except IndexError as error:
        raise ValueError("a posting that ends early") from error


def _insert(
    model: type[Model], columns: tuple[str, ...], rows: Iterable[tuple], over: str = ""
) -> None:
    """Insert rows; one that has the same value in the column `over` is written over."""
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES "  # noqa: S608  # our own table and columns; values are parameters
    row = f"({', '.join(['%s'] * len(columns))})"
    values = ", ".join(f"{column} = excluded.{column}" for column in columns)
    end = f" ON CONFLICT ({over}) DO UPDATE SET {values}" if over else ""
    with connection.cursor() as cursor:
        for some in batched(rows, 900 // len(columns)):
            cursor.execute(into + ",".join([row] * len(some)) + end, list(chain(*some)))


def chunk_of(row: IndexRow) -> int:
    """The chunk in which the postings hold the entry: 2^16 numbers."""
    return row.number >> 16


def locked_state() -> IndexState:
    """The state row, held until the transaction ends."""
    state = IndexState.objects.select_for_update().filter(pk=1).first()
    if state is None:
        IndexState.objects.get_or_create(pk=1)
        return locked_state()
    return state


def _advance(state: IndexState, named: bool) -> None:
    # Not a count: after a rollback the next change would get a number that a worker has already
    # seen with other content.
    state.version = secrets.randbits(62)
    if named:
        state.names_version = secrets.randbits(62)
    state.save()


def _change_postings(gone: list[IndexRow], new: list[IndexRow]) -> bool:
    """Whether all postings that change could be read; of the others only what is new is known then."""
    readable = True
    for chunk in {chunk_of(row) for row in (*gone, *new)}:
        before: Postings = defaultdict(BitMap)
        after: Postings = defaultdict(BitMap)
        post([row for row in gone if chunk_of(row) == chunk], before)
        post([row for row in new if chunk_of(row) == chunk], after)
        keys = [key for key in before | after if before.get(key) != after.get(key)]
        for some in batched(keys, 500):
            of_chunk = Posting.objects.filter(chunk=chunk, key__in=some)
            rows = []
            kept = {}
            for row in of_chunk:
                try:
                    kept[row.key] = bitmap_of(row.numbers)
                except ValueError:
                    readable = False
            for key in some:
                numbers = kept.get(key, NONE) - before.get(key, NONE) | after.get(key, NONE)
                if numbers:
                    rows.append((key, chunk, _bytes_of(numbers)))
            of_chunk.delete()
            _insert(Posting, ("key", "chunk", "numbers"), rows)
    return readable

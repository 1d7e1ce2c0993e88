"""Holds the saved index against the record, in bounded memory, and says what is damaged."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, groupby, pairwise

from django.db import DatabaseError, connection, transaction
from django.db.models import Max, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pyroaring import BitMap

from governance.batches import batched
from governance.models import (
    Achievement,
    IndexEntry,
    IndexState,
    Posting,
    Publication,
    StaffText,
)
from governance.models.index import NOTHING
from governance.records import Records

from . import triggers
from .building import BATCH, Postings, bitmap_of, chunk_of, comparable, post, rebuild, shape
from .digests import digest_of, summed
from .documents import IndexRow, dated, index_rows
from .lists import Lists
from .staff_texts import staff_texts

# Of each kind of damage so many are named; all are counted.
NAMED = 10


class Damage(TextChoices):
    """What can be wrong with an index."""

    STATE = "state", _("没有状态行")
    SHAPE = "shape", _("索引由另一版本的程序建成")
    LIST_MISSING = "list_missing", _("名单没有足够的编号，其余未核对")
    LIST_OVERLAPS = "list_overlaps", _("名单的编号与后一个名单重叠，其余未核对")
    TRIGGER = "trigger", _("数据库的触发器不在或已停用")
    DIGEST = "digest", _("摘要与成果库不符")
    ROW_MISSING = "row_missing", _("缺少的索引行")
    ROW_EXTRA = "row_extra", _("多出的索引行")
    ROW_DIFFERS = "row_differs", _("索引行与成果库不符")
    POSTING_MISSING = "posting_missing", _("缺少的倒排")
    POSTING_EXTRA = "posting_extra", _("多出的倒排")
    POSTING_UNREADABLE = "posting_unreadable", _("无法读取的倒排")
    POSTING_DIFFERS = "posting_differs", _("倒排与成果库不符")
    STAFF_TEXT = "staff_text", _("后台查找用的文字与成果库不符")


@dataclass
class CheckReport:
    """How many entries and postings there should be; how often each damage was found, and where first."""

    entries: int = 0
    postings: int = 0
    counts: Counter[Damage] = field(default_factory=Counter)
    named: dict[Damage, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def faults(self) -> int:
        return self.counts.total()

    def add(self, damage: Damage, where: str) -> None:
        self.counts[damage] += 1
        if len(self.named[damage]) < NAMED:
            self.named[damage].append(where)


def compare_with_record(progress: Callable[[int], None] = lambda done: None) -> CheckReport:
    """A CheckReport of the index as it is at one moment; others may write meanwhile.

    1. The state row, the numbers of the lists and the triggers must be there.
    2. Each published achievement is made into its row once more, in the order of the numbers, as a
       rebuild would, and held against the row that is kept.
    3. The postings of these rows, one chunk of numbers after another, are held against those kept.
    4. The sum of the digests must be the one of the state row.
    5. The words by which staff find each achievement are held against the record, drafts too.
    6. What was found is noted in the state row, for /readyz, unless the database can only be read.

    `progress` is told the number of entries done so far.
    """
    report = CheckReport()
    with _one_moment():
        state = IndexState.objects.first()
        if state is None:
            report.add(Damage.STATE, IndexState._meta.db_table)
        elif state.shape != shape():
            report.add(Damage.SHAPE, f"{state.shape} ≠ {shape()}")
        for name in triggers.missing(connection):
            report.add(Damage.TRIGGER, name)
        lists = Lists.kept()
        # Without numbers nothing that is kept can be told to be somebody's.
        if not _check_lists(report, lists):
            _check_entries(report, lists, state, progress)
        _check_staff_texts(report)
    _note(report.faults)
    return report


def repair() -> None:
    """Make the triggers and the whole index anew, the numbers of the lists too. Raises DatabaseError where
    only reading is allowed."""
    with transaction.atomic():
        triggers.drop(connection)
        triggers.create(connection)
        IndexState.objects.update(in_order=False)
        rebuild()


def _note(faults: int) -> None:
    """Keep when the last check was and how much it found, unless the database can only be read."""
    with suppress(DatabaseError), transaction.atomic():
        IndexState.objects.update(checked=timezone.now(), faults=faults)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Whatever is read within is of one moment; nobody waits for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Not `atomic`, which would take the lock of those who write.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _check_lists(report: CheckReport, lists: Lists) -> int:
    """How many lists of published entries have no numbers, or some of another list's."""
    published = Achievement.objects.published().order_by().values_list("award_year__code", "tier")
    for code, tier, rank in published.annotate(last=Max("rank")):
        if not lists.hold({(code, tier): rank}):
            report.add(Damage.LIST_MISSING, f"{code} {tier}")
    in_order = sorted((base, room, key) for key, (base, room) in lists.items())
    for (base, room, key), (following, _room, _key) in pairwise(in_order):
        if base + room > following:
            report.add(Damage.LIST_OVERLAPS, " ".join(key))
    return report.counts[Damage.LIST_MISSING] + report.counts[Damage.LIST_OVERLAPS]


def _check_entries(
    report: CheckReport,
    lists: Lists,
    state: IndexState | None,
    progress: Callable[[int], None],
) -> None:
    digest, last, chunks = NOTHING, -1, []
    for chunk, of_chunk in groupby(_rows(lists), chunk_of):
        postings: Postings = defaultdict(BitMap)
        for some in batched(of_chunk, BATCH):
            digest = summed(digest, (digest_of(row.record) for row in some))
            _check_rows(report, last, some[-1].number, {row.number: row for row in some})
            last = some[-1].number
            post(some, postings)
            report.entries += len(some)
            progress(report.entries)
        report.postings += len(postings)
        _check_postings(report, chunk, postings)
        chunks.append(chunk)
    for code in IndexEntry.objects.filter(number__gt=last).values_list("code", flat=True):
        report.add(Damage.ROW_EXTRA, code)
    others = Posting.objects.exclude(chunk__in=chunks).values_list("key", "chunk")
    for key, chunk in others.iterator():
        where = _("%(key)s（第 %(chunk)s 组）") % {"key": key, "chunk": chunk}
        report.add(Damage.POSTING_EXTRA, where)
    if state and state.digest != digest:
        report.add(Damage.DIGEST, f"{state.digest} ≠ {digest}")


def _rows(lists: Lists) -> Iterator[IndexRow]:
    """What a rebuild would keep, in the order of the numbers that the lists have."""
    columns = [one.attname for one in Achievement._meta.concrete_fields]
    published = Achievement.objects.published().order_by("rank")
    achievements = chain.from_iterable(
        published.filter(award_year__code=code, tier=tier)
        .values_list(*columns, named=True)
        .iterator(chunk_size=BATCH)
        for code, tier in sorted(lists, key=lists.__getitem__)
    )
    for some in batched(index_rows(achievements, lists, Records()), 500):
        known = Publication.objects.filter(code__in=[row.code for row in some])
        days = dict(known.values_list("code", "modified"))
        for row in some:
            yield dated(row, days[row.code]) if row.code in days else row


def _check_rows(report: CheckReport, after: int, last: int, made: dict[int, IndexRow]) -> None:
    """Hold the rows kept with numbers beyond `after`, up to `last`, against those made, {number: row}."""
    kept = IndexEntry.objects.filter(number__gt=after, number__lte=last).order_by("number")
    for values in kept.values_list(*IndexRow._fields).iterator(chunk_size=BATCH):
        there = IndexRow(*map(comparable, values))
        row = made.pop(there.number, None)
        if row is None:
            report.add(Damage.ROW_EXTRA, there.code)
        elif row != there:
            columns = [
                name for name in IndexRow._fields if getattr(row, name) != getattr(there, name)
            ]
            report.add(Damage.ROW_DIFFERS, f"{row.code} ({', '.join(columns)})")
    for row in made.values():
        report.add(Damage.ROW_MISSING, row.code)


def _check_postings(report: CheckReport, chunk: int, made: Postings) -> None:
    """Hold those kept of a chunk against those made, {key: numbers}."""
    of_chunk, found = Posting.objects.filter(chunk=chunk), 0
    for some in batched(made, 500):
        kept = dict(of_chunk.filter(key__in=some).values_list("key", "numbers"))
        found += len(kept)
        for key in some:
            if key not in kept:
                report.add(Damage.POSTING_MISSING, key)
                continue
            try:
                numbers = bitmap_of(kept[key])
            except ValueError:
                report.add(Damage.POSTING_UNREADABLE, key)
                continue
            if numbers != made[key]:
                lost, more = len(made[key] - numbers), len(numbers - made[key])
                report.add(Damage.POSTING_DIFFERS, f"{key} (−{lost} +{more})")
    # Only where there are more is it worth to look which.
    if of_chunk.count() > found:
        for key in of_chunk.values_list("key", flat=True).iterator():
            if key not in made:
                report.add(Damage.POSTING_EXTRA, key)


def _check_staff_texts(report: CheckReport) -> None:
    """Hold the text kept of each achievement, published or not, against the one made of the record."""
    records, codes = Records(), Achievement.objects.order_by("pk").values_list("pk", "code")
    for some in batched(codes.iterator(chunk_size=BATCH), BATCH):
        named = dict(some)
        for pk, (text, kept) in staff_texts(named, records).items():
            if text != kept:
                report.add(Damage.STAFF_TEXT, named[pk])
    # Of an achievement that is gone there is no code any more.
    extra = StaffText.objects.exclude(pk__in=Achievement.objects.values("pk"))
    for pk in extra.values_list("pk", flat=True).iterator():
        report.add(Damage.STAFF_TEXT, f"#{pk}")

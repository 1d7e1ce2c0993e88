"""The derived index as it is kept: made from the record by `governance.index`, and never edited."""

from django.db import models

from .achievement import Achievement
from .fields import KeyField

# The digest of no entry at all.
NOTHING = "0" * 32


class IndexState(models.Model):
    """One row, on which those who write the index take turns."""

    # Another one after every change of what the public sees; triggers move it too, see 0012.
    version = models.PositiveBigIntegerField(default=0)
    # Another one after every change of the names that the public knows: it moves less often.
    names_version = models.PositiveBigIntegerField(default=0)
    # What the public record is: see governance.index.digests. Equal records have equal digests.
    digest = models.CharField(max_length=32, default=NOTHING)
    # What the tables below are made like, and of which facets; 0 while there is no whole index.
    shape = models.PositiveIntegerField(default=0)
    # True once rows of the record were loaded raw, of which the index was not told.
    stale = models.BooleanField(default=False)
    # False while a list stands out of its order, among the others or with more room; until a rebuild.
    in_order = models.BooleanField(default=True)
    # When the index was last held against the record, and how much was found to be damaged since.
    checked = models.DateTimeField(null=True)
    faults = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.shape}/{self.version}"


class IndexList(models.Model):
    """The numbers of a list, an award year's tier: see governance.index.lists."""

    pk = models.CompositePrimaryKey("award_year", "tier")
    # Its code.
    award_year = KeyField(max_length=16)
    tier = KeyField(max_length=10)
    base = models.BigIntegerField()
    room = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.award_year} {self.tier}: {self.base} + {self.room}"


class IndexEntry(models.Model):
    """A published achievement as lists show it: one row instead of six joins."""

    # Orders entries as announced; see governance.index.lists. Always given, never
    # counted up; but only of this type is it the row's own place in SQLite, not in an index beside.
    number = models.BigAutoField(primary_key=True)
    # No constraint and no cascade: a row outlives its achievement until the index has read from
    # it which postings to mend.
    achievement = models.OneToOneField(
        Achievement, models.DO_NOTHING, db_constraint=False, related_name="index_entry"
    )
    # JSON of `governance.records.card` and, last, of the whole record. Bytes, and what lists read
    # first: a text is decoded before it is parsed, and a long row is read up to what is asked for.
    code = KeyField(max_length=32, unique=True)
    card = models.BinaryField()
    pinyin = KeyField(max_length=1000, db_index=True)
    # Folded text and facet keys: what the postings were made from.
    title = models.TextField()
    body = models.TextField()
    english = models.TextField()
    facets = models.TextField()
    record = models.BinaryField()

    def __str__(self) -> str:
        return self.code


class Posting(models.Model):
    """The numbers of one chunk, of 2^16 numbers, whose entries have a key: a facet value or an n-gram.

    One row a chunk, so that an edit does not rewrite megabytes. `numbers` is a serialized bitmap.
    """

    pk = models.CompositePrimaryKey("key", "chunk")
    key = KeyField(max_length=160)
    chunk = models.PositiveIntegerField()
    numbers = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.key} {self.chunk}"


class StaffText(models.Model):
    """All words of an achievement, a draft's too, by which staff find it: see governance.index.staff_texts.

    No public face reads it.
    """

    # No constraint and no cascade, as above.
    achievement = models.OneToOneField(
        Achievement,
        models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="staff_text",
    )
    text = models.TextField()

    def __str__(self) -> str:
        return self.text

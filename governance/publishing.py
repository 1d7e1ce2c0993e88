"""What lasts of what was published: its dates, its addresses, and the one act that takes it back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import cast

from django.db import connection
from django.db.models import Model, TextChoices

from governance import index
from governance.batches import batched
from governance.models import Achievement, Address, Publication, Region, Status
from governance.models.publication import KEYS, kind_of
from governance.records import AchievementRecord


class PublicRecord(AchievementRecord):
    """A record with the days on which it was first public and last changed, as ISO dates.

    They are None where the builder of the index has not met the entry yet.
    """

    first_published: str | None
    modified: str | None


def public(record: AchievementRecord, days: tuple[date, date] | None) -> PublicRecord:
    """The record as every face shows it, with its days of publication and of its last change."""
    first, last = (day.isoformat() for day in days) if days else (None, None)
    return cast(PublicRecord, {**record, "first_published": first, "modified": last})


def public_records(records: Iterable[AchievementRecord]) -> list[PublicRecord]:
    """The same of several, with one question to the database."""
    records = list(records)
    found = Publication.objects.filter(code__in=[record["code"] for record in records])
    days = {
        code: (first, last)
        for code, first, last in found.values_list("code", "first_published", "modified")
    }
    return [public(record, days.get(record["code"])) for record in records]


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


def take_back(achievements: Iterable[int], reason: str, status: TextChoices = Status.DRAFT) -> None:
    """Take these achievements, by their primary keys, back from the public.

    Their addresses answer 410 with the reason until they are published again. Those that are not
    public stay as they are. Runs in the caller's transaction if there is one.
    """
    public = Achievement.objects.published().filter(pk__in=list(achievements))
    ids = set(public.values_list("pk", flat=True))
    Achievement.objects.filter(pk__in=ids).update(status=status)
    index.update(ids, reason=reason)


def taken_codes(beginning: str) -> set[str]:
    """The codes that begin so and were ever public: none of them may be another entry's."""
    was = Publication.objects.filter(code__startswith=beginning)
    return set(was.values_list("code", flat=True))


def ever_public(row: Model) -> bool:
    """Whether the public ever met a row: an entry that was published, or what such an entry named.

    Its code or slug is then fixed, and it cannot be deleted.
    """
    if type(row) not in KEYS or row.pk is None:
        return False
    # Before the first rebuild of an upgraded site there are publications alone.
    noted = isinstance(row, Achievement) and Publication.objects.filter(code=row.code).exists()
    return noted or Address.objects.kept(row).exists()


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
            Address(kind=kind_of(type(row)), key=str(getattr(row, KEYS[type(row)])), row=row.pk)
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

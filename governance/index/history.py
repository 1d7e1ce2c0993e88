"""What the builder notes for good while entries come and go: the digest, publications, addresses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property

import orjson
from django.db.models import Exists, Min, Model, OuterRef, Q
from django.utils import timezone

from governance.batches import batched
from governance.models import (
    Achievement,
    Address,
    Award,
    AwardYear,
    IndexState,
    Mechanism,
    Organization,
    Publication,
    Region,
)
from governance.models.award import award_year_code
from governance.models.publication import KEYS, kind_of
from governance.records import AchievementRecord

from .digests import digest_of, summed
from .documents import IndexRow, dated

ENTRY = kind_of(Achievement)


class History:
    """Follows one run of the builder, in its transaction.

    `reason` is why entries are taken back, if they are. With `moves`, an entry whose digest is another
    one was modified; without, an earlier release may have made records of another shape.
    """

    def __init__(self, state: IndexState, reason: str, moves: bool) -> None:
        self._state, self._reason, self._moves = state, reason, moves
        self._today = timezone.localdate()

    def follow(self, before: list[IndexRow], after: list[IndexRow]) -> list[IndexRow]:
        """Entries of the index as they were, and as they are now: returns these with the keys of their days."""
        digests = {row.code: digest_of(row.record) for row in after}
        self._state.digest = summed(self._state.digest, digests.values(), self._gone(before))
        was = {row.achievement_id: row.record for row in before}
        modified = self._publish(after, digests, was)
        stay = {row.achievement_id for row in after}
        away = [row for row in before if row.achievement_id not in stay]
        if away:
            former = Address.objects.filter(
                kind=ENTRY, row__in=[row.achievement_id for row in away]
            )
            codes = {row.code for row in away} | set(former.values_list("key", flat=True))
            self._withdraw(Q(code__in=codes))
        return [dated(row, modified[row.code]) for row in after]

    def damaged(self) -> None:
        """Something that was kept could not be read: the next reader has all made anew."""
        self._state.shape = 0

    def _gone(self, rows: list[IndexRow]) -> Iterator[str]:
        for row in rows:
            try:
                yield digest_of(row.record)
            except (ValueError, TypeError, KeyError):
                self.damaged()

    def withdraw_others(self) -> None:
        """After a rebuild: nothing else is public, whatever was done behind the index."""
        public = Achievement.objects.published().values("pk")
        leading = Address.objects.filter(kind=ENTRY, key=OuterRef("code"), row__in=public)
        self._withdraw(~Q(Exists(leading)))

    def _withdraw(self, which: Q) -> None:
        public = Publication.objects.filter(which, withdrawn=None)
        public.update(withdrawn=self._today, reason=self._reason)

    def _publish(
        self, rows: list[IndexRow], digests: dict[str, str], was: dict[int, bytes]
    ) -> dict[str, date]:
        """Note that these are public, `was` their records before; returns {code: the day of its last change}."""
        days: dict[str, date] = {}
        for some in batched(rows, 500):
            there = Publication.objects.in_bulk([row.code for row in some], field_name="code")
            first = self._first_days([row for row in some if row.code not in there])
            records: dict[int, AchievementRecord] = {}
            changed = []
            for row in some:
                record = records[row.achievement_id] = orjson.loads(row.record)
                known, digest = there.get(row.code), digests[row.code]
                if known is None:
                    day = first.get(row.achievement_id, self._today)
                    known = Publication(code=row.code, first_published=day, modified=day)
                elif known.digest == digest and known.withdrawn is None:
                    days[row.code] = known.modified
                    continue
                # To who has heard that it is gone, an entry that comes back is news.
                elif known.withdrawn or (
                    self._moves
                    and known.digest not in ("", digest)
                    and not _only_stands_elsewhere(was.get(row.achievement_id), record)
                ):
                    known.modified = max(self._today, known.first_published)
                days[row.code] = known.modified
                known.title, known.title_en = record["title"], record["title_en"]
                known.digest = digest
                known.withdrawn, known.reason = None, ""
                changed.append(known)
            Publication.objects.bulk_create(
                changed,
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=["title", "title_en", "modified", "withdrawn", "reason", "digest"],
            )
            self._keep_addresses(records)
        return days

    def _first_days(self, rows: list[IndexRow]) -> dict[int, date]:
        """{achievement: day} of those that are new and were not first public today.

        An entry under another code is the same; a year's first entries came on the day that its
        fixture gives, later ones do not.
        """
        if not rows:
            return {}
        ids = [row.achievement_id for row in rows]
        of_year = Achievement.objects.filter(pk__in=ids, award_year__in=self._given)
        days = {pk: self._given[year] for pk, year in of_year.values_list("pk", "award_year")}
        for pk, key in Address.objects.filter(kind=ENTRY, row__in=ids).values_list("row", "key"):
            day = Publication.objects.filter(code=key).aggregate(day=Min("first_published"))["day"]
            if day:
                days[pk] = min(day, days.get(pk, day))
        return days

    @cached_property
    def _given(self) -> dict[int, date]:
        """{award year that was never public: the day that it was given}"""
        public = Address.objects.filter(kind=kind_of(AwardYear)).values("row")
        given = AwardYear.objects.exclude(pk__in=public).exclude(first_published=None)
        return {
            year.pk: year.first_published for year in given.defer("text") if year.first_published
        }

    def _keep_addresses(self, records: dict[int, AchievementRecord]) -> None:
        """Remember whose the addresses are that these public records name, {achievement: record}."""
        wanted = {(ENTRY, record["code"]): pk for pk, record in records.items()}
        named = _named(records.values())
        keys = set().union(*named.values(), (key for _kind, key in wanted))
        there = Address.objects.filter(key__in=keys).values_list("kind", "key", "row")
        known = {(kind, key): row for kind, key, row in there}
        for model, keys_of_model in named.items():
            kind = kind_of(model)
            missing = [key for key in keys_of_model if (kind, key) not in known]
            wanted |= {(kind, key): pk for key, pk in _rows(model, missing)}
        Address.objects.bulk_create(
            [
                Address(kind=kind, key=key, row=pk)
                for (kind, key), pk in wanted.items()
                if known.get((kind, key)) != pk
            ],
            update_conflicts=True,
            unique_fields=["kind", "key"],
            update_fields=["row"],
        )


def _only_stands_elsewhere(before: bytes | None, record: AchievementRecord) -> bool:
    """Whether all that differs is the place in the announcement: that of others was corrected."""
    try:
        former = orjson.loads(before or b"null")
        document = former["document"] | {"offset": record["document"]["offset"]}
    except (ValueError, TypeError, KeyError):
        return False
    return None not in (former["document"]["offset"], document["offset"]) and record == former | {
        "document": document
    }


def _named(records: Iterable[AchievementRecord]) -> dict[type[Model], set[str]]:
    """{model: codes and slugs of its rows that the records name}"""
    named: dict[type[Model], set[str]] = defaultdict(set)
    for record in records:
        region = record["region"]
        named[Award].add(record["award"]["slug"])
        named[AwardYear].add(award_year_code(record["code"]))
        named[Region] |= {place["code"] for place in (*region["lineage"], *region["became"])}
        named[Mechanism] |= {row["slug"] for row in record["mechanisms"]}
        named[Organization] |= {row["slug"] for row in record["organizations"]}
    return named


def _rows(model: type[Model], keys: list[str]) -> Iterator[tuple[str, int]]:
    """(code or slug, primary key); of regions several may have a code, the latest last."""
    if keys:
        name = KEYS[model]
        rows = model._default_manager.filter(**{f"{name}__in": keys}).order_by("pk")
        yield from ((str(key), pk) for key, pk in rows.values_list(name, "pk"))

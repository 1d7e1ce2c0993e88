"""The record's questions, each a line on the last. No model is imported here."""

from collections.abc import Iterable
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat


class RegionQuerySet(QuerySet):
    def provinces(self) -> Self:
        return self.filter(level="province")

    def leading_into(self, path: str) -> set[int]:
        """Ids of the regions in the subtree of `path` and of all that became one of them, in time.

        坪山新区 ended in 2017 and became 坪山区: who asks for 坪山区 wants both, while who asks
        for 坪山新区 does not want what 坪山区 did later.
        """
        new = set(self.filter(path__startswith=path).values_list("pk", flat=True))
        leading = set(new)
        while new:
            new = set(self.filter(successor__in=new).values_list("pk", flat=True)) - leading
            leading |= new
        return leading


class NamedByAchievementsQuerySet(QuerySet):
    """Award years and organizations: the public knows those that a published achievement names."""

    def published(self) -> Self:
        relation = self._relation
        named = self._public.filter(**{relation.field.name: OuterRef("pk")})
        return self.filter(Exists(named))

    def of_entries(self, numbers: Iterable[int]) -> Self:
        """Those that index entries with these numbers name, the most frequent first, each with `found`."""
        entries = self._public.filter(index_entry__in=list(numbers)).values_list("pk", flat=True)
        named = self.filter(achievements__in=list(entries))
        return named.annotate(found=Count("achievements")).order_by("-found", "pinyin")

    @property
    def _relation(self) -> Any:
        # Any: that the relation leads to an AchievementQuerySet, no type says.
        return self.model._meta.get_field("achievements")

    @property
    def _public(self) -> QuerySet:
        """The published achievements, but not by the index on statuses: SQLite without statistics
        would look through all of them for each row.
        """
        rows = self._relation.related_model._default_manager
        return rows.alias(state=Concat("status", Value(""))).filter(state="published")


class AwardQuerySet(QuerySet):
    def published(self) -> Self:
        """Those that the public knows, by an entry of theirs."""
        years: Any = self.model._meta.get_field("years").related_model
        return self.filter(Exists(years.objects.published().filter(award=OuterRef("pk"))))


class AchievementQuerySet(QuerySet):
    """Lists, counts and searches are asked of `governance.index`."""

    def published(self) -> Self:
        return self.filter(status="published")

    def as_announced(self):
        """The newest year first, winners before nominees, then by rank."""
        return self.order_by(*self.model._meta.ordering)

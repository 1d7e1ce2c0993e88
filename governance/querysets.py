"""The record's questions, each a line on the last. No model is imported here."""

from functools import reduce
from operator import or_

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Left

# The newest year first, winners before nominees (by the alphabet, luckily), in the order of the list.
AS_ANNOUNCED = ("-award_year__year", "-tier", "rank")

# Where a word that someone types is looked for.
SEARCHED = (
    "title",
    "title_en",
    "summary",
    "summary_en",
    "organization_text",
    "region__name",
    "region__name_en",
    "region__successor__name",
    "region__parent__name",
    "region__parent__parent__name",
    "organizations__name",
    "organizations__short_name",
    "organizations__name_en",
    "mechanisms__name",
    "mechanisms__name_en",
    "mechanisms__aliases",
)


class RegionQuerySet(QuerySet):
    def in_subtree(self, path):
        """The region with this path and all below it, as the codes stand."""
        return self.filter(path__startswith=path)

    def valid_in(self, year):
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=year), valid_from__lte=year)

    def provinces(self):
        return self.filter(level="province")

    def current(self):
        return self.filter(valid_to=None)

    def leading_into(self, paths):
        """Ids of the regions in the subtrees of `paths` and of all that became one of them, in time.

        坪山新区 ended in 2017 and became 坪山区: who asks for 坪山区 wants both, while who asks
        for 坪山新区 does not want what 坪山区 did later.
        """
        below = reduce(or_, (Q(path__startswith=path) for path in paths))
        new = set(self.filter(below).values_list("pk", flat=True))
        found = set(new)
        while new:
            new = set(self.filter(successor__in=new).values_list("pk", flat=True)) - found
            found |= new
        return found


class NamedByAchievementsQuerySet(QuerySet):
    """Award years and organizations: the public knows those that a published achievement names."""

    def published(self):
        return self.filter(achievements__status="published").distinct()

    def with_entry_counts(self):
        """Each row with `entry_count`, its published achievements."""
        published = Q(achievements__status="published")
        counted = self.annotate(entry_count=Count("achievements", published, distinct=True))
        # An aggregate drops the order of the model.
        return counted.order_by(*self.model._meta.ordering)


class AchievementQuerySet(QuerySet):
    def published(self):
        return self.filter(status="published")

    def in_regions(self, paths):
        return self.filter(region__in=self._regions().leading_into(paths))

    def in_zones(self, scheme, zones):
        """`scheme` is the Region field, zone or zone3, that provinces carry."""
        provinces = self._regions().filter(**{f"{scheme}__in": zones}).values("path")
        return self.alias(province=Left("region__path", 2)).filter(province__in=provinces)

    # The next two reach through links of which an entry has many. A subquery keeps an entry that
    # matches twice from standing in the list, or in a count, twice.

    def with_means(self, **mechanism):
        """Entries in which such a mechanism is a means (做法), not only a goal or an effect."""
        lookups = {f"codings__mechanism__{name}": value for name, value in mechanism.items()}
        return self._among(Q(codings__aspect="means", **lookups))

    def by_organizations(self, **organization):
        return self._among(
            Q(**{f"organizations__{name}": value for name, value in organization.items()})
        )

    def saying(self, *forms):
        """Entries whose text, region, organizations or mechanisms contain one of `forms`."""
        pairs = [Q(**{f"{field}__icontains": form}) for form in forms for field in SEARCHED]
        return self._among(reduce(or_, pairs))

    def _among(self, condition):
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))

    def as_announced(self):
        return self.order_by(*AS_ANNOUNCED)

    def by_relevance(self, words):
        """Entries that say one of `words` in their title first."""
        in_title = reduce(or_, (Q(title__icontains=word) for word in words), Q(pk=None))
        rank = Case(When(in_title, then=Value(0)), default=Value(1))
        return self.order_by(rank, *AS_ANNOUNCED)

    def sorted_by(self, sort):
        """`sort` is year, -year, region or title; ties as announced."""
        column = {"region": "region__path", "title": "pinyin"}.get(
            sort, sort.replace("year", "award_year__year")
        )
        return self.order_by(column, *AS_ANNOUNCED)

    def with_record(self):
        """Everything that `records.achievement_record` reads, in a fixed number of queries."""
        return self.select_related("award_year", "region__parent__parent__parent").prefetch_related(
            "organizations_in_order__organization", "codings__mechanism", "codings__evidence"
        )

    def _regions(self):
        return self.model._meta.get_field("region").related_model.objects.all()

"""The pages that search engines should know; nothing unpublished."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator

from governance.facet_table import REGION_LEVELS
from governance.index import Selection
from governance.models import Award, AwardYear, IndexEntry, Mechanism, Publication
from showcase import links
from showcase.query.vocabulary import vocabulary


class Pages:
    """A section of the sitemap; `entries` are all. Items are names of addresses, or, where `name` is
    set, their one argument.
    """

    name = ""
    # Of the 50,000 addresses that a file may hold: it is made at once, while a thread waits, and may
    # cost no more than sixty lists.
    limit = 4000

    def __init__(self, entries: Selection):
        self.entries = entries

    def items(self) -> Sequence[Any]:
        """What can be counted and cut into files without reading all of it."""
        return [
            *("home", "achievements", "regions", "mechanisms", "organizations", "years"),
            *("awards", "compare", "analysis", "about", "coding-rules"),
            *("data", "data-fields"),
        ]

    def files(self) -> Paginator:
        """The items by files; each has an address in either language."""
        return Paginator(self.items(), self.limit // 2)

    def path(self, item: Any) -> str:
        """The path of an item's page in Chinese."""
        return links.address(self.name, str(item)) if self.name else links.address(item)

    def listed(self, items: Iterable[Any]) -> list[tuple[str, date | None]]:
        """(path, the day of its last change where it is known) of the pages of some items."""
        return [(self.path(item), None) for item in items]


class Achievements(Pages):
    name = "achievement"

    def items(self):
        # Of the index: whether each of all before a file's first is public would be asked of the record.
        return IndexEntry.objects.order_by("code").values_list("code", flat=True)

    def listed(self, items):
        public = Publication.objects.public().filter(code__in=list(items)).order_by("code")
        return [(self.path(code), day) for code, day in public.values_list("code", "modified")]


class Regions(Pages):
    """Those with entries, each under the code that leads to it."""

    name = "region"

    def items(self):
        places = vocabulary(self.entries.index).regions.places
        levels = [self.entries.counts(f"region{length}") for length in REGION_LEVELS]
        return sorted({places[path][0] for paths in levels for path in paths if path in places})


class Mechanisms(Pages):
    name = "mechanism"

    def items(self):
        return list(Mechanism.objects.order_by("slug").values_list("slug", flat=True))


class Organizations(Pages):
    name = "organization"

    def items(self):
        return self.entries.index.names.organizations


class Years(Pages):
    name = "year"

    def items(self):
        years = AwardYear.objects.published().order_by("-year").values_list("year", flat=True)
        return list(dict.fromkeys(years))


class Awards(Pages):
    name = "award"

    def items(self):
        return list(Award.objects.published().values_list("slug", flat=True))


SITEMAPS = {
    "pages": Pages,
    "achievements": Achievements,
    "regions": Regions,
    "mechanisms": Mechanisms,
    "organizations": Organizations,
    "years": Years,
    "awards": Awards,
}

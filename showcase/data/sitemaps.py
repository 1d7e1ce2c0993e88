"""The pages that search engines should know; nothing unpublished."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator

from governance.facets import REGION_LEVELS
from governance.index import Selection
from governance.models import Award, AwardYear, Mechanism, Publication
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
            *("awards", "compare", "analysis", "about"),
        ]

    def files(self) -> Paginator:
        """The items by files; each has an address in either language."""
        return Paginator(self.items(), self.limit // 2)

    def path(self, item: Any) -> str:
        """The path of an item's page in Chinese."""
        return links.address(self.name, str(item)) if self.name else links.address(item)

    def changed_on(self, item: Any) -> date | None:
        """The day of its last change, where it is known."""
        return None


class Achievements(Pages):
    """Items are (code, the day of its last change)."""

    name = "achievement"

    def items(self):
        return Publication.objects.public().order_by("code").values_list("code", "modified")

    def path(self, item):
        return super().path(item[0])

    def changed_on(self, item):
        return item[1]


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

"""The pages that search engines should know, both languages of each; nothing unpublished."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest
from django.urls import reverse

from governance import index
from governance.facets import REGION_LEVELS
from governance.models import AwardYear, Mechanism, Organization, Publication
from showcase import links
from showcase.query.vocabulary import vocabulary


class Pages(Sitemap):
    """Items are names of addresses, or their one argument where `name` is set."""

    name = ""
    i18n = alternates = x_default = True
    # Of the 50,000 addresses that a file may hold: it is made at once, while a thread waits.
    limit = 5000

    def items(self):
        return [
            *("home", "achievements", "regions", "mechanisms", "organizations", "years"),
            *("compare", "analysis", "about"),
        ]

    def get_urls(self, page=1, site=None, protocol=None):
        origin = settings.SITE_URL or f"{protocol}://{site.domain}"
        return self._urls(page, *origin.split("://"))

    def location(self, item):
        return reverse(self.name, args=[item]) if self.name else reverse(item)


class Achievements(Pages):
    """Items are (code, the day of its last change)."""

    name = "achievement"

    def items(self):
        return list(Publication.objects.public().values_list("code", "modified"))

    def location(self, item):
        return super().location(item[0])

    def lastmod(self, item):
        return item[1]


class Regions(Pages):
    """Those with entries, each under the code that leads to it."""

    name = "region"

    def items(self):
        entries = index.select()
        places = vocabulary(entries.version).regions.places
        counted = {path for length in REGION_LEVELS for path in entries.counts(f"region{length}")}
        return sorted({places[path][0] for path in counted if path in places})


class Mechanisms(Pages):
    name = "mechanism"

    def items(self):
        return list(Mechanism.objects.order_by("slug").values_list("slug", flat=True))


class Organizations(Pages):
    name = "organization"

    def items(self):
        found = Organization.objects.published().order_by("slug")
        return list(found.values_list("slug", flat=True))


class Years(Pages):
    name = "year"

    def items(self):
        return list(AwardYear.objects.published().values_list("year", flat=True))


SITEMAPS = {
    "pages": Pages,
    "achievements": Achievements,
    "regions": Regions,
    "mechanisms": Mechanisms,
    "organizations": Organizations,
    "years": Years,
}


def files(request: HttpRequest) -> Iterator[str]:
    """The addresses of all files that the sitemap consists of."""
    for section, pages in SITEMAPS.items():
        address = links.absolute(request, reverse("sitemap-part", args=[section]))
        yield address
        yield from (f"{address}?p={page}" for page in range(2, pages().paginator.num_pages + 1))

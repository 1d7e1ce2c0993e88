"""The values of the facets and their labels, kept for one version of the index in each language."""

from functools import lru_cache

from django.utils.translation import get_language

from governance.models import Mechanism, Region

from .filters import SORTS, AchievementFilter
from .text import localized

# In the order of the page.
FACETS = (
    "year",
    "tier",
    "region",
    "organization",
    "field",
    "mechanism",
    "organization_kind",
    "organization_level",
    "setting",
    "zone",
    "zone3",
)


def vocabulary(version):
    """The Vocabulary of a version of the index, in the reader's language."""
    return _vocabulary(version, get_language())


@lru_cache(maxsize=4)
def _vocabulary(_version, _language):
    return Vocabulary()


class Vocabulary(dict):
    """{facet: {value: label}} of what the page shows, in its order; regions by their codes.

    `names` are the facets' own labels. Every value here is one that the filter's form accepts.
    """

    def __init__(self):
        filters = AchievementFilter.base_filters
        self.names = {name: str(filters[name].label) for name in FACETS}
        self.sorts = {value: str(label) for value, label in SORTS.items()}
        for name in FACETS:
            if not hasattr(filters[name].field, "queryset"):
                self[name] = {value: str(label) for value, label in filters[name].field.choices}
        mechanisms = sorted(Mechanism.objects.all(), key=lambda mechanism: mechanism.pinyin)
        self["mechanism"] = {row.slug: localized(row, "name") for row in mechanisms}
        self.regions = RegionTree()
        self["region"] = {code: label for code, label, _depth in self.regions.places.values()}


class RegionTree:
    """The regions by path, the latest where several have one: {path: (code, label, depth)}."""

    def __init__(self):
        self.places, self._below = {}, {}
        for region in Region.objects.order_by("valid_from").select_related("parent__parent"):
            depth = len(region.lineage) - 1
            self.places[region.path] = (region.code, localized(region, "name"), depth)
            above = region.parent.path if region.parent else ""
            self._below.setdefault(above, {})[region.path] = True

    def below(self, path):
        """The paths directly below a path; of the provinces, below ""."""
        return self._below.get(path, ())

"""What a list says: the values of the facets, their labels, and the words around them; kept for one
version of the index in each language.
"""

from functools import lru_cache
from html import escape

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from governance.models import Mechanism, Region
from showcase.text import localized

from .form import SORTS, VIEWS, AchievementFilter

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

NAMES = ("name", "name_en")


def vocabulary(version):
    """The Vocabulary of a version of the index, in the reader's language."""
    return _vocabulary(version, get_language())


@lru_cache(maxsize=4)
def _vocabulary(_version, _language):
    return Vocabulary()


class Vocabulary(dict):
    """{facet: {value: label}} of what the page shows, in its order; regions by their codes.

    `names` are the facets' own labels. Every value here is one that the filter's form accepts. The
    messages are here because a page needs each a dozen times, and Django asks for the language anew.
    """

    def __init__(self):
        filters = AchievementFilter.base_filters
        self.names = {name: str(filters[name].label) for name in FACETS}
        self.sorts = {value: str(label) for value, label in SORTS.items()}
        self.views = {value: str(label) for value, label in VIEWS.items()}
        for name in FACETS:
            if not hasattr(filters[name].field, "queryset"):
                self[name] = {value: str(label) for value, label in filters[name].field.choices}
        mechanisms = sorted(Mechanism.objects.all(), key=lambda mechanism: mechanism.pinyin)
        self["mechanism"] = {row.slug: localized(row, "name") for row in mechanisms}
        self.regions = RegionTree()
        self["region"] = {code: label for code, label, _depth in self.regions.places.values()}
        self.everything = _("全部成果")
        self.also, self.remove = _("也选 %(label)s"), _("移除 %(label)s")
        self.more = _("其余 %(count)d 个")
        self._counted = {one: ngettext("%(count)s 项", "%(count)s 项", one) for one in (1, 2)}
        self.escaped = {
            name: {value: escape(label) for value, label in labels.items()}
            for name, labels in self.items()
        }

    def counted(self, count):
        """3 项"""
        return self._counted[1 if count == 1 else 2] % {"count": count}


class RegionTree:
    """The regions by path, the latest where several have one: {path: (code, label, depth)}."""

    def __init__(self):
        self.places, self._below = {}, {}
        # Thousands, read by a worker's first page: rows, not objects.
        rows = Region.objects.order_by("valid_from").values_list(
            "pk", "parent", "path", "code", *NAMES
        )
        found = {key: row for key, *row in rows}
        for parent, path, code, name, name_en in found.values():
            depth, above = 0, found[parent][1] if parent else ""
            while parent:
                depth, parent = depth + 1, found[parent][0]
            label = localized({"name": name, "name_en": name_en}, "name")
            self.places[path] = (code, label, depth)
            self._below.setdefault(above, {})[path] = True

    def below(self, path):
        """The paths directly below a path; of the provinces, below ""."""
        return self._below.get(path, ())

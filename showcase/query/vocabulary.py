"""What a list says: the values of the parameters, their labels, and the words around them; kept for one
version of the names in each language.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import chain

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from governance import facets
from governance.facet_table import MISSING
from governance.index import Index
from governance.models import Award, Mechanism, Region
from governance.models.achievement import tier_labels
from showcase.text import localized

from .form import SORTS, VIEWS, further_values, offered
from .spellings import Choice, Spellings

NAMES = ("name", "name_en")


def vocabulary(now: Index) -> "Vocabulary":
    """The Vocabulary of an index, in the reader's language."""
    return _vocabulary(now.names_version, get_language())


@lru_cache(maxsize=4)
def _vocabulary(_names_version: int, _language: str | None) -> "Vocabulary":
    return Vocabulary()


class Vocabulary(dict[str, dict[str, str]]):
    """{facet: {value: label}} in the order in which lists offer them; regions by their codes.

    Of organizations there are too many to keep: `known` looks them up. `names` are the facets' own
    labels. The messages are here because a page needs each a dozen times, and Django asks for the
    language anew.
    """

    def __init__(self) -> None:
        table = facets.TABLE
        self._spellings: dict[str, Spellings] = {}
        self.names = {facet.name: str(facet.label) for facet in table}
        self.sorts = {value: str(label) for value, label in SORTS.items()}
        self.views = {value: str(label) for value, label in VIEWS.items()}
        for facet in table.parameters():
            if facet.rows is None:
                self[facet.name] = dict(offered(facet))
            elif not (facet.many or facet.tree):
                self[facet.name] = {
                    getattr(row, facet.key): localized(row, "name") for row in facet.rows()
                }
        self._double = self._words_of_two_facets()
        self.regions = RegionTree()
        self["region"] = {code: label for code, label, _depth in self.regions.places.values()}
        self._tiers = {award.slug: tier_labels([award]) for award in Award.objects.published()}
        self.everything = _("全部成果")
        self._counted = {one: ngettext("%(count)s 项", "%(count)s 项", one) for one in (1, 2)}

    def tiers(self, award: str = "") -> dict[str, str]:
        """{tier: label}, in the words of an award if one is in view."""
        return self._tiers.get(award, self["tier"])

    @property
    def several_awards(self) -> bool:
        """Whether the tier alone does not say what an entry was awarded."""
        return len(self._tiers) > 1

    def counted(self, count: int) -> str:
        """3 项"""
        return self._counted[1 if count == 1 else 2] % {"count": count}

    def mechanisms_of(self, field: str) -> list[str]:
        """The slugs of the mechanisms of a field."""
        return self._by_field.get(field, [])

    @cached_property
    def _by_field(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for slug, field in Mechanism.objects.values_list("slug", "field"):
            found.setdefault(field, []).append(slug)
        return found

    @cached_property
    def further(self) -> dict[str, str]:
        """{value: label} of what `also` takes."""
        return further_values()

    def spellings(self, name: str) -> Spellings:
        """All spellings by which a reader may mean a value of a facet, or of `also`; kept when made."""
        if name not in self._spellings:
            self._spellings[name] = Spellings(self._spelt(name))
        return self._spellings[name]

    def _spelt(self, name: str) -> list[tuple[Choice, tuple[str, ...]]]:
        facet = None if name == "also" else facets.TABLE[name]
        if facet is None or facet.rows is None:
            labels = self[name] if facet else self.further
            return [(choice, choice) for choice in labels.items()]
        return [
            ((value, localized({"name": name, "name_en": name_en}, "name")), (value, name, name_en))
            for value, name, name_en in facet.rows().values_list(facet.key, *NAMES)
        ]

    def known(self, name: str, values: Iterable[str]) -> dict[str, str]:
        """{value: label} of those of a parameter's values that there are, each label clear by itself."""
        facet = facets.TABLE[name] if name != "also" else None
        if facet is None:
            labels = self.further
        elif name in self or facet.rows is None:
            labels = self[name]
        else:
            rows = facet.rows().filter(**{f"{facet.key}__in": list(values)})
            labels = {getattr(row, facet.key): localized(row, "name") for row in rows}
        said = {value: labels[value] for value in values if value in labels}
        if facet:
            unused = {value: str(facet.unused(value)) for value in values if value not in said}
            said |= {value: label for value, label in unused.items() if label}
        return {value: self._clear(name, label) for value, label in said.items()}

    def _words_of_two_facets(self) -> set[str]:
        """The labels that values of several facets share: 东部 is of the four zones and of the three."""
        said = ({labels[one] for one in labels if one != MISSING} for labels in self.values())
        counts = Counter(chain.from_iterable(said))
        return {label for label, count in counts.items() if count > 1}

    def _clear(self, name: str, label: str) -> str:
        """A label that can stand without its facet's name above it: 四大地区：东部."""
        if label not in self._double:
            return label
        return _("%(facet)s：%(label)s") % {"facet": self.names[name], "label": label}


class RegionTree:
    """The regions by path, the latest where several have one: {path: (code, label, depth)}."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[str, str, int]] = {}
        self._below: dict[str, dict[str, bool]] = {}
        # Thousands, read by a worker's first page: rows, not objects.
        rows = Region.objects.order_by("valid_from", "path").values_list(
            "pk", "parent", "path", "code", *NAMES
        )
        by_key = {key: row for key, *row in rows}
        english = get_language() == "en"
        for parent, path, code, name, name_en in by_key.values():
            depth, above = 0, by_key[parent][1] if parent else ""
            while parent:
                depth, parent = depth + 1, by_key[parent][0]
            label = localized({"name": name, "name_en": name_en}, "name", english)
            self.places[path] = (code, label, depth)
            self._below.setdefault(above, {})[path] = True

    def below(self, path: str) -> Iterable[str]:
        """The paths directly below a path; of the provinces, below ""."""
        return self._below.get(path, ())

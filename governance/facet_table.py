"""What a facet is, and what is derived from a table of them; the facets themselves are in `facets`."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.enums import ChoicesType
from django.utils.functional import Promise

from governance.models import Region

# The value under which a facet keeps the entries that have none of its values.
MISSING = "none"

# Names that mean something else in a query string, in the index or to `select`.
RESERVED = {
    *("q", "also", "sort", "page", "page_size", "view", "rows", "columns", "measure", "code"),
    *("all", "place", "reading", "query", "index"),
}

# Lengths of the paths of a province, a prefecture and a county.
REGION_LEVELS = (2, 4, 6)

Words = str | Promise
# What `governance.records` makes of an achievement.
Record = Mapping[str, Any]
Labelled = list[tuple[str, Words]]


class UnknownFacet(ValueError):
    """Something was asked by a facet that the table does not have."""


@dataclass(frozen=True, kw_only=True)
class Facet:
    """A property of entries with few or many values.

    `name` is the parameter of lists and the beginning of the index's keys: /tier/winner. `values`
    gives a list of what a record has, from the record and its Region as it was in its year. An entry
    without a value is kept under MISSING if `missing` is given, which is the label for that.

    Values and their labels, in order, come from exactly one of: `choices` as an enumeration, `choices`
    as a function of the values that entries have, or the `rows` of a model, each known by its `key`.
    """

    name: str
    label: Words
    values: Callable[[Record, Region], Iterable[str]]
    choices: ChoicesType | Callable[[Collection[str]], Labelled] | None = None
    rows: Callable[[], QuerySet] | None = None
    key: str = "slug"
    missing: Words = ""
    # Whether an entry may have two values, so that a list can be asked for both, by `also`.
    several: bool = False
    # Whether there are too many rows to keep: their labels are looked up when somebody asks for them.
    many: bool = False
    # Whether the order of its values means something, so that profiles keep it.
    ordered: bool = False
    # Whether lists begin with the last of its values, as with the newest year; tables then begin with
    # the first, and show values for labels: 2015 for 2015年度.
    newest_first: bool = False
    # Whether lists and tables offer it while all entries have one value of it.
    of_one: bool = True
    # Gives the words for a value that no entry has and that may be asked for all the same, else "".
    unused: Callable[[str], Words] = lambda value: ""
    # Gives (value, words) of `choices` where the record has words of its own for them.
    wording: Callable[[], Labelled] | None = None
    # Whether lists and the API take it as a parameter, and whether lists offer its values.
    is_parameter: bool = True
    listed: bool = True
    # Its place among the dimensions of tables and among the tables of a profile; 0 for none.
    dimension: int = 0
    profile: int = 0
    # How a table counts it, where that is not plain.
    counting: Words = ""
    # Of a dimension of tables that lists know by another name: that parameter.
    stands_for: str = ""
    # Of `rows`, among which there is none called MISSING: the parameter that finds what has no value.
    missing_by: str = ""
    # Whether values are paths of a tree: then a value is found below each that it begins with.
    tree: bool = False
    # To be raised whenever `values` gives something else than before: the index is then rebuilt.
    revision: int = 1

    def __post_init__(self) -> None:
        if [self.choices, self.rows, self.stands_for or None].count(None) != 2:
            raise ValueError(f"{self.name}: give one of choices, rows and stands_for.")
        if self.tree and self.name != "region":
            raise ValueError(f"{self.name}: regions are the only tree that lists can draw.")
        if not self.is_parameter and (self.listed or (self.dimension and not self.stands_for)):
            raise ValueError(f"{self.name}: what is listed, or counted in tables, has a parameter.")

    @property
    def parameter(self) -> str:
        """The parameter of lists by which its values are chosen."""
        return self.stands_for or self.name

    @property
    def closed(self) -> bool:
        """Whether its values are an enumeration, of which a table shows all."""
        return isinstance(self.choices, ChoicesType)

    def labels(self, present: Collection[str]) -> Labelled:
        """(value, words) of all that may be chosen, if it is no model's; `present` are those of entries."""
        found: Labelled = []
        if self.wording:
            found = self.wording()
        elif isinstance(self.choices, ChoicesType):
            found = list(self.choices.choices)
        elif self.choices:
            found = self.choices([value for value in present if value != MISSING])
        return [*found, (MISSING, self.missing)] if self.missing else found

    def keys(self, record: Record, region: Region) -> set[str]:
        """The keys under which the index finds the entry."""
        given = self.values(record, region)
        if isinstance(given, str):
            raise TypeError(f"{self.name}: `values` gives a list of values, not {given!r}.")
        values = set(given)
        if not values and self.missing:
            values = {MISSING}
        if self.tree:
            return {tree_key(self.name, value) for value in values}
        return {f"/{self.name}/{value}" for value in values}


def tree_key(name: str, path: str) -> str:
    """The length comes first: all provinces, or all counties of one, are a range of keys."""
    return f"/{name}{len(path)}/{path}"


class FacetTable:
    """Facets in the order in which lists offer them, and what is derived from them."""

    def __init__(self, facets: Iterable[Facet]):
        self._facets: dict[str, Facet] = {}
        for facet in facets:
            if facet.name in self._facets or facet.name in RESERVED:
                raise ValueError(
                    f"A facet cannot be called {facet.name}: the name has another use."
                )
            self._facets[facet.name] = facet
        self.digest = self._digest()

    def __iter__(self) -> Iterator[Facet]:
        return iter(self._facets.values())

    def __contains__(self, name: object) -> bool:
        return name in self._facets

    def __getitem__(self, name: str) -> Facet:
        if name not in self._facets:
            raise UnknownFacet(
                f"No facet is called {name!r}. Facets: {', '.join(self._facets)}. To add one, add a"
                " Facet to TABLE in governance/facets.py."
            )
        return self._facets[name]

    def check(self, name: str) -> None:
        """Raise UnknownFacet if no facet has the name."""
        self[name]

    def parameters(self) -> list[Facet]:
        """Those that lists and the API take as parameters."""
        return [facet for facet in self if facet.is_parameter]

    def listed(self) -> list[Facet]:
        """Those of which lists offer the values."""
        return [facet for facet in self if facet.listed]

    def several(self) -> list[Facet]:
        """Those of which an entry may have several values."""
        return [facet for facet in self if facet.several]

    def dimensions(self) -> dict[str, Facet]:
        """Those that a table can be made of, by name."""
        found = sorted((facet for facet in self if facet.dimension), key=lambda f: f.dimension)
        return {facet.name: facet for facet in found}

    def profiles(self) -> list[Facet]:
        """Those of which a profile has a table."""
        return sorted((facet for facet in self if facet.profile), key=lambda f: f.profile)

    def keys(self, record: Record, region: Region) -> set[str]:
        """All keys under which the index finds the entry of a record."""
        return set().union(*(facet.keys(record, region) for facet in self))

    def counted(self, name: str) -> Facet:
        """The Facet that a name given to `counts()` belongs to; of a tree, levels alone are counted."""
        stem = name.rstrip("0123456789")
        if stem != name and stem in self and self[stem].tree:
            return self[stem]
        if self[name].tree:
            raise UnknownFacet(f"Of {name!r} levels are counted: say {name}2, {name}4 or {name}6.")
        return self[name]

    def _digest(self) -> int:
        """31 bits that change with what the keys are made of; not with words and order."""
        declared = sorted(
            f"{facet.name} {facet.revision} {facet.tree} {bool(facet.missing)}" for facet in self
        )
        digest = hashlib.sha256("\n".join(declared).encode()).digest()
        return int.from_bytes(digest[:4]) >> 1

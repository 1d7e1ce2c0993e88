"""The one table of facets: what an entry can be chosen, counted and compared by.

The index's keys, the parameters of lists and of the API, their labels, the dimensions of tables and
the tables of profiles are made of TABLE. To add a facet:

1. Add a Facet to TABLE. The index sees that its shape has changed and rebuilds itself.
2. `make messages`, and translate its label into English.
3. Name it among the parameters in both READMEs, and add a line to CHANGELOG.md.
4. Run the tests: they ask for a plain reading of it in tests/test_analysis.py if it is a dimension,
   and for what entries have of it in tests/facet_keys.json.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.enums import ChoicesType
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.models import (
    Aspect,
    Award,
    AwardYear,
    Level,
    Mechanism,
    MechanismField,
    Organization,
    OrganizationKind,
    Region,
    Setting,
    Tier,
    Zone,
    Zone3,
)
from governance.models.achievement import tier_labels

# The value under which a facet keeps the entries that have none of its values.
MISSING = "none"

# Names that mean something else in a query string, in the index or to `select`.
RESERVED = {
    *("q", "also", "sort", "page", "page_size", "view", "rows", "columns", "measure", "code"),
    *("all", "place", "query", "index"),
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


def _years(present: Collection[str]) -> Labelled:
    return [(year, str(AwardYear(year=int(year)))) for year in sorted(present)]


def _tiers() -> Labelled:
    return list(tier_labels(Award.objects.published()[:2]).items())


def _coded(record: Record, name: str, aspect: Aspect = Aspect.MEANS) -> set[str]:
    """Only what is a means counts as a mechanism of an entry; the other aspects have facets of their own."""
    return {coding[name] for coding in record["mechanisms"] if coding["aspect"] == aspect.value}


def _organizations(record: Record, name: str) -> set[str]:
    return {organization[name] for organization in record["organizations"]}


def _subtrees(region: Region) -> set[str]:
    """Paths of each subtree in which the region lies, or in which lies what it became."""
    paths = {later.path for later in region.through_time}
    return {path[:length] for path in paths for length in (*REGION_LEVELS, len(path))}


def _provinces(region: Region) -> set[str]:
    return {later.path[: REGION_LEVELS[0]] for later in region.through_time}


def _zone(name: str) -> Callable[[Record, Region], Iterable[str]]:
    """The zone of the province; a few provinces have none."""
    return lambda record, region: [zone for zone in [getattr(region.lineage[0], name)] if zone]


TABLE = FacetTable(
    [
        Facet(
            name="year",
            label=_("年度"),
            values=lambda record, region: [str(record["year"])],
            choices=_years,
            ordered=True,
            newest_first=True,
            dimension=1,
            profile=1,
        ),
        Facet(
            name="award",
            label=_("奖项"),
            values=lambda record, region: [record["award"]["slug"]],
            rows=lambda: Award.objects.published(),
            of_one=False,
            dimension=13,
        ),
        Facet(
            name="tier",
            label=_("评选结果"),
            values=lambda record, region: [record["tier"]],
            choices=Tier,
            wording=_tiers,
            dimension=2,
            profile=4,
        ),
        Facet(
            name="region",
            label=_("地区"),
            values=lambda record, region: _subtrees(region),
            rows=lambda: Region.objects.order_by("valid_from"),
            key="code",
            several=True,
            tree=True,
        ),
        Facet(
            name="province",
            label=_("省级地区"),
            values=lambda record, region: _provinces(region),
            stands_for="region",
            is_parameter=False,
            listed=False,
            dimension=6,
            counting=_(
                "按成果当年所在的区划归省；区划后来改隶他省的，在两省下各计一次。没有成果的省不列。"
            ),
        ),
        Facet(
            name="organization",
            label=_("机构"),
            values=lambda record, region: _organizations(record, "slug"),
            rows=Organization.objects.published,
            many=True,
        ),
        Facet(
            name="field",
            label=_("领域"),
            values=lambda record, region: _coded(record, "field"),
            choices=MechanismField,
            missing=_("无机制标注"),
            several=True,
            dimension=10,
            profile=3,
            counting=_(
                "一项成果的机制分属几个领域，就在每个领域下各计一次；同一领域有几个机制也只计一次。只计作为做法的机制。"
            ),
        ),
        Facet(
            name="mechanism",
            label=_("机制"),
            values=lambda record, region: _coded(record, "slug"),
            rows=Mechanism.objects.all,
            missing=_("无机制标注"),
            missing_by="field",
            several=True,
            dimension=11,
            profile=2,
            counting=_(
                "一项成果有几个机制，就在每个机制下各计一次，所以各机制的项数相加可以大于 N。只计作为做法的机制，目标与成效不计。"
            ),
        ),
        # Of the page of a mechanism alone.
        Facet(
            name="mechanism_goal",
            label=Aspect.GOAL.label,
            values=lambda record, region: _coded(record, "slug", Aspect.GOAL),
            rows=Mechanism.objects.all,
            is_parameter=False,
            listed=False,
        ),
        Facet(
            name="mechanism_effect",
            label=Aspect.EFFECT.label,
            values=lambda record, region: _coded(record, "slug", Aspect.EFFECT),
            rows=Mechanism.objects.all,
            is_parameter=False,
            listed=False,
        ),
        Facet(
            name="organization_kind",
            label=_("机构类型"),
            values=lambda record, region: _organizations(record, "kind"),
            choices=OrganizationKind,
            missing=_("未载机构"),
            several=True,
            dimension=7,
            profile=5,
            counting=_("一项成果有几类机构，就在每类下各计一次；同类有几个机构也只计一次。"),
        ),
        Facet(
            name="organization_level",
            label=_("机构级别"),
            values=lambda record, region: _organizations(record, "level"),
            choices=Level,
            missing=_("未载机构"),
            several=True,
            dimension=8,
            counting=_("一项成果有几级机构，就在每级下各计一次；同级有几个机构也只计一次。"),
        ),
        Facet(
            name="setting",
            label=_("城乡"),
            values=lambda record, region: [record["setting"]],
            choices=Setting,
            dimension=3,
            counting=_("“未说明”指公告没有写明城乡，不是缺失。"),
        ),
        Facet(
            name="zone",
            label=_("四大地区"),
            values=_zone("zone"),
            choices=Zone,
            missing=_("未划入四大地区"),
            dimension=4,
            profile=6,
            counting=_("四大地区依国家统计局2011年的划分，港澳台不在其内。"),
        ),
        Facet(
            name="zone3",
            label=_("东中西部"),
            values=_zone("zone3"),
            choices=Zone3,
            missing=_("未划入东中西部"),
            dimension=5,
            counting=_(
                "东中西部依同类研究通行的划分：辽宁属东部，吉林、黑龙江属中部；港澳台不在其内。"
            ),
        ),
        Facet(
            name="region_level",
            label=_("地区级别"),
            values=lambda record, region: [region.level],
            choices=Level,
            listed=False,
            dimension=9,
            counting=_("地区级别是成果当年所在区划的级别。"),
        ),
    ]
)

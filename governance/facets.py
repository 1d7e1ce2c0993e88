"""The one table of facets: what an entry can be chosen, counted and compared by.

The index's keys, the parameters of lists and of the API, their labels, the dimensions of tables and
the tables of profiles are made of TABLE. To add a facet:

1. Add a Facet to TABLE. The index sees that its shape has changed and rebuilds itself.
2. `make messages`, and translate its label into English.
3. Name it among the parameters in both READMEs, and add a line to CHANGELOG.md.
4. Run the tests: they ask for a plain reading of it in tests/test_analysis.py if it is a dimension,
   and for what entries have of it in tests/facet_keys.json.
"""

from collections.abc import Callable, Collection, Iterable

from django.utils.translation import gettext_lazy as _

from governance.facet_table import REGION_LEVELS, Facet, FacetTable, Labelled, Record
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
from governance.models.award import LAST_YEAR
from governance.models.region import FIRST_YEAR


def _years(present: Collection[str]) -> Labelled:
    return [(year, str(AwardYear(year=int(year)))) for year in sorted(present)]


def _year_to_come(year: str) -> str:
    """Links and scripts may ask for a year before it is loaded."""
    known = len(year) == 4 and year.isascii() and year.isdigit()
    return str(AwardYear(year=int(year))) if known and FIRST_YEAR <= int(year) <= LAST_YEAR else ""


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


def _other_aspect(aspect: Aspect) -> Facet:
    """What is coded as something else than a means is found and counted on the page of its mechanism alone."""
    return Facet(
        name=f"mechanism_{aspect}",
        label=aspect.label,
        values=lambda record, region: _coded(record, "slug", aspect),
        rows=Mechanism.objects.all,
        is_parameter=False,
        listed=False,
    )


TABLE = FacetTable(
    [
        Facet(
            name="year",
            label=_("年度"),
            values=lambda record, region: [str(record["year"])],
            choices=_years,
            unused=_year_to_come,
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
            rows=lambda: Region.objects.order_by("valid_from", "path"),
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
        *(_other_aspect(aspect) for aspect in (Aspect.GOAL, Aspect.EFFECT)),
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

"""RegionRows, mechanisms and organizations, each with how many entries it has."""

from governance import index
from governance.models import Mechanism, Organization, Region
from governance.records import organization_record
from governance.records.making import mechanism_record, place_record, region_record
from showcase import links

from .base import ModelRows, OneRow, RowList
from .shapes import OpenMechanism, OpenOrganization, OpenRegion

# What a mechanism says beside its record, as one text, and as one a line.
RULES = ("definition", "counts", "not_counts", "borderline")
LINES = ("synonyms", "search_words")


class RegionRows(ModelRows):
    shape, path = OpenRegion, "region."
    model = Region

    def rows(self):
        regions = Region.objects.select_related("parent__parent__parent", "successor__successor")
        return regions.order_by("path", "-valid_from")

    def made(self, rows):
        entries = index.select()
        return [
            {
                **region_record(region),
                "valid_to": region.valid_to,
                "count": len(entries.index.group(f"region{len(region.path)}").get(region.path, ())),
                "url": links.absolute(self.request, links.chinese_address("region", region.code)),
            }
            for region in rows
        ]


class RegionListApi(RegionRows, RowList):
    pass


class RegionApi(RegionRows, OneRow):
    pass


class MechanismRows(ModelRows):
    shape, path = OpenMechanism, "mechanisms."
    model = Mechanism

    def rows(self):
        return Mechanism.objects.all()

    def made(self, rows):
        counts = index.select().counts("mechanism")
        return [
            {
                **mechanism_record(mechanism),
                **{
                    name: getattr(mechanism, name)
                    for rule in RULES
                    for name in (rule, f"{rule}_en")
                },
                **{name: getattr(mechanism, name).splitlines() for name in LINES},
                "count": counts.get(mechanism.slug, 0),
                "url": links.absolute(
                    self.request, links.chinese_address("mechanism", mechanism.slug)
                ),
            }
            for mechanism in rows
        ]


class MechanismListApi(MechanismRows, RowList):
    pass


class MechanismApi(MechanismRows, OneRow):
    pass


class OrganizationRows(ModelRows):
    shape, path = OpenOrganization, "organizations."
    model = Organization

    def rows(self):
        return Organization.objects.published().select_related("region").order_by("pinyin", "slug")

    def made(self, rows):
        keys = {row.slug: f"/organization/{row.slug}" for row in rows}
        having = index.current().postings(keys.values())
        return [
            {
                **organization_record(row),
                "region": place_record(row.region) if row.region else None,
                "count": len(having[keys[row.slug]]),
                "url": links.absolute(
                    self.request, links.chinese_address("organization", row.slug)
                ),
            }
            for row in rows
        ]


class OrganizationListApi(OrganizationRows, RowList):
    pass


class OrganizationApi(OrganizationRows, OneRow):
    pass

"""Regions, mechanisms and organizations, each with how many entries it has."""

from django.utils.translation import gettext_lazy as _

from governance import index
from governance.models import Mechanism, Organization, Region
from governance.records import organization_record
from governance.records.making import mechanism_record, place_record, region_record
from showcase import links

from .base import ModelRows, OneRow, RowList
from .shapes import OpenMechanism, OpenOrganization, OpenRegion

# What a mechanism says beside its record, as one text, and as one a line.
RULES = (
    *("definition", "definition_en", "counts", "counts_en"),
    *("not_counts", "not_counts_en", "borderline", "borderline_en"),
)
LINES = ("synonyms", "search_words")


class RegionRows(ModelRows):
    told = _("地区，各在一段年份里；同一代码先后可以指几个地区。")
    shape, path = OpenRegion, "region."
    model = Region

    def rows(self):
        regions = Region.objects.select_related("parent__parent__parent", "successor__successor")
        return regions.order_by("path", "-valid_from")

    def made(self, rows):
        now = index.current()
        return [
            {
                **region_record(region),
                "valid_to": region.valid_to,
                "count": len(now.group(f"region{len(region.path)}").get(region.path, ())),
                "url": links.page_for_programs(self.request, "region", region.code),
            }
            for region in rows
        ]


class RegionListApi(RegionRows, RowList):
    pass


class RegionApi(RegionRows, OneRow):
    pass


class MechanismRows(ModelRows):
    told = _("机制，连同标注它的规则。")
    shape, path = OpenMechanism, "mechanisms."
    model = Mechanism

    def rows(self):
        return Mechanism.objects.all()

    def made(self, rows):
        counts = index.select().counts("mechanism")
        return [
            {
                **mechanism_record(mechanism),
                **{name: getattr(mechanism, name) for name in RULES},
                **{name: getattr(mechanism, name).splitlines() for name in LINES},
                "count": counts.get(mechanism.slug, 0),
                "url": links.page_for_programs(self.request, "mechanism", mechanism.slug),
            }
            for mechanism in rows
        ]


class MechanismListApi(MechanismRows, RowList):
    pass


class MechanismApi(MechanismRows, OneRow):
    pass


class OrganizationRows(ModelRows):
    told = _("公开的成果所列的机构。")
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
                "url": links.page_for_programs(self.request, "organization", row.slug),
            }
            for row in rows
        ]


class OrganizationListApi(OrganizationRows, RowList):
    pass


class OrganizationApi(OrganizationRows, OneRow):
    pass

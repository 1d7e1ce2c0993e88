"""What is counted of a list: its facets and its tables; and what there is at all."""

from django.utils.translation import gettext_lazy as _

from governance import __version__, index
from showcase import links
from showcase.answers import API
from showcase.html.schema_org import LICENCE
from showcase.query.boxes import FacetGroup, FacetValue
from showcase.query.facets import listed_facets
from showcase.query.form import NARROWING
from showcase.query.query import own_query, query_of
from showcase.tables.crosstabs import Table, own_fields, question
from showcase.tables.opened import open_table

from .base import OneAnswer
from .shapes import OpenFacets, OpenIndex, OpenTable, OpenValue

# By the names of their addresses.
NAMES = (
    *("achievements", "codings", "facets", "analysis", "regions", "mechanisms", "organizations"),
    *("years", "awards", "schema", "docs"),
)


class IndexApi(OneAnswer):
    told = _("各处网址，以及引用时用的版本、摘要和许可。")
    shape = OpenIndex

    def answer(self, request):
        own_query(request, self.takes())
        digest = index.current().digest
        return {
            "name": "Community Governance Showcase",
            "version": f"{__version__}-{digest}",
            "digest": digest,
            "licence": LICENCE,
            "links": {name: links.absolute(request, f"{API}{name}/") for name in NAMES},
        }


class FacetsApi(OneAnswer):
    told = _("一次检索的各项筛选，与页面所列相同：每个取值的项数按其余筛选计算。")
    shape = OpenFacets
    of_entries = True

    def takes(self):
        return NARROWING

    def answer(self, request):
        asked = query_of(request, self.takes())
        facets = [
            {
                "name": facet.name,
                "label": facet.label,
                "groups": [self._group(group) for group in facet.groups],
            }
            for facet in listed_facets(asked)
        ]
        selection = asked.selection
        return {"count": len(selection), "facets": facets, "version": selection.digest}

    def _group(self, group: FacetGroup):
        values = [self._value(one) for one in (*group.shown, *group.folded)]
        return {"head": self._value(group.head) if group.head else None, "values": values}

    def _value(self, one: FacetValue) -> OpenValue:
        address = f"{API}achievements/{one.address}"
        return {
            "value": one.value,
            "label": one.label,
            "count": one.entries,
            "chosen": one.chosen,
            "depth": one.depth,
            "url": links.absolute(self.request, address),
        }


class AnalysisApi(OneAnswer):
    told = _("一次检索的两个维度交叉计数，同 /analysis.json。")
    shape = OpenTable
    of_entries = True

    def takes(self):
        return own_fields()

    def answer(self, request):
        return open_table(Table(question(request)), request)

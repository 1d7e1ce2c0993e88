from django.http import HttpResponsePermanentRedirect
from django.views.generic import DetailView, ListView

from governance import index
from governance.models import Region
from governance.models.region import region_code
from showcase.entry.addresses import lead_on
from showcase.html import heads
from showcase.links import address
from showcase.query.facets import region_counts
from showcase.tables.profiles import Profile
from showcase.text import localized

from .base import Page

# As many entries as the page lists.
SHOWN = 20


class RegionList(Page, ListView):
    section = "regions"
    describe = staticmethod(heads.regions)
    template_name = "region_list.html"
    queryset = Region.objects.provinces()

    def get_context_data(self, **kwargs):
        counts = region_counts(index.select())
        regions = [(region, counts.get(region.path, 0)) for region in self.object_list]
        return super().get_context_data(
            regions=regions, counts=counts, most=max(counts.values(), default=0), **kwargs
        )


class RegionDetail(Page, DetailView):
    section = "regions"
    describe = staticmethod(heads.region)
    template_name = "region_detail.html"
    context_object_name = "region"

    def get(self, request, *args, **kwargs):
        written = kwargs["code"]
        if (code := region_code(written)) != written and Region.objects.filter(code=code).exists():
            return HttpResponsePermanentRedirect(address("region", code))
        return super().get(request, *args, **kwargs)

    def get_object(self):
        """The region that carries the code now, else the latest that did; the others go beside it."""
        regions = Region.objects.filter(code=self.kwargs["code"]).order_by("-valid_from")
        self.others = list(regions.select_related("parent__parent__parent", "successor"))
        if not self.others:
            lead_on(Region, self.kwargs["code"])
        return self.others.pop(0)

    def get_context_data(self, **kwargs):
        entries = index.select(region=[self.object.path])
        counts = region_counts(entries, self.object.path)
        below = Region.objects.filter(parent__path=self.object.path, path__in=counts)
        # A child renamed in place has several rows under one path: the latest stands for them.
        children = {child.path: child for child in below.order_by("path", "valid_from")}
        return super().get_context_data(
            others=[one for one in self.others if one.name != self.object.name],
            predecessors=self.object.predecessors.all(),
            children=[(child, counts[child.path]) for child in children.values()],
            entries=entries,
            formerly=formerly(entries[:SHOWN], self.object),
            profile=Profile(entries, f"?region={self.object.code}", "region"),
            **kwargs,
        )


def formerly(records, region):
    """(name, whether it became the region itself) of each place that the region's entries had instead."""
    ours, found = {"code": region.code, "name": region.name, "name_en": region.name_en}, {}
    for record in records:
        place = record["region"]
        if ours not in place["lineage"]:
            codes = [later["code"] for later in place["became"]]
            found[localized(place, "name")] = region.code in codes
    return list(found.items())

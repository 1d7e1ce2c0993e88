from django.utils.translation import get_language
from django.views.generic import DetailView, ListView

from governance import index
from governance.models import Mechanism
from showcase.entry.concordance import MOST, concordance
from showcase.html import heads
from showcase.query.facets import ASPECTS, mechanisms_by_field, region_counts
from showcase.tables.profiles import together

from .base import Lasting, Page


class MechanismList(Page, ListView):
    section = "mechanisms"
    describe = staticmethod(heads.mechanisms)
    template_name = "mechanism_list.html"
    model = Mechanism

    def get_context_data(self, **kwargs):
        return super().get_context_data(fields=mechanisms_by_field(index.select()), **kwargs)


class MechanismDetail(Lasting, Page, DetailView):
    section = "mechanisms"
    describe = staticmethod(heads.mechanism)
    template_name = "mechanism_detail.html"
    model = Mechanism
    context_object_name = "mechanism"

    def get_context_data(self, **kwargs):
        slug = self.object.slug
        selected = [index.select(**{facet: [slug]}) for facet in ASPECTS.values()]
        shown = [record for entries in selected for record in entries[:MOST]]
        used, named = selected[0], sum(map(len, selected))
        return super().get_context_data(
            groups=concordance(slug, shown, get_language() == "en"),
            example=index.record(self.object.example_code),
            named=named,
            left_out=named - len(shown),
            total=len(used),
            all=len(index.select()),
            provinces=len(region_counts(used)),
            together=together(slug),
            **kwargs,
        )

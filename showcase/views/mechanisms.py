from django.views.generic import DetailView, ListView

from governance import index
from governance.models import Mechanism
from showcase.html import heads
from showcase.query.facets import ASPECTS, mechanisms_by_field
from showcase.tables.profiles import Profile

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
        by_aspect = [
            (aspect, index.select(**{facet: [slug]}).cards) for aspect, facet in ASPECTS.items()
        ]
        used = index.select(also=[("mechanism", slug)])
        profile = Profile(used, f"?mechanism={slug}", "mechanism")
        return super().get_context_data(by_aspect=by_aspect, profile=profile, **kwargs)

from django.views.generic import DetailView, ListView

from governance import index
from governance.models import Award
from governance.models.achievement import tier_labels
from showcase.html import heads

from .base import Lasting, Page


class AwardList(Page, ListView):
    section = "years"
    describe = staticmethod(heads.awards)
    template_name = "award_list.html"
    context_object_name = "awards"

    def get_queryset(self):
        return Award.objects.published()

    def get_context_data(self, **kwargs):
        return super().get_context_data(counts=index.select().counts("award"), **kwargs)


class AwardDetail(Lasting, Page, DetailView):
    section = "years"
    describe = staticmethod(heads.award)
    template_name = "award_detail.html"
    model = Award
    context_object_name = "award"

    def get_queryset(self):
        return Award.objects.published()

    def get_context_data(self, **kwargs):
        entries = index.select(award=[self.object.slug])
        years = self.object.years.published().select_related("award").defer("text")
        return super().get_context_data(
            entries=entries,
            years=years,
            counts=entries.counts("year"),
            labels=tier_labels([self.object]),
            **kwargs,
        )

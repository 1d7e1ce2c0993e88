from django.views.generic import DetailView, ListView

from governance import index
from governance.models import AwardYear, Tier
from showcase.html import heads
from showcase.tables.profiles import Profile
from showcase.text import tier_plurals

from .base import Lasting, Page


class YearList(Page, ListView):
    section = "years"
    describe = staticmethod(heads.years)
    template_name = "year_list.html"
    context_object_name = "years"

    def get_queryset(self):
        return AwardYear.objects.published().defer("text")

    def get_context_data(self, **kwargs):
        return super().get_context_data(counts=index.select().counts("year"), **kwargs)


class YearDetail(Lasting, Page, DetailView):
    section = "years"
    describe = staticmethod(heads.year)
    template_name = "year_detail.html"
    model = AwardYear
    context_object_name = "award_year"
    slug_field = slug_url_kwarg = "year"

    def get_queryset(self):
        return AwardYear.objects.published()

    def get_context_data(self, **kwargs):
        year, labels = self.object.year, tier_plurals()
        by_tier = [(tier, labels[tier], index.select(year=[year], tier=[tier])) for tier in Tier]
        profile = Profile(index.select(year=[year]), f"?year={year}", "year")
        return super().get_context_data(by_tier=by_tier, profile=profile, **kwargs)

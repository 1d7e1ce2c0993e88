from django.views.generic import DetailView, ListView

from governance.models import Achievement, AwardYear, Tier
from showcase.pages import Page


class YearList(Page, ListView):
    section = "years"
    template_name = "year_list.html"
    context_object_name = "years"

    def get_queryset(self):
        return AwardYear.objects.published().with_entry_counts()


class YearDetail(Page, DetailView):
    section = "years"
    template_name = "year_detail.html"
    context_object_name = "award_year"
    slug_field = slug_url_kwarg = "year"

    def get_queryset(self):
        return AwardYear.objects.published()

    def get_context_data(self, **kwargs):
        entries = Achievement.objects.published().filter(award_year=self.object)
        tiers = [
            (tier, tier.label, entries.filter(tier=tier).as_announced().with_record())
            for tier in Tier
        ]
        return super().get_context_data(tiers=tiers, **kwargs)

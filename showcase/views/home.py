from django.views.generic import TemplateView

from governance.models import Achievement, AwardYear, Coding, Organization, Region
from showcase.facets import mechanism_counts, region_counts
from showcase.pages import Page


class Home(Page, TemplateView):
    template_name = "home.html"

    def get_context_data(self, **kwargs):
        entries = Achievement.objects.published()
        regions, mechanisms = region_counts(entries), mechanism_counts(entries)
        provinces = [(region, regions[region.path]) for region in Region.objects.provinces()]
        latest = AwardYear.objects.published().first()
        return super().get_context_data(
            entry_count=entries.count(),
            province_count=sum(1 for _region, count in provinces if count),
            organization_count=Organization.objects.published().count(),
            mechanism_count=sum(1 for _mechanism, count in mechanisms if count),
            coding_count=Coding.objects.filter(achievement__in=entries).count(),
            provinces=provinces,
            mechanisms=mechanisms,
            latest=latest,
            entries=entries.filter(award_year=latest).as_announced().with_record(),
            **kwargs,
        )

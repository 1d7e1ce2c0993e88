from django.views.generic import TemplateView

from governance import index
from governance.models import AwardYear
from showcase.entry.published import figures
from showcase.html import heads
from showcase.query.facets import mechanism_counts, region_counts

from .base import Page


class Home(Page, TemplateView):
    describe = staticmethod(heads.home)
    template_name = "home.html"

    def get_context_data(self, **kwargs):
        entries = index.select()
        regions = region_counts(entries)
        mechanisms = mechanism_counts(entries)
        latest = AwardYear.objects.published().first()
        return super().get_context_data(
            **figures(entries),
            province_count=len(regions),
            mechanism_count=sum(1 for _mechanism, count in mechanisms if count),
            regions=regions,
            mechanisms=mechanisms,
            latest=latest,
            entries=index.select(year=[latest.year]).cards if latest else [],
            **kwargs,
        )

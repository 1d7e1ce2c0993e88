from django.http import QueryDict
from django.utils.translation import get_language
from django.views.generic import TemplateView

from governance import index
from governance.models import AwardYear
from showcase.data.downloads import downloads_of, list_downloads
from showcase.data.packages.versions import latest
from showcase.entry.evidence import Margin
from showcase.entry.published import example, figures
from showcase.html import heads
from showcase.query.award_years import award_parts
from showcase.query.facets import mechanisms_by_field, region_counts

from .base import Page

# Award years that the page names.
MOST_YEARS = 6


class Home(Page, TemplateView):
    describe = staticmethod(heads.home)
    template_name = "home.html"

    def get_context_data(self, **kwargs):
        entries = index.select()
        years = AwardYear.objects.published().select_related("award").defer("text")
        entry = example(entries)
        return super().get_context_data(
            **figures(entries),
            regions=region_counts(entries),
            fields=mechanisms_by_field(entries),
            years=award_parts(years[:MOST_YEARS]),
            entry=entry,
            downloads=downloads_of(
                list_downloads(QueryDict(), len(entries)), "xlsx", "csv", "json"
            ),
            margin=entry and Margin(entry, get_language() == "en"),
            kept=latest(),
            **kwargs,
        )

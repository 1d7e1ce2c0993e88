from django.views.generic import TemplateView

from governance import index
from governance.models import AwardYear
from showcase import links
from showcase.citing.works import cited, database_work
from showcase.entry.published import coder_counts, figures
from showcase.html import heads
from showcase.query.award_years import award_parts
from showcase.query.vocabulary import vocabulary
from showcase.text import plurals

from .base import Page


class About(Page, TemplateView):
    section = "about"
    describe = staticmethod(heads.about)
    template_name = "about.html"

    def get_context_data(self):
        entries = index.select()
        coders = coder_counts(entries)
        home = links.absolute(self.request, "/")
        return super().get_context_data(
            **figures(entries),
            unnamed=coders.get("", 0),
            coders=[(coder, codings) for coder, codings in coders.items() if coder],
            years=award_parts(AwardYear.objects.published().select_related("award").defer("text")),
            tier_labels=plurals(vocabulary(entries.index).tiers()),
            data_version=entries.digest,
            citation=cited(database_work(entries.index, home)),
        )

from django.views.generic import TemplateView

from governance import index
from governance.models import AwardYear
from governance.models.coding import MACHINE_ASSISTED
from showcase import links
from showcase.citing.works import cited, database_work
from showcase.entry.published import coders, figures
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
        signed = coders(entries)
        home = links.absolute(self.request, "/")
        return super().get_context_data(
            **figures(entries),
            coders=signed,
            reviewed=sum(coder.reviewed for coder in signed),
            machine=any(coder.name == MACHINE_ASSISTED for coder in signed),
            years=award_parts(AwardYear.objects.published().select_related("award").defer("text")),
            tier_labels=plurals(vocabulary(entries.index).tiers()),
            data_version=entries.digest,
            citation=cited(database_work(entries.index, home)),
        )


class CodingRules(Page, TemplateView):
    section = "about"
    describe = staticmethod(heads.coding_rules)
    template_name = "coding_rules.html"

from django.views.generic import TemplateView

from governance import index
from governance.models import AwardYear, Tier
from showcase import links
from showcase.citing.citations import cite_database
from showcase.entry.published import coder_counts, figures
from showcase.html import heads
from showcase.text import tier_plurals

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
            years=list(years_by_tier()),
            tier_labels=tier_plurals(),
            data_version=entries.digest,
            citation=cite_database(entries.digest, home),
        )


def years_by_tier():
    """(award year, [its published entries of each tier])"""
    for award_year in AwardYear.objects.published().defer("text"):
        year = [award_year.year]
        yield award_year, [index.select(year=year, tier=[tier]).count() for tier in Tier]

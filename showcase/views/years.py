from django.http import HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.views.generic import ListView, TemplateView

from governance import index
from governance.models import AwardYear
from showcase import links
from showcase.citing.works import data_work
from showcase.entry.addresses import lead_on
from showcase.entry.published import stretches
from showcase.html import heads
from showcase.query.award_years import award_parts, has_several
from showcase.tables.profiles import Profile

from .base import Clean, Page


class YearList(Page, ListView):
    section = "years"
    describe = staticmethod(heads.years)
    template_name = "year_list.html"
    context_object_name = "years"

    def get_queryset(self):
        return AwardYear.objects.published().select_related("award").defer("text")

    def get_context_data(self, **kwargs):
        parts = award_parts(self.object_list)
        several = has_several(index.current())
        return super().get_context_data(parts=parts, several=several, **kwargs)


class YearDetail(Page, TemplateView):
    """A calendar year, with each award that it had."""

    section = "years"
    describe = staticmethod(heads.year)
    template_name = "year_detail.html"

    def get(self, request, year):
        """/years/02015/ leads to /years/2015/."""
        if request.path != (written := links.address("year", str(year))):
            return HttpResponsePermanentRedirect(written)
        return super().get(request, year=year)

    def get_context_data(self, year):
        parts = award_parts(AwardYear.objects.published().filter(year=year).select_related("award"))
        if not parts:
            lead_on(AwardYear, year)
        entries = index.select(year=[year])
        at = links.absolute(self.request, self.request.path)
        award_years = [part.award_year for part in parts]
        documents = [(award_year, stretches(award_year)) for award_year in award_years]
        return super().get_context_data(
            year=year,
            parts=parts,
            profile=Profile(entries, f"?year={year}", "year"),
            several=has_several(entries.index),
            documents=documents,
            work=data_work(str(award_years[0]), entries.index, at),
        )


class AwardYearPart(Clean, TemplateView):
    """The address of an award year leads to its part of the page of its year."""

    section = "years"

    def get(self, request, code):
        found = AwardYear.objects.published().filter(code=code).select_related("award")
        award_year = found.defer("text").first()
        if award_year is None:
            lead_on(AwardYear, code)
        return redirect(award_year.get_absolute_url(), permanent=True)

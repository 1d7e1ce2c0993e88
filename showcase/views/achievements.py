from django.http import Http404
from django.utils.translation import get_language
from django.views.generic import ListView, TemplateView

from showcase import links
from showcase.entry.evidence import Margin
from showcase.entry.neighbourhood import neighbourhood
from showcase.entry.published import published_record, tiers_in
from showcase.html import heads
from showcase.query.facets import (
    chips,
    list_heading,
    listed_facets,
    region_counts,
    rescue,
    ways,
)
from showcase.query.form import LIST, common
from showcase.query.query import query_of

from .base import Page, PastTheEnd


class AchievementList(Page, ListView):
    section = "achievements"
    describe = staticmethod(heads.achievements)
    template_name = "achievement_list.html"
    context_object_name = "entries"
    paginate_by = 20

    def takes(self):
        return [*common(), *LIST]

    def get_queryset(self):
        self.asked = query_of(self.request, LIST)
        return self.asked.selection.cards

    def paginate_queryset(self, queryset, page_size):
        try:
            return super().paginate_queryset(queryset, page_size)
        except Http404 as error:
            pages = self.get_paginator(queryset, page_size).num_pages
            raise PastTheEnd(pages, self.asked.parameters) from error

    def get_context_data(self, **kwargs):
        chosen = chips(self.asked)
        return super().get_context_data(
            asked=self.asked,
            query=self.asked.parameters,
            chips=chosen,
            heading=list_heading(self.asked, chosen),
            facets=listed_facets(self.asked),
            **ways(self.asked),
            region_counts=region_counts,
            **rescue(self.asked),
            **kwargs,
        )


class AchievementDetail(Page, TemplateView):
    section = "achievements"
    describe = staticmethod(heads.achievement)
    template_name = "achievement_detail.html"

    def takes(self):
        """Those of the list from which one came."""
        return [*common(), *LIST]

    def get_context_data(self, code):
        entry = published_record(code)
        address = links.absolute(self.request, self.request.path)
        return super().get_context_data(
            entry=entry,
            award_tiers=tiers_in(self.request, entry),
            margin=Margin(entry, get_language() == "en"),
            **neighbourhood(self.request, entry, address),
        )

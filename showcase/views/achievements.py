from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.generic import ListView, TemplateView

from governance.models import Achievement, Status
from governance.roles import may_view
from showcase import links
from showcase.citing.works import announcement_work, cited, entry_work
from showcase.data.downloads import entry_downloads, list_downloads
from showcase.data.provenance import list_work
from showcase.data.signposts import signposts
from showcase.entry.addresses import no_such
from showcase.entry.evidence import Margin
from showcase.entry.neighbourhood import neighbourhood
from showcase.entry.published import (
    announcement_of,
    published_record,
    tiers_in,
    unpublished_record,
)
from showcase.entry.revisions import revisions
from showcase.html import heads
from showcase.query.alternatives import alternatives
from showcase.query.facets import (
    chips,
    list_heading,
    listed_facets,
    offered_tables,
    province_links,
    region_counts,
    ways,
)
from showcase.query.form import LIST, common
from showcase.query.offers import offers
from showcase.query.pasted import named_list, named_page
from showcase.query.query import query_of
from showcase.query.reasons import with_reasons

from .base import Page, PastTheEnd, Shown


class AchievementList(Page, ListView):
    section = "achievements"
    describe = staticmethod(heads.achievements)
    template_name = "achievement_list.html"
    context_object_name = "entries"
    paginate_by = 20

    def takes(self):
        return [*common(), *LIST]

    def get(self, request, *args, **kwargs):
        """A code or an address, and nothing else, leads to its page."""
        query = links.present(request.GET)
        alone = [*query] == ["q"] and len(query.getlist("q")) == 1
        said = query["q"] if alone else ""
        page = named_page(said)
        self.no_such = no_such(page) if page else None
        led = links.address(*page) if page and not self.no_such else named_list(said)
        return redirect(led) if led else super().get(request, *args, **kwargs)

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
        asked, chosen = self.asked, chips(self.asked)
        heading = list_heading(asked, chosen)
        counted = asked.words.counted(len(asked.selection))
        context = super().get_context_data(
            asked=asked,
            query=asked.parameters,
            chips=chosen,
            heading=heading,
            counted=counted,
            facets=listed_facets(asked),
            provinces=region_counts(asked.selection),
            province_links=province_links(asked),
            tables=offered_tables(asked),
            downloads=list_downloads(asked.parameters, len(asked.selection)),
            citation=cited(list_work(asked, heading, self.request)),
            **ways(asked),
            offers=offers(asked) if asked.criteria["query"] else [],
            alternatives=alternatives(asked),
            no_such=self.no_such,
            **kwargs,
        )
        return context | {"entries": with_reasons(asked, context["entries"])}


class EntryPage:
    """Mixin for the page of one achievement, public or not."""

    section = "achievements"
    template_name: str | None = "achievement_detail.html"

    def about(self, entry):
        """What the page of a record shows wherever it is."""
        return {
            "entry": entry,
            "award_tiers": tiers_in(self.request, entry),
            "margin": Margin(entry, get_language() == "en"),
        }


class AchievementDetail(EntryPage, Page, TemplateView):
    describe = staticmethod(heads.achievement)

    def takes(self):
        """Those of the list from which one came."""
        return [*common(), *LIST]

    def get(self, request, code):
        response = super().get(request, code=code)
        response["Link"] = signposts(request, code)
        return response

    def get_context_data(self, code):
        entry = published_record(code)
        work = entry_work(entry, links.absolute(self.request, self.request.path))
        return super().get_context_data(
            work=work,
            citation=cited(work),
            source=cited(announcement_work(announcement_of(entry))),
            downloads=entry_downloads(code),
            revisions=revisions(entry["code"]),
            **self.about(entry),
            **neighbourhood(self.request, entry),
        )


class AchievementPreview(PermissionRequiredMixin, Shown, EntryPage, TemplateView):
    """What is not public, as its page would look, for staff; `Shown` alone, since nothing keeps it."""

    raise_exception = True
    describe = staticmethod(heads.preview)

    def has_permission(self):
        return may_view(self.request.user, "achievement")

    def get(self, request, pk):
        self.achievement = get_object_or_404(Achievement, pk=pk)
        if self.achievement.status == Status.PUBLISHED:
            return redirect(self.achievement)
        return super().get(request)

    def get_context_data(self):
        preview = {
            "status": self.achievement.get_status_display(),
            "edit": reverse("admin:governance_achievement_change", args=[self.achievement.pk]),
        }
        return super().get_context_data(
            preview=preview, **self.about(unpublished_record(self.achievement))
        )

"""What every public page does before it answers."""

import re
from collections.abc import Callable

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render

from governance import index
from showcase import links
from showcase.answers import Conditional
from showcase.entry.addresses import Gone, Moved, lead_on
from showcase.html.heads import Head
from showcase.query.problems import BadQuery, Problem

# Added to shared links by WeChat, Weibo, Alibaba and others; they say nothing about the page.
NAMES = "from|isappinstalled|spm|fbclid"
TRACKING = re.compile(f"utm_.*|{NAMES}", re.DOTALL)
# Whether a query string may have one: what nearly none has need not be parsed to be found out.
MAY_TRACK = re.compile(f"utm_|{NAMES}|%").search


class PastTheEnd(Exception):
    """A page number beyond the last: `pages` is the last, `query` the list's QueryDict."""

    def __init__(self, pages: int, query: QueryDict) -> None:
        super().__init__(pages)
        self.context = {"pages": pages, "query": query}


class Clean:
    """Mixin: clean addresses, and a clear answer to a bad query, to an address that led somewhere once,
    and to an index that is not ready.
    """

    # The entry of the navigation under which the page stands.
    section = ""

    def dispatch(self, request, *args, **kwargs):
        if MAY_TRACK(request.META["QUERY_STRING"]) and any(map(TRACKING.fullmatch, request.GET)):
            return HttpResponseRedirect(request.path + without_tracking(request.GET))
        try:
            # Rendered here, so that a bad query found while rendering is answered too.
            response = super().dispatch(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response
        except BadQuery as error:
            return bad_query(request, error.problems)
        except PastTheEnd as error:
            return render(request, "past_the_end.html", error.context, status=404)
        except Moved as moved:
            query = request.META["QUERY_STRING"]
            return HttpResponsePermanentRedirect(moved.path + (f"?{query}" if query else ""))
        except Gone as gone:
            return render(request, "gone.html", {"gone": gone, "section": self.section}, status=410)
        except index.Unready:
            return unready(request)


def without_tracking(query: QueryDict) -> str:
    kept = query.copy()
    for name in query:
        if TRACKING.fullmatch(name):
            del kept[name]
    return f"?{kept.urlencode()}" if kept else ""


def bad_query(request: HttpRequest, problems: list[Problem]) -> HttpResponse:
    said = [(problem, list(problem.ways_out(request.GET))) for problem in problems]
    return render(request, "bad_query.html", {"problems": said}, status=400)


def unready(request: HttpRequest) -> HttpResponse:
    index.heal()
    response = render(request, "unready.html", status=503)
    response["Retry-After"] = "30"
    return response


class Page(Clean, Conditional):
    """Mixin of all public pages."""

    # A function of `heads`: what it makes of the page's context and the request. Not named `head`,
    # which Django would call to answer HEAD.
    describe: Callable[[dict, HttpRequest], Head]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(section=self.section, **kwargs)
        context["head"] = self.describe(context, self.request)
        context["head"].origin = links.absolute(self.request, "")
        return context


class Lasting:
    """Mixin for the page of one row of `model`, whose address leads on or is gone, but is never lost."""

    def get_object(self, queryset=None):
        try:
            return super().get_object(queryset)
        except Http404:
            (key,) = self.kwargs.values()
            lead_on(self.model, key)

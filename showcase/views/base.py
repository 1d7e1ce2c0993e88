"""What every public page does before it answers."""

from collections.abc import Callable, Collection
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.utils.http import MAX_URL_REDIRECT_LENGTH
from django.utils.translation import gettext as _

from governance import index
from showcase import links
from showcase.answers import Conditional, problem_response
from showcase.entry.addresses import Gone, Moved, lead_on
from showcase.html.heads import Head
from showcase.query.problems import BadQuery, Problem, strays


class PastTheEnd(Exception):
    """A page number beyond the last: `pages` is the last, `query` the list's QueryDict."""

    def __init__(self, pages: int, query: QueryDict) -> None:
        super().__init__(pages)
        self.context = {"pages": pages, "query": query}


class Clean:
    """Mixin: a clear answer to a bad query, to an address that led somewhere once, and to an index that
    is not ready.
    """

    # The entry of the navigation under which the page stands.
    section = ""

    def dispatch(self, request, *args, **kwargs):
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


def bad_query(request: HttpRequest, problems: list[Problem]) -> HttpResponse:
    """400 and what is wrong; or the way to what was meant, if the address ends with a sentence's mark."""
    if led := to_what_was_meant(request):
        return led
    said = [(problem, list(problem.ways_out(request.GET))) for problem in problems]
    asked = request.GET if any(problem.parameter == "q" for problem in problems) else None
    context = {"problems": said, "asked": asked}
    return render(request, "bad_query.html", context, status=400)


def to_what_was_meant(request: HttpRequest) -> HttpResponse | None:
    """The way from an address that cannot be answered, if there is one."""
    meant = links.meant(request)
    # Django refuses to lead to a longer one, which nobody means.
    return HttpResponseRedirect(meant) if meant and len(meant) <= MAX_URL_REDIRECT_LENGTH else None


def unready(request: HttpRequest) -> HttpResponse:
    index.heal()
    response = render(request, "unready.html", status=503)
    response["Retry-After"] = "30"
    return response


class ForPrograms(Conditional):
    """Mixin of files and feeds, which are never a file that contains an error: what is wrong is JSON if
    `is_json`, else a text that is shown.
    """

    is_json = False

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except BadQuery as error:
            refused = self._refused(400, _said(error), **error.told)
            return to_what_was_meant(request) or refused
        except Gone as gone:
            sentence = _("这项成果曾经公开，现已撤下。")
            return self._refused(410, f"{sentence} {gone.reason}".strip(), **gone.told)
        except Http404 as error:
            return to_what_was_meant(request) or self._refused(404, str(error))
        except index.Unready:
            index.heal()
            response = self._refused(503, _("索引正在重建，请稍后再试。"))
            response["Retry-After"] = "30"
            return response

    def _refused(self, status: int, sentence: str, **told: Any) -> HttpResponse:
        if self.is_json:
            return problem_response(status, sentence, **told)
        plain = "text/plain; charset=utf-8"
        return HttpResponse(f"{sentence}\n", status=status, content_type=plain)


def _said(error: BadQuery) -> str:
    """What is wrong with a query, a line for each problem, with what would be right."""
    lines = []
    for problem in error.problems:
        right = "、".join(value for value, _label in problem.suggestions)
        lines.append(problem.message + (_("可用：%(right)s。") % {"right": right} if right else ""))
    return "\n".join(lines)


class Shown(Clean):
    """Mixin of all public pages, those too that show what no version of the index tells of."""

    # A function of `heads`: what it makes of the page's context and the request. Not named `head`,
    # which Django would call to answer HEAD.
    describe: Callable[[dict, HttpRequest], Head]

    def dispatch(self, request, *args, **kwargs):
        """Without what WeChat, search engines and others add to links; what may be a slip is told."""
        if added := strays(request.GET, self.takes()):
            return HttpResponseRedirect(request.path + links.without(request.GET, added))
        return super().dispatch(request, *args, **kwargs)

    def takes(self) -> Collection[str]:
        """The names of the page's parameters."""
        return ()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(section=self.section, **kwargs)
        context["head"] = self.describe(context, self.request)
        context["head"].origin = links.absolute(self.request, "")
        return context


class Page(Shown, Conditional):
    """Mixin of the public pages that change only with the record."""


class Lasting:
    """Mixin for the page of one row of `model`, whose address leads on or is gone, but is never lost."""

    def get_object(self, queryset=None):
        try:
            return super().get_object(queryset)
        except Http404:
            (key,) = self.kwargs.values()
            lead_on(self.model, key)

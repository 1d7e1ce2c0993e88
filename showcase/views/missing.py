"""The answer to an address that leads nowhere: the way to the one that was meant, or 404."""

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from showcase import links
from showcase.answers import API, problem_response
from showcase.entry.addresses import NoSuch


def missing(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Django's `handler404`."""
    if request.path.startswith(API):
        shown = {"path": request.path, "api": API}
        return problem_response(404, _("没有“%(path)s”这个地址；有哪些，见 %(api)s。") % shown)
    meant = _meant(request.path)
    if meant != request.path and is_valid_path(meant):
        query = request.META["QUERY_STRING"]
        return HttpResponseRedirect(escape_uri_path(meant) + (f"?{query}" if query else ""))
    no_such = exception if isinstance(exception, NoSuch) else None
    return render(request, "404.html", {"no_such": no_such}, status=404)


def _meant(path: str) -> str:
    """The path without the mark of the sentence in which it stood, as our addresses are written."""
    path = path.rstrip(links.MARKS + "/").lower() + "/"
    # 440300-FA01: the only ones with capitals.
    return re.sub("(?<=/regions/)[^/]+", lambda code: code[0].upper(), path)

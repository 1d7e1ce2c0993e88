"""The answer to an address that leads nowhere: the way to the one that was meant, or 404."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from showcase.answers import API, problem_response
from showcase.entry.addresses import NoSuch

from .base import to_what_was_meant


def missing(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Django's `handler404`."""
    if request.path.startswith(API):
        shown = {"path": request.path, "api": API}
        return problem_response(404, _("没有“%(path)s”这个地址；有哪些，见 %(api)s。") % shown)
    if led := to_what_was_meant(request):
        return led
    no_such = exception if isinstance(exception, NoSuch) else None
    return render(request, "404.html", {"no_such": no_such}, status=404)

"""The answer to an address that leads nowhere: the way to the one that was meant, or 404."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from showcase.entry.addresses import NoSuch

from .base import to_what_was_meant


def missing(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Django's `handler404`."""
    if led := to_what_was_meant(request):
        return led
    no_such = exception if isinstance(exception, NoSuch) else None
    return render(request, "404.html", {"no_such": no_such}, status=404)

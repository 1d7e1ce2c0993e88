"""For the machines that watch the site."""

from django.db import Error
from django.http import HttpResponse, JsonResponse

from governance import index


def healthz(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def readyz(request):
    """The database answers and the index is whole; else 503, and what is missing. `checked` is when
    `check_index` last held the index against the record.
    """
    try:
        found, checked = {"database": "ready", "index": index.status()}, index.checked()
    except Error as error:
        found, checked = {"database": type(error).__name__, "index": "unknown"}, None
    ready = set(found.values()) == {"ready"}
    return JsonResponse({**found, "checked": checked}, status=200 if ready else 503)

"""The public site only answers: nothing is sent to it."""

from django.http import HttpResponseNotAllowed

SAFE = ("GET", "HEAD", "OPTIONS")
STAFF = ("/admin/", "/en/admin/")


def read_only(get_response):
    """405 for anything but reading outside the admin, before anyone waits for the request's body."""

    def middleware(request):
        if request.method not in SAFE and not request.path.startswith(STAFF):
            return HttpResponseNotAllowed(SAFE)
        return get_response(request)

    return middleware

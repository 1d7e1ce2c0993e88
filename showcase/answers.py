"""Answers that need not be made again: an ETag of the release, the language, the index and the query."""

import zlib

from django.conf import settings
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from governance import __version__, index

# What a keeper of the site may change between two starts, and pages show.
SHOWN = zlib.crc32(
    f"{settings.CONTACT_EMAIL} {settings.ICP_NUMBER} {settings.POLICE_NUMBER}".encode()
)


class Conditional:
    """Mixin for views whose answer changes only with the record; it answers 304 before they work.

    Not for those who carry a session: what staff see may differ.
    """

    def dispatch(self, request, *args, **kwargs):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return super().dispatch(request, *args, **kwargs)
        try:
            etag = etag_of(request)
        except index.Unready:
            return super().dispatch(request, *args, **kwargs)
        # `*` asks whether there is any page, which only the view knows.
        anything = request.META.get("HTTP_IF_NONE_MATCH", "").strip() == "*"
        response = None if anything else get_conditional_response(request, etag=etag)
        if response is None:
            response = super().dispatch(request, *args, **kwargs)
            if anything and hasattr(response, "render"):
                # What is wrong with a query may come out only now.
                response = response.render()
            if anything and response.status_code == 200:
                response = get_conditional_response(request, etag=etag, response=response)
        if response.status_code in (200, 304):
            response["ETag"] = etag
            response["Cache-Control"] = "no-cache"
        return response


def etag_of(request):
    # The answer is then made from the version that its ETag names. Citations name the day, so
    # what was kept yesterday is not today's.
    request.index = index.current()
    day = timezone.localdate().toordinal()
    address = f"{request.path}?{request.META['QUERY_STRING']}"
    query = zlib.crc32(address.encode(errors="surrogateescape"), SHOWN)
    return f'W/"{__version__}-{get_language()}-{request.index.version:x}-{day:x}-{query:x}"'

"""Answers that need not be made again: an ETag of the release, the language, the index and the query."""

import zlib

from django.conf import settings
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from governance import __version__, index


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
        response = get_conditional_response(request, etag=etag)
        if response is None:
            response = super().dispatch(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = etag
            response["Cache-Control"] = "no-cache"
        return response


def etag_of(request):
    # Citations name the day, so what was kept yesterday is not today's.
    today = timezone.localdate().toordinal()
    query = zlib.crc32(request.get_full_path().encode())
    return f'W/"{__version__}-{get_language()}-{index.version():x}-{today:x}-{query:x}"'

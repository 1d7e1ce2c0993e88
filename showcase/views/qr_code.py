"""QR codes of our own pages, drawn here: no address of a reader goes to anybody else."""

import io

import segno
from django.http import HttpResponse, HttpResponseBadRequest
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from showcase import links

# Bytes of a path with its query string: the code of more has squares too small for a screen.
LONGEST = 800
# Whatever the record says, an address has one picture.
CACHED = "public, max-age=86400"


@require_safe
def qr_code(request):
    """An SVG of the address `of` a page of this site, 400 for any other address."""
    path = request.GET.get("of", "")
    if not _ours(path):
        message = "of: a path of a page of this site is needed, such as /achievements/?year=2015, of at most 800 bytes."
        return HttpResponseBadRequest(message, content_type="text/plain; charset=utf-8")
    drawn = io.BytesIO()
    code = segno.make(links.absolute(request, path), micro=False, error="m", boost_error=False)
    code.save(
        drawn,
        kind="svg",
        border=4,
        light="#ffffff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return HttpResponse(
        drawn.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": CACHED}
    )


def _ours(path):
    if (
        not path.startswith("/")
        or path.startswith("//")
        or len(path.encode()) > LONGEST
        or not path.isascii()
    ):
        return False
    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        return False
    return path.isprintable() and not set(path) & set("\\ ")

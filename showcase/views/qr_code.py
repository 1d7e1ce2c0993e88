"""QR codes of our own pages, drawn here: no address of a reader goes to anybody else."""

import io

import segno
from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override
from django.views.decorators.http import require_safe

from showcase import links

from .base import Clean

# Whatever the record says, an address has one picture.
CACHED = "public, max-age=86400"


@require_safe
def qr_code(request):
    """An SVG of the address `of` a page of this site; 400 for what is none, or is too long."""
    path = request.GET.get("of", "")
    if not _ours(path):
        message = (
            "of: the path of a page of this site is needed, such as /achievements/?year=2015,"
            f" of at most {links.LONGEST_CODED} characters.\n"
        )
        return HttpResponseBadRequest(message, content_type="text/plain; charset=utf-8")
    code = segno.make(links.absolute(request, path), micro=False, error="m", boost_error=False)
    drawn = io.BytesIO()
    # White behind it at night too: cameras look for dark squares.
    code.save(drawn, kind="svg", border=4, light="#ffffff", xmldecl=False, omitsize=True)
    headers = {"Cache-Control": CACHED}
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers=headers)


def _ours(path):
    written = path.isascii() and path.isprintable() and not set(path) & set("\\ ")
    if not written or path.startswith("//") or len(path) > links.LONGEST_CODED:
        return False
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            view = resolve(path.partition("?")[0]).func
        except Resolver404:
            return False
    return issubclass(getattr(view, "view_class", object), Clean)

import re

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from governance import images
from governance.images.sizes import WIDTHS
from governance.models import AchievementImage, Status

# A name always means the same bytes. A browser keeps what it has seen for a year; a cache that
# answers others asks again after a day, since a picture may be withdrawn.
PUBLIC = "public, max-age=31536000, s-maxage=86400, immutable"
PRIVATE = "private, no-store"


@require_safe
def image(request, digest, width):
    """One file of a picture, as WebP. 404 unless a published achievement has the picture.

    Staff who may view achievements see every picture that is stored: of drafts, and those that a form
    still waits to save.
    """
    # Not all that an address can hold may be asked of a database: PostgreSQL refuses NUL.
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise Http404
    rows = AchievementImage.objects.filter(digest=digest, achievement__status=Status.PUBLISHED)
    # The session is read for others only: it adds Vary: Cookie, which keeps caches from sharing.
    if row := rows.first():
        seen, caching = width in images.widths(row), PUBLIC
    else:
        staff = request.user.has_perm("governance.view_achievement")
        seen, caching = staff and width <= WIDTHS[-1], PRIVATE
    if not seen:
        raise Http404
    return _answer(request, images.path(digest, width), f'"{digest}-{width}"', caching)


def _answer(request, name, etag, caching):
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {"Cache-Control": caching, "ETag": etag}
    response = HttpResponse(content, content_type="image/webp", headers=headers)
    return get_conditional_response(request, etag=etag, response=response)

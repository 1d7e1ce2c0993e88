"""Pictures that staff upload: checked, drawn anew as WebP without metadata, kept by their digest.

A picture's files are `images/<digest>/<width>.webp` in the default storage, one for each width of
`widths()`; the bytes that were uploaded are not kept. Only `showcase.views.images` serves them.
"""

import threading

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

from governance.models import AchievementImage

from .keeping import keep_aside, kept_aside
from .sizes import Prepared, widths_up_to
from .storing import discard_unused, path, store

__all__ = [
    "Prepared",
    "discard_unused",
    "keep_aside",
    "kept_aside",
    "path",
    "prepare",
    "store",
    "widths",
]

MAX_BYTES = 10 * 1024 * 1024


def prepare(upload: File) -> Prepared:
    """Draw an uploaded file anew in every width. Raises ValidationError that says what is wrong.

    The first frame stands for an animation. Metadata (place, camera, colour profile) is applied
    where it changes the look, then dropped.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(
            _("图片有 %(size).1f MB，不能超过 10 MB；请缩小后再上传。")
            % {"size": upload.size / 1024**2}
        )
    # With the first upload: no page that only shows pictures needs Pillow.
    from .drawing import drawn

    with _drawing:
        return drawn(upload)


# A large picture takes hundreds of megabytes while it is drawn: one at a time in each process.
_drawing = threading.Lock()


def widths(image: AchievementImage) -> list[int]:
    """The widths in which an AchievementImage is kept, in pixels, the largest last."""
    return widths_up_to(image.width)

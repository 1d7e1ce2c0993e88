"""Pictures that staff upload: checked, drawn anew as WebP without metadata, kept by their digest.

A picture's files are `images/<digest>/<width>.webp` in the default storage, one for each width of
`widths()`; the bytes that were uploaded are not kept. Only `showcase.views.images` serves them.
"""

import os
import shutil
import tempfile
import threading
from collections.abc import Collection
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from governance.models import AchievementImage

from .sizes import Prepared, widths_up_to

__all__ = ["Prepared", "discard_unused", "path", "prepare", "store", "widths"]

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


def store(prepared: Prepared) -> None:
    """Write the files that are not there yet, each whole or not at all."""
    for width, content in prepared.files.items():
        name = path(prepared.digest, width)
        if not default_storage.exists(name):
            _write(Path(default_storage.path(name)), content)


def discard_unused(digests: Collection[str]) -> None:
    """Delete the files of those digests that no achievement has any more.

    Call it after the transaction (`transaction.on_commit`): a rollback brings rows back, not files.
    """
    used = set(AchievementImage.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in set(digests) - used:
        folder = Path(default_storage.path(f"images/{digest}"))
        if folder.exists():
            shutil.rmtree(folder)


def widths(image: AchievementImage) -> list[int]:
    """The widths in which an AchievementImage is kept, in pixels, the largest last."""
    return widths_up_to(image.width)


def path(digest: str, width: int) -> str:
    """A file's name in the default storage."""
    return f"images/{digest}/{width}.webp"


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # A renamed file is there as a whole. One that is just being written could be read half-way, or be
    # left so by a power cut.
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        draft = Path(folder, target.name)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)

"""Pictures that staff upload: checked, drawn anew as WebP without metadata, kept by their digest.

A picture's files are `images/<digest>/<width>.webp` in the default storage, one for each width of
`widths()`; the bytes that were uploaded are not kept. Only `showcase.views.images` serves them.
"""

import hashlib
import logging
import os
import shutil
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from governance.models import AchievementImage

# The widths that pages ask for, in pixels.
WIDTHS = (480, 960, 1600)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
# WebP's own limit for either side.
MAX_SIDE = 16_383
QUALITY = 82

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """A picture ready to be stored: the size of its largest file in pixels, and {width: bytes}."""

    digest: str
    width: int
    height: int
    files: dict[int, bytes]


def prepare(upload):
    """Draw an uploaded file anew in every width. Raises ValidationError that says what is wrong.

    The first frame stands for an animation. Metadata (place, camera, colour profile) is applied
    where it changes the look, then dropped.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(
            _("图片有 %(size).1f MB，不能超过 10 MB；请缩小后再上传。")
            % {"size": upload.size / 1024**2}
        )
    try:
        picture = _read(upload)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_too_many_pixels()) from error
    except Exception as error:
        # A malformed file makes Pillow's decoders raise almost anything, not only OSError.
        logger.info("An upload could not be read as a picture: %r", error)
        raise ValidationError(_unreadable()) from error
    files = {width: _encode(picture, width) for width in _widths(picture.width)}
    return Prepared(
        hashlib.sha256(files[picture.width]).hexdigest(), picture.width, picture.height, files
    )


def store(prepared):
    """Write the files that are not there yet, each whole or not at all."""
    for width, content in prepared.files.items():
        name = path(prepared.digest, width)
        if not default_storage.exists(name):
            _write(Path(default_storage.path(name)), content)


def discard_unused(digests):
    """Delete the files of those digests that no achievement has any more.

    Call it after the transaction (`transaction.on_commit`): a rollback brings rows back, not files.
    """
    used = set(AchievementImage.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in set(digests) - used:
        folder = Path(default_storage.path(f"images/{digest}"))
        if folder.exists():
            shutil.rmtree(folder)


def widths(image):
    """The widths in which an AchievementImage is kept, in pixels, the largest last."""
    return _widths(image.width)


def path(digest, width):
    """A file's name in the default storage."""
    return f"images/{digest}/{width}.webp"


def _read(upload):
    """The picture upright, in sRGB, 8 bits a channel, at most as wide as the widest file."""
    upload.seek(0)
    with Image.open(upload, formats=FORMATS) as picture:
        # The header's size, before a single pixel takes memory.
        if picture.width * picture.height > MAX_PIXELS:
            raise ValidationError(_too_many_pixels())
        # A JPEG can be decoded at a fraction of its size.
        picture.draft(None, (WIDTHS[-1], WIDTHS[-1]))
        picture.load()
        # In place, since a copy of 50 megapixels is 200 MB.
        ImageOps.exif_transpose(picture, in_place=True)
        profile = picture.info.get("icc_profile")
        small = _shrunk(_resizable(picture), WIDTHS[-1])
    if small.height > MAX_SIDE:
        raise ValidationError(
            _("图片过于狭长：缩到 %(width)d 像素宽后高 %(height)d 像素，不能超过 %(limit)d。")
            % {"width": small.width, "height": small.height, "limit": MAX_SIDE}
        )
    return _srgb(small, profile)


def _resizable(picture):
    """The picture in a mode that Pillow can scale smoothly and WebP can hold."""
    if picture.mode.startswith("I"):
        # 16-bit grey: convert() alone would cut off all above 255.
        return picture.convert("I").point(lambda level: level * (1 / 257)).convert("L")
    if picture.mode in ("RGB", "RGBA", "CMYK", "L") and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _shrunk(picture, width):
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _srgb(picture, profile):
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, source, target, outputMode=mode)
        except (ImageCms.PyCMSError, OSError) as error:
            # A broken or foreign profile costs a shade of colour, not the picture.
            logger.info("A picture's colour profile was left out: %r", error)
    return picture.convert(mode)


def _encode(picture, width):
    smaller = _shrunk(picture, width)
    # WebP keeps what it finds in `info`.
    smaller.info = {}
    output = BytesIO()
    smaller.save(output, "WEBP", quality=QUALITY)
    return output.getvalue()


def _write(target, content):
    target.parent.mkdir(parents=True, exist_ok=True)
    # A rename appears whole; a reader or a power cut could find a plain write half-way.
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        draft = Path(folder, target.name)
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)


def _widths(largest):
    return [*(width for width in WIDTHS if width < largest), largest]


def _unreadable():
    return _(
        "读不出图片：文件已损坏，或不是 JPEG、PNG、WebP、GIF 格式；请用看图软件另存为 JPEG 后再上传。"
    )


def _too_many_pixels():
    return _("图片的像素太多，不能超过 5000 万（如 8600×5800）；请缩小后再上传。")

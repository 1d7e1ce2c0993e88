"""Draws an uploaded picture anew as WebP, within bounds of memory; `images` keeps what comes out."""

import hashlib
import logging
from io import BytesIO
from math import ceil

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageOps

from .sizes import WIDTHS, Prepared, widths_up_to

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# A decoded picture takes four bytes a pixel, a WebP fifteen: at most some 400 MB.
MAX_PIXELS = dict.fromkeys(FORMATS, 50_000_000) | {"WEBP": 25_000_000}
# WebP's own limit for either side.
MAX_SIDE = 16_383
QUALITY = 82
# The height of the strips in which a large picture is scaled, in pixels of the result.
BAND = 128

logger = logging.getLogger(__name__)


def drawn(upload: File) -> Prepared:
    """An uploaded picture, drawn anew in every width that is kept; raises ValidationError for what is none."""
    try:
        picture = _read(upload)
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_too_many_pixels(max(MAX_PIXELS.values()))) from error
    except Exception as error:
        # A malformed file makes Pillow's decoders raise almost anything, not only OSError.
        logger.info("An upload could not be read as a picture: %r", error)
        raise ValidationError(_unreadable()) from error
    files = {width: _encode(picture, width) for width in widths_up_to(picture.width)}
    return Prepared(
        hashlib.sha256(files[picture.width]).hexdigest(), picture.width, picture.height, files
    )


def _read(upload: File) -> Image.Image:
    """The picture upright, in sRGB, 8 bits a channel, at most as wide as the widest file."""
    upload.seek(0)
    with Image.open(upload, formats=FORMATS) as picture:
        # The header's size, before a single pixel takes memory.
        limit = MAX_PIXELS[picture.format or ""]
        if picture.width * picture.height > limit:
            raise ValidationError(_too_many_pixels(limit))
        # A JPEG can be decoded at a fraction of its size.
        picture.draft(None, (WIDTHS[-1], WIDTHS[-1]))
        picture.load()
        profile = picture.info.get("icc_profile")
        small = reduced(picture)
    return _srgb(small, profile)


def reduced(picture: Image.Image) -> Image.Image:
    """The picture upright, at most as wide as the widest file, in a mode that WebP can hold.

    Drawn a band at a time: each step on the whole of 50 megapixels would take 200 MB.
    """
    turned = picture.getexif().get(ExifTags.Base.Orientation, 1) > 4
    scale = max(1, (picture.height if turned else picture.width) / WIDTHS[-1])
    width, height = (max(1, round(side / scale)) for side in picture.size)
    if max(width, height) > MAX_SIDE:
        raise ValidationError(
            _("图片过于狭长：缩到 %(width)d 像素宽后高 %(height)d 像素，不能超过 %(limit)d。")
            % {"width": min(width, height), "height": max(width, height), "limit": MAX_SIDE}
        )
    bands = [
        _band(picture, width, height, top, min(top + BAND, height))
        for top in range(0, height, BAND)
    ]
    small = Image.new(bands[0].mode, (width, height))
    for number, band in enumerate(bands):
        small.paste(band, (0, number * BAND))
    # exif_transpose looks for the orientation there, whatever the format of the file.
    small.info = {name: value for name, value in picture.info.items() if name != "transparency"}
    ImageOps.exif_transpose(small, in_place=True)
    return small


def _band(picture: Image.Image, width: int, height: int, top: int, bottom: int) -> Image.Image:
    """The rows from `top` to `bottom` of the picture scaled to `width` and `height`."""
    scale = picture.height / height
    # Lanczos looks three rows of the result up and down; without them a seam would show.
    first = max(0, int((top - 4) * scale))
    last = min(picture.height, ceil((bottom + 4) * scale))
    source = _resizable(picture.crop((0, first, picture.width, last)))
    box = (0, top * scale - first, picture.width, min(bottom * scale, picture.height) - first)
    return source.resize((width, bottom - top), Image.Resampling.LANCZOS, box)


def _resizable(picture: Image.Image) -> Image.Image:
    """The picture in a mode that Pillow can scale smoothly and WebP can hold."""
    if picture.mode.startswith("I"):
        # 16-bit grey: convert() alone would cut off all above 255.
        return picture.convert("I").point(lambda level: level * (1 / 257)).convert("L")
    if picture.mode in ("RGB", "RGBA", "CMYK", "L") and "transparency" not in picture.info:
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _shrunk(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            # It gives None only where it changes the picture itself.
            return ImageCms.profileToProfile(picture, source, target, outputMode=mode) or picture
        except (ImageCms.PyCMSError, OSError) as error:
            # A broken or foreign profile costs a shade of colour, not the picture.
            logger.info("A picture's colour profile was left out: %r", error)
    return picture.convert(mode)


def _encode(picture: Image.Image, width: int) -> bytes:
    smaller = _shrunk(picture, width)
    # WebP keeps what it finds in `info`.
    smaller.info = {}
    output = BytesIO()
    smaller.save(output, "WEBP", quality=QUALITY)
    return output.getvalue()


def _unreadable() -> str:
    return _(
        "读不出图片：文件已损坏，或不是 JPEG、PNG、WebP、GIF 格式；请用看图软件另存为 JPEG 后再上传。"
    )


def _too_many_pixels(limit: int) -> str:
    return _("图片的像素太多，不能超过 %(megapixels)d00 万；请缩小后再上传。") % {
        "megapixels": limit // 1_000_000
    }

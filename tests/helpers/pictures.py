"""Pictures to try the site with, and how to put one in."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from governance import images

RED, BLUE = (200, 30, 30), (30, 30, 200)


def encoded(picture, form="PNG", **options):
    output = BytesIO()
    picture.save(output, form, **options)
    return output.getvalue()


def upload(content, name="现场.jpg"):
    return SimpleUploadedFile(name, content)


def decoded(content):
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def header_of_a_png(width, height):
    """A PNG that says how large it is, and holds no pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")


def chunk(name, data):
    check = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)


PHOTO = encoded(Image.new("RGB", (2000, 1500), RED), "JPEG")


def attach(achievement, content=PHOTO):
    """A stored picture of the achievement."""
    made = images.prepare(upload(content))
    images.store(made)
    return achievement.images.create(
        digest=made.digest, width=made.width, height=made.height, alt="居民围坐", credit="沙溪镇"
    )

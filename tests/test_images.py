import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms

from governance import images
from governance.images.drawing import reduced
from governance.models import AchievementImage

from .helpers.pictures import BLUE, PHOTO, RED, decoded, encoded, header_of_a_png, upload

pytestmark = pytest.mark.once


def prepared(picture, form="PNG", **options):
    return images.prepare(upload(encoded(picture, form, **options)))


def largest(made):
    return decoded(made.files[made.width])


@pytest.mark.parametrize(
    ("width", "widths"),
    [(2000, [480, 960, 1600]), (1600, [480, 960, 1600]), (1000, [480, 960, 1000]), (300, [300])],
)
def test_it_makes_the_widths_that_pages_use_and_enlarges_none(width, widths):
    made = prepared(Image.new("RGB", (width, 200)))
    assert list(made.files) == widths
    assert made.width == widths[-1]
    assert [decoded(content).size for content in made.files.values()] == [
        (size, round(200 * size / width)) for size in widths
    ]
    assert images.widths(AchievementImage(width=made.width)) == widths


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "MPO"])
def test_it_reads_a_format_and_writes_webp(form):
    assert largest(prepared(Image.new("RGB", (40, 30), RED), form)).format == "WEBP"


@pytest.mark.parametrize(
    ("mode", "form", "colour"),
    [
        ("1", "PNG", 1),
        ("L", "PNG", 128),
        ("LA", "PNG", (128, 128)),
        ("P", "GIF", 7),
        ("RGBA", "PNG", (*RED, 128)),
        ("I;16", "PNG", 128 * 257),
        ("CMYK", "JPEG", (0, 200, 200, 50)),
    ],
)
def test_it_reads_a_colour_mode(mode, form, colour):
    source = Image.new(mode, (40, 30), colour)
    seen = largest(prepared(source, form)).convert("RGBA").getpixel((20, 15))
    # 16-bit grey is 8-bit grey with more steps.
    meant = Image.new("L", (1, 1), 128) if mode == "I;16" else source
    assert seen == pytest.approx(meant.convert("RGBA").getpixel((0, 0)), abs=6)


def test_it_keeps_what_is_transparent_in_a_palette():
    source = Image.new("P", (40, 30), 0)
    assert largest(prepared(source, "PNG", transparency=0)).convert("RGBA").getpixel((5, 5))[3] == 0


def test_it_turns_the_picture_upright():
    source = Image.new("RGB", (60, 20), RED)
    source.paste(BLUE, (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    made = prepared(source, "JPEG", exif=exif, quality=95)
    assert (made.width, made.height) == (20, 60)
    assert largest(made).getpixel((10, 5)) == pytest.approx(BLUE, abs=20)


def test_it_removes_metadata():
    exif = Image.Exif()
    exif[0x010F] = "相机厂家".encode().decode("latin-1")
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = prepared(Image.new("RGB", (900, 40)), "JPEG", exif=exif, icc_profile=profile)
    for content in made.files.values():
        assert decoded(content).info.keys() & {"exif", "icc_profile", "xmp"} == set()
        assert b"EXIF" not in content
        assert b"ICCP" not in content


def test_it_applies_the_colour_profile():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The same profile with red and blue exchanged, as nothing but a colour profile can do.
    swapped = lab.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    made = prepared(Image.new("RGB", (20, 20), RED), "PNG", icc_profile=swapped)
    red, _green, blue = largest(made).getpixel((5, 5))
    assert blue > red


@pytest.mark.parametrize("profile", [b"not a profile", b"\x00" * 200])
def test_it_reads_a_picture_with_a_broken_profile(profile):
    made = prepared(Image.new("RGB", (20, 20), RED), "PNG", icc_profile=profile)
    assert largest(made).getpixel((5, 5)) == pytest.approx(RED, abs=6)


def test_it_keeps_the_first_frame_of_an_animation():
    frames = [Image.new("RGB", (20, 20), RED), Image.new("RGB", (20, 20), BLUE)]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    made = images.prepare(upload(content))
    assert largest(made).getpixel((5, 5)) == pytest.approx(RED, abs=12)
    assert getattr(largest(made), "n_frames", 1) == 1


def test_it_keeps_nothing_that_stands_behind_the_picture():
    script = b"<script>alert(1)</script>"
    made = images.prepare(upload(PHOTO + script))
    assert all(script not in content for content in made.files.values())
    assert made == images.prepare(upload(PHOTO))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "一段文字，不是图片".encode(),
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        b"%PDF-1.7\n1 0 obj\n",
        b"GIF89a/*" + b"alert(1)//" * 20,
        b"\xff\xd8\xff\xe0<script>",
        header_of_a_png(100, 100),
        header_of_a_png(0, 0),
        encoded(Image.new("RGB", (20, 20)), "TIFF"),
        encoded(Image.new("RGB", (20, 20)), "BMP"),
    ],
    ids=[
        "empty",
        "text",
        "svg",
        "pdf",
        "gif-script",
        "jpeg-script",
        "header",
        "zero",
        "tiff",
        "bmp",
    ],
)
def test_it_refuses_what_is_not_a_picture_it_knows(content):
    with pytest.raises(ValidationError, match="JPEG、PNG、WebP、GIF"):
        images.prepare(upload(content, "图片.png"))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_it_refuses_half_a_picture(form):
    content = encoded(Image.effect_noise((300, 300), 90).convert("RGB"), form)
    with pytest.raises(ValidationError, match="已损坏"):
        images.prepare(upload(content[: len(content) // 2]))


def test_it_refuses_a_file_of_more_than_10_mb():
    limit = 10 * 1024 * 1024
    assert images.prepare(upload(PHOTO.ljust(limit, b"\0"))).width == 1600
    with pytest.raises(ValidationError, match="10 MB"):
        images.prepare(upload(PHOTO.ljust(limit + 1, b"\0")))


@pytest.mark.parametrize("size", [(8000, 6251), (10_000, 10_000), (60_000, 60_000)])
def test_it_refuses_more_than_50_megapixels_before_it_draws_them(size):
    with pytest.raises(ValidationError, match="5000 万"):
        images.prepare(upload(header_of_a_png(*size)))


def test_it_takes_50_megapixels():
    assert prepared(Image.new("1", (10_000, 5000))).height == 800


def test_it_takes_little_memory_for_a_large_picture_with_a_transparent_colour(tmp_path):
    # A palette takes a byte a pixel, every further step on the whole would take 200 MB.
    path = tmp_path / "large.png"
    path.write_bytes(encoded(Image.new("P", (8600, 5800), 3), transparency=3))
    script = """
import re, sys
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from governance import images
upload = SimpleUploadedFile("large.png", open(sys.argv[1], "rb").read())
# Not ru_maxrss, which remembers the process that started this one.
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
before = peak()
assert images.prepare(upload).width == 1600
print((peak() - before) // 1024)
"""
    command = [sys.executable, "-c", script, str(path)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    run = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 200


def test_it_refuses_a_webp_of_more_than_25_megapixels():
    with pytest.raises(ValidationError, match="2500 万"):
        prepared(Image.new("RGB", (5200, 5000)), "WEBP", quality=1, method=0)


@pytest.mark.parametrize("turn", [1, 6])
def test_it_draws_a_large_picture_without_a_seam(turn):
    source = Image.effect_noise((2999, 1777), 120).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = turn
    size = (1600, 948) if turn == 1 else (2700, 1600)
    whole = source.resize(size, Image.Resampling.LANCZOS)
    if turn == 6:
        whole = whole.transpose(Image.Transpose.ROTATE_270)
    picture = decoded(encoded(source, exif=exif))
    difference = ImageChops.difference(reduced(picture), whole)
    assert max(high for _low, high in difference.getextrema()) <= 1


def test_it_refuses_a_ribbon():
    with pytest.raises(ValidationError, match="狭长"):
        prepared(Image.new("1", (3, 20_000)))


@given(st.binary(max_size=8), st.integers(0, 5000), st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]))
def test_it_reads_or_refuses_a_damaged_file(damage, place, form):
    content = bytearray(encoded(Image.linear_gradient("L").resize((64, 64)), form))
    place %= len(content)
    content[place : place + len(damage)] = damage
    try:
        made = images.prepare(upload(bytes(content)))
    except ValidationError:
        return
    assert largest(made).size == (made.width, made.height)


def test_it_stores_the_same_picture_once(media):
    for _time in range(2):
        made = images.prepare(upload(PHOTO))
        images.store(made)
    files = sorted(path.relative_to(media) for path in media.rglob("*") if path.is_file())
    assert [str(file) for file in files] == sorted(images.path(made.digest, w) for w in made.files)


def test_it_completes_a_picture_of_which_a_file_is_missing(media):
    made = images.prepare(upload(PHOTO))
    images.store(made)
    (media / images.path(made.digest, 960)).unlink()
    images.store(made)
    assert (media / images.path(made.digest, 960)).read_bytes() == made.files[960]


def test_it_leaves_no_half_file_when_the_disk_is_full(media, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("governance.images.storing.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        images.store(images.prepare(upload(PHOTO)))
    assert not any(path.is_file() for path in media.rglob("*"))

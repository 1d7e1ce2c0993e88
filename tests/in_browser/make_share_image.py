"""Draws showcase/static/showcase/share.png, the picture beside a shared link: seal and name.

Run it after the name or the seal has changed: `python -m tests.in_browser.make_share_image`.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image

from .chromium import chromium

FOLDER = Path(__file__).resolve().parents[2] / "showcase/static/showcase"
# What Open Graph's readers show whole.
WIDTH, HEIGHT = 1200, 630
PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><style>
body { margin: 0; height: 630px; display: grid; place-content: center; justify-items: center;
  gap: 44px; background: #fbfaf7; color: #1b1c1f; font-family: "Noto Serif CJK SC", serif }
svg { width: 208px; height: 208px }
h1 { margin: 0; font-size: 84px; font-weight: 700; letter-spacing: .06em; text-indent: .06em }
p { margin: -20px 0 0; font-size: 34px; color: #55585f; font-family: Georgia, "DejaVu Serif", serif }
</style>%s<h1>社区治理创新成果库</h1><p lang="en">Community Governance Showcase</p></html>"""


def main():
    with chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_content(PAGE % (FOLDER / "seal.svg").read_text(encoding="utf-8"))
        drawn = Image.open(BytesIO(page.screenshot()))
    # A few inks only: half the bytes.
    drawn.convert("RGB").quantize(32).save(FOLDER / "share.png", optimize=True)


if __name__ == "__main__":
    main()

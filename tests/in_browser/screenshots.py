"""Pictures of every type of page, in both languages, light and dark, on phone and desktop.

`make screenshots` writes them into screenshots/, which git ignores.
"""

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from .chromium import Missing, chromium
from .page_types import LANGUAGES, PAGES, SCHEMES, WIDTHS
from .site import ROOT, site

FOLDER = ROOT / "screenshots"


def main(names):
    """Of the page types with these names, or of all."""
    unknown = [name for name in names if name not in PAGES]
    if unknown:
        sys.exit(f"There is no page type {', '.join(unknown)}; there are {', '.join(PAGES)}.")
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as data, site(Path(data)) as address, chromium() as browser:
        for language, scheme, width in product(LANGUAGES, SCHEMES, WIDTHS):
            context = browser.new_context(
                viewport={"width": WIDTHS[width], "height": 900},
                color_scheme=scheme,
                device_scale_factor=2 if width == "phone" else 1,
            )
            page = context.new_page()
            for name in names or PAGES:
                page.goto(address + LANGUAGES[language] + PAGES[name])
                page.screenshot(
                    path=FOLDER / f"{name}.{language}.{scheme}.{width}.png", full_page=True
                )
            context.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Missing as missing:
        sys.exit(f"No pictures can be made: {missing}.")

"""The machine's own Chromium, driven by Playwright; nothing is downloaded."""

import shutil
import subprocess
import sys
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

# The first is for tests alone, and takes two thirds of the time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)
# No sandbox: it cannot be had as root, as in many containers. Only our own pages are opened.
ARGUMENTS = ["--no-sandbox", "--force-color-profile=srgb"]


class Missing(Exception):
    """What the machine lacks, and how to get it."""


def executable():
    """The path of the browser; Missing if there is none, or no font that has Chinese."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise Missing("a Chromium is needed; on Debian: apt install chromium-headless-shell")
    fonts = subprocess.run(
        ["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False
    ).stdout
    if not fonts.strip():
        raise Missing(
            "a Chinese font is needed; on Debian or Ubuntu: apt install fonts-noto-cjk fontconfig"
        )
    return found


@contextmanager
def chromium():
    """A running browser."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


if __name__ == "__main__":
    try:
        executable()
    except Missing as missing:
        sys.exit(f"The browser tests cannot run: {missing}.")

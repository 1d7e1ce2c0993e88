"""Pictures that a form brought and nobody has saved yet, kept for a day."""

import re
import time
from pathlib import Path

from django.core.files.storage import default_storage

from .sizes import Prepared, widths_up_to
from .storing import discard_unused, path, store

SECONDS = 24 * 60 * 60
NAME = re.compile(r"([0-9a-f]{64})-([0-9]{1,5})x([0-9]{1,5})")


def keep_aside(prepared: Prepared) -> str:
    """Store a picture that may get no row; the name by which `kept_aside` gives it back, within a day."""
    discard_forgotten()
    store(prepared)
    name = f"{prepared.digest}-{prepared.width}x{prepared.height}"
    _folder().mkdir(parents=True, exist_ok=True)
    _folder().joinpath(name).touch()
    return name


def kept_aside(name: str) -> Prepared | None:
    """The picture of that name; None if it is none, or is kept no more."""
    said = NAME.fullmatch(name)
    if not said or not _folder().joinpath(name).exists():
        return None
    digest, width, height = said[1], int(said[2]), int(said[3])
    try:
        files = {
            each: Path(default_storage.path(path(digest, each))).read_bytes()
            for each in widths_up_to(width)
        }
    except FileNotFoundError:
        # Discarded with another row that had it.
        return None
    return Prepared(digest, width, height, files)


def discard_forgotten() -> None:
    """Delete what was kept for longer than a day, if no achievement has it."""
    for mark in _folder().glob("*"):
        if mark.stat().st_mtime < time.time() - SECONDS:
            discard_unused([mark.name.partition("-")[0]])
            mark.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(default_storage.path("kept"))

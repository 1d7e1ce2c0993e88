"""Which versions of the whole database are kept.

Each is a folder `DATA_DIR/published/<release>-<digest>/` that is never altered. Beside its files stands
NOTE, which says when it was published and whether it was withdrawn. The link `latest` leads to the one
of today's record. Folders and notes are all there is to know: no table of the database has them.
"""

import json
import os
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

NOTE = "published.json"
LATEST = "latest"
# A release, and so many digits of a digest as are cited.
VERSION_NAME = r"[0-9][0-9A-Za-z.]*-[0-9a-f]{12}"


class PackageFile(NamedTuple):
    """A file of a package; `size` in bytes."""

    name: str
    size: int
    sha256: str


class Version(NamedTuple):
    """`published` is the day; `issued` that of the record's last change; `entries` how many it has.

    Of one that was `withdrawn` on a day there are no files, but the `reason`.
    """

    name: str
    published: date
    issued: date | None
    entries: int
    files: list[PackageFile]
    withdrawn: date | None = None
    reason: str = ""
    # Of those of one day, the last one.
    number: int = 0


def folder() -> Path:
    """Where the versions are; made if it is not there."""
    found = settings.DATA_DIR / "published"
    found.mkdir(parents=True, exist_ok=True)
    return found


def versions() -> list[Version]:
    """All that there ever were, the newest first."""
    names = [path.name for path in folder().iterdir() if re.fullmatch(VERSION_NAME, path.name)]
    found = [version for name in names if (version := _noted(name))]
    return sorted(found, key=lambda version: version.number, reverse=True)


def version_named(name: str) -> Version | None:
    """By its name as it may stand in an address, which is no path."""
    return _noted(name) if re.fullmatch(VERSION_NAME, name) else None


def latest() -> Version | None:
    """The one of the record as it was published last; None before any was, or if it was withdrawn."""
    link = folder() / LATEST
    named = version_named(os.readlink(link)) if link.is_symlink() else None
    if named and not named.withdrawn:
        return named
    return next((version for version in versions() if not version.withdrawn), None)


def _noted(name: str) -> Version | None:
    try:
        note = json.loads((folder() / name / NOTE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    for day in ("published", "issued", "withdrawn"):
        note[day] = note[day] and date.fromisoformat(note[day])
    return Version(**note | {"files": [PackageFile(*file) for file in note["files"]]})


def write_note(version: Version, place: Path) -> None:
    text = json.dumps(version._asdict(), ensure_ascii=False, default=str, indent=1)
    # Moved into place: a reader finds the old one or the new one.
    draft = place / f"{NOTE}.draft"
    draft.write_text(text, encoding="utf-8")
    draft.replace(place / NOTE)


def lead_to(name: str) -> None:
    """Let `latest` be this version."""
    draft = folder() / f".{LATEST}"
    draft.unlink(missing_ok=True)
    draft.symlink_to(name)
    draft.replace(folder() / LATEST)

"""The files of pictures in the default storage, each whole or not there."""

import os
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from django.core.files.storage import default_storage

from governance.models import AchievementImage

from .sizes import Prepared


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

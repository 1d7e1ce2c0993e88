"""The one file that a backup is: a zip archive of files, and of a manifest that has their checksums."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

MANIFEST = "manifest.json"
FORMAT = 1
BLOCK = 1 << 20
# Pictures are compressed already.
STORED = (".jpg", ".jpeg", ".png", ".webp", ".zip", ".xlsx", ".docx")


class BackupError(Exception):
    """Why nothing was backed up, restored or moved, in a sentence."""


class PackedFile(NamedTuple):
    """A file of a backup: `name` is its path there, `size` in bytes, `sha256` in hex digits."""

    name: str
    size: int
    sha256: str


@dataclass
class Manifest:
    """What a backup holds. `made` is a time in ISO 8601; `digest` that of the public record, 32 hex digits;
    `migrations` are (app, name) of those that the database had.
    """

    release: str
    made: str
    engine: str
    digest: str = ""
    migrations: list[tuple[str, str]] = field(default_factory=list)
    files: list[PackedFile] = field(default_factory=list)
    format: int = FORMAT

    @property
    def database(self) -> PackedFile:
        (found,) = (file for file in self.files if file.name.startswith("database."))
        return found


def pack(archive: zipfile.ZipFile, name: str, source: IO[bytes]) -> PackedFile:
    """Add what `source` gives under a name, in bounded memory."""
    entry = zipfile.ZipInfo(name)
    stored = PurePosixPath(name).suffix.lower() in STORED
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as target:
        return _copied(name, source, target)


def unpack(archive: zipfile.ZipFile, file: PackedFile, path: Path) -> None:
    """Write a file of an archive to a path that is not there yet. Raises BackupError if it is damaged."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(file.name) as source, open(path, "xb", opener=_private) as target:
        if _copied(file.name, source, target) != file:
            raise _damaged(file.name)
        target.flush()
        os.fsync(target.fileno())


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup that is whole: everything in it is read and held against its checksum. Raises BackupError."""
    if not path.is_file():
        raise BackupError(_("没有文件 %(file)s。") % {"file": path})
    try:
        archive = zipfile.ZipFile(path)
        manifest = _verified(archive)
    except BackupError:
        raise
    # Bytes that are flipped make zipfile, zlib and json fail in a dozen ways.
    except Exception as error:
        raise _damaged(f"{type(error).__name__}: {error}") from error
    with archive:
        yield archive, manifest


def _verified(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, once all that it names is there as it says."""
    told = json.loads(archive.read(MANIFEST))
    if told["format"] != FORMAT:
        raise BackupError(
            _("这个备份由另一版本的程序写成，格式为 %(format)s。") % {"format": told["format"]}
        )
    told["files"] = [PackedFile(*file) for file in told["files"]]
    told["migrations"] = [(app, name) for app, name in told["migrations"]]
    manifest = Manifest(**told)
    if sorted([*(file.name for file in manifest.files), MANIFEST]) != sorted(archive.namelist()):
        raise _damaged(MANIFEST)
    for file in manifest.files:
        path = PurePosixPath(file.name)
        if path.is_absolute() or ".." in path.parts:
            raise _damaged(file.name)
        with archive.open(file.name) as source:
            if _copied(file.name, source) != file:
                raise _damaged(file.name)
    return manifest


def _copied(name: str, source: IO[bytes], target: IO[bytes] | None = None) -> PackedFile:
    size, sha256 = 0, hashlib.sha256()
    while block := source.read(BLOCK):
        size += len(block)
        sha256.update(block)
        if target:
            target.write(block)
    return PackedFile(name, size, sha256.hexdigest())


def _damaged(where: str) -> BackupError:
    return BackupError(_("备份文件已损坏（%(where)s），没有恢复任何内容。") % {"where": where})


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

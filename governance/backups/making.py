"""Makes a backup."""

import fcntl
import io
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import __version__

from .archive import BackupError, Manifest, PackedFile, opened, pack, unpack, write_manifest
from .databases import made_ready, snapshot
from .keeping import Kept, file_name, note_backup

SETTINGS = "settings.env"


def back_up(folder: Path) -> Kept:
    """Keep the whole site in a new file of a folder; visitors and staff go on. Raises BackupError.

    1. The files of the site: pictures, uploads, published versions.
    2. The database as of one moment.
    3. The files that came meanwhile, so that none is missing that the database names.
    4. The settings without secrets, and the manifest with all checksums.
    5. What was written is read again, database and checksums. Only then the file gets its name.
    """
    now = timezone.now()
    with workshop(folder) as place:
        draft = place / "draft"
        manifest = Manifest(__version__, now.isoformat(timespec="seconds"), connection.vendor)
        with zipfile.ZipFile(draft, "w", compresslevel=1) as archive:
            manifest.files += _pack_files(archive, set())
            with snapshot(place) as database:
                manifest.files.append(pack(archive, database.name, database.content))
                manifest.digest, manifest.migrations = database.digest, database.migrations
            manifest.files += _pack_files(archive, {file.name for file in manifest.files})
            given = "".join(f"{name}={value}\n" for name, value in settings.GIVEN.items())
            manifest.files.append(pack(archive, SETTINGS, io.BytesIO(given.encode())))
            write_manifest(archive, manifest)
        _read_back(draft, place)
        draft.chmod(0o600)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        path = folder / file_name(now)
        draft.replace(path)
    kept = Kept(path, manifest.made, path.stat().st_size, manifest.digest)
    note_backup(kept)
    return kept


def site_files() -> dict[str, Path]:
    """{folder in a backup: where it stands}"""
    return {"media": Path(settings.MEDIA_ROOT), "published": settings.DATA_DIR / "published"}


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A place below a folder for what is half done, emptied before and after; held by one at a time."""
    place = folder / ".work"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = os.open(place, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _empty(place)
            yield place
            _empty(place)
        finally:
            os.close(held)
    except BlockingIOError as error:
        raise BackupError(_("另一个备份或恢复正在进行，请等它结束后再运行。")) from error
    except OSError as error:
        raise BackupError(_("备份或恢复未能完成：%(error)s") % {"error": error}) from error


def _empty(place: Path) -> None:
    for path in place.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _pack_files(archive: zipfile.ZipFile, known: set[str]) -> Iterator[PackedFile]:
    """Add the files of the site that are not among those known. None is ever altered."""
    for name, folder in site_files().items():
        for path in sorted(folder.rglob("*")):
            packed = f"{name}/{path.relative_to(folder).as_posix()}"
            if packed in known or path.is_symlink() or not path.is_file():
                continue
            # Deleted since: then the database, which is taken later, does not name it either.
            with suppress(FileNotFoundError), path.open("rb") as source:
                yield pack(archive, packed, source)


def _read_back(path: Path, place: Path) -> None:
    with opened(path) as (archive, manifest):
        database = place / manifest.database.name
        unpack(archive, manifest.database, database)
    made_ready(database, manifest.digest)

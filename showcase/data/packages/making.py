"""Makes the versions of the whole database that are kept, and withdraws them."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from governance import __version__, index, publishing
from governance.batches import batched
from governance.models import Achievement
from governance.records import Records
from showcase import links
from showcase.data.records import open_records

from .database import insert, new_database, write_csv
from .describing import (
    LICENCE,
    NAME,
    changes,
    checksums,
    citation_file,
    data_package,
)
from .tables import PACKAGE_TABLES, other_rows, rows_of
from .versions import (
    LATEST,
    NOTE,
    PackageFile,
    Version,
    folder,
    latest,
    lead_to,
    version_named,
    versions,
    write_note,
)

# So often it is made anew when the record was changed meanwhile.
TRIES = 3
# Of files in an archive, so that equal ones have equal bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)


class Unpublished(Exception):
    """Nothing was published or withdrawn, and why, in a sentence."""


@contextmanager
def _alone(failed: str) -> Iterator[Path]:
    """Holds the folder in which packages are made, emptied of what was cut short. Raises Unpublished,
    with the sentence `failed` where a disk or a file does not do what it should.

    It is not below `published`, where others could read what is half made.
    """
    workshop = settings.DATA_DIR / "publishing"
    try:
        workshop.mkdir(parents=True, exist_ok=True)
        held = os.open(workshop, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                _sweep(workshop)
                yield workshop
            finally:
                _empty(workshop)
        finally:
            os.close(held)
    except BlockingIOError as error:
        sentence = _("另一个 publish_data 正在进行，请等它结束后再运行。")
        raise Unpublished(sentence) from error
    except (OSError, sqlite3.Error) as error:
        raise Unpublished(failed % {"error": error}) from error


def _sweep(workshop: Path) -> None:
    _empty(workshop)
    # Whoever was killed while withdrawing one has left some of its files.
    for version in versions():
        if version.withdrawn:
            _empty(folder() / version.name, but=NOTE)


def _empty(place: Path, but: str = "") -> None:
    for path in place.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != but:
            path.unlink()


def publish_version() -> tuple[Version, bool]:
    """(the version of the record as it is, whether it is a new one). Raises Unpublished, index.Unready.

    1. What the record is says its name. If there is such a version, `latest` leads there again.
    2. Else its files are made in a folder of their own, and it is made anew if the record was changed
       meanwhile.
    3. The folder is renamed, and `latest` leads there.
    """
    with _alone(_("未能发布，先前的版本都没有动：%(error)s")) as workshop:
        for _attempt in range(TRIES):
            now = index.current()
            name = f"{__version__}-{now.digest}"
            if found := version_named(name):
                if found.withdrawn:
                    sentence = _(
                        "版本 %(name)s 已撤下（%(reason)s），不再发布；记录改动之后才有新的版本。"
                    )
                    raise Unpublished(sentence % {"name": name, "reason": found.reason})
                lead_to(name)
                return found, False
            if not len(index.select(index=now)):
                raise Unpublished(_("没有公开的成果，没有什么可发布。"))
            made = _make(workshop / name, name, now)
            if index.current().version == now.version:
                (workshop / name).rename(folder() / name)
                lead_to(name)
                return made, True
            _empty(workshop)
    raise Unpublished(_("制作期间记录一再改动，没有发布；请稍后再运行。"))


def _make(place: Path, name: str, now: index.Index) -> Version:
    """All files of a version in a new folder."""
    place.mkdir()
    before = next((version for version in versions() if not version.withdrawn), None)
    # The addresses of what is kept are those without a language.
    with translation.override(settings.LANGUAGE_CODE):
        address = settings.SITE_URL and settings.SITE_URL + links.address("data-version", name)
    issued = publishing.last_change(now)
    files: dict[str, PackageFile] = {}

    def keep(file: str, content: bytes | None = None) -> None:
        """Reckon with a file that is there, or that is written with this content."""
        if content is not None:
            (place / file).write_bytes(content)
        files[file] = _whole(place / file)

    with new_database(place / "showcase.sqlite") as made:
        with (place / "records.jsonl").open("wb") as records:
            for line, rows in _read(now):
                records.write(line)
                insert(made, rows)
        for table in PACKAGE_TABLES:
            write_csv(made, table, place / f"{table.name}.csv")
    for table in PACKAGE_TABLES:
        keep(f"{table.name}.csv")
    keep("records.jsonl")
    keep("showcase.sqlite")
    keep("datapackage.json", data_package(name, address, files))
    old = folder() / before.name / "records.jsonl" if before else None
    with (place / "CHANGES.md").open("w", encoding="utf-8") as told:
        told.writelines(changes(old, place / "records.jsonl", before.name if before else ""))
    keep("CHANGES.md")
    keep("LICENSE.md", LICENCE.encode())
    keep("CITATION.cff", citation_file(name, issued, address))
    keep("SHA256SUMS", checksums(files.values()))
    archive = f"{NAME}-{name}.zip"
    _zip(place, archive, files)
    keep(archive)
    number = max((version.number for version in versions()), default=0) + 1
    entries = len(index.select(index=now))
    version = Version(name, timezone.localdate(), issued, entries, [*files.values()], number=number)
    write_note(version, place)
    _whole(place / NOTE)
    return version


def _read(now: index.Index) -> Iterator[tuple[bytes, Iterable]]:
    """(its line, its rows of tables) of each record; after them rows of no record."""
    regions, codes = Records(), set()
    for some in batched(open_records(index.select(index=now), None), 500):
        achievements = Achievement.objects.filter(code__in=[record["code"] for record in some])
        places = dict(achievements.values_list("code", "region_id"))
        for record in some:
            codes.add(record["code"])
            region = regions.region(places[record["code"]])
            yield orjson.dumps(record) + b"\n", rows_of(record, region)
    yield b"", other_rows(codes)


def _whole(path: Path) -> PackageFile:
    """A file that is on the disk, and not only promised to be: a full one is known by then."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        while piece := file.read(1 << 20):
            digest.update(piece)
        return PackageFile(path.name, file.tell(), digest.hexdigest())


def _zip(place: Path, archive: str, names: Iterable[str]) -> None:
    with zipfile.ZipFile(place / archive, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            told = zipfile.ZipInfo(f"{archive.removesuffix('.zip')}/{name}", NO_TIME)
            told.compress_type = zipfile.ZIP_DEFLATED
            told.external_attr = 0o644 << 16
            with (place / name).open("rb") as source, made.open(told, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


def withdraw_version(name: str, reason: str) -> None:
    """Take the files of a version away; folder, day and reason stay. Raises Unpublished."""
    with _alone(_("未能撤下，请排除后再运行：%(error)s")):
        found = version_named(name)
        if found is None:
            known = "、".join(version.name for version in versions() if not version.withdrawn)
            sentence = _("没有版本 %(name)s；有：%(known)s。")
            raise Unpublished(sentence % {"name": name, "known": known or _("无")})
        if found.withdrawn:
            sentence = _("版本 %(name)s 早已撤下：%(reason)s")
            raise Unpublished(sentence % {"name": name, "reason": found.reason})
        gone = found._replace(files=[], withdrawn=timezone.localdate(), reason=reason)
        # First what is said, then the act: whoever is killed between them is cleared up after.
        write_note(gone, folder() / name)
        _empty(folder() / name, but=NOTE)
        if standing := latest():
            lead_to(standing.name)
        else:
            (folder() / LATEST).unlink(missing_ok=True)

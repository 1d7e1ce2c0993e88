"""Puts a backup back."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from .archive import BackupError, Manifest, opened, unpack
from .databases import made_ready, put_back
from .making import site_files, workshop


def restore_site(path: Path) -> Manifest:
    """Make the site what it was when a backup was made. Raises BackupError, and then it is as it was.

    1. Everything in the backup is held against its checksum; what is damaged, of another database or of
       a later program is refused.
    2. All of it is prepared beside the site, in a folder of its own.
    3. Files that the site lacks are moved into it: none is ever altered, and more of them harm nobody.
    4. The database, of which the public record has the digest of the backup, is put back in one step.
       Who is killed before it leaves the former site, after it the restored one.
    """
    with workshop(settings.DATA_DIR) as place, opened(path) as (archive, manifest):
        _refuse_what_does_not_fit(manifest)
        for file in manifest.files:
            unpack(archive, file, place / file.name)
        prepared = made_ready(place / manifest.database.name, manifest.digest)
        for folder, target in site_files().items():
            _move_missing(place / folder, target)
        put_back(prepared)
        return manifest


def _refuse_what_does_not_fit(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise BackupError(
            _("备份的数据库是 %(theirs)s，本站的是 %(ours)s；要换数据库，请用 manage.py move_to。")
            % {"theirs": manifest.engine, "ours": connection.vendor}
        )
    known = MigrationLoader(None).disk_migrations
    apps = {app for app, _name in known}
    # Of an app that is gone the tables come along.
    unknown = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    unknown = [name for name in unknown if name.partition(".")[0] in apps]
    if unknown:
        raise BackupError(
            _("备份由更新的程序 %(release)s 写成（有迁移 %(name)s）；请先换上该版本的程序。")
            % {"release": manifest.release, "name": unknown[-1]}
        )


def _move_missing(prepared: Path, target: Path) -> None:
    """Move what is not there yet; of the published versions each as a whole."""
    for path in sorted(prepared.rglob("*")):
        there = target / path.relative_to(prepared)
        whole = prepared.name == "published" and path.parent == prepared
        if path.exists() and not there.exists() and (whole or path.is_file()):
            there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(path, there)

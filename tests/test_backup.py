"""`manage.py backup` and `restore`: the whole site in one file, put back whole or not at all."""

import json
import os
import random
import stat
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from governance import __version__, backups
from governance.backups import BackupError, archive, keeping, postgresql_programs
from governance.models import Achievement, IndexState

from .helpers.backups import (
    PACKAGE,
    PICTURE,
    digest,
    kill_after,
    sql,
    written_to,
)
from .helpers.homes import Home, database

pytestmark = pytest.mark.django_db

# `BACKUPS=20 python -m pytest tests/test_backup.py` for the long profile.
ROUNDS = int(os.environ.get("BACKUPS", "2"))


def test_it_holds_the_whole_site_and_no_secret(backup):
    with archive.opened(backup) as (packed, manifest):
        names = {file.name for file in manifest.files}
        content = {name: packed.read(name) for name in names}
    assert {PICTURE, PACKAGE, "settings.env"} < names
    assert (manifest.release, len(manifest.digest)) == (__version__, 32)
    assert ("governance", "0001_initial") in manifest.migrations
    assert b"for the tests only" not in b"".join(content.values())
    assert b"DATABASE_URL" not in content["settings.env"]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_site_is_again_what_it_was(home, backup):
    before = digest(home)
    said = home.manage("backup")
    made = max((home.folder / "backups").glob("*.zip"))
    assert f"备份已写成并读回核对：{made}" in said
    assert backups.Kept(**json.loads((home.folder / "backup.json").read_text())).digest == before
    sql(home, "UPDATE governance_achievement SET title = '另一个标题', status = 'draft'")
    (home.folder / PICTURE).unlink()
    (home.folder / "media/later.jpg").write_bytes(b"later")
    said = home.calls(["restore", str(made)], ["check_index"])
    assert "已恢复为" in said
    assert "完好" in said
    assert digest(home) == before
    published = "SELECT count(*) FROM governance_achievement WHERE status = 'published'"
    assert sql(home, published) == [(20,)]
    assert (home.folder / PICTURE).read_text(encoding="utf-8") == "院落夜话"
    assert (home.folder / "media/later.jpg").exists()
    assert list((home.folder / ".work").iterdir()) == []


def test_a_restored_site_is_read_anew_by_every_worker(home, backup):
    version = "SELECT version FROM governance_indexstate"
    before = sql(home, version)
    home.manage("restore", str(backup))
    assert sql(home, version) != before


def test_backups_under_writes_are_of_one_moment_each(home, tmp_path_factory):
    digests = set()
    for _round in range(ROUNDS):
        with written_to(home):
            home.manage("backup")
        made = Path(json.loads((home.folder / "backup.json").read_text())["path"])
        folder = tmp_path_factory.mktemp("again")
        with archive.opened(made) as (_packed, manifest), database(folder) as url:
            again = Home(folder, url)
            # The index, which came along, is that of the record, which came along.
            assert "完好" in again.calls(["restore", str(made)], ["check_index"])
            assert digest(again) == manifest.digest
            digests.add(manifest.digest)
    assert len(digests) == ROUNDS


def test_it_is_restored_while_somebody_writes(home, backup):
    with written_to(home):
        assert "完好" in home.calls(["restore", str(backup)], ["check_index"])


# What no backup has, in its first and in its last table.
MARKING = (
    "UPDATE auth_group SET name = '改' WHERE name = 'viewer'",
    "INSERT INTO governance_wrongtries (key, count, tried_at) VALUES ('改', 1, CURRENT_TIMESTAMP)",
)
MARKED = (
    "SELECT (SELECT count(*) FROM auth_group WHERE name = '改'),"
    " (SELECT count(*) FROM governance_wrongtries)"
)


def test_whoever_is_killed_while_restoring_leaves_a_whole_site(home, backup):
    process, start = restoring(home, backup), time.monotonic()
    assert process.communicate()[1] == ""
    seconds = time.monotonic() - start
    for number in range(ROUNDS):
        for statement in MARKING:
            sql(home, statement)
        kill_after(restoring(home, backup), seconds * (number + 0.5) / ROUNDS)
        assert sql(home, MARKED) in ([(0, 0)], [(1, 1)])
        assert "完好" in home.calls(["check_index"], ["restore", str(backup)])
        assert sql(home, MARKED) == [(0, 0)]


def restoring(home, backup):
    """A process that has begun to prepare what it restores."""
    place, start = home.folder / ".work", time.time()
    process = home.start("manage.py", "restore", str(backup))
    while process.poll() is None and place.stat().st_mtime < start:
        time.sleep(0.002)
    return process


def test_flipped_bytes_are_refused_or_harmless(backup, tmp_path):
    whole, chance = backup.read_bytes(), random.Random(2015)
    with archive.opened(backup) as (_packed, manifest):
        pass
    damaged = tmp_path / "damaged.zip"
    refused = 0
    for at in [*chance.sample(range(len(whole)), 20), *range(0, 60, 5), *range(-200, 0, 10)]:
        content = bytearray(whole)
        content[at] ^= 1 << chance.randrange(8)
        damaged.write_bytes(content)
        try:
            with archive.opened(damaged) as (_packed, found):
                assert found == manifest, at
        except BackupError as error:
            refused += "备份文件已损坏" in str(error)
    assert refused > 20
    damaged.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError, match="备份文件已损坏"), archive.opened(damaged):
        pass


def altered(backup, folder, **told):
    """A backup whose manifest says something else."""
    path = folder / "altered.zip"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == archive.MANIFEST:
                content = json.dumps(json.loads(content) | told)
            target.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"engine": "oracle"}, "备份的数据库是 oracle"),
        ({"migrations": [["governance", "9999_later"]]}, "备份由更新的程序"),
        ({"format": 2}, "格式为 2"),
        ({"files": []}, "备份文件已损坏"),
    ],
)
def test_what_does_not_fit_is_refused(backup, settings, tmp_path, told, sentence):
    settings.DATA_DIR = tmp_path
    path, before = altered(backup, tmp_path, **told), IndexState.objects.get().version
    with pytest.raises(CommandError, match=sentence):
        call_command("restore", path)
    assert IndexState.objects.get().version == before
    assert not settings.MEDIA_ROOT.exists()


def test_a_database_that_is_not_the_one_of_the_manifest_is_refused(
    backup, site_of_backup, tmp_path
):
    before, path = digest(site_of_backup), altered(backup, tmp_path, digest="0" * 32)
    status, _out, err = site_of_backup.run("manage.py", "restore", str(path))
    assert status == 1
    assert err.startswith("CommandError: ")
    assert digest(site_of_backup) == before


def test_a_path_out_of_the_folder_is_refused(backup, tmp_path):
    path = altered(backup, tmp_path, files=[["../evil", 0, ""]])
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("../evil", b"")
    with pytest.raises(BackupError, match="备份文件已损坏"), archive.opened(path):
        pass


def test_a_file_that_is_not_there_is_said(db):
    with pytest.raises(CommandError, match=r"没有文件 none\.zip。"):
        call_command("restore", "none.zip")


def test_a_folder_that_cannot_be_written_is_said(db, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="备份或恢复未能完成"):
        call_command("backup", "--to", tmp_path / "file/backups")


def test_one_at_a_time(tmp_path):
    with (
        backups.making.workshop(tmp_path),
        pytest.raises(BackupError, match="另一个备份"),
        backups.making.workshop(tmp_path),
    ):
        pass


def test_of_each_day_week_and_month_the_last_one_stays(tmp_path):
    last = datetime(2026, 11, 27, 2, 40)
    nights = [last - timedelta(days=number) for number in range(800)]
    for night in nights:
        (tmp_path / keeping.file_name(night.astimezone())).touch()
    (tmp_path / "governance-notes.zip").touch()
    times = keeping.to_keep(nights)
    days = {f"{time:%m-%d}" for time in times if time > last - timedelta(days=70)}
    assert {f"11-{day}" for day in range(21, 28)} | {"11-15", "11-08", "10-31", "09-30"} == days
    assert min(times).date().isoformat() == "2025-12-31"
    assert len(times) == 7 + 2 + 11
    gone = backups.prune(tmp_path)
    assert len(gone) == 800 - len(times)
    assert (tmp_path / "governance-notes.zip").exists()


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Makes a folder of PostgreSQL's programs of a release, the only ones that there are."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(postgresql_programs, "FOLDERS", (f"{tmp_path}/*/bin",))

    def make(release):
        folder = tmp_path / release / "bin"
        folder.mkdir(parents=True)
        for name in postgresql_programs.NEEDED:
            (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {release}.2'\n")
            (folder / name).chmod(0o755)
        return folder

    return make


def test_the_programs_are_those_of_the_server_or_the_next_release(programs):
    programs("14")
    sixteen = programs("16")
    programs("18")
    assert postgresql_programs.of_release(15) == sixteen
    assert postgresql_programs.of_release(16) == sixteen


def test_it_says_which_programs_are_missing(programs):
    with pytest.raises(BackupError, match=r"需要 PostgreSQL 15 .*没有.*postgresql-client-15"):
        postgresql_programs.of_release(15)
    programs("14")
    (programs("16") / "psql").unlink()
    with pytest.raises(BackupError, match=r"需要 PostgreSQL 15 .*找到的：14"):
        postgresql_programs.of_release(15)


def test_the_admin_says_when_the_last_one_was_made(staff_client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert "还没有备份" in staff_client.get("/admin/").content.decode()
    made = "2026-11-26T18:40:00+00:00"
    keeping.note_backup(backups.Kept(tmp_path / "governance.zip", made, 12_300_000, "0" * 32))
    page = staff_client.get("/admin/").content.decode()
    assert "最近一次成功的备份：2026-11-27 02:40" in page
    assert "还没有核对过" in page
    call_command("check_index")
    assert "完好" in staff_client.get("/admin/").content.decode()
    Achievement.objects.filter(code="2015-w01").update(title="另一个标题")
    with pytest.raises(CommandError):
        call_command("check_index")
    assert "检索索引有" in staff_client.get("/admin/").content.decode()


def test_the_vendor_of_the_backup_is_the_site_s(backup):
    with archive.opened(backup) as (_packed, manifest):
        assert manifest.engine == connection.vendor

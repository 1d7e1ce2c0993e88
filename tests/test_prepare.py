import os
import subprocess
import sys
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from governance import settings as site
from governance.management.commands import prepare
from governance.models import Achievement, AwardYear, Load, Mechanism, Region

from .helpers.years import award_year, record

pytestmark = pytest.mark.django_db

REGION = """[{"model": "governance.region", "fields":
{"code": "320000", "name": "江苏省", "level": "province", "zone": "east", "zone3": "east"}}]"""
AWARD_YEAR = """
- model: governance.awardyear
  fields: {year: 2015, name: 中国社区治理十大创新成果, document_title: 揭晓, text: 揭晓}
"""


@pytest.fixture(autouse=True)
def static_root(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    return settings.STATIC_ROOT


@pytest.fixture
def empty():
    """The tables without a row, for this test only: a flush inside its transaction."""
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)


@pytest.fixture
def small(settings, tmp_path):
    """A folder of fixtures with one province, all mechanisms and an award year, in place of ours."""
    (ours,) = settings.FIXTURE_DIRS
    settings.FIXTURE_DIRS = [tmp_path]
    (tmp_path / "awards").mkdir()
    (tmp_path / "mechanisms.yaml").symlink_to(ours / "mechanisms.yaml")
    write(tmp_path / "regions.json", REGION)
    write(tmp_path / "awards/2015.yaml", AWARD_YEAR)
    return tmp_path


def write(path, text):
    path.write_text(text, encoding="utf-8")


def run():
    out = StringIO()
    call_command("prepare", stdout=out)
    return out.getvalue()


def test_it_loads_an_empty_database(empty, small):
    assert "装入了 1 个行政区划、28 个机制和 0 项成果" in run()
    assert AwardYear.objects.get().year == 2015
    assert list(Load.objects.order_by("pk").values_list("name", flat=True)) == (
        ["regions.json", "mechanisms.yaml", "2015.yaml"]
    )


def test_it_says_that_everything_was_there():
    call_command("load_awards", "--shipped", *map(str, prepare.fixtures()), stdout=StringIO())
    before = record(), Load.objects.count()
    assert run().splitlines() == [
        "数据库结构：已是最新。",
        "数据：库中已有 20 项成果，未作改动。",
        "索引：已就绪。",
        "静态文件：已就绪。",
    ]
    assert (record(), Load.objects.count()) == before


def test_it_keeps_what_staff_have_edited():
    Achievement.objects.filter(code="2015-w01").update(short_name="政社互动（太仓）")
    Achievement.objects.filter(code="2015-n09").delete()
    run()
    assert Achievement.objects.get(code="2015-w01").short_name == "政社互动（太仓）"
    assert not Achievement.objects.filter(code="2015-n09").exists()


def test_it_leaves_a_database_alone_that_has_only_an_award_year(empty):
    award_year(2016)
    said = run()
    assert "库中已有 0 项成果" in said
    for path in prepare.fixtures():
        assert f"python manage.py load_awards --shipped {path}" in said
    assert not Load.objects.exists()
    assert not Region.objects.exists()


def test_it_loads_everything_or_nothing(empty, small):
    write(small / "awards/2015.yaml", AWARD_YEAR.replace("2015", "一五"))
    with pytest.raises(CommandError, match=r"装入数据失败，数据库仍为空：.*2015\.yaml"):
        run()
    assert not Mechanism.objects.exists()
    assert not Region.objects.exists()


@pytest.mark.parametrize(
    "url",
    ["postgres://u:p@127.0.0.1:1/name", "sqlite:////dev/null/db.sqlite3", "sqlite:////nowhere/db"],
)
def test_it_says_that_the_database_cannot_be_reached(url, tmp_path):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "governance.settings"}
    environment |= {"DATABASE_URL": url, "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "prepare"]
    run = subprocess.run(
        command, cwd=site.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 1
    assert "连不上数据库，请检查 DATABASE_URL：" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its own files")
def test_it_lets_nobody_else_read_a_new_sqlite_file(tmp_path, monkeypatch):
    other = connection.copy()
    other.settings_dict["NAME"] = tmp_path / "db.sqlite3"
    monkeypatch.setattr(prepare, "connection", other)
    with prepare.in_turn(), other.cursor() as cursor:
        cursor.execute("CREATE TABLE one (two)")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    other.close()
    assert modes == dict.fromkeys(["db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm"], 0o600)


def test_it_takes_turns_with_others():
    order = []

    def other():
        with prepare.in_turn():
            order.append("other")
        connection.close()

    thread = Thread(target=other)
    with prepare.in_turn():
        thread.start()
        thread.join(0.3)
        order.append("one")
    thread.join()
    assert order == ["one", "other"]


def test_it_hashes_and_compresses_static_files(settings, static_root):
    settings.STORAGES = site.STORAGES
    run()
    names = {path.name for path in static_root.rglob("base.*.css*")}
    assert len(names) == 2, names
    assert {name.split(".", 2)[2] for name in names} == {"css", "css.gz"}


def test_it_takes_each_award_year_in_order(small):
    write(small / "awards/2014.yaml", "")
    names = [path.relative_to(small).as_posix() for path in prepare.fixtures()]
    assert names == ["regions.json", "mechanisms.yaml", "awards/2014.yaml", "awards/2015.yaml"]

"""`make upgrade`: another version of the program, and by itself back again where that fails."""

import os
import shutil
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings

from .helpers.backups import digest, sql

pytestmark = pytest.mark.django_db

# What a site runs on, and the settings of a Home.
SETTINGS = ("tests/__init__.py", "tests/plain_static.py")
PROGRAM = ("deploy", "fixtures", "governance", "locale", "showcase", "templates")
FILES = ("Makefile", "manage.py", "pyproject.toml", "requirements.txt", *SETTINGS)
MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("governance", "{last}")]
    operations = [
        migrations.CreateModel("Later", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.RunSQL("UPDATE governance_achievement SET title_en = 'Later'"),
    ]
"""


def git(folder, *arguments):
    who = ("-c", "user.name=Keeper", "-c", "user.email=keeper@example.org")
    run = subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return run.stdout.strip()


@pytest.fixture(scope="session")
def origin(tmp_path_factory):
    """Where the program comes from: this one, and as `later` one with a migration."""
    folder = tmp_path_factory.mktemp("origin")
    for name in PROGRAM:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(settings.BASE_DIR / name, folder / name, ignore=ignored)
    (folder / "tests").mkdir()
    for name in FILES:
        shutil.copy(settings.BASE_DIR / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=This release")
    git(folder, "branch", "before")
    migrations = folder / "governance/migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    (migrations / "9998_later.py").write_text(MIGRATION.format(last=last))
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Later")
    return folder


@pytest.fixture(scope="session")
def checkout(origin, tmp_path_factory):
    """The site's own program, with an environment that needs no packages."""
    folder = tmp_path_factory.mktemp("program")
    git(folder, "clone", "--quiet", str(origin), ".")
    python = folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    made = folder / ".venv/environment"
    made.touch()
    os.utime(made, (2**32, 2**32))
    return folder


@pytest.fixture
def program(checkout):
    git(checkout, "checkout", "--quiet", "--force", "main")
    git(checkout, "reset", "--quiet", "--hard", "origin/before")
    return checkout


@contextmanager
def answering(program, later):
    """An address that says whether the site is ready: with the later program it says `later`."""

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self):
            is_later = (program / "governance/migrations/9998_later.py").exists()
            self.send_response(later if is_later else 200)
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Ready)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/readyz"
    server.shutdown()
    server.server_close()


# What Python has compiled of the program it keeps: it begins a dozen times.
UPGRADING = {"PATIENCE": "1", "LANG": "C", "PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": ""}


def upgrade(home, program, ready, to=""):
    """(exit status, all that it said)"""
    run = subprocess.run(
        ["make", "--no-print-directory", "upgrade", f"TO={to}"],
        cwd=program,
        env=home.environment | UPGRADING | {"READY": ready},
        input="\n\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    return run.returncode, run.stdout


def later_titles(home):
    ((found,),) = sql(home, "SELECT count(*) FROM governance_achievement WHERE title_en = 'Later'")
    return found


def test_it_brings_another_version(home, program):
    # Its own main is behind that of the origin, which is meant.
    with answering(program, later=200) as ready:
        status, said = upgrade(home, program, ready, "main")
    assert status == 0, said
    assert "请现在重新启动网站" in said
    assert "升级完成" in said
    # In words: which version it is, and which it becomes.
    for branch, words in (("before", "现在的版本"), ("main", "将升级到")):
        commit = git(program, "rev-parse", f"origin/{branch}")
        assert f"{words}：{commit[:7]}" in said
        assert commit not in said
    assert git(program, "rev-parse", "HEAD") == git(program, "rev-parse", "origin/main")
    assert later_titles(home) == 20


def test_it_goes_back_where_the_site_does_not_get_ready(home, program):
    before, commit = digest(home), git(program, "rev-parse", "HEAD")
    with answering(program, later=503) as ready:
        status, said = upgrade(home, program, ready)
    assert status != 0
    assert "网站已退回升级之前的状态。" in said, said
    assert git(program, "rev-parse", "HEAD") == commit
    assert (digest(home), later_titles(home)) == (before, 0)
    # Also what the later program alone knows.
    applied = "SELECT count(*) FROM django_migrations WHERE name = '9998_later'"
    assert sql(home, applied) == [(0,)]


def test_what_is_there_already_is_said_before_a_backup(home, program):
    git(program, "reset", "--quiet", "--hard", "origin/main")
    status, said = upgrade(home, program, "http://127.0.0.1:1/")
    assert (status, said.splitlines()[-1]) == (0, "已经是要装的版本，什么也没有做。")
    assert not (home.folder / "backups").exists()


def test_files_that_were_changed_by_hand_stop_it(home, program):
    (program / "manage.py").write_text("# mine\n")
    status, said = upgrade(home, program, "http://127.0.0.1:1/")
    assert status != 0
    assert "没有升级" in said
    assert (program / "manage.py").read_text() == "# mine\n"
    assert not (home.folder / "backups").exists()


def test_what_is_no_version_is_said(home, program):
    git(program, "checkout", "--quiet", "--detach")
    for to, sentence in (
        ("before", "已经是要装的版本，什么也没有做。"),
        ("v9", "没有名为“v9”的标签、分支或提交"),
        ("--help", "没有名为“--help”的标签、分支或提交"),
        ("before main", "没有名为“before main”的标签、分支或提交"),
        ("", "这里没有跟随任何分支；请写明要装的版本"),
    ):
        status, said = upgrade(home, program, "http://127.0.0.1:1/", to)
        assert sentence in said
        assert "fatal" not in said
        assert bool(status) == (to != "before")
    assert not (home.folder / "backups").exists()

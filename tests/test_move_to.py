"""`manage.py move_to`: a site on SQLite becomes one on PostgreSQL, row by row."""

import os
import sqlite3
from contextlib import ExitStack, closing

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from .helpers import homes
from .helpers.homes import POSTGRESQL, Home
from .helpers.postgres import find

NAME, PASSWORD = "staff", "夜话-2015"
# Staff sign in, an organization comes and goes, an entry gets a text that asks for care.
STORY = f"""
import django; django.setup()
from django.contrib.auth.models import Group, User
from governance import index
from governance.models import *
user = User.objects.create_superuser({NAME!r}, password={PASSWORD!r})
user.groups.add(*Group.objects.all())
names = dict(kind="other", level="county", region=Region.objects.first())
Organization.objects.create(name="已撤销的机构", short_name="机构", slug="gone", **names).delete()
entry = Achievement.objects.get(code="2015-w01")
entry.summary_en = "Line one.\\n“Two”, 100%, \\\\."
entry.save()
index.update([entry.pk])
"""
SIGN_IN = f"""
import django; django.setup()
from django.contrib.auth import authenticate
from django.test import RequestFactory
from django.core.management import call_command
print(authenticate(RequestFactory().get("/"), username={NAME!r}, password={PASSWORD!r}))
call_command("check_index")
"""
ROWS = (
    "[[*model.objects.order_by('pk').values_list()] for model in (Achievement, Coding, Evidence,"
    " Publication, Address, AwardYear, LoadPart)], IndexState.objects.get().digest"
)
NEW = (
    "Organization.objects.create(name='新机构', short_name='新', slug='new', kind='other',"
    " level='county', region=Region.objects.first()).pk"
)


@pytest.fixture(scope="module")
def server():
    """The address of a PostgreSQL server, also where the tests run on SQLite."""
    with ExitStack() as stack:
        yield find(stack)[0]


@pytest.fixture
def target(server, monkeypatch):
    """The address of an empty database."""
    monkeypatch.setenv("DATABASE_URL", server)
    monkeypatch.setattr(homes, "POSTGRESQL", True)
    with homes.database(None) as url:
        yield url


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A site on SQLite that somebody has worked on."""
    folder = tmp_path_factory.mktemp("sqlite")
    home = Home(folder, f"sqlite:///{folder}/db.sqlite3")
    home.manage("prepare")
    status, _out, err = home.run("-c", STORY)
    assert status == 0, err
    return home


def refused_while(process, home):
    """How often somebody could not write until the process ended."""
    refused = 0
    while process.poll() is None:
        with closing(sqlite3.connect(home.folder / "db.sqlite3", timeout=0.05)) as other:
            try:
                with other:
                    other.execute("UPDATE governance_indexstate SET faults = faults")
            except sqlite3.OperationalError:
                refused += 1
    return refused


@pytest.mark.once
def test_everything_is_there_and_nobody_writes_meanwhile(home, target):
    process = home.start("manage.py", "move_to", target)
    assert refused_while(process, home) > 5
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert "行数、摘要和登录都已核对" in out
    moved = Home(home.folder, target)
    # Also of what is new: no row gets the key of one that was there once.
    assert moved.values(ROWS, NEW) == home.values(ROWS, NEW)
    status, out, err = moved.run("-c", SIGN_IN)
    assert status == 0, err
    assert out.startswith(f"{NAME}\n")
    assert "完好" in out


@pytest.mark.once
def test_what_is_not_empty_is_left_alone(home, target):
    with closing(psycopg2.connect(target)) as other, other, other.cursor() as cursor:
        cursor.execute("CREATE TABLE mine (name text)")
    status, _out, err = home.run("manage.py", "move_to", target)
    assert (status, err) == (1, "CommandError: 目标数据库不是空的，没有写入任何内容。\n")


@pytest.mark.once
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://u@h/name", "目标应写成 postgres://"),
        ("sqlite:///other.sqlite3", "目标应写成 postgres://"),
        ("nonsense", "目标应写成 postgres://"),
        ("postgres://u@127.0.0.1:1/name", "连不上目标数据库"),
    ],
)
def test_a_wrong_target_is_said(home, url, sentence):
    status, _out, err = home.run("manage.py", "move_to", url)
    assert status == 1
    assert err.startswith(f"CommandError: {sentence}")


def test_the_site_s_own_database_is_no_target(db):
    url = os.environ["DATABASE_URL"]
    sentence = "本站的数据库不是 SQLite" if POSTGRESQL else "目标应写成 postgres://"
    with pytest.raises(CommandError, match=sentence):
        call_command("move_to", url)

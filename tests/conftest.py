"""What every test shares: the 2015 record, loaded once a session, and a small named cast.

A test runs in a transaction on top of the record, so what it changes is gone afterwards.
"""

import gc
import hashlib
import os
import sqlite3
from contextlib import closing
from functools import cache

import hypothesis
import orjson
import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import translation

from governance import index
from governance.announcements.places.regions import RegionTable
from governance.index import reading, rows
from governance.intake import background, parsing
from governance.models import Achievement, AwardYear, Coding, Mechanism, Organization, Region
from showcase import answers

from .helpers.backups import backup_of_record, restored_site
from .helpers.homes import copied
from .helpers.loads import Inline, Kept

# `make test` draws the same inputs each time, on PostgreSQL fewer: what fails fails again.
FIXED = {"derandomize": True, "database": None, "deadline": None, "print_blob": True}
hypothesis.settings.register_profile("test", max_examples=50, **FIXED)
hypothesis.settings.register_profile("few", max_examples=20, **FIXED)
# `make check` draws others each time.
hypothesis.settings.register_profile("quick", max_examples=20)
# By hand, before a release: some hours of others.
hypothesis.settings.register_profile("long", max_examples=2000)
# `make security`.
hypothesis.settings.register_profile("security", max_examples=500)

# Most of what is made stays: to look for garbage as often as Python does takes a tenth of the time.
gc.set_threshold(100_000, 50, 1000)

RECORD = ("regions", "mechanisms", "awards/2015")


@pytest.fixture(scope="session", autouse=True)
def plain_settings():
    """Static files without a manifest, which only collectstatic makes, and passwords hashed quickly."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    files = "django.core.files.storage.FileSystemStorage"
    with override_settings(
        STORAGES={"default": {"BACKEND": files}, "staticfiles": {"BACKEND": plain}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def chinese():
    """A request in English leaves its language in the thread; each test begins in Chinese."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """The folder for uploaded files, a new one for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """Every answer is made, so that two can be compared; test_kept_answers.py keeps them."""
    monkeypatch.setattr(answers, "MOST", 0)
    # Tests write behind the index, and what a worker keeps of it outlives a test.
    monkeypatch.setattr(reading, "_current", None)


@pytest.fixture(autouse=True)
def no_healing(monkeypatch):
    """A thread sees nothing of what a test has not committed, and waits for its locks."""
    monkeypatch.setattr(reading, "heal", lambda: None)
    monkeypatch.setattr(rows, "heal", lambda: None)


@pytest.fixture(scope="session", autouse=True)
def one_region_table():
    """Of the same regions a table is made once, not for each announcement: with all townships it takes
    half a second."""
    made = {}

    def table(rows, townships, code_of, areas):
        areas = list(areas)
        same = orjson.dumps([rows, areas])
        if same not in made:
            made.clear()
            made[same] = RegionTable(rows, townships, code_of, areas)
        return made[same]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "RegionTable", table)
        patch.setattr(parsing, "townships", cache(parsing.townships))
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, pytestconfig):
    """The record in the test database."""
    with django_db_blocker.unblock():
        load_record(pytestconfig.cache)


def load_record(cache):
    """It takes seconds to load, so SQLite keeps a copy of the result."""
    kept = cache.mkdir("record") / f"{record_digest()}.sqlite3"
    if connection.vendor == "sqlite" and kept.exists():
        with closing(sqlite3.connect(kept)) as copy:
            copy.backup(connection.connection)
        return
    call_command("loaddata", *RECORD, verbosity=0)
    index.rebuild()
    if connection.vendor == "sqlite":
        draft = kept.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(draft)) as copy:
            connection.connection.backup(copy)
        draft.replace(kept)


def record_digest():
    """Changes with whatever the loaded record depends on: the fixtures, the models, the migrations.

    Those of packages among them.
    """
    digest = hashlib.sha256((site.BASE_DIR / "requirements.txt").read_bytes())
    digest.update((site.BASE_DIR / "governance/facets.py").read_bytes())
    rooms = ("models", "migrations", "records", "index")
    for folder in ("fixtures", *(f"governance/{room}" for room in rooms)):
        for path in sorted((site.BASE_DIR / folder).rglob("*")):
            if path.suffix in (".json", ".yaml", ".py"):
                digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def backup(django_db_setup, django_db_blocker, tmp_path_factory):
    """The path of a backup of the record, with a picture and a published file."""
    with django_db_blocker.unblock():
        return backup_of_record(tmp_path_factory.mktemp("backup"))


@pytest.fixture(scope="session")
def site_of_backup(backup, tmp_path_factory):
    """A Home made of it, for all tests: whoever changes it takes a copy."""
    with restored_site(tmp_path_factory.mktemp("site"), backup) as home:
        yield home


@pytest.fixture
def home(site_of_backup, tmp_path):
    """A copy of it, to be changed."""
    with copied(site_of_backup, tmp_path) as home:
        yield home


@pytest.fixture
def taicang(db):
    """太仓市, whose 政社互动 is 2015-w01."""
    return Region.objects.get(code="320585", valid_to=None)


@pytest.fixture
def draft(taicang):
    """An achievement that nobody has published, with an organization that nothing else names."""
    achievement = Achievement(
        code="2015-w12",
        award_year=AwardYear.objects.get(year=2015),
        tier="winner",
        rank=12,
        title="江苏省太仓市沙溪镇“院落夜话”议事项目",
        short_name="院落夜话",
        organization_text="太仓市沙溪镇人民政府",
        summary="居民晚饭后在院落里围坐夜话，逐项商定公共事务。",
        region=taicang,
        setting="rural",
    )
    achievement.full_clean()
    achievement.save()
    organization = Organization(
        name="太仓市沙溪镇人民政府",
        short_name="沙溪镇政府",
        slug="shaxi-zhen-zhengfu",
        kind="government",
        level="township",
        region=taicang,
    )
    organization.full_clean()
    organization.save()
    achievement.organizations.add(organization, through_defaults={"position": 1})
    coding = Coding.objects.create(
        achievement=achievement,
        mechanism=Mechanism.objects.get(name="协商议事"),
        weight="primary",
        aspect="means",
    )
    start = achievement.summary.index("逐项商定公共事务")
    coding.evidence.create(
        field="summary", start=start, end=start + len("逐项商定公共事务"), text="逐项商定公共事务"
    )
    index.update([achievement.pk])
    return achievement


@pytest.fixture
def publish():
    """Publishes an achievement as the admin does: the index follows."""

    def publish(achievement, status="published"):
        achievement.status = status
        achievement.save()
        index.update([achievement.pk])

    return publish


@pytest.fixture
def published(settings, tmp_path):
    """The folder of the versions of the whole database, which is not there yet."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "published"


@pytest.fixture
def publish_data(published, capsys):
    """Runs the command; returns what it says."""

    def run(*arguments):
        call_command("publish_data", *arguments)
        return capsys.readouterr().out.strip()

    return run


@pytest.fixture
def staff(db):
    return get_user_model().objects.create_superuser("staff", password="夜话-2015")


@pytest.fixture
def staff_client(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def colleague(db):
    """The client of somebody else, 林小满, who may do everything too."""
    user = get_user_model().objects.create_superuser("lin", first_name="小满", last_name="林")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def work_at_once(monkeypatch, settings, tmp_path):
    """Work that a thread would do is done when it is begun, in the test's own transaction."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(background, "Thread", Inline)
    monkeypatch.setattr(background, "connections", Kept())

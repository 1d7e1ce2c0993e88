"""Sites of their own, each with a database and a folder, for tests of what happens to a whole process."""

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection

from .postgres import maintenance
from .years import source

POSTGRESQL = connection.vendor == "postgresql"


class Home:
    """A site of its own; what is run in it knows nothing of the test's."""

    def __init__(self, folder, url):
        self.folder, self.url = folder, url
        unset = dict.fromkeys(("ALLOWED_HOSTS", "HTTPS", "DEBUG", "CSRF_TRUSTED_ORIGINS"), "")
        self.environment = (
            os.environ
            | unset
            | {
                "DATA_DIR": str(folder),
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "tests.plain_static",
                "SECRET_KEY": "for the tests only, and long enough for a site",
            }
        )

    def start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *arguments):
        """(exit status, what it printed, what it said of errors)"""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def manage(self, *arguments):
        status, out, err = self.run("manage.py", *arguments)
        assert status == 0, err
        return out

    def calls(self, *commands):
        """What these commands of the site print, one after another in one process."""
        lines = "import django; django.setup(); from django.core.management import call_command\n"
        status, out, err = self.run("-c", f"{lines}for one in {commands!r}: call_command(*one)")
        assert status == 0, err
        return out

    def value(self, expression):
        return self.values(expression)[0]

    def values(self, *expressions):
        """What expressions are, as strings, asked for in one process."""
        imported = "import django, json; django.setup(); from governance.models import *\n"
        asked = f"print(json.dumps([str(one) for one in ({', '.join(expressions)},)]))"
        status, out, err = self.run("-c", imported + asked)
        assert status == 0, err
        return json.loads(out)

    def file(self, objects, name="2016.yaml"):
        path = self.folder / name
        path.write_bytes(source(objects, name).content)
        return str(path)

    @contextmanager
    def busy(self):
        """Somebody else is in the middle of writing."""
        if POSTGRESQL:
            with closing(psycopg2.connect(self.url)) as other, other.cursor() as cursor:
                cursor.execute("UPDATE governance_achievement SET title_en = title_en")
                yield
        else:
            with closing(sqlite3.connect(self.folder / "db.sqlite3")) as other:
                other.execute("BEGIN IMMEDIATE")
                yield


@contextmanager
def copied(home, folder):
    """A Home that is what another is, of which nothing runs meanwhile."""
    shutil.copytree(home.folder, folder, dirs_exist_ok=True)
    with database(folder, urlsplit(home.url).path.strip("/")) as url:
        yield Home(folder, url)


@contextmanager
def database(folder, template="template1"):
    """The address of a new database for the site in this folder; on PostgreSQL a copy of another."""
    if not POSTGRESQL:
        yield f"sqlite:///{folder}/db.sqlite3"
        return
    name = f"site_{os.getpid()}_{secrets.token_hex(4)}"
    with closing(psycopg2.connect(maintenance(os.environ["DATABASE_URL"]))) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            parts = urlsplit(os.environ["DATABASE_URL"])
            yield f"{parts.scheme}://{parts.netloc}/{name}?{parts.query}"
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")

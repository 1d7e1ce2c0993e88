"""A browser and the site for the tests of one worker. Those that only read share both; those that
write have a site of their own.

They run in a process of their own (`make test`): Playwright keeps an event loop running, beside which
Django lets nobody ask the database.
"""

import os
import subprocess
import sys
import uuid
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from governance.settings import VARIABLES

from ..conftest import load_record
from ..helpers.postgres import database_url
from .chromium import chromium
from .page_types import LANGUAGES, WIDTHS
from .site import ROOT, site

# Of staff who may do everything, on either site.
NAME, PASSWORD = "loader", "夜话-2016"


@pytest.fixture(scope="session")
def record(django_test_environment, django_db_modify_db_settings, django_db_blocker, pytestconfig):
    """A test database with the record, though no test here asks for one itself."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        load_record(pytestconfig.cache)
        connection.close()
    yield connection.settings_dict
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def address(record, tmp_path_factory):
    """Of the site, which serves the record."""
    folder = str(tmp_path_factory.mktemp("site"))
    with running(DATA_DIR=folder, DATABASE_URL=database_url(record)) as address:
        yield address


@contextmanager
def running(**variables):
    """The address of a site with an account for staff; `variables` are settings."""
    with site(variables["DATA_DIR"], **variables) as address:
        account = ("--username", NAME, "--email", "loader@example.org")
        command(variables, "createsuperuser", "--noinput", *account)
        yield address


def command(variables, *arguments):
    """Run a command of a site with these settings; what it prints."""
    plain = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    of_site = {
        "DJANGO_SETTINGS_MODULE": "governance.settings",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=plain | of_site | variables,
        capture_output=True,
        check=True,
    ).stdout


@contextmanager
def empty_database(settings, blocker):
    """The settings that name a database with nothing in it; SQLite makes its own."""
    if connection.vendor == "sqlite":
        yield {}
        return
    name = f"own_{uuid.uuid4().hex}"
    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield {"DATABASE_URL": database_url(settings | {"NAME": name})}
    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def variables(record, django_db_blocker, tmp_path_factory):
    """The settings of a site that tests may write to."""
    folder = tmp_path_factory.mktemp("own-site")
    with empty_database(record, django_db_blocker) as database:
        yield {"DATA_DIR": str(folder), **database}


@pytest.fixture(scope="session")
def own_site(variables):
    """The address of that site. A module of tests that write has it as its `address`."""
    with running(**variables) as address:
        yield address


@pytest.fixture(scope="session")
def manage(variables):
    """A function that runs a command of that site and gives what it prints."""
    return partial(command, variables)


@pytest.fixture(scope="session")
def browser(address):
    with chromium() as running:
        yield running


@pytest.fixture
def faults():
    """What is wrong with the pages that a test visits; it fails with them."""
    found = []
    yield found
    assert found == []


@pytest.fixture
def answers():
    """The responses that the pages of a test got, in order."""
    return []


@pytest.fixture
def visit(browser, address, faults, answers):
    """A function that opens a page and gives it as Playwright has it.

    Faults are errors and warnings in the console, breaches of the Content-Security-Policy among
    them, and requests to others.
    """
    with ExitStack() as stack:

        def visit(path, language="zh-hans", *, width="desktop", scheme="light", javascript=True):
            context = stack.enter_context(
                browser.new_context(
                    base_url=address,
                    viewport={"width": WIDTHS[width], "height": 900},
                    color_scheme=scheme,
                    java_script_enabled=javascript,
                    has_touch=width == "phone",
                    locale="en" if language == "en" else "zh-CN",
                )
            )
            page = context.new_page()
            page.on("response", lambda answer: answers.append(answer))
            page.on("console", lambda said: faults.extend(_console(said)))
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("request", lambda request: faults.extend(_foreign(request, address)))
            page.goto(LANGUAGES[language] + path, wait_until="load")
            return page

        yield visit


@pytest.fixture
def log_in(visit):
    """A function that gives a page of the admin to which staff have logged in, or who has this name and
    the same password; options as of `visit`."""

    def log_in(name=NAME, **options):
        page = visit("/admin/login/", **options)
        page.fill("#id_login", name)
        page.fill("#id_password", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_selector("#user-tools")
        return page

    return log_in


def _console(said):
    # An answer of 404 or 400 is what some tests ask for, and they look at its status.
    # axe-core, which is of no file, writes styles into attributes, as no page may.
    by_axe = said.text.startswith("Applying inline style") and not said.location["url"]
    told = "Failed to load resource" in said.text or by_axe
    if said.type in ("error", "warning") and not told:
        yield f"{said.type}: {said.text}"


def _foreign(request, address):
    if not request.url.startswith((f"{address}/", "data:", "blob:")):
        yield f"a request to {request.url}"

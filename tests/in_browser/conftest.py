"""A browser and the site for the tests of one worker. They only read, so all share both.

They run in a process of their own (`make test`): Playwright keeps an event loop running, beside which
Django lets nobody ask the database.
"""

from contextlib import ExitStack

import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from ..conftest import load_record
from ..helpers.postgres import database_url
from .chromium import chromium
from .page_types import LANGUAGES, WIDTHS
from .site import site


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
    with site(tmp_path_factory.mktemp("site"), DATABASE_URL=database_url(record)) as running:
        yield running


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


def _console(said):
    # An answer of 404 or 400 is what some tests ask for, and they look at its status.
    if said.type in ("error", "warning") and "Failed to load resource" not in said.text:
        yield f"{said.type}: {said.text}"


def _foreign(request, address):
    if not request.url.startswith((f"{address}/", "data:", "blob:")):
        yield f"a request to {request.url}"

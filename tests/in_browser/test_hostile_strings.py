"""What is stored stays text: hostile strings in every text field, every page opened, and nothing runs."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings

from governance.settings import VARIABLES

from ..helpers.hostile import SCRIPTS
from .page_types import LANGUAGES, PAGES
from .site import ROOT, site

# Whatever calls it has got in.
TRAP = "window.caught = []; window.trap = reason => window.caught.push(reason)"
MODELS = [
    *("achievement", "award", "awardyear", "mechanism", "organization", "region", "load", "coding"),
    *("evidence", "settingevidence", "achievementorganization", "achievementimage", "errorreport"),
]
# Those whose rows have a page of their own.
FORMS = ["achievement", "award", "awardyear", "mechanism", "organization", "region", "errorreport"]
SEARCHES = [
    f"{page}{quote(payload)}"
    for page in (
        "/achievements/?q=",
        "/regions/?q=",
        "/analysis/?rows=",
        "/nothing/",
        "/compare/?code=",
    )
    for payload in SCRIPTS[:6]
]


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """The address of a site with a hostile record, and the session of a superuser there."""
    folder = tmp_path_factory.mktemp("spoilt")
    with site(folder) as address:
        plain = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        done = subprocess.run(
            [sys.executable, "-m", "tests.in_browser.hostile_record"],
            cwd=ROOT,
            env=plain | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "governance.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        yield address, done.stdout.split()[-1]


@pytest.fixture
def open_all(browser, spoilt):
    """A function that opens pages, and gives what ran and what the browser complained of."""
    address, session = spoilt

    def open_all(paths, *, policy, staff=False):
        context = browser.new_context(base_url=address, bypass_csp=not policy)
        if staff:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}
            context.add_cookies([cookie])
        context.add_init_script(TRAP)
        page, faults = context.new_page(), []
        page.on("dialog", lambda dialog: faults.append(f"{page.url}: a dialog"))
        page.on("console", lambda said: faults.extend(complaint(page, said)))
        for path in paths:
            answer = page.goto(path, wait_until="load")
            assert answer.status < 500, path
            assert "evil.example" not in page.url.partition("?")[0]
            faults.extend(f"{path}: {reason} ran" for reason in page.evaluate("window.caught"))
        context.close()
        return faults

    return open_all


def complaint(page, said):
    if said.type in ("error", "warning") and "Failed to load resource" not in said.text:
        yield f"{page.url}: {said.text}"


@pytest.mark.parametrize("payload", [SCRIPTS[0], SCRIPTS[3]])
def test_the_trap_catches_what_runs(browser, payload):
    context = browser.new_context()
    context.add_init_script(TRAP)
    page = context.new_page()
    page.goto(f"data:text/html,<p>{quote(payload)}", wait_until="load")
    assert page.evaluate("window.caught") == [1]
    context.close()


@pytest.mark.parametrize("policy", [False, True], ids=["without-policy", "with-policy"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_public_page_runs_what_is_stored(open_all, language, policy):
    paths = [LANGUAGES[language] + path for path in PAGES.values()]
    paths += ["/api/docs/"] if language == "en" else []
    assert open_all(paths, policy=policy) == []


def test_no_public_page_runs_what_is_asked(open_all):
    assert open_all(SEARCHES, policy=False) == []


@pytest.mark.parametrize("policy", [False, True], ids=["without-policy", "with-policy"])
def test_no_page_of_staff_runs_what_is_stored(open_all, policy):
    paths = ["/admin/", *(f"/admin/governance/{model}/" for model in MODELS)]
    paths += ["/admin/auth/user/", "/admin/auth/user/1/change/", "/admin/auth/user/1/password/"]
    for model in FORMS:
        paths += [
            f"/admin/governance/{model}/{1}/{view}/" for view in ("change", "history", "delete")
        ]
        paths += [f"/admin/governance/{model}/?q={quote(SCRIPTS[0])}"]
    assert open_all(paths, policy=policy, staff=True) == []

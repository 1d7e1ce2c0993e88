"""axe-core finds nothing wrong with any page of the admin on which the record is kept, in either language,
light or dark, on phone or desktop; and none is wider than its screen.
"""

import json

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from ..helpers.new_year import ANNOUNCEMENT
from .conftest import PASSWORD
from .page_types import LANGUAGES
from .test_accessibility import wrong
from .test_load import arrive

# Each language in half of the ways, since these are many pages: any two of language, scheme and width are
# met together.
LOOKS = {
    "zh-hans": [("light", "phone"), ("dark", "desktop")],
    "en": [("dark", "phone"), ("light", "desktop")],
}
# Those that need nothing to be done first.
PAGES = (
    *("", "password_change/", "account/2fa/", "auth/user/", "mfa/authenticator/"),
    *(
        f"governance/{model}/"
        for model in ("achievement", "change", "coding", "errorreport", "load")
    ),
    *(f"governance/{model}/" for model in ("awardyear", "organization", "proposedchange")),
    *(f"governance/{model}/add/" for model in ("achievement", "load")),
    "governance/achievement/deleted/",
)
# The models of which staff edit records, entries apart.
FORMS = ("award", "awardyear", "mechanism", "organization", "region")
# {rank} of three drafts: one to work on, one that is deleted, one that is deleted meanwhile.
MAKE = """
import json
from django.contrib.auth.models import Group, User
from governance.changes import recording
from governance.models import Achievement, ErrorReport
from tests.helpers.unmet import unmet_entry
editor = User.objects.create_user("editor-{first}", password="{password}", is_staff=True)
editor.groups.add(Group.objects.get(name="editor"))
rows = [unmet_entry({first} + more) for more in range(3)]
with recording({{row.pk for row in rows[:2]}}):
    Achievement.objects.filter(pk=rows[0].pk).update(title_en="Courtyard talks")
    Achievement.objects.get(pk=rows[1].pk).delete()
ErrorReport.objects.create(code="2015-w01", text="市名有误")
print(json.dumps([rows[0].pk, rows[2].pk, Achievement.objects.get(code="2015-w01").pk]))
"""
# Django's scripts make the form ready when jQuery says so, which may be after it was loaded.
READY = "window.django?.jQuery && new Promise(resolve => django.jQuery(resolve))"


@pytest.fixture(scope="session")
def address(own_site):
    return own_site


class Walk:
    """Through the pages of the admin; `open` says what axe-core finds on each."""

    def __init__(self, page, language):
        self.page, self.start, self.found = page, LANGUAGES[language], []
        self.looks = LOOKS[language]

    def look(self, name, page=None):
        (page or self.page).evaluate(READY)
        self.found += [f"{name} {one}" for one in wrong(page or self.page, self.looks)]

    def open(self, path, page=None):
        (page or self.page).goto(f"{self.start}/admin/{path}")
        self.look(path or "first page", page)

    def press(self, selector, name, page=None):
        with (page or self.page).expect_navigation():
            (page or self.page).locator(selector).first.click()
        self.look(name, page)

    def act(self, query, action):
        """Ask for an action on all that a list shows."""
        self.page.goto(f"{self.start}/admin/governance/achievement/?{query}")
        self.page.check("#action-toggle")
        self.page.select_option("[name=action]", action)
        self.press("[name=index]", action)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_admin_has_a_violation_and_all_fit(log_in, visit, manage, language):
    first = 51 + 10 * list(LANGUAGES).index(language)
    script = MAKE.format(first=first, password=PASSWORD)
    made = manage("shell", "-v", "0", "-c", script).decode().strip().rpartition("\n")[2]
    entry, going, public = (f"governance/achievement/{key}" for key in json.loads(made))
    walk = Walk(log_in(language=language), language)
    walk.look("signing in", visit("/admin/login/", language))
    for path in PAGES:
        walk.open(path)
    for model in FORMS:
        walk.page.goto(f"{walk.start}/admin/governance/{model}/")
        walk.press("#result_list tbody th a", model)
    look_at_an_entry(walk, entry, going)
    look_at_moves(walk, entry, first)
    look_at_a_proposal(walk, log_in(f"editor-{first}", language=language), public)
    look_at_a_load(walk, 1969 + first)
    assert not walk.found, "\n".join(walk.found)


def look_at_an_entry(walk, entry, going):
    page = walk.page
    walk.open(f"{entry}/change/")
    # While words wait for their mechanism, and then those of the translation for their evidence.
    for key, name in (("Home", "coding"), ("End", "translating")):
        page.locator("#desk-text").focus()
        page.keyboard.press(key)
        page.keyboard.press("Enter")
        walk.look(name)
        page.keyboard.press("Escape")
    page.fill("#id_title", "")
    walk.press("[name=_continue]", "faults")
    walk.open(f"{entry}/history/")
    walk.press(".history-lines a[href*=restore]", "restoring")
    page.goto(f"{walk.start}/admin/{going}/change/")
    page.fill("#id_title_en", "Talks at night")
    other = page.context.new_page()
    other.goto(f"{walk.start}/admin/{going}/delete/")
    walk.look("deleting", other)
    with other.expect_navigation():
        other.locator("#content form [type=submit]").click()
    walk.press("[name=_continue]", "gone")
    other.close()


def look_at_moves(walk, entry, first):
    walk.act(f"q=2015-w{first}", "publish_chosen")
    walk.press("[name=publishing]", "undo bar")
    walk.act(f"q=2015-w{first}", "take_back_chosen")
    walk.open("governance/change/")
    walk.press("#result_list tbody th a", "change")
    walk.open(f"{entry}/change/")


def look_at_a_proposal(walk, editor, public):
    editor.goto(f"{walk.start}/admin/{public}/change/")
    editor.fill("#id_short_name", "政社互动了")
    walk.press("[name=_save]", "proposed", editor)
    walk.page.goto(f"{walk.start}/admin/governance/proposedchange/")
    walk.press("#result_list tbody th a", "proposal")
    look_at_the_second_factor(walk, editor)


def look_at_the_second_factor(walk, editor):
    editor.goto(f"{walk.start}/admin/account/2fa/totp/activate/")
    walk.look("reauthenticating", editor)
    editor.fill("#id_password", PASSWORD)
    walk.press("#content [type=submit]", "setting up", editor)
    secret = editor.inner_text("code")
    counter = next(iter(yield_hotp_counters_from_time()))
    editor.fill("#id_code", format_hotp_value(hotp_value(secret, counter)))
    walk.press("#content [type=submit]", "codes to print", editor)
    walk.open("account/2fa/", editor)


def look_at_a_load(walk, year):
    page = walk.page
    page.goto(f"{walk.start}/admin/governance/load/add/")
    page.fill("#id_year", str(year))
    page.fill("#id_text", ANNOUNCEMENT.replace("2016", str(year)))
    page.click("#load_form [type=submit]")
    arrive(page, "#choices_form")
    walk.look("preview of a load")
    page.click("[name=load]")
    arrive(page, ".load-entries")
    walk.look("load")
    walk.press("a[href$='undo/']", "undoing a load")

"""Every role, at every address that changes an entry, by every method: what is refused changes nothing."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client

from governance import index
from governance.changes import recording
from governance.models import (
    Achievement,
    Change,
    ChangePart,
    Load,
    ProposedChange,
    Publication,
)
from governance.roles import GROUPS

from .helpers.browser import form_data
from .test_admin_achievement import dump, everything, page

pytestmark = pytest.mark.django_db

STATUSES = ("draft", "in_review", "published")
LIST = "/admin/governance/achievement/"


def person(name, *groups):
    user = User.objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reviewers():
    """Two who may publish, so that four eyes are asked for."""
    return person("王", "reviewer"), person("李", "reviewer")


@pytest.fixture
def in_status(draft):
    """A function that brings the draft into a status, by somebody's latest change; it is the only entry."""
    Achievement.objects.exclude(pk=draft.pk).delete()

    def bring(status, by):
        with recording({draft.pk}, by=by):
            Achievement.objects.filter(pk=draft.pk).update(title_en=f"By {by.username}")
        Achievement.objects.filter(pk=draft.pk).update(status=status)
        index.update([draft.pk])
        draft.refresh_from_db()
        return draft

    return bring


def record():
    """All that a refusal must leave as it is."""
    return [*everything(), *dump(Change, ChangePart, Publication, ProposedChange, Load)]


def save(client, entry):
    reader = signed_in(User.objects.get(username="王"))
    sent = form_data(reader.get(page(entry)), "achievement_form")
    return client.post(page(entry), sent | {"title_en": "Another title"})


def moved(kind):
    return lambda client, entry: client.post(
        f"{LIST}{entry.pk}/move/", {"kind": kind, "comment": "附言"}
    )


def chosen(action, **more):
    return lambda client, entry: client.post(
        LIST, {"action": action, "_selected_action": [entry.pk], **more}
    )


# {what is done: (how, the permission, the statuses that it suits)}
ACTS = {
    "save": (save, "change_achievement", STATUSES),
    "submit": (moved("submit"), "change_achievement", ["draft"]),
    "return": (moved("return"), "change_achievement", ["in_review"]),
    "publish": (moved("publish"), "publish_achievement", ["draft", "in_review"]),
    "take back": (moved("take_back"), "publish_achievement", ["published"]),
    "publish chosen": (
        chosen("publish_chosen", publishing="1", which="all"),
        "publish_achievement",
        ["draft", "in_review"],
    ),
    "take chosen back": (
        chosen("take_back_chosen", taking_back="1", reason="重复"),
        "publish_achievement",
        ["published"],
    ),
    "delete": (
        lambda client, entry: client.post(page(entry, "delete"), {"post": "yes"}),
        "delete_achievement",
        ["draft", "in_review"],
    ),
}


@pytest.mark.parametrize("role", ["nobody", *GROUPS])
@pytest.mark.parametrize("status", STATUSES)
def test_it_lets_each_role_do_what_is_its_own(reviewers, in_status, role, status):
    held = GROUPS.get(role, set())
    me = person("我", role)
    client = signed_in(me)
    for name, (act, permission, suits) in ACTS.items():
        for by in (me, reviewers[1]):
            with transaction.atomic():
                entry = in_status(status, by)
                before, proposals = record(), ProposedChange.objects.count()
                response = act(client, entry)
                cell = (role, name, status, by.username, response.status_code)
                may = permission in held and status in suits
                if name.startswith("publish") and by == me:
                    may = False
                if name == "save" and status == "published" and "publish_achievement" not in held:
                    entry.refresh_from_db()
                    assert ProposedChange.objects.count() - proposals == may, cell
                    assert entry.title_en == f"By {by.username}", cell
                else:
                    assert (record() != before) == may, cell
                # Of an action that is not offered, the list is shown again.
                refused = (302, 403, 200) if "chosen" in name else (302, 403)
                assert permission in held or response.status_code in refused, cell
                transaction.set_rollback(True)


@pytest.mark.parametrize("role", ["nobody", *GROUPS])
def test_it_shows_each_role_what_it_may_see(draft, role):
    client = signed_in(person("我", role))
    seen = client.get(page(draft)).status_code
    assert seen == (200 if "view_achievement" in GROUPS.get(role, ()) else 403)
    assert client.get(f"{LIST}{draft.pk}/move/").status_code == 405
    assert Client().post(f"{LIST}{draft.pk}/move/", {"kind": "publish"}).status_code == 302

"""Accounts and groups: nobody gives what they may not do themselves, by whatever way."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from .helpers.browser import form_data

pytestmark = pytest.mark.django_db

USERS, GROUPS = "/admin/auth/user/", "/admin/auth/group/"
NEW = {"password1": "院落夜话-2026", "password2": "院落夜话-2026", "usable_password": "true"}


def account(name, *groups, **who):
    user = User.objects.create_user(name, password="夜话-2015", is_staff=True, **who)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def permission(codename):
    return Permission.objects.get(codename=codename)


@pytest.fixture
def administrator(db):
    return account("沈慧", "administrator")


@pytest.fixture
def client(administrator):
    client = Client()
    client.force_login(administrator)
    return client


def send(client, address, form_id="user_form", **changes):
    """Whether it was taken, of a form as it is shown with these changes."""
    page = client.get(address)
    sent = form_data(page, form_id) if page.status_code == 200 else {}
    return client.post(address, sent | changes).status_code == 302


def test_an_administrator_keeps_the_accounts_of_others(client):
    assert send(client, f"{USERS}add/", username="王芳", **NEW)
    made = User.objects.get(username="王芳")
    # Ticked from the beginning: else nobody can sign in.
    assert made.is_staff
    page, editors = f"{USERS}{made.pk}/change/", Group.objects.get(name="editor")
    assert send(client, page, groups=[editors.pk], last_name="王")
    assert send(client, page, user_permissions=[permission("publish_achievement").pk])
    made.refresh_from_db()
    assert (made.is_staff, made.last_name) == (True, "王")
    assert made.has_perm("governance.change_achievement")
    assert made.has_perm("governance.publish_achievement")
    again = {"password1": "夜话-2027-夏", "password2": "夜话-2027-夏", "set-password": "1"}
    assert client.post(f"{USERS}{made.pk}/password/", NEW | again).status_code == 302
    assert authenticate(None, username="王芳", password="夜话-2027-夏") == made
    assert send(client, page, is_active="")


def test_nobody_makes_a_superuser_but_one(client, administrator):
    other = account("王芳", "editor")
    for user in (administrator, other):
        assert send(client, f"{USERS}{user.pk}/change/", is_superuser="on", last_name="改")
        user.refresh_from_db()
        assert (user.is_superuser, user.last_name) == (False, "改")
    assert send(client, f"{USERS}add/", username="李", is_superuser="on", **NEW)
    assert not User.objects.get(username="李").is_superuser


def test_an_account_that_is_no_member_of_staff_can_be_made(client):
    assert send(client, f"{USERS}add/", username="王芳", is_staff=[], **NEW)
    assert not User.objects.get(username="王芳").is_staff


def test_a_superuser_makes_one(client, staff):
    client.force_login(staff)
    other = account("王芳", "editor")
    assert send(client, f"{USERS}{other.pk}/change/", is_superuser="on")
    other.refresh_from_db()
    assert other.is_superuser


ABOVE = {
    "a superuser": {"is_superuser": True},
    "one who is inactive": {"is_superuser": True, "is_active": False},
    "somebody with one permission more": {},
    "one of those who is inactive": {"is_active": False},
    "a member of a group with one more": {},
}


@pytest.mark.parametrize("who", ABOVE)
def test_an_account_that_may_do_more_is_left_alone(client, who):
    above = account("韩梅", "viewer", **ABOVE[who])
    if who.startswith("a member"):
        more = Group.objects.create(name="主管")
        more.permissions.add(permission("delete_user"))
        above.groups.add(more)
    elif not above.is_superuser:
        above.user_permissions.add(permission("delete_user"))
    page, before = f"{USERS}{above.pk}/", above.password
    assert client.get(f"{page}change/").status_code == 200
    assert client.get(f"{page}password/").status_code == 403
    for address in (f"{page}change/", f"{page}password/"):
        sent = {"username": "x", "is_active": "on", "is_staff": "on", "set-password": "1", **NEW}
        assert client.post(address, sent).status_code == 403
    above.refresh_from_db()
    assert (above.username, above.password) == ("韩梅", before)
    assert above.is_active == ABOVE[who].get("is_active", True)


@pytest.mark.parametrize("whose", ["their own", "another's"])
def test_nobody_gives_a_permission_that_they_lack(client, administrator, whose):
    user = administrator if whose == "their own" else account("王芳", "editor")
    page, more = f"{USERS}{user.pk}/change/", Group.objects.create(name="主管")
    more.permissions.add(permission("delete_user"))
    before = set(user.get_all_permissions())
    assert not send(client, page, user_permissions=[permission("delete_user").pk])
    assert not send(client, page, groups=[more.pk])
    assert set(User.objects.get(pk=user.pk).get_all_permissions()) == before


def test_no_group_gets_one_either(client):
    lacked, own = permission("delete_user"), permission("view_load")
    editors, more = Group.objects.get(name="editor"), Group.objects.create(name="主管")
    more.permissions.add(lacked)
    assert not send(client, f"{GROUPS}{editors.pk}/change/", "group_form", permissions=[lacked.pk])
    assert not send(client, f"{GROUPS}add/", "group_form", name="新组", permissions=[lacked.pk])
    assert client.post(f"{GROUPS}{more.pk}/change/", {"name": "改"}).status_code == 403
    assert send(client, f"{GROUPS}add/", "group_form", name="新组", permissions=[own.pk])
    assert set(Group.objects.get(name="新组").permissions.all()) == {own}
    assert set(more.permissions.all()) == {lacked}


def test_the_second_factor_of_who_may_do_more_is_left_alone(client, administrator, staff):
    administrator.user_permissions.set(
        Permission.objects.filter(codename__in=["view_authenticator", "delete_authenticator"])
    )
    other = account("王芳", "editor")
    for user in (staff, other):
        TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    address = "/admin/mfa/authenticator/"
    theirs = Authenticator.objects.get(user=staff)
    assert client.post(f"{address}{theirs.pk}/delete/", {"post": "yes"}).status_code == 403
    keys = [*Authenticator.objects.values_list("pk", flat=True)]
    many = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    assert client.post(address, many).status_code in (200, 403)
    assert Authenticator.objects.count() == 2
    own = Authenticator.objects.get(user=other)
    assert client.post(f"{address}{own.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Authenticator.objects.get() == theirs

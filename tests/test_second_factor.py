"""Codes beside the password: set up, asked for, required, lost."""

import re
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from governance.accounts import signing_in
from governance.accounts.adapters import CodeAtSignIn

from .helpers.pages import Page

pytestmark = pytest.mark.django_db
PASSWORD = "夜话-2015"
ACCOUNT = "/admin/account/2fa/"
SETUP, CODES = f"{ACCOUNT}totp/activate/", f"{ACCOUNT}recovery-codes/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def moment(monkeypatch):
    """The second at which apps and site are; it does not pass, so that no code ends within a test."""
    now = float(int(time.time()))
    still = SimpleNamespace(time=lambda: now)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", still)
    monkeypatch.setattr("governance.accounts.adapters.time", still)
    cache.clear()
    return now


def shown(moment, secret=SECRET):
    """What an app shows."""
    return format_hotp_value(hotp_value(secret, int(moment) // 30))


@pytest.fixture
def app(staff, moment):
    """The staff member has an app; what it shows."""
    TOTP.activate(staff, SECRET)
    return shown(moment)


def log_in(client, name="staff", password=PASSWORD, path="/admin/login/", **asked):
    return client.post(path, {"login": name, "password": password}, **asked)


def say_code(client, code, **asked):
    return client.post(f"{ACCOUNT}authenticate/", {"code": code}, **asked)


def test_it_is_set_up_with_an_app_and_gives_codes_to_print(client, staff, moment):
    log_in(client)
    # The password once more, since somebody may have left a browser open.
    asked = client.get(SETUP)
    assert asked["Location"].startswith("/admin/account/reauthenticate/?next=")
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == SETUP
    page = Page(client, SETUP)
    assert "<svg" in page.html
    assert "data:" not in page.html
    secret = re.search("<code>([A-Z2-7]{32})</code>", page.html)[1]
    assert client.post(SETUP, {"code": "000000"}).status_code == 200
    assert client.post(SETUP, {"code": shown(moment, secret)})["Location"] == CODES
    printed = re.findall(r"\b\d{8}\b", Page(client, CODES).html)
    assert len(set(printed)) == 10
    page = Page(client, CODES)
    assert "10 个还没有用过（共 10 个）" in page.html
    assert ("回后台首页", "/admin/") in page.links
    text = client.get(f"{CODES}download/")
    assert text["Content-Type"].startswith("text/plain")
    assert all(code in text.content.decode() for code in printed)
    # From now on it is asked for.
    other = Client()
    assert log_in(other)["Location"].startswith(f"{ACCOUNT}authenticate/")
    assert other.get("/admin/").status_code == 302
    assert say_code(other, printed[0]).status_code == 302
    assert other.get("/admin/").status_code == 200
    # Each code on paper once.
    third = Client()
    log_in(third)
    assert "这个代码不对，或已用过。" in say_code(third, printed[0]).content.decode()
    assert third.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", ("手机上的身份验证器应用", "恢复代码（8 位数字", "超级用户")),
        ("/en", ("the authenticator app", "a recovery code (8 digits", "a superuser")),
    ],
)
def test_it_says_which_app_and_what_to_do_without_it(client, app, prefix, words):
    log_in(client, path=f"{prefix}/admin/login/")
    page = Page(client, f"{prefix}{ACCOUNT}authenticate/").html
    assert [one for one in words if one not in page] == []


def test_it_lets_in_by_password_and_code(client, app):
    assert log_in(client, path="/admin/login/?next=/admin/governance/region/").status_code == 302
    assert client.get("/admin/").status_code == 302
    assert say_code(client, "123456" if app != "123456" else "654321").status_code == 200
    assert say_code(client, app).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_it_lets_nobody_in_by_the_code_alone(client, app):
    assert say_code(client, app)["Location"].startswith("/admin/login/")
    assert client.get("/admin/").status_code == 302


def test_it_takes_the_code_of_an_app_once(client, app, moment):
    log_in(client)
    Authenticator.objects.update(last_used_at=datetime.fromtimestamp(moment, UTC))
    assert say_code(client, app).status_code == 200
    Authenticator.objects.update(last_used_at=datetime.fromtimestamp(moment - 30, UTC))
    cache.clear()
    assert say_code(client, app).status_code == 302


def test_of_two_at_once_with_one_code_it_lets_in_one(app, staff, rf):
    paper = RecoveryCodes.activate(staff).generate_codes()
    with context.request_context(rf.post("/")):
        for code in (app, paper[0]):
            both = [CodeAtSignIn({"code": code}, user=staff) for _ in range(2)]
            let_in = []
            for form in both:
                # Each in a worker of its own.
                cache.clear()
                let_in.append(form.is_valid())
            assert let_in == [True, False]


def test_it_lets_wait_who_guesses_codes_from_wherever(app):
    tried = []
    for number in range(6):
        client, address = Client(), f"203.0.113.{number}"
        log_in(client, REMOTE_ADDR=address)
        tried.append(say_code(client, "x", REMOTE_ADDR=address).status_code)
    assert tried == [200] * 5 + [429]


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def person(*permissions):
    """A client of somebody on the staff with these permissions."""
    user = get_user_model().objects.create_user("somebody", password=PASSWORD, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    assert log_in(client, "somebody").status_code == 302
    return client


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_publishes_sets_it_up_first_where_it_is_required(required, prefix):
    client = person("publish_achievement", "view_achievement")
    for page in ("", "governance/achievement/", "password_change/"):
        for answer in (client.get(f"{prefix}/admin/{page}"), client.post(f"{prefix}/admin/{page}")):
            assert answer["Location"] == prefix + SETUP
    assert client.post(f"{prefix}/admin/logout/").status_code == 200


def test_who_does_not_publish_needs_none(required):
    assert person("change_achievement").get("/admin/").status_code == 200


def test_nobody_needs_it_unless_a_setting_says_so():
    assert person("publish_achievement").get("/admin/").status_code == 200


def test_it_cannot_be_switched_off_where_it_is_required(client, app, required):
    log_in(client)
    say_code(client, app)
    assert client.get("/admin/").status_code == 200
    client.post("/admin/account/reauthenticate/", {"password": PASSWORD})
    switched = client.post(f"{ACCOUNT}totp/deactivate/")
    assert switched.status_code == 200
    assert Authenticator.objects.exists()


def test_an_administrator_takes_away_what_somebody_lost_and_sees_no_secret(staff_client, app):
    listed = staff_client.get("/admin/mfa/authenticator/")
    assert listed.status_code == 200
    words = listed.content.decode()
    assert all(one in words for one in ("验证方式", "账号", "最近使用"))
    assert "uthenticators" not in re.sub("<[^>]*>", "", words)
    lost = Authenticator.objects.get()
    page = staff_client.get(f"/admin/mfa/authenticator/{lost.pk}/change/").content.decode()
    assert SECRET not in page + listed.content.decode()
    # Nor letter by letter.
    guess = {"data__secret__startswith": SECRET[0]}
    assert staff_client.get("/admin/mfa/authenticator/", guess).status_code == 400
    assert staff_client.get("/admin/mfa/authenticator/add/").status_code == 403
    gone = staff_client.post(f"/admin/mfa/authenticator/{lost.pk}/delete/", {"post": "yes"})
    assert gone.status_code == 302
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "name", ["account_signup", "account_reset_password", "account_email", "account_login_code"]
)
def test_there_is_no_other_way_in(client, name):
    with pytest.raises(NoReverseMatch):
        reverse(name)
    for page in ("signup", "password/reset", "email", "login/code"):
        assert client.get(f"/admin/account/{page}/").status_code in (302, 404)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", "http://["],
)
def test_it_leads_to_no_other_site(client, staff, target):
    path = f"/admin/login/?next={target}"
    assert log_in(client, path=path)["Location"] == "/admin/"
    # Nor where one is signed in already.
    assert client.get(path)["Location"] == "/admin/"


def test_it_leads_where_one_wanted_to_go(client, staff):
    wanted = "/en/admin/governance/region/?q=太仓"
    asked = client.get(wanted)
    assert asked["Location"].startswith("/en/admin/login/?next=")
    assert log_in(client, path=asked["Location"])["Location"].startswith("/en/admin/governance/")


def test_a_session_lasts_a_working_day(client, staff):
    log_in(client)
    assert client.session.get_expiry_age() == 10 * 60 * 60
    assert client.cookies["sessionid"]["max-age"] == 10 * 60 * 60


def test_sign_ins_and_failures_are_logged(client, app, caplog, settings):
    caplog.set_level("INFO", "governance.accounts")
    settings.LOG_ADDRESSES = True
    log_in(client, password="不对", REMOTE_ADDR="192.0.2.7")
    # Some type their password there.
    log_in(client, name="夜话-2016", password="x")
    log_in(client)
    say_code(client, "x")
    say_code(client, app)
    for _ in range(5):
        log_in(Client(), name="other")
    assert log_in(Client(), name="other").status_code == 429
    records = [record for record in caplog.records if record.name == signing_in.__name__]
    said = [record.getMessage() for record in records]
    assert said[:4] == [
        "wrong password for staff from 192.0.2.7",
        "wrong password for a name that nobody has from 127.0.0.1",
        "wrong code for staff from 127.0.0.1",
        "staff signed in from 127.0.0.1",
    ]
    assert said[-1] == "somebody has to wait for 1 seconds from 127.0.0.1"
    assert "夜话" not in "".join(said)
    settings.LOG_ADDRESSES = False
    log_in(Client(), name="another")
    assert "127.0.0.1" not in caplog.text.splitlines()[-1]
    assert all(record.request.id for record in records)


@pytest.mark.parametrize(("prefix", "words"), [("", "登录"), ("/en", "Sign in")])
def test_its_pages_are_in_both_languages(client, app, prefix, words):
    assert words in Page(client, f"{prefix}/admin/login/").html
    log_in(client)
    say_code(client, app)
    for page in ("account/2fa/", "account/2fa/recovery-codes/generate/", "account/reauthenticate/"):
        answer = client.get(f"{prefix}/admin/{page}", follow=True)
        assert answer.status_code == 200
        assert answer["Content-Language"] == ("en" if prefix else "zh-hans")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_the_admin_leads_there_once(staff_client, prefix):
    html = staff_client.get(f"{prefix}/admin/").content.decode()
    assert html.count(f'href="{prefix}/admin/account/2fa/"') == 1

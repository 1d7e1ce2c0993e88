"""Who is wrong several times waits longer and longer, and nobody else does."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.accounts import signing_in
from governance.models import WrongTries
from showcase.middleware import behind_proxies

pytestmark = pytest.mark.django_db
PASSWORD = "夜话-2015"


@pytest.fixture(autouse=True)
def still(monkeypatch):
    """No time passes but by `later`, however slow the machine is."""
    now = timezone.now()
    monkeypatch.setattr(signing_in, "timezone", SimpleNamespace(now=lambda: now))


def log_in(client=None, name="staff", password="不对", **asked):
    """The answer to a try; without a client, of one who keeps no cookies."""
    fields = {"login": name, "password": password}
    return (client or Client()).post(reverse("admin:login"), fields, **asked)


def later(seconds):
    """So many seconds pass."""
    WrongTries.objects.update(tried_at=F("tried_at") - timedelta(seconds=seconds))


def test_it_lets_wait_who_is_wrong_five_times_each_time_twice_as_long(staff):
    assert [log_in().status_code for _ in range(5)] == [200] * 5
    waits = []
    for _ in range(4):
        waiting = log_in(password=PASSWORD)
        assert waiting.status_code == 429
        waits.append(int(waiting["Retry-After"]))
        later(waits[-1])
        assert log_in().status_code == 200
    assert waits == [1, 2, 4, 8]
    later(16)
    assert log_in(password=PASSWORD).status_code == 302
    assert not WrongTries.objects.exclude(count=0).exists()


def test_it_says_for_how_long(staff):
    for _ in range(6):
        said = log_in().content.decode()
    assert "请在 1 秒后再试" in said
    english = Client().post("/en/admin/login/", {"login": "staff", "password": "x"})
    assert "try again in 1 second." in english.content.decode()


def test_it_lets_nobody_wait_for_more_than_a_quarter_of_an_hour(staff):
    log_in()
    WrongTries.objects.update(count=10_000)
    assert log_in()["Retry-After"] == "900"
    later(900)
    assert log_in().status_code == 200


def test_it_counts_nobody_who_has_to_wait(staff):
    for _ in range(50):
        log_in()
    assert {row.count for row in WrongTries.objects.all()} == {5}


def test_it_forgets_after_a_day(staff):
    for _ in range(6):
        log_in()
    later(24 * 60 * 60 + 1)
    assert log_in(name="other").status_code == 200
    assert {row.count for row in WrongTries.objects.all()} == {1}


def test_it_forgets_the_wrong_passwords_before_a_right_one(staff):
    for _day in range(3):
        for _ in range(4):
            log_in()
        assert log_in(password=PASSWORD).status_code == 302


def test_it_does_not_let_the_owner_wait_for_a_thousand_wrong_tries_from_elsewhere(staff, rf):
    for number in range(1000):
        asked = rf.get("/", REMOTE_ADDR=f"203.0.113.{number % 200}")
        signing_in.count_try(signing_in.counted_by(asked, "staff"))
    assert log_in(REMOTE_ADDR="203.0.113.7", password=PASSWORD).status_code == 429
    assert log_in(REMOTE_ADDR="192.0.2.7", password=PASSWORD).status_code == 302


def test_it_slows_one_password_that_is_tried_on_thirty_names(db):
    for number in range(30):
        get_user_model().objects.create_user(f"curator-{number}", password=PASSWORD, is_staff=True)
    tried = [log_in(name=f"curator-{number}").status_code for number in range(30)]
    assert tried == [200] * 9 + [429] * 21
    # Another's success from there counts for its own tries alone.
    later(1)
    assert log_in(name="curator-29", password=PASSWORD).status_code == 302
    assert log_in(name="curator-28").status_code == 429


def test_it_knows_one_network_of_ipv6_for_one_address(staff):
    tried = [
        log_in(name=f"someone-{number}", REMOTE_ADDR=f"2001:db8:1:1::{number}").status_code
        for number in range(10)
    ]
    assert tried[-1] == 429
    assert log_in(REMOTE_ADDR="2001:db8:1:2::1").status_code == 200


def test_a_browser_that_has_signed_in_before_counts_by_itself(client, staff):
    assert log_in(client, password=PASSWORD).status_code == 302
    client.post(reverse("admin:logout"))
    # All others at its address, this name among those they try, have to wait.
    for number in range(20):
        log_in(name=f"someone-{number}")
        log_in()
    assert log_in(password=PASSWORD).status_code == 429
    assert log_in(client, password=PASSWORD).status_code == 302
    client.post(reverse("admin:logout"))
    assert [log_in(client).status_code for _ in range(6)] == [200] * 5 + [429]


def test_it_is_known_for_the_name_that_it_signed_in_with_alone(client, staff):
    log_in(client, password=PASSWORD)
    client.post(reverse("admin:logout"))
    tried = [log_in(client, name=f"someone-{number}").status_code for number in range(10)]
    assert tried[-1] == 429


def test_nobody_makes_the_cookie_of_a_known_browser(client, staff):
    log_in(client, password=PASSWORD)
    cookie = client.cookies[signing_in.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    other = Client()
    other.cookies[signing_in.COOKIE] = cookie.value[:-1] + ("a" if cookie.value[-1] != "a" else "b")
    assert [log_in(other).status_code for _ in range(10)][-1] == 429
    assert log_in(password=PASSWORD).status_code == 429


def test_a_name_is_the_same_in_every_width_and_case(staff):
    names = ["staff", "STAFF", "ｓｔａｆｆ", "Staff", "sTaff", "stafF"]
    assert [log_in(name=name).status_code for name in names][-1] == 429


def test_it_lets_in_staff_alone_and_only_for_as_long_as_they_are(client, staff):
    user = get_user_model().objects.create_user("reader", password=PASSWORD)
    assert log_in(name="reader", password=PASSWORD).status_code == 200
    user.is_staff = True
    user.save()
    assert log_in(client, name="reader", password=PASSWORD).status_code == 302
    assert client.get("/admin/").status_code == 200
    user.is_staff = False
    user.save()
    assert client.get("/admin/").status_code == 302


def change_password(client, old, new="院落夜话-2026"):
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/admin/password_change/", fields)


def test_it_slows_who_guesses_the_old_password_in_a_browser_that_was_left_open(staff_client):
    # After the first, the browser counts by itself.
    assert [change_password(staff_client, "不对").status_code for _ in range(6)] == [200] * 6
    assert change_password(staff_client, PASSWORD).status_code == 429
    later(1)
    assert change_password(staff_client, PASSWORD)["Location"] == "/admin/password_change/done/"
    assert log_in(password="院落夜话-2026").status_code == 302


def test_a_stranger_has_no_password_to_change(db):
    assert change_password(Client(), PASSWORD)["Location"].startswith("/admin/login/")


def test_a_new_password_ends_all_other_sessions_of_its_owner(client, staff):
    other = Client()
    for one in (client, other):
        assert log_in(one, password=PASSWORD).status_code == 302
    assert change_password(client, PASSWORD).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_signing_in_takes_no_session_that_was_there_before(client, staff):
    # As somebody else could have planted it in the browser.
    before = client.session
    before["planted"] = "yes"
    before.save()
    client.cookies["sessionid"] = before.session_key
    assert log_in(client, password=PASSWORD).status_code == 302
    assert client.session.session_key != before.session_key
    stolen = Client()
    stolen.cookies["sessionid"] = before.session_key
    assert stolen.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("sender", "said", "address"),
    [
        ("127.0.0.1", "203.0.113.5, 192.0.2.7", "192.0.2.7"),
        ("::1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "203.0.113.5, 127.0.0.1", "203.0.113.5"),
        ("127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:127.0.0.1", "192.0.2.7", "192.0.2.7"),
        # Nobody else is believed, nor what is no address.
        ("198.51.100.1", "192.0.2.7", "198.51.100.1"),
        ("::ffff:198.51.100.1", "192.0.2.7", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.7, unknown", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "192.0.2.7", ""),
    ],
)
def test_it_believes_the_proxies_that_it_is_told_of(rf, sender, said, address):
    answer = behind_proxies(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))
    asked = rf.get("/", REMOTE_ADDR=sender, HTTP_X_FORWARDED_FOR=said)
    assert answer(asked).content.decode() == address


def test_it_counts_by_the_address_behind_the_proxy(staff):
    for _ in range(6):
        last = log_in(HTTP_X_FORWARDED_FOR="192.0.2.7")
    assert last.status_code == 429
    assert log_in(HTTP_X_FORWARDED_FOR="192.0.2.8").status_code == 200
    # Nor does it help to make one up.
    assert log_in(HTTP_X_FORWARDED_FOR="192.0.2.9, 192.0.2.7").status_code == 429

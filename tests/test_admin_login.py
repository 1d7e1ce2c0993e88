from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from showcase.middleware import STAFF_SENDING, STRANGERS_SENDING

PASSWORD = "夜话-2015"


def log_in(client, username="staff", password="不对", **extra):
    return client.post(
        reverse("admin:login"), {"username": username, "password": password}, **extra
    )


@pytest.fixture
def guessed(client, staff):
    """Somebody has guessed ten times."""
    for _guess in range(9):
        assert log_in(client).status_code == 200
    return log_in(client)


def test_it_makes_who_guesses_wait(client, guessed):
    assert guessed.status_code == 429
    assert "连续错了 10 次。请在 15 分钟后再试。" in guessed.content.decode()
    assert log_in(client, password=PASSWORD).status_code == 429


def test_it_lets_others_in_meanwhile(client, guessed):
    assert log_in(client, username="other").status_code == 200
    assert log_in(client, password=PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_it_lets_staff_in_a_quarter_of_an_hour_later(client, guessed):
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert log_in(client, password=PASSWORD).status_code == 302


def test_it_forgets_the_wrong_passwords_before_a_right_one(client, staff):
    for _day in range(3):
        for _guess in range(9):
            log_in(client)
        assert log_in(client, password=PASSWORD).status_code == 302
        client.post(reverse("admin:logout"))


@pytest.mark.parametrize("page", ["login", "governance_achievement_add"])
def test_it_reads_no_large_body_of_a_stranger(client, db, page):
    fields = {"username": "staff", "file": SimpleUploadedFile("a.bin", b"0" * 70_000)}
    response = client.post(reverse(f"admin:{page}"), fields)
    assert response.status_code == 413
    assert "超过 64 KB" in response.content.decode()


def test_it_lets_strangers_send_only_one_at_a_time(staff_client):
    address = reverse("admin:governance_achievement_add")
    with STRANGERS_SENDING:
        assert staff_client.post(address).status_code == 200
        response = Client().post("/en/admin/login/")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert "Please try again" in response.content.decode()
    assert log_in(Client()).status_code == 200
    with STAFF_SENDING, STAFF_SENDING:
        assert staff_client.post(address).status_code == 503
        assert log_in(Client()).status_code == 200
    assert staff_client.post(address).status_code == 200


def test_it_reads_a_large_body_of_staff_up_to_a_limit(staff_client):
    address = reverse("admin:governance_achievement_add")
    fields = {"file": SimpleUploadedFile("a.bin", b"0" * 70_000)}
    assert staff_client.post(address, fields).status_code == 200
    response = staff_client.generic("POST", address, b"0", CONTENT_LENGTH=(128 << 20) + 1)
    assert response.status_code == 413

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from showcase.middleware import STAFF_SENDING, STRANGERS_SENDING


def log_in(client, username="staff", password="不对", **extra):
    return client.post(reverse("admin:login"), {"login": username, "password": password}, **extra)


@pytest.mark.parametrize("page", ["login", "governance_achievement_add"])
def test_it_reads_no_large_body_of_a_stranger(client, db, page):
    fields = {"login": "staff", "file": SimpleUploadedFile("a.bin", b"0" * 70_000)}
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

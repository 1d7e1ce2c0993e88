"""Two who write at once: the one who has to yield is told so, and can send the change again."""

from threading import Thread

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from governance.admin.achievement import AchievementAdmin
from governance.models import Achievement

from .helpers.browser import send


@pytest.fixture
def refusal(db):
    """What the database raises in a thread that wants what this test's transaction holds."""
    Achievement.objects.filter(code="2015-w01").update(short_name="政社互动")
    refusals = []

    def write():
        impatient = {
            "sqlite": "PRAGMA busy_timeout = 0",
            "postgresql": "SET lock_timeout = '10ms'",
        }
        try:
            with connection.cursor() as cursor:
                cursor.execute(impatient[connection.vendor])
            with transaction.atomic():
                Achievement.objects.filter(code="2015-w01").update(short_name="互动")
        except OperationalError as error:
            refusals.append(error)
        finally:
            connection.close()

    thread = Thread(target=write)
    thread.start()
    thread.join()
    return refusals.pop()


def failing(error):
    def save_model(self, request, obj, form, change):
        obj.save()
        raise error

    return save_model


def test_it_says_that_nothing_was_saved(staff_client, draft, refusal, monkeypatch):
    address = reverse("admin:governance_achievement_change", args=[draft.pk])
    with monkeypatch.context() as busy:
        busy.setattr(AchievementAdmin, "save_model", failing(refusal))
        response = send(staff_client, address, "achievement_form", short_name="夜话")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "这次改动没有保存" in response.content.decode()
    draft.refresh_from_db()
    assert draft.short_name == "院落夜话"
    assert send(staff_client, address, "achievement_form", short_name="夜话").status_code == 302


def test_it_does_not_call_another_failure_busy(staff_client, draft, monkeypatch):
    monkeypatch.setattr(AchievementAdmin, "save_model", failing(OperationalError("disk is full")))
    address = reverse("admin:governance_achievement_change", args=[draft.pk])
    with pytest.raises(OperationalError, match="full"):
        send(staff_client, address, "achievement_form", short_name="夜话")


def test_it_lets_staff_in_again_later_too(client, refusal, monkeypatch):
    get_user_model().objects.create_superuser("staff", password="夜话-2015")
    fields = {"login": "staff", "password": "夜话-2015"}

    def refuse(*args, **kwargs):
        raise refusal

    with monkeypatch.context() as busy:
        busy.setattr(get_user_model(), "save", refuse)
        assert client.post(reverse("admin:login"), fields).status_code == 503
    assert client.post(reverse("admin:login"), fields).status_code == 302

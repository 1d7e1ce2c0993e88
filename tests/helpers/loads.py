"""Ways to load an award year in the admin, for its tests."""

import re

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from governance.models import Achievement, Load, LoadState

from .browser import form_data
from .new_year import ANNOUNCEMENT

ADD = "/admin/governance/load/add/"
LIST = "/admin/governance/load/"


def upload(client, text=ANNOUNCEMENT, year=2016, **fields):
    """The load's page after an upload."""
    response = client.post(ADD, {"text": text, "year": year or "", **fields}, follow=True)
    assert response.status_code == 200
    return response


def file(content, name):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def newest():
    return Load.objects.first()


def address(load=None, view="change"):
    return reverse(f"admin:governance_load_{view}", args=[(load or newest()).pk])


def choose(client, page=1, **changes):
    """Sends the form of choices as a browser would; `load="1"` is the other button."""
    url = f"{address()}?page={page}"
    return client.post(url, form_data(client.get(url), "choices_form") | changes, follow=True)


def load_year(client, text=ANNOUNCEMENT, **changes):
    upload(client, text)
    response = choose(client, load="1", **changes)
    assert newest().state == LoadState.LOADED, said(response)
    return response


def said(response):
    """The words of a page, without tags and doubled blanks."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def card(response, code):
    """The words of an entry's card."""
    (html,) = re.findall(rf'<article[^>]*id="{code}".*?</article>', response.content.decode(), re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def staff_with(*codenames):
    user = get_user_model().objects.create_user("clerk", password="夜话-2015", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def raising(error):
    def function(*args, **kwargs):
        raise error

    return function


def edit_title(client, code, title):
    """As staff do in the admin: a title that is not the announcement's has no place in it."""
    entry = Achievement.objects.get(code=code)
    url = reverse("admin:governance_achievement_change", args=[entry.pk])
    fields = form_data(client.get(url), "achievement_form")
    response = client.post(url, fields | {"title": title, "title_offset": ""})
    assert response.status_code == 302


class Inline:
    """A thread that has done its work when it is started: in the test's own transaction."""

    def __init__(self, target, args, daemon):
        self.start = lambda: target(*args)

    def join(self, timeout):
        """There is nothing to wait for."""


class Kept:
    """The test's connection, which the work must not close."""

    def close_all(self):
        """A thread closes what it opened; this one opened nothing."""

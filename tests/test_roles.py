"""Who gets where in the admin, and that whoever is refused has changed nothing."""

import hashlib
import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import serializers
from django.test import Client

from governance.models import Achievement, Load

from .helpers.browser import form_data

pytestmark = pytest.mark.django_db


def addresses(rows):
    """Every address of the admin: {address: model or None}; `rows` has a primary key for each model."""
    found = {}
    for pattern in admin.site.get_urls():
        route = str(pattern.pattern)
        if not hasattr(pattern, "url_patterns"):
            if "(?P" in route:
                # Leads to the page of an app, and catches what is unknown.
                continue
            route = route.replace("<path:content_type_id>", "1").replace("<path:object_id>", "1")
            route = route.replace("<int:content_type_id>", "1")
            found[f"/admin/{route}"] = None
        else:
            label, name, _ = route.split("/")
            model = apps.get_model(label, name)
            for inner in pattern.url_patterns:
                filled = re.sub(r"<\w+:\w+>|<\w+>", str(rows.get(model, 1)), str(inner.pattern))
                if "(?P" not in filled:
                    found[f"/admin/{route}{filled}"] = model
    return found


@pytest.fixture
def rows(draft, staff):
    """{model: primary key of one of its rows}, where there is one."""
    Load.objects.create(name="2016.yaml", content=b"[]", by=staff)
    first = {model: model.objects.order_by("-pk").first() for model in admin.site._registry}
    return {model: row.pk for model, row in first.items() if row}


def somebody(permissions="", **who):
    """A client of a person with these permissions."""
    user = get_user_model().objects.create_user("somebody", password="夜话-2015", **who)
    if permissions:
        user.user_permissions.set(Permission.objects.filter(codename__regex=permissions))
    client = Client()
    client.force_login(user)
    return client


def state():
    """Changes with whatever a person could change: the record, and who may do what."""
    digest = hashlib.sha256()
    for app in ("governance", "auth"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__ not in ("Region", "WrongTries", "Permission"):
                rows = model.objects.order_by("pk").iterator()
                digest.update(serializers.serialize("json", rows).encode())
    return digest.hexdigest()


def what_to_send(staff_client, address):
    """What a form at an address would send for somebody who may send it; for most, nothing much."""
    fields = {"action": "publish", "_selected_action": "1", "post": "yes", "reason": "重复"}
    fields["kind"] = "submit"
    page = staff_client.get(address)
    html = "" if page.streaming else page.content.decode(errors="replace")
    form = re.search(r'<form[^>]*id="(\w+_form)"', html)
    if page.status_code == 200 and form:
        fields |= form_data(page, form[1])
    return fields | {
        "title": "改了",
        "name": "改了",
        "username": "改了",
        "login": "改了",
        "password": "改了",
    }


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_it_shows_the_sign_in_to_whoever_is_no_staff(staff_client, rows, who):
    client = Client() if who == "stranger" else somebody("governance|publish")
    sent = {address: what_to_send(staff_client, address) for address in addresses(rows)}
    before = state()
    for address in addresses(rows):
        for answer in (client.get(address), client.post(address, sent[address])):
            if address in ("/admin/login/", "/admin/logout/"):
                assert answer.status_code in (200, 302, 405)
            else:
                assert answer.status_code == 302, address
                assert answer["Location"] == f"/admin/login/?next={address}"
    assert state() == before


def test_it_shows_nothing_to_staff_without_permissions(staff_client, rows):
    client = somebody(is_staff=True)
    sent = {address: what_to_send(staff_client, address) for address in addresses(rows)}
    before = state()
    for address, model in addresses(rows).items():
        if model is None:
            continue
        for answer in (client.get(address), client.post(address, sent[address])):
            # Parts lead to the page of their achievement, which is refused.
            assert answer.status_code in (400, 403, 302, 404, 405), (address, answer.status_code)
            if answer.status_code == 302:
                assert client.get(answer["Location"], follow=True).status_code in (200, 403), (
                    address
                )
            assert answer.streaming or "院落夜话" not in answer.content.decode()
    assert state() == before


def test_it_lets_nobody_change_who_may_only_look(staff_client, rows):
    client = somebody(r"^view_", is_staff=True)
    sent = {address: what_to_send(staff_client, address) for address in addresses(rows)}
    before = state()
    seen = 0
    for address, model in addresses(rows).items():
        if model is not None:
            seen += client.get(address).status_code == 200
            answer = client.post(address, sent[address])
            assert answer.status_code in (200, 302, 400, 403, 404, 405), (
                address,
                answer.status_code,
            )
    assert seen > 30
    assert state() == before


def test_a_superuser_changes_something_by_the_same(staff_client, rows):
    """What is sent above would do something."""
    before = state()
    for address, model in addresses(rows).items():
        if model is Achievement and address.endswith(("/change/", "/move/")):
            staff_client.post(address, what_to_send(staff_client, address))
    assert state() != before


def test_every_page_of_the_public_is_the_same_for_everybody(staff_client, draft):
    for address in ("/", "/achievements/", "/achievements/2015-w01/", "/api/achievements/", "/oai"):
        assert Client().get(address).content == staff_client.get(address).content, address

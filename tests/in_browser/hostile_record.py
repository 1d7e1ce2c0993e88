"""Puts something hostile into every text field of a site's record: `python -m tests.in_browser.hostile_record`.

Behind every check, as an attack of tomorrow may find a way. Prints the session key of a superuser.
"""

import os
from itertools import cycle

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
django.setup()

from django.apps import apps  # noqa: E402  # Django has to be ready before
from django.contrib.auth import get_user_model  # noqa: E402  # the same
from django.db import models  # noqa: E402  # the same
from django.test import Client  # noqa: E402  # the same

from governance import index  # noqa: E402  # the same
from governance.models import (  # noqa: E402  # the same
    ErrorReport,
    Evidence,
)
from governance.models.fields import KeyField  # noqa: E402  # the same

from ..helpers.hostile import FORMULAS, SCRIPTS  # noqa: E402  # the same

# Keys and what is derived: addresses are made of them, and the database or a rule of ours keeps them.
KEYS = {"slug", "digest", "sender", "example_code", "scope", "key", "source_url"}
DERIVED = {"IndexEntry", "IndexList", "IndexState", "Posting", "LoadPart", "Address", "WrongTries"}


def texts_of(model):
    """Its fields that hold free text, with the most characters of each."""
    for field in model._meta.fields:
        text = isinstance(field, models.CharField | models.TextField)
        if (
            text
            and not field.choices
            and not isinstance(field, KeyField)
            and field.name not in KEYS
        ):
            yield field.name, field.max_length


def main():
    staff = get_user_model().objects.create_superuser(
        f"staff{SCRIPTS[0][:100]}", first_name=SCRIPTS[3], last_name=SCRIPTS[1]
    )
    ErrorReport.objects.create(code="2015-w01", text="x", contact="x", note="x")
    payload = cycle([*SCRIPTS, *FORMULAS])
    for model in apps.get_app_config("governance").get_models():
        if model.__name__ not in DERIVED:
            for row in model.objects.order_by("pk")[:60]:
                spoil(row, payload)
    # Evidence stays in the text, so that it is marked there.
    for evidence in Evidence.objects.select_related("coding__achievement"):
        text = getattr(evidence.coding.achievement, evidence.field)
        start, end = evidence.pk % 3, evidence.pk % 3 + 9
        Evidence.objects.filter(pk=evidence.pk).update(
            start=start,
            end=end,
            text=text[start:end],
            field_en="",
            start_en=None,
            end_en=None,
            text_en="",
        )
    index.rebuild()
    client = Client()
    client.force_login(staff)
    print(client.session.session_key)


def spoil(row, payload):
    changes = {name: next(payload)[:most] for name, most in texts_of(type(row))}
    # What has to be unique is made so behind the payload.
    for name in changes:
        if type(row)._meta.get_field(name).unique:
            changes[name] = f"{changes[name][:40]}{row.pk}"
    if changes:
        type(row).objects.filter(pk=row.pk).update(**changes)


if __name__ == "__main__":
    main()

"""What staff do while others read: `python -m tests.peers.staff ACT [CODE]`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  # Django has to be ready before

from governance import index, publishing  # noqa: E402  # the same
from governance.models import Achievement  # noqa: E402  # the same

# A part of a harvest has 100 records.
MANY = 120


def prepare():
    """As many further entries as make several parts, and the whole as a package."""
    first = Achievement.objects.get(code="2015-w01")
    more = [copy_of(first, rank) for rank in range(100, 100 + MANY)]
    index.update([entry.pk for entry in Achievement.objects.bulk_create(more)])
    call_command("publish_data", verbosity=0)


def copy_of(entry, rank):
    names = ("award_year", "tier", "summary", "region", "setting")
    values = {name: getattr(entry, name) for name in names}
    title = f"“政社互动”第{rank}例"
    return Achievement(
        code=f"2015-w{rank}", rank=rank, title=title, pinyin=title, status="published", **values
    )


def edit(code):
    entry = Achievement.objects.get(code=code)
    entry.grade = "特等奖"
    entry.save()
    index.update([entry.pk])


def take_back(code):
    publishing.take_back([Achievement.objects.get(code=code).pk], "重复收录")


if __name__ == "__main__":
    {"prepare": prepare, "edit": edit, "take_back": take_back}[sys.argv[1]](*sys.argv[2:])

"""What staff do while others read: `python -m tests.peers.staff ACT [ARGUMENT]`."""

import os
import sys
from itertools import count, islice

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
django.setup()

from governance import index, publishing  # noqa: E402  # Django has to be ready before
from governance.models import Achievement, Coding, Evidence  # noqa: E402  # the same


def add(copies):
    """So many copies of each winner there is, each with its first coding and the words of that."""
    ranks = count(100)
    for entry in list(Achievement.objects.filter(tier="winner")):
        coding = entry.codings.all()[0]
        evidence = coding.evidence.all()[0]
        entries = Achievement.objects.bulk_create(
            copy_of(entry, code=f"{entry.code[:-2]}{rank}", rank=rank)
            for rank in islice(ranks, int(copies))
        )
        codings = Coding.objects.bulk_create(copy_of(coding, achievement=one) for one in entries)
        Evidence.objects.bulk_create(copy_of(evidence, coding=one) for one in codings)
    index.rebuild()


def copy_of(row, **changed):
    names = [field.name for field in row._meta.concrete_fields if not field.primary_key]
    return type(row)(**{name: getattr(row, name) for name in names} | changed)


def edit(code):
    entry = Achievement.objects.get(code=code)
    entry.grade = "特等奖"
    entry.save()
    index.update([entry.pk])


def take_back(code):
    publishing.take_back([Achievement.objects.get(code=code).pk], "重复收录")


if __name__ == "__main__":
    {"add": add, "edit": edit, "take_back": take_back}[sys.argv[1]](*sys.argv[2:])

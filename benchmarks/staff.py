"""What staff ask of the admin: CPU and queries of its lists, searches and pages.

    DATA_DIR=… DJANGO_SETTINGS_MODULE=benchmarks.settings python -m benchmarks.staff

Prints JSON: {question: [CPU milliseconds, queries]}, medians of rounds. On PostgreSQL the server's own
CPU is not in it.
"""

import json
from statistics import median
from urllib.parse import quote

import django

from .cpu import Asker
from .report import table, verdict
from .server import BROWSER

# The most that an answer may cost.
QUERIES, SECONDS = 25, 1
ROUNDS = 3


def tables(said):
    """What main() printed for each size, as Markdown: `said` is {entries: output}."""
    found = {size: json.loads(output) for size, output in said.items()}
    rows = [
        [f"`{question}`", *(_cost(*costs[question]) for costs in found.values())]
        for question in next(iter(found.values()))
    ]
    head = ["CPU, s; queries", *(f"{size:,}" for size in found)]
    return f"What staff ask of the admin:\n\n{table(head, rows)}"


def _cost(milliseconds, queries):
    seconds = verdict(milliseconds / 1000, SECONDS, "{:.2f}")
    return f"{seconds}; {verdict(queries, QUERIES, '{:.0f}')}"


def questions():
    """{name: address}; what is narrowed down is so by what is most frequent."""
    from governance.models import Achievement, AwardYear, Mechanism

    mechanism = _most_frequent(Mechanism, "codings")
    year = _most_frequent(AwardYear, "achievements")
    middle = max(1, min(50, Achievement.objects.count() // 50))
    entries = "/admin/governance/achievement/"
    asked = {
        "list": entries,
        "list, page 50": f"{entries}?p={middle}",
        "list, what is public": f"{entries}?status__exact=published",
        "list, a year": f"{entries}?award_year__id__exact={year}",
        "list, a mechanism": f"{entries}?mechanisms__id__exact={mechanism}",
        "list, English is missing": f"{entries}?lacks=english",
        "list, anything is missing": f"{entries}?lacks=anything",
        "list, to be reviewed": f"{entries}?review=pending",
        "list, by title": f"{entries}?o=2",
        **{word: f"{entries}?q={word}" for word in ("协商", "江苏太仓", "320585", "jiangsu")},
        "nothing like it": f"{entries}?q=潘多拉星",
        "three words of a year": f"{entries}?q=江苏+社区+协商&award_year__id__exact={year}",
        "an entry": f"{entries}{Achievement.objects.order_by('pk')[0].pk}/change/",
        "the most frequent mechanism": f"/admin/governance/mechanism/{mechanism}/change/",
    }
    return {name: quote(address, safe="/?&=+") for name, address in asked.items()}


def _most_frequent(model, rows):
    """The primary key of the row of a model that most `rows` name."""
    from django.db.models import Count

    counted = model.objects.annotate(rows=Count(rows)).order_by("-rows", "pk")
    return counted.values_list("pk", flat=True)[0]


def main():
    from governance.wsgi import application

    ask = Asker(application, headers=BROWSER | {"Cookie": signed_in()})
    print(json.dumps({name: cost(ask, address) for name, address in questions().items()}))


def cost(ask, address):
    """(CPU milliseconds, queries)"""
    from django.db import connection

    asked = []

    def note(execute, sql, *others):
        asked.append(sql)
        return execute(sql, *others)

    # First, so that what it brings into memory is no part of the rounds.
    with connection.execute_wrapper(note):
        ask(address)
    return median(ask(address) for _round in range(ROUNDS)), len(asked)


def signed_in():
    """The cookie of a superuser."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    users, name = get_user_model().objects, "benchmark"
    client = Client()
    client.force_login(users.filter(username=name).first() or users.create_superuser(name))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    django.setup()
    main()

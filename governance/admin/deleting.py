"""What goes with rows that are deleted, and what keeps them."""

from collections import Counter
from typing import NamedTuple

from django.contrib.auth import get_permission_codename
from django.db.models import CASCADE, PROTECT
from django.utils.text import capfirst

# As many of the rows to be deleted are named on the page that asks.
MOST_NAMED = 100


class Hanging(NamedTuple):
    """How many rows of each model go with those that are deleted, and how many of others keep them."""

    going: Counter
    keeping: Counter


def hanging_on(rows):
    """The Hanging of a queryset, counted by the database: a mechanism may have codings by the thousand."""
    going, keeping = Counter({rows.model: rows.count()}), Counter()
    for relation in rows.model._meta.related_objects:
        related = {f"{relation.field.name}__in": rows.values("pk")}
        those = relation.related_model._base_manager.filter(**related)
        if relation.on_delete is CASCADE:
            below = hanging_on(those)
            going += below.going
            keeping += below.keeping
        elif relation.on_delete is PROTECT:
            keeping += Counter({relation.related_model: those.count()})
    return Hanging(going, keeping)


def asked_before_deleting(rows, user):
    """What Django's pages show before they delete a queryset: see `ModelAdmin.get_deleted_objects`."""
    going, keeping = hanging_on(rows)
    counts = {capfirst(model._meta.verbose_name_plural): count for model, count in going.items()}
    lacking = {model._meta.verbose_name for model in going if not _may_delete(user, model)}
    kept_by = [f"{model._meta.verbose_name_plural} {count}" for model, count in keeping.items()]
    return [str(row) for row in rows[:MOST_NAMED]], counts, lacking, kept_by


def _may_delete(user, model):
    return user.has_perm(
        f"{model._meta.app_label}.{get_permission_codename('delete', model._meta)}"
    )

"""The record of one published achievement, for its page and for the API."""

from django.http import Http404

from governance import index
from governance.models import Achievement
from governance.records import achievement_record


def published_record(code):
    """As the index keeps it; from the record itself while there is no index. Raises Http404."""
    try:
        return index.record(code) or _not_found(code)
    except index.Unready:
        achievement = Achievement.objects.published().filter(code=code).first()
        return achievement_record(achievement) if achievement else _not_found(code)


# What stands between the parts of an entry: brackets, a line. If there is more, they lie apart.
BETWEEN = 40


def passage(record):
    """The entry's own stretch of the document, verbatim; "" if its parts are not found in one place."""
    if record["document"]["offset"] is None:
        return ""
    rows = Achievement.objects.published().filter(code=record["code"]).with_passage()
    found = rows.values_list("passage", flat=True).first() or ""
    parts = ("title", "organization_text", "summary")
    return found if len(found) <= sum(len(record[part]) for part in parts) + BETWEEN else ""


def _not_found(code):
    raise Http404(code)

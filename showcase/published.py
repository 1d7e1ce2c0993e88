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


def _not_found(code):
    raise Http404(code)

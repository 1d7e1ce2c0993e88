"""What the public may read: the record of an achievement, and how much there is."""

from django.db.models import QuerySet

from governance import index
from governance.models import Achievement, Coding, Organization, Publication, Status
from governance.publishing import PublicRecord, public
from governance.records import AchievementRecord, achievement_record

from .addresses import lead_on


def published_record(code: str) -> PublicRecord:
    """As the index keeps it; from the record itself while there is no index.

    Raises Moved, Gone, or Http404 if there never was one.
    """
    try:
        record = index.record(code)
    except index.Unready:
        achievement = Achievement.objects.published().filter(code=code).first()
        record = achievement_record(achievement) if achievement else None
    if record is None:
        lead_on(Achievement, code)
    return public(record, Publication.objects.filter(code=code).first())


# What stands between the parts of an entry: brackets, a line. If there is more, they lie apart.
BETWEEN = 40


def passage(record: AchievementRecord) -> str:
    """The entry's own stretch of the document, verbatim; "" if its parts are not found in one place."""
    if record["document"]["offset"] is None:
        return ""
    rows = Achievement.objects.published().filter(code=record["code"]).with_passage()
    found = rows.values_list("passage", flat=True).first() or ""  # type: ignore[misc]  # annotated
    parts = record["title"] + record["organization_text"] + record["summary"]
    return found if len(found) <= len(parts) + BETWEEN else ""


def published_codings() -> QuerySet[Coding]:
    return Coding.objects.filter(achievement__status=Status.PUBLISHED)


def figures(entries: index.Selection) -> dict[str, int]:
    """How much there is, for a template; `entries` are all of them."""
    return {
        "entry_count": entries.count(),
        "organization_count": Organization.objects.published().count(),
        "coding_count": published_codings().count(),
    }

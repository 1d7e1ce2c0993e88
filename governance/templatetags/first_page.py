"""What waits for staff, for the admin's first page."""

from collections import Counter
from datetime import timedelta

from django import template
from django.db.models import Count
from django.utils import timezone

from governance.models import Achievement, ErrorReport, ProposalState, ProposedChange, Status
from governance.models.gap import GAPS, with_gaps
from governance.roles import may_publish

# For so long the author of a proposal is told what has become of it.
DAYS = 14

register = template.Library()


@register.inclusion_tag("admin/governance/waiting.html")
def waiting(user):
    """How many entries are not public, how many of them lack what, how many reports and proposals are
    open; and what was decided lately about the user's own proposals."""
    context = {"statuses": [status for status in Status if status != Status.PUBLISHED]}
    if user.has_perm("governance.view_achievement"):
        entries = with_gaps(Achievement.objects.exclude(status=Status.PUBLISHED)).order_by()
        counted = dict(entries.values_list("gaps").annotate(Count("pk")))
        lacking = Counter()
        for names, count in counted.items():
            lacking.update(dict.fromkeys(names.split(), count))
        context["entries"] = sum(counted.values())
        context["whole"] = counted.get("", 0)
        context["gaps"] = [(name, GAPS[name], lacking[name]) for name in GAPS if lacking[name]]
    if user.has_perm("governance.view_errorreport"):
        context["reports"] = ErrorReport.objects.filter(handled=False).count()
    if user.has_perm("governance.view_proposedchange"):
        told = ProposedChange.objects.select_related("entry").defer("sent", "files")
        still_open = told.filter(state=ProposalState.OPEN)
        # Of others' those who may decide them hear.
        context["proposals"] = (
            still_open if may_publish(user) else still_open.filter(by=user)
        ).count()
        since = timezone.now() - timedelta(days=DAYS)
        decided = told.filter(by=user, decided_at__gte=since)
        context["decided"] = [one for one in decided if one.decided_by != one.name]
    return context

"""For the admin's first page: what waits for staff, and whether the site is kept safe."""

from collections import Counter

from django import template
from django.db.models import Count

from governance import index
from governance.backups import last_backup
from governance.models import Achievement, ErrorReport, IndexState, Status
from governance.models.gap import GAPS, with_gaps
from governance.roles import may_view

register = template.Library()


@register.inclusion_tag("admin/governance/waiting.html")
def waiting(user):
    """How many entries are not public, how many of them lack what, and how many reports are open."""
    context = {"statuses": [status for status in Status if status != Status.PUBLISHED]}
    if may_view(user, "achievement"):
        entries = with_gaps(Achievement.objects.exclude(status=Status.PUBLISHED)).order_by()
        counted = dict(entries.values_list("gaps").annotate(Count("pk")))
        lacking = Counter()
        for names, count in counted.items():
            lacking.update(dict.fromkeys(names.split(), count))
        context["entries"] = sum(counted.values())
        context["whole"] = counted.get("", 0)
        context["gaps"] = [(name, GAPS[name], lacking[name]) for name in GAPS if lacking[name]]
    if may_view(user, "errorreport"):
        context["reports"] = ErrorReport.objects.filter(handled=False).count()
    return context


@register.inclusion_tag("admin/governance/safekeeping.html")
def safekeeping():
    """When the site was last backed up, and its index checked."""
    state = IndexState.objects.first()
    return {"backup": last_backup(), "state": state, "status": index.status()}

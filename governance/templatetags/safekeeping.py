"""For the first page of the admin: when the site was last backed up, and its index checked."""

from django import template

from governance import index
from governance.backups import last_backup
from governance.models import IndexState

register = template.Library()


@register.inclusion_tag("admin/governance/safekeeping.html")
def safekeeping():
    state = IndexState.objects.first()
    return {"backup": last_backup(), "state": state, "status": index.status()}

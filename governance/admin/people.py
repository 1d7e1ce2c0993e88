"""What people are called, and who has last changed a row."""

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


def person_name(user: User | None) -> str:
    """What a person is called, in codings and reports; "" for nobody."""
    return user.get_full_name() or user.get_username() if user else ""


def who_and_when(row: Model) -> str:
    """Who has last changed a row, or what belongs to it, and when: “林小满 2026年11月27日 10:02”."""
    of_row = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(row), object_id=row.pk
    )
    last = of_row.select_related("user").order_by("-pk").first()
    if last is None:
        return _("有人")
    when = date_format(localtime(last.action_time), "DATETIME_FORMAT")
    return f"{person_name(last.user)} {when}"

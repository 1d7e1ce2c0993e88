"""What readers say is wrong with an entry."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .fields import KeyField


class ErrorReportQuerySet(models.QuerySet):
    def of_today(self) -> Self:
        """Those of the last 24 hours."""
        return self.filter(sent_at__gt=_a_day_ago())

    def forget_senders(self) -> int:
        """Forget who sent those that are older than a day; returns how many there were."""
        return self.exclude(sender="").filter(sent_at__lte=_a_day_ago()).update(sender="")


class ErrorReport(models.Model):
    """A reader's report of a mistake. Its primary key is the number that the reader was given."""

    # No foreign key: it outlives the entry.
    code = KeyField(_("成果编号"), max_length=32)
    text = models.TextField(_("何处有误，依据何在"), max_length=4000)
    contact = models.CharField(_("联系方式"), max_length=150, blank=True)
    sent_at = models.DateTimeField(_("收到时间"), auto_now_add=True)
    # A keyed hash of the network address, by which one sender's reports of a day are counted.
    sender = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    handled = models.BooleanField(_("已处理"), default=False)
    note = models.TextField(_("处理记录"), blank=True)

    objects = ErrorReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("错误报告")
        verbose_name_plural = pgettext_lazy("plural", "错误报告")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return _("第 %(number)s 号 · %(code)s") % {"number": self.pk, "code": self.code}


def _a_day_ago() -> datetime:
    return timezone.now() - timedelta(days=1)

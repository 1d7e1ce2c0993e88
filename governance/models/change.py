"""Changes: what people and loads did to entries, in one sequence; they outlive entries and accounts."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .fields import KeyField, known
from .load import Load, PackedJSON


class ChangeKind(models.TextChoices):
    # The state in which the history finds the record; it has no parts.
    FOUND = "found", _("起记")
    EDIT = "edit", _("编辑")
    SUBMIT = "submit", _("送审")
    RETURN = "return", _("退回")
    PUBLISH = "publish", pgettext_lazy("act", "发布")
    TAKE_BACK = "take_back", _("撤下")
    LOAD = "load", _("装入")
    # Of a load, or of another Change.
    UNDO = "undo", _("撤销")
    RESTORE = "restore", _("恢复")


class Change(models.Model):
    """One act upon the record; its primary key is its number, and later acts have higher ones.

    governance.changes alone writes them.
    """

    at = models.DateTimeField(_("时间"), default=timezone.now)
    kind = models.CharField(_("类型"), max_length=10, choices=ChangeKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("操作者"),
    )
    # Text as well, as of that day: the account may be renamed or go. "" on the command line.
    name = models.CharField(_("姓名"), max_length=310, blank=True)
    reason = models.TextField(_("原因"), blank=True)
    # Which was loaded or undone.
    load = models.ForeignKey(
        Load,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("装入记录"),
    )
    undoes = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("所撤销的改动"),
    )

    class Meta:
        verbose_name = _("改动记录")
        verbose_name_plural = pgettext_lazy("plural", "改动记录")
        ordering = ["-pk"]
        constraints = [known("kind", ChangeKind)]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_kind_display()}"


class ChangePart(models.Model):
    """What a Change did to one entry and its parts."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="parts")
    # Primary key and code of an Achievement, also when it is gone: no number is given twice.
    entry = models.PositiveBigIntegerField()
    code = KeyField(max_length=32)
    # {model: [row, …]}, rows as a LoadPart has them, of which nothing was said. Of an entry that a load
    # created there is the entry alone, with nothing after: what it held then stands in the LoadPart.
    rows = PackedJSON()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "change"], name="changepart_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.change_id} {self.code}"

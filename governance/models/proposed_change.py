"""Proposals: changes to public entries by somebody who may not make them, kept until they are decided."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .achievement import Achievement
from .fields import known
from .load import PackedJSON


class ProposalState(models.TextChoices):
    OPEN = "open", _("待定")
    ACCEPTED = "accepted", _("已采纳")
    REFUSED = "refused", _("未采纳")


class ProposedChange(models.Model):
    """A save of an entry's form that was tried and not done."""

    entry = models.ForeignKey(
        Achievement, models.CASCADE, related_name="proposals", verbose_name=_("成果")
    )
    # {name of a field: [value]} as the form was sent, what it was opened with included.
    sent = PackedJSON()
    # {name of a field: [name of the file, its bytes in base64]}
    files = PackedJSON(default=dict)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="proposals",
        verbose_name=_("提议者"),
    )
    # As text as well: the account may go.
    name = models.CharField(_("提议者"), max_length=310)
    comment = models.TextField(_("附言"), blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )
    decided_at = models.DateTimeField(_("决定于"), null=True, blank=True)
    decided_by = models.CharField(_("决定者"), max_length=310, blank=True)
    answer = models.TextField(_("答复"), blank=True)

    class Meta:
        verbose_name = _("提议")
        verbose_name_plural = pgettext_lazy("plural", "提议")
        ordering = ["-pk"]
        constraints = [known("state", ProposalState)]

    def __str__(self) -> str:
        return f"#{self.pk} {self.entry.code} {self.name}"

    @property
    def outcome(self) -> str:
        """The state in words; who closes a proposal of their own has withdrawn it."""
        withdrawn = self.state == ProposalState.REFUSED and self.decided_by == self.name
        return gettext("已撤回") if withdrawn else self.get_state_display()

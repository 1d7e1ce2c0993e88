from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .achievement import Achievement
from .fields import NaturalKeyModel


class AchievementImage(NaturalKeyModel):
    """A picture of an achievement; `governance.images` makes and keeps its files by `digest`."""

    natural_key_fields = ("achievement__code", "digest")

    achievement = models.ForeignKey(
        Achievement, models.CASCADE, related_name="images", verbose_name=_("成果")
    )
    digest = models.CharField(
        _("摘要"),
        max_length=64,
        editable=False,
        validators=[RegexValidator(r"^[0-9a-f]{64}$")],
        help_text=_("重新编码后最大尺寸图片的 SHA-256。"),
    )
    width = models.PositiveIntegerField(_("宽"), editable=False)
    height = models.PositiveIntegerField(_("高"), editable=False)
    alt = models.CharField(
        _("替代文字"), max_length=200, help_text=_("给看不见图片的人：图中有什么。")
    )
    alt_en = models.CharField(_("英文替代文字"), max_length=300, blank=True)
    credit = models.CharField(_("来源与署名"), max_length=200)
    position = models.PositiveSmallIntegerField(_("次序"), default=1)

    class Meta:
        verbose_name = _("图片")
        verbose_name_plural = pgettext_lazy("plural", "图片")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "digest"],
                name="achievementimage_once",
                violation_error_message=_("这张图片已经在此成果中。"),
            )
        ]

    def __str__(self) -> str:
        return self.alt

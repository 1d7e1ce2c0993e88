from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.querysets import NamedByAchievementsQuerySet

from .fields import NaturalKeyManager, NaturalKeyModel, VerbatimField
from .region import FIRST_YEAR

# The last year that the record takes; a later one is a slip of the pen.
LAST_YEAR = 2100


class AwardYear(NaturalKeyModel):
    """One year of the award, with the announcement word for word."""

    natural_key_fields = ("year",)

    year = models.PositiveSmallIntegerField(
        _("年度"),
        unique=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    name = models.CharField(_("奖项名称"), max_length=100)
    name_en = models.CharField(_("奖项英文名称"), max_length=150, blank=True)
    issuer = models.CharField(_("发布单位"), max_length=150, blank=True)
    document_title = models.CharField(_("文件标题"), max_length=200)
    text = VerbatimField(_("文件原文"), help_text=_("逐字保留；各成果在原文中的位置据此计算。"))
    file = models.FileField(_("原始文件"), upload_to="announcements/", blank=True)
    source_url = models.URLField(_("来源网址"), max_length=500, blank=True)
    retrieved_on = models.DateField(_("取得日期"), null=True, blank=True)
    first_published = models.DateField(
        _("首次公开"),
        null=True,
        blank=True,
        help_text=_("本年度最先公开的成果以此为首次公开之日；留空则为发布当日。"),
    )

    objects = NaturalKeyManager.from_queryset(NamedByAchievementsQuerySet)()

    class Meta:
        verbose_name = _("年度")
        verbose_name_plural = pgettext_lazy("plural", "年度")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="awardyear_year_in_range",
            )
        ]

    def __str__(self) -> str:
        return _("%(year)s年度") % {"year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("year", args=[self.year])

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from governance.querysets import AwardQuerySet, NamedByAchievementsQuerySet

from .fields import KeyField, NaturalKeyManager, NaturalKeyModel, VerbatimField
from .region import FIRST_YEAR

# The last year that the record takes; a later one is a slip of the pen.
LAST_YEAR = 2100

# What the codes of an award's years, and of their entries, begin with; the first award has none.
PREFIX = "[a-z]{2,8}"


class Award(NaturalKeyModel):
    """What is awarded again and again, each time with an announcement of its own."""

    natural_key_fields = ("slug",)

    slug = models.SlugField(
        _("网址名"), max_length=120, unique=True, help_text=_("固定网址的一部分；公开后请勿更改。")
    )
    prefix = KeyField(
        _("编号前缀"),
        max_length=8,
        blank=True,
        unique=True,
        validators=[RegexValidator(rf"^{PREFIX}\Z", _("二至八个小写字母。"))],
        help_text=_("编号的开头，如 ywf 使 2023 年度的编号为 ywf-2023；本库的第一个奖项留空。"),
    )
    name = models.CharField(_("奖项名称"), max_length=100)
    name_en = models.CharField(_("奖项英文名称"), max_length=150, blank=True)
    issuer = models.CharField(_("发布单位"), max_length=150, blank=True)
    description = models.TextField(_("说明"), blank=True, help_text=_("一段话。"))
    description_en = models.TextField(_("英文说明"), blank=True)
    winner_label = models.CharField(
        _("获奖者称作"), max_length=40, blank=True, help_text=_("如 十大创新成果；留空则称“获奖”。")
    )
    winner_label_en = models.CharField(
        _("获奖者英文称作"), max_length=60, blank=True, help_text=_("单数，如 Top-ten innovation。")
    )
    nominee_label = models.CharField(
        _("提名者称作"), max_length=40, blank=True, help_text=_("如 提名成果；留空则称“提名”。")
    )
    nominee_label_en = models.CharField(
        _("提名者英文称作"), max_length=60, blank=True, help_text=_("单数，如 Nominee。")
    )

    objects = NaturalKeyManager.from_queryset(AwardQuerySet)()

    class Meta:
        verbose_name = _("奖项")
        verbose_name_plural = pgettext_lazy("plural", "奖项")
        ordering = ["prefix"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("award", args=[self.slug])

    def tier_label(self, tier: str) -> str:
        """Its own words for an entry of the tier, in the reader's language; "" if it has none."""
        end = "_label_en" if get_language() == "en" else "_label"
        return getattr(self, f"{tier}{end}")

    def year_code(self, year: int) -> str:
        """The code of its award year of that year: 2015, ywf-2023."""
        return f"{self.prefix}-{year}" if self.prefix else str(year)

    def clean(self) -> None:
        years = () if self._state.adding else self.years.all()
        if any(one.code != self.year_code(one.year) for one in years):
            raise ValidationError(
                {"prefix": _("该奖项已有年度，其编号以原来的前缀开头，前缀不能再改。")}
            )


class AwardYear(NaturalKeyModel):
    """One year of an award, with the announcement word for word."""

    natural_key_fields = ("code",)

    award = models.ForeignKey(Award, models.PROTECT, related_name="years", verbose_name=_("奖项"))
    year = models.PositiveSmallIntegerField(
        _("年度"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    # Made by clean() where nobody has said it.
    code = KeyField(
        _("编号"),
        max_length=16,
        unique=True,
        validators=[RegexValidator(rf"^({PREFIX}-)?[0-9]{{4}}\Z", _("形如 2015 或 ywf-2023。"))],
        help_text=_("前缀与年度；其成果的编号以此开头。"),
    )
    edition = models.CharField(
        _("届次"), max_length=50, blank=True, help_text=_("公告自己的说法，如 第三批。")
    )
    # As this document has them; the award itself may be called otherwise by now.
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
        # The first award's codes have no letters, and so come first.
        ordering = ["-year", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "year"],
                name="awardyear_one_a_year",
                violation_error_message=_("该奖项已有这个年度。"),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="awardyear_year_in_range",
            ),
        ]

    def __str__(self) -> str:
        return _("%(year)s年度") % {"year": self.year}

    def get_absolute_url(self) -> str:
        page = reverse("year", args=[self.year])
        return f"{page}#{self.code}" if self.award.prefix else page

    def clean(self) -> None:
        if self.award_id is None or self.year is None:
            return
        right = self.award.year_code(self.year)
        self.code = self.code or right
        if self.code != right:
            sentence = _("编号 %(code)s 与奖项、年度不符；按这些应为 %(right)s。")
            raise ValidationError({"year": sentence % {"code": self.code, "right": right}})


def award_year_code(code: str) -> str:
    """The code of the award year of an entry's code: ywf-2023 of ywf-2023-w01."""
    return code.rpartition("-")[0]

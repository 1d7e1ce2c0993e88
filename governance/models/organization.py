from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.querysets import NamedByAchievementsQuerySet

from .fields import NaturalKeyManager, NaturalKeyModel, PinyinField, known
from .region import Level, Region


class OrganizationKind(models.TextChoices):
    PARTY_COMMITTEE = "party_committee", _("党委")
    GOVERNMENT = "government", _("政府")
    MANAGEMENT_COMMITTEE = "management_committee", _("管委会")
    DEPARTMENT = "department", _("部门")
    SUBDISTRICT_OFFICE = "subdistrict_office", _("街道办事处")
    OTHER = "other", _("其他")


class Organization(NaturalKeyModel):
    """A body that an announcement names, under its official full name."""

    natural_key_fields = ("name",)

    name = models.CharField(
        _("全称"), max_length=120, unique=True, help_text=_("法定全称，如 中国共产党太仓市委员会。")
    )
    short_name = models.CharField(
        _("简称"), max_length=80, help_text=_("页面上显示，如 中共太仓市委员会。")
    )
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    pinyin = PinyinField(place=True)
    slug = models.SlugField(
        _("网址名"), max_length=120, unique=True, help_text=_("固定网址的一部分；公开后请勿更改。")
    )
    kind = models.CharField(_("类型"), max_length=20, choices=OrganizationKind)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="organizations", verbose_name=_("所在地区")
    )

    objects = NaturalKeyManager.from_queryset(NamedByAchievementsQuerySet)()

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = pgettext_lazy("plural", "机构")
        ordering = ["pinyin", "name"]
        constraints = [known("kind", OrganizationKind), known("level", Level)]

    def __str__(self) -> str:
        return self.short_name

    @property
    def short_name_en(self) -> str:
        """English has one form of the name."""
        return self.name_en

    def get_absolute_url(self) -> str:
        return reverse("organization", args=[self.slug])

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.querysets import AchievementQuerySet
from governance.words import first_difference, stretch

from .award import PREFIX, Award, AwardYear
from .fields import KeyField, NaturalKeyManager, NaturalKeyModel, PinyinField, VerbatimField, known
from .mechanism import Mechanism
from .organization import Organization
from .region import Region

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


# 2015-w01, ywf-2023-n09; a regular expression.
CODE = rf"({PREFIX}-)?[0-9]{{4}}-[wn][0-9]{{2,7}}"


class Tier(models.TextChoices):
    """What an entry was awarded, in words for any award; an award may have its own."""

    WINNER = "winner", _("获奖")
    NOMINEE = "nominee", _("提名")


# In the order in which an announcement lists them.
TIERS = (Tier.WINNER, Tier.NOMINEE)


def tier_labels(awards: Iterable[Award]) -> dict[str, str]:
    """{tier: what an entry of it is called}: as the award says if there is one in view, else as any may."""
    known = list(awards)
    own = {tier: known[0].tier_label(tier) if len(known) == 1 else "" for tier in TIERS}
    return {tier.value: own[tier] or str(tier.label) for tier in TIERS}


def tier_order(path: str = "tier") -> Case:
    """What SQL sorts by so that the tiers come in the order of TIERS; `path` leads to the tier."""
    # As lookups of F: of a Q, Django cannot make the path that a relation's ordering needs.
    return Case(*(When(Exact(F(path), tier), then=place) for place, tier in enumerate(TIERS)))


class Setting(models.TextChoices):
    URBAN = "urban", _("城市")
    RURAL = "rural", _("农村")
    # Not 城乡, which is what the facet is called.
    URBAN_AND_RURAL = "urban_and_rural", _("城乡兼有")
    UNSTATED = "unstated", _("未说明")


class Status(models.TextChoices):
    """In the order in which an entry comes through them."""

    DRAFT = "draft", _("草稿")
    IN_REVIEW = "in_review", _("待审")
    PUBLISHED = "published", _("已发布")


# The index keeps a rank in twenty bits.
MOST_RANK = (1 << 20) - 1
# The longest that a title may be; those of the announcements have 60 characters at most.
LONGEST_TITLE = 500

# What the announcement says of an achievement, in its order there, each with a place `…_offset`.
VERBATIM = ("marker", "title", "organization_text", "summary")


def _offset(label: "_StrPromise") -> models.PositiveIntegerField:
    return models.PositiveIntegerField(
        label, null=True, blank=True, help_text=_("在文件原文中的起始字符，从 0 数起。")
    )


class Achievement(NaturalKeyModel):
    """One innovation that an award year announced."""

    natural_key_fields = ("code",)

    code = KeyField(
        _("编号"),
        max_length=32,
        unique=True,
        validators=[
            RegexValidator(
                rf"^{CODE}\Z",
                _("形如 2015-w01、2015-n09 或 ywf-2023-w01。"),
            )
        ],
        help_text=_("年度的编号、w（获奖）或 n（提名）与序号，如 2015-w01；公开后即为固定网址。"),
    )
    award_year = models.ForeignKey(
        AwardYear, models.PROTECT, related_name="achievements", verbose_name=_("年度")
    )
    tier = models.CharField(_("评选结果"), max_length=10, choices=Tier)
    grade = models.CharField(
        _("等次"), max_length=50, blank=True, help_text=_("公告自己的说法，如 一等奖。")
    )
    rank = models.PositiveIntegerField(
        _("序号"), validators=[MinValueValidator(1), MaxValueValidator(MOST_RANK)]
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=Status, default=Status.DRAFT, db_index=True
    )

    marker = VerbatimField(_("列表序号原文"), blank=True, help_text=_("如“1. ”，含其后空格。"))
    title = VerbatimField(_("标题"))
    short_name = models.CharField(
        _("简称"), max_length=100, blank=True, help_text=_("标题中引号内的名称，如 政社互动。")
    )
    organization_text = VerbatimField(_("机构原文"), blank=True)
    summary = VerbatimField(_("简介"), blank=True)
    marker_offset = _offset(_("序号位置"))
    title_offset = _offset(_("标题位置"))
    organization_text_offset = _offset(_("机构位置"))
    summary_offset = _offset(_("简介位置"))

    title_en = models.CharField(_("英文标题"), max_length=250, blank=True)
    summary_en = models.TextField(_("英文简介"), blank=True)
    pinyin = PinyinField(source="title")

    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="achievements",
        verbose_name=_("地区"),
        help_text=_("当年的区划；后来的更名与撤并由区划表承接。"),
    )
    setting = models.CharField(_("城乡"), max_length=16, choices=Setting, default=Setting.UNSTATED)
    organizations = models.ManyToManyField(
        Organization,
        through="AchievementOrganization",
        related_name="achievements",
        verbose_name=_("机构"),
    )
    mechanisms = models.ManyToManyField(
        Mechanism, through="Coding", related_name="achievements", verbose_name=_("机制")
    )

    # Unfiltered on purpose: the admin and dumpdata use the default manager without a word.
    # Every public page asks .published().
    objects = NaturalKeyManager.from_queryset(AchievementQuerySet)()

    class Meta:
        verbose_name = _("成果")
        verbose_name_plural = pgettext_lazy("plural", "成果")
        ordering = ["-award_year__year", "award_year__code", tier_order(), "rank"]
        permissions = [("publish_achievement", _("可以发布与撤下成果"))]
        constraints = [
            models.UniqueConstraint(
                fields=["award_year", "tier", "rank"],
                name="achievement_one_per_rank",
                violation_error_message=_("该年度同一评选结果中已有这个序号。"),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(region__isnull=False),
                name="achievement_published_has_region",
                violation_error_message=_("发布前须先选定地区。"),
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=MOST_RANK), name="achievement_rank_from_1"
            ),
            known("tier", Tier),
            known("setting", Setting),
            known("status", Status),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("achievement", args=[self.code])

    def is_beyond(self, status: str) -> bool:
        """Whether it has come further than `status`: a draft is reviewed, then published."""
        return Status.values.index(self.status) > Status.values.index(status)

    def clean(self) -> None:
        self.check_with(() if self._state.adding else self.evidence())

    def check_with(self, evidence: Iterable[tuple[str, str]]) -> None:
        """As clean(), for a row whose evidence will be another than what is saved.

        `evidence` are pairs as evidence() gives them. Raises ValidationError.
        """
        errors: dict[str, object] = {}
        if self.award_year_id and self.tier:
            # Not by rank: an entry keeps its address when the list is corrected.
            beginning = f"{self.award_year.code}-{self.tier[0]}"
            if not self.code.startswith(beginning):
                errors["code"] = _("按年度和评选结果应以 %(code)s 开头。") % {"code": beginning}
        if self.award_year_id:
            errors |= self._misplaced()
            if self.region and not self.region.existed_in(self.award_year.year):
                errors["region"] = _("%(region)s在 %(year)s 年并不存在；请选当年的区划。") % {
                    "region": self.region,
                    "year": self.award_year.year,
                }
        if len(self.title) > LONGEST_TITLE:
            sentence = _(
                "太长：有 %(length)s 个字符，最多 %(most)s 个。标题是公告里的一行，说明的文字请写在简介里。"
            )
            errors["title"] = sentence % {"length": len(self.title), "most": LONGEST_TITLE}
        errors |= self._evidence_lost(evidence)
        if errors:
            raise ValidationError(errors)

    def _misplaced(self) -> dict[str, ValidationError]:
        """Errors for the verbatim fields whose text does not stand at their place in the document."""
        errors = {}
        for field in VERBATIM:
            text, start = getattr(self, field), getattr(self, f"{field}_offset")
            if start is None:
                continue
            found = self.award_year.text[start : start + len(text)]
            if found != text:
                at = first_difference([found, text])
                errors[field] = ValidationError(
                    _("与公告原文不同：原文为“%(found)s”，此处为“%(text)s”。"),
                    code="misplaced",
                    params={
                        "found": stretch(found, at - 12, at + 18),
                        "text": stretch(text, at - 12, at + 18),
                    },
                )
        return errors

    def _evidence_lost(self, evidence: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Errors for a title or summary in which words that are evidence no longer stand."""
        errors = {}
        for field, words in evidence:
            if words not in getattr(self, field):
                errors[field] = _(
                    "“%(words)s”是已有标注的依据，改后的文字里没有了；请先修改或删除该依据。"
                ) % {"words": words}
        return errors

    def evidence(self) -> Iterable[tuple[str, str]]:
        """(title or summary, words) of all evidence, for codings and for the setting."""
        coded = self.codings.exclude(evidence=None).order_by()
        setting = self.setting_evidence.order_by().values_list("field", "text")
        return coded.values_list("evidence__field", "evidence__text").union(setting)


class AchievementOrganization(NaturalKeyModel):
    """An organization's place among those that an announcement names for an achievement."""

    natural_key_fields = ("achievement__code", "organization__name")

    achievement = models.ForeignKey(
        Achievement, models.CASCADE, related_name="organizations_in_order", verbose_name=_("成果")
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="achievement_links", verbose_name=_("机构")
    )
    # Not unique within an achievement: SQLite checks row by row, so two links could never swap.
    position = models.PositiveSmallIntegerField(_("次序"), default=1)

    class Meta:
        verbose_name = _("成果机构")
        verbose_name_plural = pgettext_lazy("plural", "成果机构")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "organization"],
                name="achievementorganization_once",
                violation_error_message=_("该机构已列入此成果。"),
            )
        ]

    def __str__(self) -> str:
        return str(self.organization)

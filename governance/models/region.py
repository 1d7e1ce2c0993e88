from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.querysets import RegionQuerySet

from .fields import KeyField, NaturalKeyManager, NaturalKeyModel, PinyinField, known


class Level(models.TextChoices):
    """The four levels of local government, of a region as of an organization."""

    PROVINCE = "province", _("省级")
    PREFECTURE = "prefecture", _("地级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡级")


# From the highest down.
LEVELS: Sequence[str] = list(Level)


class Zone(models.TextChoices):
    """The four zones of the National Bureau of Statistics, 2011."""

    EAST = "east", pgettext_lazy("zone", "东部")
    CENTRAL = "central", pgettext_lazy("zone", "中部")
    WEST = "west", pgettext_lazy("zone", "西部")
    NORTHEAST = "northeast", pgettext_lazy("zone", "东北")


class Zone3(models.TextChoices):
    """The older three zones, in which studies of this award count 辽宁 as east, 吉林 and 黑龙江 as central."""

    EAST = "east", pgettext_lazy("zone", "东部")
    CENTRAL = "central", pgettext_lazy("zone", "中部")
    WEST = "west", pgettext_lazy("zone", "西部")


# No place has had as many successors since: more are a circle.
MOST_SUCCESSORS = 100

# Before this year the tables are silent: a region said to begin here began then or earlier.
FIRST_YEAR = 1999


def path_of(code: str) -> str:
    """The significant digits of a code, by which a subtree is a prefix.

    320000 → 32, 320500 → 3205, 310117116 → 310117116, 440300-FA01 → 4403FA01.
    """
    digits, _dash, area = code.partition("-")
    if len(digits) == 6:
        while digits.endswith("00"):
            digits = digits[:-2]
    return digits + area


# Codes that documents of earlier years have, for those of the tables: 济源市, and 曾都区, which was
# numbered anew when 随县 was set off from it.
FORMER_CODES = {"410881": "419001", "421302": "421303"}


def region_code(written: str) -> str:
    """A region's code as the record has it, of one as it is written somewhere.

    The statistics bureau writes twelve digits, of which six, nine or all tell the place:
    320585000000 → 320585, 310117116000 and a village in it, 310117116201 → 310117116. What is no
    such code stays as it is.
    """
    if not (written.isascii() and written.isdigit() and len(written) in (6, 9, 12)):
        return written
    code = written[:9].removesuffix("000") if len(written) == 12 else written
    return FORMER_CODES.get(code[:6], code[:6]) + code[6:]


class RegionCodeField(KeyField):
    """A region's code, which may be written in the other ways that `region_code` knows."""

    # Whatever reads a code, a form, a fixture or a query of the database, comes through here.
    def to_python(self, value: object) -> str | None:
        code = super().to_python(value)
        return region_code(code) if code else code


class Region(NaturalKeyModel):
    """A place as it was for some years: its code and name (GB/T 2260), and what it became.

    A code alone does not tell a region through time: 130502 was 桥东区 and is 襄都区.
    `parent` is the latest region above it within its own years.
    """

    natural_key_fields = ("code", "valid_from")

    code = RegionCodeField(
        _("代码"),
        max_length=16,
        db_index=True,
        validators=[
            RegexValidator(
                r"^([0-9]{6}|[0-9]{9}|[0-9]{6}-FA[0-9]{2})\Z",
                _("六位、九位数字，或形如 440300-FA01。"),
            )
        ],
        help_text=_("GB/T 2260 六位代码；乡级九位；国标未列的功能区形如 440300-FA01。"),
    )
    path = KeyField(_("路径"), max_length=16, db_index=True, editable=False)
    name = models.CharField(_("名称"), max_length=50, db_index=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    pinyin = PinyinField(place=True)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    zone = models.CharField(_("四大地区"), max_length=10, choices=Zone, blank=True)
    zone3 = models.CharField(_("东中西部"), max_length=10, choices=Zone3, blank=True)
    valid_from = models.PositiveSmallIntegerField(
        _("始于"), default=FIRST_YEAR, help_text=_("1999 表示“1999年或更早”。")
    )
    valid_to = models.PositiveSmallIntegerField(
        _("止于"), null=True, blank=True, help_text=_("含当年；留空表示沿用至今。")
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("后继"),
    )
    remark = models.CharField(
        _("备注"), max_length=200, blank=True, help_text=_("沿革里年份与后继说不清的事。")
    )
    remark_en = models.CharField(_("英文备注"), max_length=300, blank=True)

    objects = NaturalKeyManager.from_queryset(RegionQuerySet)()

    class Meta:
        verbose_name = _("行政区划")
        verbose_name_plural = pgettext_lazy("plural", "行政区划")
        ordering = ["path", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="region_natural_key"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="region_years_in_order",
                violation_error_message=_("止于之年不得早于始于之年。"),
            ),
            models.CheckConstraint(
                condition=Q(level=Level.PROVINCE, parent=None)
                | (~Q(level=Level.PROVINCE) & Q(parent__isnull=False)),
                name="region_province_has_no_parent",
                violation_error_message=_("省级没有上级，其他级别必须有上级。"),
            ),
            models.CheckConstraint(
                condition=Q(level=Level.PROVINCE) | Q(zone="", zone3=""),
                name="region_zone_on_provinces",
                violation_error_message=_("地区划分只记在省级上。"),
            ),
            known("level", Level),
            known("zone", Zone, blank=True),
            known("zone3", Zone3, blank=True),
        ]

    def __str__(self) -> str:
        # Code and years too: a region that was given a new code keeps its name.
        return " ".join(part for part in (self.full_name, self.code, self.years) if part)

    def get_absolute_url(self) -> str:
        return reverse("region", args=[self.code])

    @property
    def lineage(self) -> "list[Region]":
        """The regions from the province down to this one."""
        return [*self.parent.lineage, self] if self.parent else [self]

    @property
    def through_time(self) -> "list[Region]":
        """This region and all that it became, in order; a circle, which `clean` refuses, is cut."""
        by_key, later = {self.pk: self}, self.successor
        while later and later.pk not in by_key and len(by_key) <= MOST_SUCCESSORS:
            by_key[later.pk] = later
            later = later.successor
        return list(by_key.values())

    @property
    def full_name(self) -> str:
        return "".join(region.name for region in self.lineage)

    @property
    def years(self) -> str:
        """The years of validity in words; empty for a region that was always there and still is."""
        if self.valid_from == FIRST_YEAR and self.valid_to is None:
            return ""
        start = "" if self.valid_from == FIRST_YEAR else self.valid_from
        return f"{start}–{self.valid_to or ''}"

    def existed_in(self, year: int) -> bool:
        """Whether it was a region in that year, or in the one before or after.

        The tables are year-end snapshots: what changed within a year shows up in the next.
        """
        return self.valid_from <= year + 1 and (self.valid_to is None or year - 1 <= self.valid_to)

    def is_above(self, other: "Region") -> bool:
        """Whether its level is the higher one; a level that is none is for others to refuse."""
        levels = [self.level, other.level]
        return not set(levels) <= set(LEVELS) or LEVELS.index(levels[0]) < LEVELS.index(levels[1])

    def clean(self) -> None:
        self.path = path_of(self.code)
        if (
            self.parent
            and not self.path.startswith(path_of(self.parent.code))
            and self.natural_key() not in OUTSIDE_PARENT
        ):
            raise ValidationError(
                {
                    "code": _("代码 %(code)s 不在上级 %(parent)s 的号段内。")
                    % {"code": self.code, "parent": self.parent.code}
                }
            )
        if left := self._left_outside():
            raise ValidationError(
                {
                    "code": _(
                        "下级 %(child)s 的代码不在 %(code)s 的号段内；代码有变时，请为新代码另建"
                        "区划，并以“止于”和“后继”相接。"
                    )
                    % {"child": left, "code": self.code}
                }
            )
        if self.parent and not self.parent.is_above(self):
            raise ValidationError({"parent": _("上级的级别须高于本级。")})
        if self.successor and self.valid_to is None:
            raise ValidationError({"successor": _("仍在沿用的区划没有后继；请先填写止于之年。")})
        if self.through_time[-1].successor:
            raise ValidationError({"successor": _("后继不能是自身，也不能辗转回到自身。")})

    def _left_outside(self) -> "Region | None":
        """A child whose code does not continue this one, though it should; or None."""
        if self._state.adding:
            return None
        outside = self.children.exclude(path__startswith=self.path)
        return next((row for row in outside if row.natural_key() not in OUTSIDE_PARENT), None)


# 随州市 was administered by 襄樊 in 1999 while its code stood among those directly under 湖北.
OUTSIDE_PARENT = {("429001", FIRST_YEAR)}

"""What an entry still lacks: the one set of reasons, wherever they are shown, counted or asked for."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .achievement import VERBATIM, Achievement, AchievementOrganization, Setting
from .coding import Coding, SettingEvidence
from .image import AchievementImage


class Gap(NamedTuple):
    """A thing that an entry may lack: the words for it, and when it does.

    What `forbids` keeps an entry from being published; the rest a reader would miss.
    """

    label: Promise
    # A Q, an Exists, or what they are joined to, of which the stubs of Django make several types.
    condition: Any
    forbids: bool = False


_own = {"achievement": OuterRef("pk")}
_codings = Coding.objects.filter(**_own)
_images = AchievementImage.objects.filter(**_own)


def _unplaced() -> Q:
    """Words that the announcement is quoted with, and no place of theirs."""
    missing = Q()
    for field in VERBATIM:
        missing |= Q(**{f"{field}_offset": None}) & ~Q(**{field: ""})
    return missing


GAPS = {
    "region": Gap(_("没有地区，不能发布"), Q(region=None), forbids=True),
    "alt": Gap(_("有图片没有替代文字，不能发布"), Exists(_images.filter(alt="")), forbids=True),
    "credit": Gap(_("有图片没有署名，不能发布"), Exists(_images.filter(credit="")), forbids=True),
    "summary": Gap(_("没有简介"), Q(summary="")),
    "organizations": Gap(
        _("没有列出机构"), ~Exists(AchievementOrganization.objects.filter(**_own))
    ),
    "codings": Gap(_("没有带依据的机制标注"), ~Exists(_codings.filter(evidence__isnull=False))),
    "coder": Gap(_("有标注没有编码者"), Exists(_codings.filter(coder=""))),
    "setting": Gap(
        _("城乡还没有编码"),
        # Being public does not say that the source was read for it; that all codings of the entry were
        # reviewed does.
        Q(setting=Setting.UNSTATED)
        & ~Exists(SettingEvidence.objects.filter(**_own))
        & (~Exists(_codings) | Exists(_codings.filter(reviewed_on=None))),
    ),
    "english": Gap(
        _("英文没有写全"), Q(title_en="") | Q(summary_en="") | Exists(_images.filter(alt_en=""))
    ),
    "place": Gap(_("没有全部在原文中定位"), _unplaced()),
}


def with_gaps(achievements: QuerySet[Achievement]) -> QuerySet[Achievement]:
    """Achievements, each with `gaps`: the names in GAPS of what it lacks, in one text."""
    named = (
        Case(When(gap.condition, then=Value(f"{name} ")), default=Value(""))
        for name, gap in GAPS.items()
    )
    return achievements.annotate(gaps=Concat(*named, output_field=CharField()))


def gaps_of(achievement: Achievement) -> list[Gap]:
    """What an achievement lacks that was read `with_gaps`, as of then."""
    # An annotation, of which no type says that it is there.
    names: str = vars(achievement)["gaps"]
    return [GAPS[name] for name in names.split()]


def present_gaps(achievement: Achievement) -> list[Gap]:
    """What it lacks now."""
    return gaps_of(with_gaps(Achievement.objects.filter(pk=achievement.pk)).get())


def lacking(gaps: Iterable[Gap]) -> Q:
    """The condition of those that have any of these gaps."""
    found = Q(pk=None)
    for gap in gaps:
        found |= Q(gap.condition)
    return found

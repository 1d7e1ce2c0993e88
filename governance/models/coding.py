"""Codings of achievements by mechanisms, and the words of the source that show them."""

import difflib
from collections.abc import Collection, Mapping
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import pgettext_lazy

from governance.words import first_difference

from .achievement import Achievement
from .fields import NaturalKeyModel, VerbatimField, known
from .mechanism import Mechanism

# The most places that are offered for words which stand elsewhere.
MOST_PLACES = 3

# Only so many characters are compared to find the nearest words: a load may ask for many, and they
# may be of any length.
LONG_WORDS = 200


# The coder of readings by a machine, which are no person's judgement.
MACHINE_ASSISTED = N_("机器辅助编码")


class Weight(models.TextChoices):
    """Primary: named in the title, or without it the innovation would be another one."""

    PRIMARY = "primary", _("主要")
    SECONDARY = "secondary", _("次要")


class Aspect(models.TextChoices):
    """What the source says the mechanism is. Facets, filters and tables count means only."""

    MEANS = "means", _("做法")
    GOAL = "goal", _("目标")
    EFFECT = "effect", _("成效")


class Passage(models.TextChoices):
    """The verbatim texts of an achievement in which evidence is found."""

    TITLE = "title", _("标题")
    SUMMARY = "summary", _("简介")


class EnglishPassage(models.TextChoices):
    """The texts of an achievement in which the English words of evidence are found."""

    TITLE = "title_en", _("英文标题")
    SUMMARY = "summary_en", _("英文简介")


# All texts of an achievement in which words of evidence stand.
TEXTS = (*Passage.values, *EnglishPassage.values)


class Coding(NaturalKeyModel):
    """A judgement that an achievement uses, aims at or achieves a mechanism."""

    natural_key_fields = ("achievement__code", "mechanism__slug")

    achievement = models.ForeignKey(
        Achievement, models.CASCADE, related_name="codings", verbose_name=_("成果")
    )
    mechanism = models.ForeignKey(
        Mechanism, models.PROTECT, related_name="codings", verbose_name=_("机制")
    )
    weight = models.CharField(_("分量"), max_length=10, choices=Weight)
    aspect = models.CharField(_("方面"), max_length=10, choices=Aspect, default=Aspect.MEANS)
    # Text, not a user: a coding travels in fixtures, and outlives accounts.
    coder = models.CharField(_("编码者"), max_length=150, blank=True)
    coded_on = models.DateField(_("编码日期"), null=True, blank=True)
    # Who has found it right, which holds for the words, weight and aspect of that day alone.
    reviewed_by = models.CharField(_("复核者"), max_length=150, blank=True)
    reviewed_on = models.DateField(_("复核日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("机制标注")
        verbose_name_plural = pgettext_lazy("plural", "机制标注")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "mechanism"],
                name="coding_once",
                violation_error_message=_("该成果已有此机制的标注；请在其中增补依据。"),
            ),
            known("weight", Weight),
            known("aspect", Aspect),
        ]

    def __str__(self) -> str:
        return f"{self.achievement.code} {self.mechanism}"


class Span(NaturalKeyModel):
    """Exact words of an achievement's title or summary: `text == field[start:end]`."""

    field = models.CharField(_("出处"), max_length=10, choices=Passage, default=Passage.SUMMARY)
    start = models.PositiveIntegerField(_("起"))
    end = models.PositiveIntegerField(_("止"))
    text = VerbatimField(_("原文字句"))

    class Meta:
        abstract = True
        ordering = ["-field", "start", "end"]

    def __str__(self) -> str:
        return self.text

    # What the names of the fields of its words end with: those of the original, and of a translation.
    languages: ClassVar[tuple[str, ...]] = ("",)

    def clean(self) -> None:
        for language in self.languages:
            self._check(language)

    def _check(self, language: str) -> None:
        field, text, start, end = self.words_in(language)
        if None in (start, end) or not (text and field):
            return
        passage = getattr(self.source, field)
        if passage[start:end] == text:
            return
        right = places(text, passage)
        sentence = (
            misplaced(text, start, end, right) if right else absent(text, passage, bool(language))
        )
        raise ValidationError({f"text{language}": sentence})

    def words_in(self, language: str) -> tuple[str, str, int | None, int | None]:
        """Its (field, text, start, end), "" for those of the original or "_en"."""
        field, text = getattr(self, f"field{language}"), getattr(self, f"text{language}")
        return field, text, getattr(self, f"start{language}"), getattr(self, f"end{language}")

    def place(self, language: str, start: int) -> None:
        """Let its words begin at `start`."""
        setattr(self, f"start{language}", start)
        setattr(self, f"end{language}", start + len(getattr(self, f"text{language}")))

    @property
    def source(self) -> Achievement:
        """The achievement in whose texts the words stand."""
        raise NotImplementedError


def misplaced(words: str, start: int | None, end: int | None, right: list[int]) -> str:
    """The sentence for words that stand elsewhere, at the offsets `right`."""
    spans = [f"{place}–{place + len(words)}" for place in right]
    return _("原文中“%(words)s”的起止是 %(right)s，不是 %(start)s–%(end)s。") % {
        "words": words,
        "right": _("或").join(spans[:MOST_PLACES]),
        "start": start,
        "end": end,
    }


def places(words: str, passage: str) -> list[int]:
    """Where `words` stand in `passage`, as a list of offsets; overlapping ones included."""
    offsets, start = [], passage.find(words)
    while start >= 0:
        offsets.append(start)
        start = passage.find(words, start + 1)
    return offsets


def absent(words: str, passage: str, translated: bool = False) -> str:
    """The sentence for words that are not in the passage, with the nearest that are."""
    near = nearest(words, passage)
    if translated and near:
        sentence = _("英文译文中没有“%(words)s”这一字句；最相近的是“%(near)s”。")
    elif translated:
        sentence = _("英文译文中没有“%(words)s”这一字句，也没有相近的。")
    elif near:
        sentence = _("原文中没有“%(words)s”这一字句；最相近的是“%(near)s”。")
    else:
        sentence = _("原文中没有“%(words)s”这一字句，也没有相近的。")
    return sentence % {"words": words, "near": near}


def nearest(words: str, passage: str) -> str:
    """The passage's stretch that shares most with `words`, of about their length; "" if none does."""
    common = overlap(words, passage)
    if common.size < 2:
        return ""
    start = max(common.b - common.a, 0)
    return passage[start : start + len(words)]


def overlap(words: str, passage: str) -> difflib.Match:
    """The longest stretch that both have, as difflib's Match; of long words, the beginning counts."""
    words = words[:LONG_WORDS]
    # Grows only: so each passage is searched at most twice for each character of the words.
    at = size = 0
    for start in range(len(words)):
        while start + size < len(words) and words[start : start + size + 1] in passage:
            at, size = start, size + 1
    return difflib.Match(at, passage.find(words[at : at + size]), size)


def relocate(
    achievement: Achievement, before: Mapping[str, str], placed: Collection[Span] = frozenset()
) -> None:
    """Move an achievement's evidence to where its words stand after its texts were changed.

    `achievement` is saved; `before` holds the texts in which the spans were counted, by field; words
    in another field stay. Words that stand more than once go with the text around them. Spans that are
    `placed` were counted in the new texts and stay. English words that are gone are dropped: a
    translation may be written anew. Raises ValidationError if words of the original that are evidence
    no longer stand there. Call it in a transaction.
    """
    codings = Evidence.objects.filter(coding__achievement=achievement)
    for spans in (
        codings.select_related("coding__achievement", "coding__mechanism"),
        achievement.setting_evidence.all(),
    ):
        moved = [span for span in spans if span not in placed and _move(span, before, achievement)]
        _rewrite([span for span in spans if span not in moved], moved)


def _move(span: Span, before: Mapping[str, str], achievement: Achievement) -> bool:
    """Count a span in the text of now; whether that is another place."""
    there = [span.words_in(language) for language in span.languages]
    for language in span.languages:
        field, text, start, _end = span.words_in(language)
        if field not in before or start is None:
            continue
        now = getattr(achievement, field)
        found = nearest_place(text, start, before[field], now)
        if found is not None:
            span.place(language, found)
        elif isinstance(span, Evidence) and language:
            span.drop_english()
        else:
            raise ValidationError({field: absent(text, now)})
    return there != [span.words_in(language) for language in span.languages]


def nearest_place(words: str, start: int, before: str, now: str) -> int | None:
    """Where `words`, which began at `start` of the text `before`, stand in the text of now; None if
    they do not."""
    expected = _carried(start, before, now)
    return min(places(words, now), key=lambda place: abs(place - expected), default=None)


def _rewrite(placed: list[Span], moved: list[Span]) -> None:
    # Two spans may now begin at the same character: the longer one stays, since it holds the other.
    spans = sorted([*placed, *moved], key=lambda span: span.end)
    kept = {span.natural_key(): span for span in spans}.values()
    # Deleted and created with their old keys: an update row by row could move a span to where another
    # one still stands, which a constraint forbids.
    anew = [span for span in moved if span in kept]
    gone = [*moved, *(span for span in placed if span not in kept)]
    for model in {type(span) for span in gone}:
        model.objects.filter(pk__in=[span.pk for span in gone]).delete()
        model.objects.bulk_create(anew)


def _carried(start: int, before: str, now: str) -> int:
    """Where the character at `start` of the text `before` has gone in the text of now.

    Exact before the first change and behind the last one; between the two its old place stands.
    """
    head = first_difference([before, now])
    tail = first_difference([before[head:][::-1], now[head:][::-1]])
    behind = start >= max(head, len(before) - tail)
    return start + len(now) - len(before) if behind else start


def _ends_after_start() -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(end__gt=F("start")),
        name="%(class)s_ends_after_start",
        violation_error_message=_("依据不能为空。"),
    )


class Evidence(Span):
    """Words that show a coding, and those of the translation that render them, where it has any."""

    languages = ("", "_en")

    natural_key_fields = ("coding__achievement__code", "coding__mechanism__slug", "field", "start")

    coding = models.ForeignKey(
        Coding, models.CASCADE, related_name="evidence", verbose_name=_("机制标注")
    )
    field_en = models.CharField(
        _("英文出处"), max_length=10, choices=EnglishPassage, blank=True, default=""
    )
    start_en = models.PositiveIntegerField(_("英文起"), null=True, blank=True)
    end_en = models.PositiveIntegerField(_("英文止"), null=True, blank=True)
    text_en = VerbatimField(_("英文字句"), blank=True, default="")

    class Meta(Span.Meta):
        verbose_name = _("依据")
        verbose_name_plural = pgettext_lazy("plural", "依据")
        constraints = [
            models.UniqueConstraint(
                fields=["coding", "field", "start"],
                name="evidence_once",
                violation_error_message=_("这一处已经是依据。"),
            ),
            _ends_after_start(),
            known("field", Passage),
            known("field_en", EnglishPassage, blank=True),
            models.CheckConstraint(
                condition=Q(field_en="", text_en="", start_en=None, end_en=None)
                | Q(start_en__isnull=False, end_en__isnull=False, end_en__gt=F("start_en"))
                & ~Q(field_en="")
                & ~Q(text_en=""),
                name="evidence_english_whole",
                violation_error_message=_("英文依据须写全：字句、出处、起、止。"),
            ),
        ]

    @property
    def source(self) -> Achievement:
        return self.coding.achievement

    def drop_english(self) -> None:
        self.field_en = self.text_en = ""
        self.start_en = self.end_en = None


class SettingEvidence(Span):
    """Words that show whether an achievement is urban or rural."""

    natural_key_fields = ("achievement__code", "field", "start")

    achievement = models.ForeignKey(
        Achievement, models.CASCADE, related_name="setting_evidence", verbose_name=_("成果")
    )

    class Meta(Span.Meta):
        verbose_name = _("城乡依据")
        verbose_name_plural = pgettext_lazy("plural", "城乡依据")
        constraints = [
            models.UniqueConstraint(
                fields=["achievement", "field", "start"],
                name="settingevidence_once",
                violation_error_message=_("这一处已经是依据。"),
            ),
            _ends_after_start(),
            known("field", Passage),
        ]

    @property
    def source(self) -> Achievement:
        return self.achievement

"""Codings on the page of their achievement and in a list; and finding them right, which is reviewing."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, OuterRef, Subquery
from django.http import JsonResponse
from django.urls import path
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from governance import index
from governance.changes import person_name, recording
from governance.models import (
    Coding,
    EnglishPassage,
    Evidence,
    Setting,
    SettingEvidence,
    Status,
)
from governance.models.coding import Aspect, Passage, absent
from governance.roles import may_publish

from .codebook import codebook
from .evidence import BREAK, EvidenceForm, occurrences, write_evidence
from .meanwhile import PartFormSet, who_and_when
from .shared import (
    LabelledRelations,
    PartAdmin,
    RelatedFilter,
    TextareaField,
)

# What a reviewer has seen: with any of it changed, the coding waits for a review again.
JUDGED = {"mechanism", "weight", "aspect", "words", "places"}
# What a form, or its signature, changes of a row.
WRITTEN = ["mechanism", "weight", "aspect", "coder", "coded_on", "reviewed_by", "reviewed_on"]


class CodingForm(EvidenceForm):
    # The lines of the translation are counted by those of the original.
    together = (("words", "places", "words_en"),)
    words_en = TextareaField(
        label=_("英文依据"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 50}),
        help_text=_("英文标题或简介中的原话，与上面的依据逐行对应，没有的空一行；须只有一处。"),
    )
    reviewed = forms.BooleanField(
        label=_("复核无误"),
        required=False,
        help_text=_("改动字句、分量或方面，即须重新复核。"),
    )

    def __init__(self, *args, achievement, **kwargs):
        self.achievement = achievement
        super().__init__(*args, **kwargs)
        self.initial["reviewed"] = self.instance.reviewed_on is not None
        # As the lines of `words`, which has each only once.
        english = {span.text: span.text_en.replace("\n", BREAK) for span in reversed(self.spans)}
        lines = dict.fromkeys(span.text for span in self.spans)
        self.initial["words_en"] = "\n".join(english[line] for line in lines).rstrip("\n")

    @property
    def changed_by(self):
        return self.achievement

    @property
    def stored_achievement(self):
        # Not the form set's: that one already holds what was sent.
        return self.instance.achievement

    @property
    def evidence(self):
        return self.instance.evidence

    @property
    def judges(self):
        """Whether what is sent is another judgement than what is stored."""
        return not JUDGED.isdisjoint(self.changed_data)

    @property
    def judgement(self):
        """What is sent of it, to be compared: the mechanism, its weight and aspect, the words' lines."""
        mechanism, weight, aspect, words = (
            self.data.get(self.add_prefix(name), "")
            for name in ("mechanism", "weight", "aspect", "words")
        )
        return mechanism, weight, aspect, tuple(words.strip().splitlines())

    def clean(self):
        cleaned = super().clean()
        if "reviewed" in self.changed_data and not JUDGED.isdisjoint(self.of_others):
            who = {"who": who_and_when(self.achievement)}
            self.add_error(
                "reviewed", _("您打开之后，%(who)s 改过这条标注；请看过现在的再标。") % who
            )
        if self.judges and cleaned.get("reviewed") and not self.initial["reviewed"]:
            self.add_error(
                "reviewed", _("字句、分量或方面有改动；请先保存，由人看过再标复核无误。")
            )
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if "words" in self.cleaned_data and "words_en" in self.cleaned_data:
            lines = self.cleaned_data["words"]
            english = [line.strip() for line in self.cleaned_data["words_en"].split("\n")]
            if any(english[len(lines) :]):
                self.add_error("words_en", _("英文依据的行数多于依据；请与依据逐行对应。"))
            # {words of the original: where those of the translation stand}
            self.english = {
                self._as_written(line): self._place_of(words.replace(BREAK, "\n"))
                for line, words in zip(lines, english, strict=False)
                if words
            }

    def _place_of(self, words):
        found = occurrences(words, self.achievement, EnglishPassage.values)
        if len(found) == 1:
            return found[0]
        if not found:
            passage = self.achievement.summary_en or self.achievement.title_en
            self.add_error("words_en", absent(words, passage, translated=True))
            return None
        stored = {span.words_in("_en") for span in self.spans}
        for one in found:
            if (one.field, one.text, one.start, one.end) in stored:
                return one
        message = _("“%(words)s”在英文译文中有 %(count)d 处，请写得长一些，使它只有一处。")
        self.add_error("words_en", ValidationError(message % {"words": words, "count": len(found)}))
        return None

    def _save_m2m(self):
        """The form set writes the evidence of all its forms at once."""

    def complete(self, span):
        if place := self.english.get(span.text):
            span.field_en, span.text_en = place.field, place.text
            span.place("_en", place.start)


class CodingFormSet(PartFormSet):
    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"achievement": self.instance}

    def save_existing(self, form, obj, commit=True):
        return super().save_existing(form, obj, commit=False)

    def save(self, commit=True):
        """As Django's, which saves row by row: here what was changed is written at once, and all evidence."""
        saved = super().save(commit)
        rows = [row for row, _names in self.changed_objects]
        Coding.objects.bulk_update(rows, WRITTEN)
        write_evidence(form for form in self.forms if form not in self.deleted_forms)
        return saved

    def sign(self, user, proposal=None):
        """Write down who coded or reviewed, and when, in the codings that this form set changes.

        Of a `proposal` that the user accepts, the coder is who proposed it, but for the codings that
        the user has altered.
        """
        for form in self.forms:
            coding = form.instance
            if form.judges:
                coding.coder, coding.coded_on = person_name(user), localdate()
                if proposal and form.judgement in proposal.judgements:
                    coding.coder, coding.coded_on = proposal.name, localdate(proposal.at)
                coding.reviewed_by, coding.reviewed_on = "", None
            elif "reviewed" in form.changed_data:
                right = form.cleaned_data["reviewed"]
                coding.reviewed_by = person_name(user) if right else ""
                coding.reviewed_on = localdate() if right else None


def review_of(coding):
    """○ 待复核, or ● and who has reviewed it when."""
    if coding.reviewed_on is None:
        return f"○ {gettext('待复核')}"
    return f"● {coding.reviewed_by} {coding.reviewed_on}"


class CodingInline(LabelledRelations, admin.StackedInline):
    model = Coding
    form = CodingForm
    formset = CodingFormSet
    extra = 0
    # Not a table: words and places need the width of the page.
    template = "admin/governance/achievement/codings.html"
    codebook = staticmethod(codebook)
    aspects = Aspect.choices
    settings = Setting.choices
    fields = [
        ("mechanism", "weight", "aspect"),
        *("words", "places", "words_en"),
        ("coder", "coded_on", "review"),
        "reviewed",
    ]
    readonly_fields = ["coder", "coded_on", "review"]
    autocomplete_fields = ["mechanism"]

    def get_queryset(self, request):
        # Numbered on the page as the public page numbers them.
        first = Evidence.objects.filter(coding=OuterRef("pk"))
        codings = (
            super()
            .get_queryset(request)
            .annotate(
                first_field=Subquery(first.values("field")[:1]),
                first_start=Subquery(first.values("start")[:1]),
            )
            .order_by(F("first_field").desc(nulls_last=True), "first_start", "pk")
        )
        return codings.select_related("achievement", "mechanism").prefetch_related("evidence")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "mechanism":
            # The codebook stands beside the choice; it is written elsewhere.
            widget = field.widget
            widget.can_add_related = widget.can_change_related = widget.can_view_related = False
        return field

    @admin.display(description=_("复核"))
    def review(self, coding):
        return review_of(coding)

    # For those who may look but not change.

    def words(self, coding):
        return "\n".join(span.text for span in coding.evidence.all())

    def words_en(self, coding):
        return "\n".join(span.text_en for span in coding.evidence.all())

    def reviewed(self, coding):
        return coding.reviewed_on is not None


class ReviewFilter(admin.SimpleListFilter):
    title = _("复核")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("pending", _("待复核")), ("reviewed", _("已复核"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(reviewed_on__isnull=self.value() == "pending")


def find_right(model_admin, request, codings):
    """Sign those of `codings` that wait for a review as found right by who asks, and say how many."""
    waiting = codings.filter(reviewed_on=None).select_related("achievement")
    if not may_publish(request.user):
        left = waiting.filter(achievement__status=Status.PUBLISHED).count()
        waiting = waiting.exclude(achievement__status=Status.PUBLISHED)
        if left:
            sentence = _("%(count)d 条属已公开的成果，须由有发布权限的人复核，没有改动。")
            model_admin.message_user(request, sentence % {"count": left}, messages.WARNING)
    entries = set(waiting.values_list("achievement", flat=True))
    with recording(entries, by=request.user):
        rows = list(waiting.filter(achievement__in=entries))
        Coding.objects.filter(pk__in=[row.pk for row in rows]).update(
            reviewed_by=person_name(request.user), reviewed_on=localdate()
        )
        index.update({row.achievement_id for row in rows})
        for entry in {row.achievement for row in rows}:
            model_admin.log_change(request, entry, gettext("标注复核无误"))
    count = len(rows)
    sentence = ngettext("%(count)d 条标注复核无误。", "%(count)d 条标注复核无误。", count)
    level = messages.SUCCESS if rows else messages.WARNING
    model_admin.message_user(request, sentence % {"count": count}, level)


@admin.register(Coding)
class CodingAdmin(PartAdmin):
    list_display = ["achievement", "mechanism", "weight", "aspect", "words", "coder", "review"]
    list_filter = [ReviewFilter, "weight", "aspect", ("mechanism", RelatedFilter)]
    list_select_related = ["achievement", "mechanism"]
    actions = ["find_chosen_right"]
    search_fields = [
        "achievement__code",
        "achievement__title",
        "mechanism__name",
        "evidence__text",
        "coder",
        "reviewed_by",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("evidence")

    def get_urls(self):
        view = self.admin_site.admin_view(self.suggestions_view)
        name = "governance_coding_suggestions"
        return [path("suggestions/", view, name=name), *super().get_urls()]

    def suggestions_view(self, request):
        """The OfferedMechanisms of a title and a summary that are sent, as JSON."""
        # Here: with it comes the reading of documents, which would be a third of every worker's start.
        from .suggestions import offered_mechanisms

        if not self.has_view_permission(request):
            raise PermissionDenied
        texts = {field: request.POST.get(field, "") for field in Passage.values}
        texts = {field: text.replace("\r\n", "\n") for field, text in texts.items()}
        return JsonResponse({"suggestions": offered_mechanisms(texts)})

    @admin.display(description=_("依据"))
    def words(self, coding):
        return " / ".join(span.text for span in coding.evidence.all())

    @admin.display(description=_("复核"), ordering="reviewed_on")
    def review(self, coding):
        return review_of(coding)

    @admin.action(description=_("复核无误"), permissions=["change"])
    def find_chosen_right(self, request, queryset):
        find_right(self, request, Coding.objects.filter(pk__in=queryset.values("pk")))


@admin.register(Evidence)
class EvidenceAdmin(PartAdmin):
    achievement_path = "coding.achievement"
    list_display = ["text", "field", "mechanism", "achievement"]
    list_filter = ["field", ("coding__mechanism", RelatedFilter)]
    list_select_related = ["coding__achievement", "coding__mechanism"]
    search_fields = ["text", "coding__achievement__code", "coding__mechanism__name"]

    @admin.display(description=_("机制"), ordering="coding__mechanism__pinyin")
    def mechanism(self, span):
        return span.coding.mechanism


@admin.register(SettingEvidence)
class SettingEvidenceAdmin(PartAdmin):
    list_display = ["text", "field", "setting", "achievement"]
    list_filter = ["field", "achievement__setting"]
    list_select_related = ["achievement"]
    search_fields = ["text", "achievement__code"]

    @admin.display(description=_("城乡"), ordering="achievement__setting")
    def setting(self, span):
        return span.achievement.get_setting_display()

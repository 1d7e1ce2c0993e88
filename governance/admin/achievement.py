from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from governance import index
from governance.changes import recording, take_turn
from governance.models import (
    Achievement,
    AchievementImage,
    AchievementOrganization,
    ChangeKind,
    Coding,
    Publication,
    Setting,
    SettingEvidence,
    Status,
)
from governance.models.achievement import VERBATIM
from governance.models.coding import TEXTS, relocate
from governance.publishing import take_back

from .coding import CodingInline, ReviewFilter, find_right
from .evidence import EvidenceForm, WordsField
from .image import ImageInline, discard_after_commit, prepare_uploads
from .meanwhile import MergingForm, PartFormSet
from .shared import (
    KEY,
    LabelledRelations,
    PartAdmin,
    RelatedFilter,
    SpelledAdmin,
    spelled,
)


class ReasonField(forms.CharField):
    """Why an entry is taken back from the public."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("撤下原因"),
            widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
            help_text=_("已发布的改为其他状态，即是撤下：原网址从此显示标题、日期与这里写的原因。"),
            **kwargs,
        )


class ReasonForm(forms.Form):
    reason = ReasonField()


class AchievementForm(EvidenceForm):
    together = (("words", "places"),)
    words = WordsField(
        label=_("城乡依据"),
        required=False,
        help_text=_("标题或简介中说明城乡的原话，每行一句，位置自动计算。"),
    )

    reason = ReasonField(required=False)

    class Meta:
        widgets = {
            "marker": forms.Textarea(attrs={"rows": 1, "cols": 10}),
            "title": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "organization_text": forms.Textarea(attrs={"rows": 1, "cols": 80}),
        }

    @property
    def achievement(self):
        return self.instance

    def clean(self):
        cleaned = super().clean()
        if self.initial.get("status") == Status.PUBLISHED and "status" in cleaned:
            stays, reason = cleaned["status"] == Status.PUBLISHED, cleaned.get("reason")
            if stays and reason:
                self.add_error(
                    "status", _("写了撤下原因，状态却仍是已发布；要撤下，请同时改状态。")
                )
            elif not (stays or reason):
                self.add_error("reason", _("撤下已公开的成果，须写明原因。"))
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        for field in VERBATIM:
            if self.has_error(field, "misplaced"):
                # At the place itself, whose folded section is opened by it.
                sentence = _("若系有意更正，请清空这一位置，公开页即注明未在原文中定位。")
                self.add_error(f"{field}_offset", sentence)

    # Until the form is cleaned, the instance has its stored texts.
    stored_achievement = achievement

    @property
    def evidence(self):
        return self.instance.setting_evidence


class LinkForm(MergingForm):
    """An organization's place among those of an achievement."""

    @property
    def changed_by(self):
        return self.instance.achievement


class OrganizationInline(LabelledRelations, admin.StackedInline):
    model = AchievementOrganization
    form = LinkForm
    formset = PartFormSet
    extra = 0
    fields = [("organization", "position")]
    autocomplete_fields = ["organization"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("organization")


def publish(achievement):
    """Publish it if nothing speaks against it; the reasons why it was not, in sentences."""
    achievement.status = Status.PUBLISHED
    try:
        achievement.full_clean()
    except ValidationError as error:
        return error.messages
    achievement.save(update_fields=["status"])
    return []


# What an entry may lack. Without a region it cannot be published; the rest a reader would miss.
GAPS = {
    "region": _("没有地区，不能发布"),
    "summary": _("没有简介"),
    "organizations": _("没有列出机构"),
    "codings": _("没有带依据的机制标注"),
    "setting": _("城乡还没有编码"),
}


def with_gaps(achievements):
    """Achievements, each with what `gaps` asks of it."""
    own = {"achievement": OuterRef("pk")}
    return achievements.annotate(
        has_organizations=Exists(AchievementOrganization.objects.filter(**own)),
        has_codings=Exists(Coding.objects.filter(**own, evidence__isnull=False)),
        has_setting=Exists(SettingEvidence.objects.filter(**own)),
    )


def gaps(achievement):
    """Names in GAPS of what is still missing."""
    has = {
        "region": achievement.region_id,
        "summary": achievement.summary,
        "organizations": achievement.has_organizations,
        "codings": achievement.has_codings,
        # Once it is published, somebody has judged that the source does not say.
        "setting": achievement.setting != Setting.UNSTATED
        or achievement.has_setting
        or achievement.status == Status.PUBLISHED,
    }
    return [name for name in GAPS if not has[name]]


# Said when an entry is published all the same.
MISSED = {
    "organizations": _("已发布，但还没有列出机构。"),
    "codings": _("已发布，但还没有带依据的机制标注，按机制查找时不会出现。"),
}


def missed(achievement):
    """What a reader of a published achievement will miss, in sentences; no reason to refuse it."""
    (row,) = with_gaps(Achievement.objects.filter(pk=achievement.pk))
    return [MISSED[name] for name in gaps(row) if name in MISSED]


class EntryReviewFilter(ReviewFilter):
    """Entries of which any coding waits for a review, or none."""

    def queryset(self, request, queryset):
        codings = super().queryset(request, Coding.objects.all())
        if self.value() == "pending":
            return queryset.filter(pk__in=codings.values("achievement"))
        if self.value() == "reviewed":
            waiting = Coding.objects.filter(reviewed_on=None)
            return queryset.filter(pk__in=codings.values("achievement")).exclude(
                pk__in=waiting.values("achievement")
            )
        return queryset


@admin.register(Achievement)
class AchievementAdmin(SpelledAdmin):
    class Media:
        css = {"all": ["governance/achievement.css"]}

    form = AchievementForm
    inlines = [OrganizationInline, CodingInline, ImageInline]
    list_display = ["code", "title", "place", "tier", "setting", "status", "public_page"]
    list_filter = [
        "status",
        ("award_year", RelatedFilter),
        "tier",
        "setting",
        ("mechanisms", RelatedFilter),
        EntryReviewFilter,
    ]
    list_select_related = ["region__parent__parent__parent"]
    readonly_fields = ["withdrawn"]
    actions = ["publish_chosen", "take_back_chosen", "find_chosen_right", "delete_selected"]
    kept_sentence = _(
        "没有删除：%(rows)s 曾经公开，其网址须长久有效。不再公开的，请撤下并写明原因。"
    )
    search_fields = [
        "code",
        "title",
        "title_en",
        "spelling",
        "organization_text",
        "summary",
        "region__name",
        "region__parent__name",
        "region__parent__parent__name",
        "region_spelling",
        "organizations__name",
        "mechanisms__name",
    ]
    autocomplete_fields = ["award_year", "region"]
    fieldsets = [
        (None, {"fields": ["code", ("award_year", "tier", "grade", "rank"), "status"]}),
        (_("原文"), {"fields": ["title", "short_name", "organization_text", "summary"]}),
        (_("地区与城乡"), {"fields": ["region", "setting", "words", "places"]}),
        (_("英文"), {"fields": ["title_en", "summary_en"]}),
        (
            _("在文件中的位置"),
            {
                "classes": ["collapse"],
                "fields": [
                    # Not side by side: Django opens a folded section for errors of whole lines.
                    "marker",
                    "marker_offset",
                    "title_offset",
                    "organization_text_offset",
                    "summary_offset",
                    "pinyin",
                ],
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).alias(region_spelling=spelled("region__pinyin"))

    def is_public(self, achievement):
        return achievement.status == Status.PUBLISHED

    def get_fieldsets(self, request, obj=None):
        """The reason beside the status, where there is one to give or to read."""
        (_title, first), *others = super().get_fieldsets(request, obj)
        more = []
        if obj and obj.status == Status.PUBLISHED:
            more = ["reason"] if self.has_change_permission(request, obj) else []
        elif obj and Publication.objects.filter(code=obj.code).exists():
            more = ["withdrawn"]
        return [(None, {**first, "fields": [*first["fields"], *more]}), *others]

    @admin.display(description=_("已撤下"))
    def withdrawn(self, achievement):
        publication = Publication.objects.get(code=achievement.code)
        return f"{publication.withdrawn or ''} {publication.reason or gettext('未说明')}".strip()

    @admin.display(description=_("地区"), ordering="region__path")
    def place(self, achievement):
        return achievement.region and achievement.region.full_name

    @admin.action(description=_("发布所选的 %(verbose_name_plural)s"), permissions=["change"])
    def publish_chosen(self, request, queryset):
        chosen = set(queryset.values_list("pk", flat=True))
        with recording(chosen, ChangeKind.PUBLISH, by=request.user):
            rows = Achievement.objects.filter(pk__in=chosen)
            waiting = [one for one in rows if one.status != Status.PUBLISHED]
            refused = {one: reasons for one in waiting if (reasons := publish(one))}
            published = [one for one in waiting if one not in refused]
            index.update({one.pk for one in published})
            for one in published:
                self.log_change(request, one, [{"changed": {"fields": [str(_("状态"))]}}])
        self._tell(request, published, refused)

    @admin.action(description=_("撤下所选的 %(verbose_name_plural)s"), permissions=["change"])
    def take_back_chosen(self, request, queryset):
        """Asks for the reason first, on a page of its own."""
        form = ReasonForm(request.POST if "taking_back" in request.POST else None)
        with transaction.atomic():
            take_turn()
            public = list(Achievement.objects.filter(pk__in=queryset.values("pk")).published())
            if public and not form.is_valid():
                return self._ask_for_reason(request, public, form)
            if public:
                reason = form.cleaned_data["reason"]
                take_back([one.pk for one in public], reason, by=request.user)
            for one in public:
                self.log_change(request, one, [{"changed": {"fields": [str(_("状态"))]}}])
        count = len(public)
        sentence = ngettext("已撤下 %(count)d 项。", "已撤下 %(count)d 项。", count) % {
            "count": count
        }
        self.message_user(request, sentence, messages.SUCCESS if public else messages.WARNING)
        return None

    def has_review_permission(self, request):
        return request.user.has_perm("governance.change_coding")

    @admin.action(description=_("全部标注复核无误"), permissions=["review"])
    def find_chosen_right(self, request, queryset):
        entries = queryset.values("pk")
        find_right(self, request, Coding.objects.filter(achievement__in=entries))

    def _ask_for_reason(self, request, public, form):
        context = self.admin_site.each_context(request) | {
            "title": gettext("撤下"),
            "opts": self.opts,
            "public": public,
            "form": form,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/governance/achievement/take_back.html", context)

    def _tell(self, request, published, refused):
        count = len(published)
        sentence = ngettext("已发布 %(count)d 项。", "已发布 %(count)d 项。", count)
        level = messages.SUCCESS if published else messages.WARNING
        self.message_user(request, sentence % {"count": count}, level)
        for one, reasons in refused.items():
            values = {"achievement": one, "reasons": " ".join(reasons)}
            sentence = gettext("没有发布 %(achievement)s：%(reasons)s") % values
            self.message_user(request, sentence, messages.ERROR)
        for one in published:
            for lack in missed(one):
                # The page gives the first letter of a message another case, and a code is an address.
                self.message_user(request, f"{one.title} {one.code} {lack}", messages.WARNING)

    def get_urls(self):
        def named(route, name):
            view = self.admin_site.admin_view(
                lambda request, **args: self.history(name, request, **args)
            )
            return path(route, view, name=f"governance_achievement_{name}")

        # The first instead of Django's, which knows neither what was nor how to get back to it.
        return [
            named("<int:pk>/history/", "history"),
            named("<int:pk>/restore/", "restore"),
            named("deleted/", "deleted"),
            *super().get_urls(),
        ]

    def history(self, view, request, **arguments):
        # Loading would be a third of every worker's start.
        from .history import HistoryViews

        return getattr(HistoryViews(self), view)(request, **arguments)

    def words(self, achievement):
        """For those who may look but not change."""
        return "\n".join(span.text for span in achievement.setting_evidence.all())

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        if request.method != "POST":
            return super().changeform_view(request, object_id, *args, **kwargs)
        # Before the transaction, in which all others wait.
        if self.has_change_permission(request) or self.has_add_permission(request):
            prepare_uploads(request.FILES)
        # What is no number names no entry, and is refused there.
        request.entries = {int(object_id)} if KEY.fullmatch(object_id or "") else set()
        with recording(request.entries, by=request.user) as request.change:
            return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request, context, *args, **kwargs):
        for inline in context["inline_admin_formsets"]:
            if inline.formset.model is AchievementImage:
                for form in inline.formset.forms:
                    form.keep()
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        request.entries.add(obj.pk)
        request.change.reason = form.cleaned_data.get("reason", "")
        if change and not set(TEXTS).isdisjoint(form.changed_data):
            relocate(obj, {field: form.initial[field] for field in TEXTS})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.status == Status.PUBLISHED:
            for sentence in missed(form.instance):
                self.message_user(request, sentence, messages.WARNING)

    def save_formset(self, request, form, formset, change):
        if formset.model is Coding:
            formset.sign(request.user)
        elif formset.model is AchievementImage:
            discard_after_commit(formset.instance.images)
        super().save_formset(request, form, formset, change)

    def delete_model(self, request, obj):
        with recording({obj.pk}, by=request.user):
            discard_after_commit(obj.images)
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        chosen = set(queryset.values_list("pk", flat=True))
        with recording(chosen, by=request.user):
            discard_after_commit(AchievementImage.objects.filter(achievement__in=chosen))
            super().delete_queryset(request, queryset)


@admin.register(AchievementOrganization)
class AchievementOrganizationAdmin(PartAdmin):
    list_display = ["achievement", "organization", "position"]
    list_select_related = ["achievement", "organization"]
    search_fields = ["achievement__code", "achievement__title", "organization__name"]

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from governance.changes import recording
from governance.models import (
    Achievement,
    AchievementImage,
    AchievementOrganization,
    Coding,
    Status,
)
from governance.models.achievement import VERBATIM
from governance.models.coding import TEXTS, relocate
from governance.models.gap import gaps_of, with_gaps
from governance.roles import may_view
from governance.words import listed

from .coding import CodingInline, find_right
from .entry_filters import AwardYearFilter, EntryReviewFilter, GapFilter
from .error_report import open_reports
from .evidence import EvidenceForm, WordsField
from .finding import KeyedChangeList, found_entries
from .image import ImageInline, discard_after_commit
from .meanwhile import MergingForm, PartFormSet
from .moving import MovingAdmin, missed
from .shared import KEY, LabelledRelations, PartAdmin, RelatedFilter


class AchievementForm(EvidenceForm):
    together = (("words", "places"),)
    words = WordsField(
        label=_("城乡依据"),
        required=False,
        help_text=_("标题或简介中说明城乡的原话，每行一句，位置自动计算。"),
    )

    comment = forms.CharField(
        label=_("附言"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 1, "cols": 80}),
        help_text=_("为什么这样改；记入历史，只有工作人员看得到。"),
    )

    class Meta:
        help_texts = {
            "setting": _(
                "按标题与简介的字句。都没有说的，留作“未说明”：标注全部复核之后，不再算作所缺。"
            )
        }
        widgets = {
            "marker": forms.Textarea(attrs={"rows": 1, "cols": 10}),
            "title": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "organization_text": forms.Textarea(attrs={"rows": 1, "cols": 80}),
        }

    def __init__(self, *args, **kwargs):
        # Asked for here, by the rules of an entry and where it moves.
        if (instance := kwargs.get("instance")) and instance.pk:
            prefetch_related_objects([instance], "setting_evidence")
        super().__init__(*args, **kwargs)

    @property
    def achievement(self):
        return self.instance

    def clean_region(self):
        # Status is no field of the form, so that no rule of the model is asked that speaks of both.
        region = self.cleaned_data["region"]
        if region is None and self.instance.status == Status.PUBLISHED:
            raise forms.ValidationError(_("已公开的成果须有地区。"))
        return region

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


@admin.register(Achievement)
class AchievementAdmin(MovingAdmin):
    class Media:
        css = {"all": ["governance/achievement.css", "governance/moves.css"]}

    form = AchievementForm
    inlines = [OrganizationInline, CodingInline, ImageInline]
    list_display = ["code", "title", "status", "lacks", "place", "tier", "setting", "public_page"]
    list_filter = [
        "status",
        ("award_year", AwardYearFilter),
        "tier",
        "setting",
        ("mechanisms", RelatedFilter),
        GapFilter,
        EntryReviewFilter,
    ]
    readonly_fields = ["lacks", "reports"]
    actions = ["publish_chosen", "take_back_chosen", "find_chosen_right", "delete_selected"]
    kept_sentence = _(
        "没有删除：%(rows)s 曾经公开，其网址须长久有效。不再公开的，请撤下并写明原因。"
    )
    # Django offers a search where there are some; what is searched says `found_entries`.
    search_fields = ["code"]
    autocomplete_fields = ["award_year", "region"]
    fieldsets = [
        (None, {"fields": ["code", ("award_year", "tier", "grade", "rank")]}),
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
        (_("这次改动"), {"fields": ["comment"]}),
    ]

    def get_queryset(self, request):
        reported = Exists(open_reports(OuterRef("code")))
        entries = super().get_queryset(request).select_related("region__parent__parent__parent")
        return with_gaps(entries).annotate(reported=reported)

    def get_changelist(self, request, **kwargs):
        return KeyedChangeList

    def search(self, request, queryset, words):
        return found_entries(queryset, words), False

    def is_public(self, achievement):
        return achievement.status == Status.PUBLISHED

    def view_on_site(self, record):
        """The public page; of what is not public, how that would look."""
        return super().view_on_site(record) or reverse("preview", args=[record.pk])

    @admin.display(description=_("公开页"))
    def public_page(self, achievement):
        label = _("查看") if self.is_public(achievement) else _("预览")
        return format_html('<a href="{}">{}</a>', self.view_on_site(achievement), label)

    def get_fieldsets(self, request, obj=None):
        """Beside the code what the entry lacks and readers report; a comment by those who change something."""
        (_title, first), *others = super().get_fieldsets(request, obj)
        more = ["lacks"] if obj and gaps_of(obj) else []
        if obj and obj.reported and may_view(request.user, "errorreport"):
            more.append("reports")
        found = [(None, {**first, "fields": [*first["fields"], *more]}), *others]
        return found if not obj or self.has_change_permission(request, obj) else found[:-1]

    @admin.display(description=_("错误报告"))
    def reports(self, achievement):
        count = open_reports(achievement.code).count()
        sentence = ngettext("有 %(count)d 份待处理", "有 %(count)d 份待处理", count)
        address = reverse("admin:governance_errorreport_changelist")
        query = urlencode({"code": achievement.code, "handled__exact": 0})
        return format_html('<a href="{}?{}">{}</a>', address, query, sentence % {"count": count})

    @admin.display(description=_("还缺"), empty_value="")
    def lacks(self, achievement):
        return listed(gap.label for gap in gaps_of(achievement))

    @admin.display(description=_("地区"), ordering="region__path")
    def place(self, achievement):
        return achievement.region and achievement.region.full_name

    def has_review_permission(self, request):
        return request.user.has_perm("governance.change_coding")

    @admin.action(description=_("全部标注复核无误"), permissions=["review"])
    def find_chosen_right(self, request, queryset):
        entries = queryset.values("pk")
        find_right(self, request, Coding.objects.filter(achievement__in=entries))

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

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        if "_restore" in request.POST and KEY.fullmatch(object_id or ""):
            # Then the form finds its entry again, and is saved as any.
            self.history("bring_back", request, pk=int(object_id))
        return super().changeform_view(request, object_id, *args, **kwargs)

    def words(self, achievement):
        """For those who may look but not change."""
        return "\n".join(span.text for span in achievement.setting_evidence.all())

    def render_change_form(self, request, context, *args, **kwargs):
        for inline in context["inline_admin_formsets"]:
            if inline.formset.model is AchievementImage:
                for form in inline.formset.forms:
                    form.keep()
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        request.entries.add(obj.pk)
        if change and not set(TEXTS).isdisjoint(form.changed_data):
            relocate(obj, {field: form.initial[field] for field in TEXTS})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        public = form.instance.status == Status.PUBLISHED and not request.proposed
        lacks = gettext("这项成果已公开，还有所缺：%(gaps)s。")
        if sentence := missed(form.instance, lacks) if public else "":
            self.message_user(request, sentence, messages.WARNING)

    def save_formset(self, request, form, formset, change):
        if formset.model is Coding:
            formset.sign(request.user, getattr(request, "accepting", None))
        elif formset.model is AchievementImage and formset.has_changed():
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

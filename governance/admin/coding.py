from django.contrib import admin
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from governance.models import Coding, Evidence, SettingEvidence

from .evidence import EvidenceForm
from .shared import LabelledRelations, PartAdmin, PartFormSet, RelatedFilter, person_name


class CodingForm(EvidenceForm):
    def __init__(self, *args, achievement, **kwargs):
        self.achievement = achievement
        super().__init__(*args, **kwargs)

    @property
    def stored_achievement(self):
        # Not the form set's: that one already holds what was sent.
        return self.instance.achievement

    @property
    def evidence(self):
        return self.instance.evidence


class CodingFormSet(PartFormSet):
    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"achievement": self.instance}

    def sign(self, user):
        """Write down who coded, and when, in the codings that this form set makes or changes."""
        for form in self.forms:
            if form.has_changed():
                form.instance.coder = person_name(user)
                form.instance.coded_on = localdate()


class CodingInline(LabelledRelations, admin.StackedInline):
    model = Coding
    form = CodingForm
    formset = CodingFormSet
    extra = 0
    # Not a table: words and places need the width of the page.
    fields = [("mechanism", "weight", "aspect"), "words", "places", ("coder", "coded_on")]
    readonly_fields = ["coder", "coded_on"]
    autocomplete_fields = ["mechanism"]

    def get_queryset(self, request):
        codings = super().get_queryset(request)
        return codings.select_related("achievement", "mechanism").prefetch_related("evidence")

    def words(self, coding):
        """For those who may look but not change."""
        return "\n".join(span.text for span in coding.evidence.all())


@admin.register(Coding)
class CodingAdmin(PartAdmin):
    list_display = ["achievement", "mechanism", "weight", "aspect", "words", "coder", "coded_on"]
    list_filter = ["weight", "aspect", ("mechanism", RelatedFilter)]
    list_select_related = ["achievement", "mechanism"]
    search_fields = [
        "achievement__code",
        "achievement__title",
        "mechanism__name",
        "evidence__text",
        "coder",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("evidence")

    @admin.display(description=_("依据"))
    def words(self, coding):
        return " / ".join(span.text for span in coding.evidence.all())


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

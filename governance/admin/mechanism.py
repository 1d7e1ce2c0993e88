from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from governance.models import Achievement, Mechanism

from .naming_entries import NamedByEntries


def both(name):
    """A field and its English."""
    return name, f"{name}_en"


@admin.register(Mechanism)
class MechanismAdmin(NamedByEntries):
    list_display = ["name", "name_en", "field", "coded", "public_page"]
    list_filter = ["field"]
    # Said here too, since Django forgets the model's ordering where rows are counted.
    ordering = ["pinyin"]
    search_fields = ["name", "name_en", "synonyms", "search_words", "slug", "spelling"]
    fieldsets = [
        (None, {"fields": ["name", "name_en", "slug", "pinyin", "field"]}),
        (_("含义"), {"fields": [*both("definition"), *both("counts"), *both("not_counts")]}),
        (_("取舍与范例"), {"fields": [*both("borderline"), "example_code", "example_words"]}),
        (_("检索"), {"fields": ["synonyms", "search_words"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(coded=Count("codings"))

    @admin.display(description=_("标注数"), ordering="coded")
    def coded(self, mechanism):
        return mechanism.coded

    def entries_of(self, mechanism):
        return Achievement.objects.filter(mechanisms=mechanism)

    def query(self, mechanism):
        return {"mechanisms__id__exact": mechanism.pk}

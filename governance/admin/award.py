from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from governance.models import Award, AwardYear

from .shared import RecordAdmin, RecordForm


@admin.register(Award)
class AwardAdmin(RecordAdmin):
    list_display = ["name", "slug", "prefix", "issuer"]
    search_fields = ["name", "name_en", "slug", "prefix", "issuer"]
    fieldsets = [
        (None, {"fields": ["slug", "prefix", "name", "name_en", "issuer"]}),
        (_("说明"), {"fields": ["description", "description_en"]}),
        (
            _("评选结果"),
            {
                "fields": [
                    ("winner_label", "winner_label_en"),
                    ("nominee_label", "nominee_label_en"),
                ]
            },
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        # The codes of its years begin with it.
        fixed = ["prefix"] if obj and obj.years.exists() else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def is_public(self, award):
        return False


class AwardYearForm(RecordForm):
    """The code follows award and year for as long as no entry's code begins with it."""

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk or not self.instance.achievements.exists():
            self.instance.code = ""
        return cleaned


@admin.register(AwardYear)
class AwardYearAdmin(RecordAdmin):
    form = AwardYearForm
    list_display = ["code", "name", "issuer", "entries", "retrieved_on"]
    list_filter = ["award"]
    # Said here too, since Django forgets the model's ordering where rows are counted.
    ordering = ["-year", "code"]
    search_fields = ["code", "name", "name_en", "issuer", "document_title"]
    readonly_fields = ["code", "download"]
    # Uploaded documents have no public address; `download` is the way to them.
    formfield_overrides = RecordAdmin.formfield_overrides | {
        models.FileField: {"widget": forms.FileInput},
        models.URLField: {"assume_scheme": "https"},
    }
    fieldsets = [
        (None, {"fields": [("award", "year", "code"), "edition", "name", "name_en", "issuer"]}),
        (
            _("来源"),
            {"fields": ["source_url", "retrieved_on", "first_published", "file", "download"]},
        ),
        (_("文件"), {"fields": ["document_title", "text"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(entries=Count("achievements"))

    def get_readonly_fields(self, request, obj=None):
        # The places of its achievements are counted in the text.
        fixed = ["text"] if obj and obj.achievements.exists() else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def is_public(self, award_year):
        return AwardYear.objects.published().filter(pk=award_year.pk).exists()

    @admin.display(description=_("成果数"), ordering="entries")
    def entries(self, award_year):
        return award_year.entries

    @admin.display(description=_("已存文件"))
    def download(self, award_year):
        if not award_year.file:
            return None
        url = reverse("admin:governance_awardyear_file", args=[award_year.pk])
        return format_html('<a href="{}">{}</a>', url, award_year.file.name.rpartition("/")[2])

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        return [
            path("<int:pk>/file/", view, name="governance_awardyear_file"),
            *super().get_urls(),
        ]

    def file_view(self, request, pk):
        award_year = get_object_or_404(AwardYear.objects.exclude(file=""), pk=pk)
        if not self.has_view_permission(request, award_year):
            raise PermissionDenied
        try:
            return FileResponse(award_year.file.open(), as_attachment=True)
        except FileNotFoundError:
            sentence = _("文件 %(name)s 不在磁盘上；请重新上传。")
            self.message_user(request, sentence % {"name": award_year.file.name}, messages.ERROR)
            return redirect("admin:governance_awardyear_change", pk)

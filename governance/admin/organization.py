from django.contrib import admin

from governance.models import Achievement, Organization

from .finding import lying_in
from .naming_entries import NamedByEntries


@admin.register(Organization)
class OrganizationAdmin(NamedByEntries):
    list_display = ["short_name", "name", "kind", "level", "region"]
    list_filter = ["kind", "level"]
    list_select_related = ["region__parent__parent__parent"]
    search_fields = ["name", "short_name", "name_en", "spelling", "slug"]
    autocomplete_fields = ["region"]
    fields = ["name", "short_name", "name_en", "slug", "pinyin", "kind", "level", "region"]

    def found_by(self, request, word):
        return super().found_by(request, word) | lying_in(word, "region")

    def is_public(self, organization):
        return Organization.objects.published().filter(pk=organization.pk).exists()

    def entries_of(self, organization):
        return Achievement.objects.filter(organizations=organization)

    def query(self, organization):
        return {"organizations__id__exact": organization.pk}

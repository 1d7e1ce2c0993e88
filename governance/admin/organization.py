from django.contrib import admin

from governance.models import Organization

from .shared import SpelledAdmin


@admin.register(Organization)
class OrganizationAdmin(SpelledAdmin):
    list_display = ["short_name", "name", "kind", "level", "region"]
    list_filter = ["kind", "level"]
    list_select_related = ["region__parent__parent__parent"]
    search_fields = ["name", "short_name", "name_en", "spelling", "slug", "region__name"]
    autocomplete_fields = ["region"]
    fields = ["name", "short_name", "name_en", "slug", "pinyin", "kind", "level", "region"]

    def is_public(self, organization):
        return Organization.objects.published().filter(pk=organization.pk).exists()

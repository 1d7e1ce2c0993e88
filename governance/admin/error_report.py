from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from governance.models import Achievement, ErrorReport


@admin.register(ErrorReport)
class ErrorReportAdmin(admin.ModelAdmin):
    list_display = ["__str__", "text", "contact", "sent_at", "handled"]
    list_filter = ["handled"]
    search_fields = ["=code", "text", "contact", "note"]
    readonly_fields = ["entry", "text", "contact", "sent_at"]
    fields = [*readonly_fields, "handled", "note"]
    actions = ["mark_handled"]

    def get_queryset(self, request):
        # Where staff look at them, nobody's address is kept beyond its day.
        ErrorReport.objects.forget_senders()
        return super().get_queryset(request)

    def has_add_permission(self, request):
        """Readers send them."""
        return False

    @admin.display(description=gettext_lazy("成果"))
    def entry(self, report):
        achievement = Achievement.objects.filter(code=report.code).first()
        if achievement is None:
            return report.code
        return format_html('<a href="{}">{}</a>', achievement.get_absolute_url(), achievement)

    @admin.action(description=gettext_lazy("标为已处理"), permissions=["change"])
    def mark_handled(self, request, queryset):
        queryset.update(handled=True)

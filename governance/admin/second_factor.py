from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

# No mail is sent, so no address has to be known.
admin.site.unregister([EmailAddress, Authenticator])


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """What somebody has lost is deleted here, and set up anew by them. The secret is nobody's to see."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    fields = readonly_fields = list_display
    search_fields = ("user__username",)

    def has_add_permission(self, request):
        return False

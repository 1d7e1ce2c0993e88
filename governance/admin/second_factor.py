from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from governance.roles import is_above

# No mail is sent, so no address has to be known.
admin.site.unregister([EmailAddress, Authenticator])


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """What somebody has lost is deleted here, and set up anew by them. The secret is nobody's to see."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    fields = readonly_fields = list_display
    search_fields = ("user__username",)

    def lookup_allowed(self, lookup, value, request=None):
        # Whether it begins with A is said by an address too.
        return not lookup.startswith("data") and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        permitted = super().has_delete_permission(request, obj)
        return permitted and not (obj and is_above(request.user, obj.user))

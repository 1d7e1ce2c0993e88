from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.roles import is_above

from .shared import AskedRows

# No mail is sent, so no address has to be known.
admin.site.unregister([EmailAddress, Authenticator])

# django-allauth has no names for people: the code's own, in English, would stand in the admin.
apps.get_app_config("mfa").verbose_name = _("双因素身份认证")
OPTIONS: Any = Authenticator._meta
OPTIONS.verbose_name = _("验证方式")
OPTIONS.verbose_name_plural = pgettext_lazy("plural", "验证方式")
LABELS = {
    "user": _("账号"),
    "type": _("种类"),
    "created_at": _("开启时间"),
    "last_used_at": _("最近使用"),
}
for name, label in LABELS.items():
    OPTIONS.get_field(name).verbose_name = label


@admin.register(Authenticator)
class AuthenticatorAdmin(AskedRows):
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

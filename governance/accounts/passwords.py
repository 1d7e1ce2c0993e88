"""Changing one's own password."""

from allauth.account.adapter import get_adapter
from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse


class SlowedPasswordChange(AdminPasswordChangeForm):
    """Asks for the old password by the way that signing in goes: whoever has found an open browser guesses
    no faster. Raises TooSoon.
    """

    def clean_old_password(self) -> str:
        old = self.cleaned_data["old_password"]
        if not get_adapter().reauthenticate(self.user, old):
            message = self.error_messages["password_incorrect"]
            raise ValidationError(message, code="password_incorrect")
        return old


@admin.site.admin_view
def change_password(request: HttpRequest) -> HttpResponseBase:
    """In the place of the admin's own page, which takes no other form."""
    view = PasswordChangeView.as_view(
        form_class=SlowedPasswordChange,
        success_url=reverse("admin:password_change_done"),
        extra_context=admin.site.each_context(request),
    )
    return view(request)

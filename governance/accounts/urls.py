"""Below /admin/: signing in, one's password, the second factor. Of django-allauth there is nothing more."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.module_loading import import_string

# (address, view below allauth, the name that allauth calls it by)
PAGES = [
    ("login/", "account.views.login", "account_login"),
    ("account/logout/", "account.views.logout", "account_logout"),
    ("account/reauthenticate/", "account.views.reauthenticate", "account_reauthenticate"),
    ("account/2fa/", "mfa.base.views.index", "mfa_index"),
    ("account/2fa/authenticate/", "mfa.base.views.authenticate", "mfa_authenticate"),
    ("account/2fa/reauthenticate/", "mfa.base.views.reauthenticate", "mfa_reauthenticate"),
    ("account/2fa/totp/activate/", "mfa.totp.views.activate_totp", "mfa_activate_totp"),
    ("account/2fa/totp/deactivate/", "mfa.totp.views.deactivate_totp", "mfa_deactivate_totp"),
    *(
        (f"account/2fa/recovery-codes/{address}", f"mfa.recovery_codes.views.{name}", f"mfa_{name}")
        for address, name in (
            ("", "view_recovery_codes"),
            ("generate/", "generate_recovery_codes"),
            ("download/", "download_recovery_codes"),
        )
    ),
]


def later(view: str) -> Callable[[HttpRequest], HttpResponseBase]:
    """A view that is imported when somebody asks for it: all of them take 0.2 s and 14 MB of a worker."""
    return lambda request: import_string(view)(request)


urlpatterns = [
    path("password_change/", later("governance.accounts.passwords.change_password")),
    *(path(address, later(f"allauth.{view}"), name=name) for address, view, name in PAGES),
]

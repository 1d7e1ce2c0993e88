"""Whoever publishes needs a second factor beside the password, where a setting says so."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from governance.roles import PUBLISH

# Where one may be without a second factor: to set it up, and to leave.
WITHOUT = tuple(f"{path}{page}/" for path in settings.STAFF_PATHS for page in ("account", "logout"))


def is_required(user: User | AnonymousUser) -> bool:
    """Whether somebody may do nothing in the admin without a second factor."""
    return settings.REQUIRE_SECOND_FACTOR and user.has_perm(f"governance.{PUBLISH}")


def has_app(user: User | AnonymousUser) -> bool:
    return Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists()


def second_factor_first(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: whoever needs a second factor and has none is led to where it is set up."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        asked = request.path.startswith(settings.STAFF_PATHS)
        asked = asked and not request.path.startswith(WITHOUT)
        if asked and is_required(request.user) and not has_app(request.user):
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware

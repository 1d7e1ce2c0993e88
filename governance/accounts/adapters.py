"""What of django-allauth is done in another way here; it is told where by the settings ACCOUNT_… and MFA_….

docs/decisions/0055-signing-in.md says why.
"""

import io
import time

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .second_factor import is_required
from .signing_in import count_try, forgive, log, of_person


class AccountAdapter(DefaultAccountAdapter):
    """Administrators make accounts, nobody else does."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        try:
            return super().is_safe_url(url)
        except ValueError:
            # What is no address at all: http://[
            return False


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("这个代码不对，或已用过。每个代码只能用一次；应用每 30 秒换一个。")
    }

    def build_totp_svg(self, url: str) -> str:
        """As the QR codes of the public pages are drawn: white behind it at night too."""
        drawn = io.BytesIO()
        code = segno.make(url, micro=False)
        code.save(drawn, kind="svg", border=4, scale=4, light="#ffffff", xmldecl=False)
        return drawn.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_required(authenticator.user)


class SlowedCode(BaseAuthenticateForm):
    """Lets those wait who get a code wrong again and again, and takes each code of an app once.

    Raises TooSoon.
    """

    def clean_code(self) -> str:
        tried = of_person(self.user)
        count_try(tried)
        try:
            with transaction.atomic():
                # One after the other: of two at once with the same code one is let in.
                list(Authenticator.objects.select_for_update().filter(user=self.user))
                code = super().clean_code()
                # allauth's own note of what was used is in the memory of one worker.
                if _is_used(self.authenticator):
                    raise get_adapter().validation_error("incorrect_code")
                self.authenticator.record_usage()
        except ValidationError:
            log(context.request, f"wrong code for {self.user.get_username()}")
            raise
        forgive(tried)
        return code


def _is_used(authenticator: Authenticator) -> bool:
    """Whether the code that an app shows now has let somebody in before."""
    used = authenticator.last_used_at
    if authenticator.type != Authenticator.Type.TOTP or used is None:
        return False
    return used.timestamp() // app_settings.TOTP_PERIOD == time.time() // app_settings.TOTP_PERIOD


class CodeAtSignIn(SlowedCode, AuthenticateForm):
    """After the password."""


class CodeAgain(SlowedCode, ReauthenticateForm):
    """Before the second factor itself is changed."""

"""Who gets a password wrong waits longer and longer before the next try; nobody is locked out.

docs/decisions/0055-signing-in.md says why it counts what it counts.
"""

import logging
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from governance.models import WrongTries

# The first wait, in seconds, is for the try after so many wrong ones; each further one doubles it. An
# office behind one address has more people who mistype than one of them has fingers.
OF_ONE, OF_ADDRESS = 5, 9
FIRST_WAIT, LONGEST_WAIT = 1, 15 * 60
# After so long without a try all is forgotten.
FORGOTTEN = timedelta(days=1)

COOKIE, COOKIE_AGE = "known_browser", 180 * 24 * 60 * 60


class CountedBy(NamedTuple):
    """What tries are counted by, and how many of them are free."""

    key: str
    free: int


logger = logging.getLogger(__name__)


class TooSoon(Exception):
    """Whoever tries has to wait for so many `seconds`; what was sent has not been looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait for {seconds} seconds")
        self.seconds = seconds


def counted_by(request: HttpRequest, name: str) -> list[CountedBy]:
    """By what a try with this name is counted: never by the name alone, which strangers know too.

    A browser that has signed in with this name counts by itself. Otherwise it is name and address
    together, and the address, from which somebody may try one password with many names.
    """
    digest = _digest("name", _folded(name))
    known, _, browser = _cookie(request).partition(":")
    if known == digest:
        return [CountedBy(_digest("browser", browser), OF_ONE)]
    address = _network(request.META.get("REMOTE_ADDR", ""))
    return [
        CountedBy(_digest("pair", address, _folded(name)), OF_ONE),
        CountedBy(_digest("address", address), OF_ADDRESS),
    ]


def of_person(user: User) -> list[CountedBy]:
    """By what the codes are counted that somebody tries who has the password: by person."""
    return [CountedBy(_digest("code", str(user.pk)), OF_ONE)]


def count_try(tried: list[CountedBy]) -> None:
    """Count a try before anyone knows whether it is right, so that many at once are counted too.

    Raises TooSoon, and counts nothing, if it is not yet time.
    """
    now = timezone.now()
    WrongTries.objects.filter(tried_at__lt=now - FORGOTTEN).delete()
    with transaction.atomic():
        free = {each.key: each.free for each in tried}
        # In one order everywhere, so that nobody waits in a circle.
        locked = WrongTries.objects.select_for_update()
        rows = [locked.get_or_create(key=key)[0] for key in sorted(free)]
        seconds = max(_wait(row, free[row.key], now) for row in rows)
        if seconds > 0:
            raise TooSoon(seconds)
        keys = WrongTries.objects.filter(key__in=free)
        keys.update(count=F("count") + 1, tried_at=now)


def forgive(tried: list[CountedBy]) -> None:
    """It was right: the wrong tries before it, of the same person, count no more."""
    own, *shared = (each.key for each in tried)
    with transaction.atomic():
        row = WrongTries.objects.select_for_update().filter(key=own).first()
        count = row.count if row else 0
        WrongTries.objects.filter(key__in=shared).update(count=Greatest(F("count") - count, 0))
        WrongTries.objects.filter(key=own).delete()


def _wait(row: WrongTries, free: int, now: datetime) -> int:
    """For how many seconds, rounded up, the next try has to wait; 0 if it is free."""
    if row.count < free:
        return 0
    # More doublings than reach the longest wait would make a number of thousands of digits.
    wait = min(FIRST_WAIT << min(row.count - free, 20), LONGEST_WAIT)
    left = row.tried_at + timedelta(seconds=wait) - now
    return max(-(-left // timedelta(seconds=1)), 0)


def _digest(*parts: str) -> str:
    return salted_hmac("signing in", "\n".join(parts), algorithm="sha256").hexdigest()


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _network(address: str) -> str:
    """The address; of one of IPv6 its first half, since whoever has one has all of that network."""
    return str(ip_network((address, 64), strict=False)) if ":" in address else address


def _cookie(request: HttpRequest) -> str:
    value = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=COOKIE_AGE)
    return value or ""


def log(request: HttpRequest, sentence: str) -> None:
    """One line, with the request's id; with the address only where a setting asks for it."""
    where = f" from {request.META.get('REMOTE_ADDR')}" if settings.LOG_ADDRESSES else ""
    logger.info("%s%s", sentence, where, extra={"request": request})


def _known(name: str) -> str:
    """What may be written of a name that somebody typed: some type their password there."""
    known = get_user_model().objects.filter(username=name).exists()
    return name if known else "a name that nobody has"


@receiver(user_logged_in)
def _log_sign_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    log(request, f"{user.get_username()} signed in")


class SlowedBackend(ModelBackend):
    """Django's, which lets those wait who were wrong several times. Raises TooSoon."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if request is None or username is None or password is None:
            return super().authenticate(request, username, password, **kwargs)
        tried = counted_by(request, username)
        count_try(tried)
        user = super().authenticate(request, username, password, **kwargs)
        if user:
            forgive(tried)
        else:
            log(request, f"wrong password for {_known(username)}")
        return user

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Staff alone: nobody else has anything to do here. A session ends with it too."""
        return super().user_can_authenticate(user) and bool(getattr(user, "is_staff", False))


class Slowed:
    """Middleware: says 429 to whoever has to wait, and knows a browser again that has signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        # On other paths nobody reads the session, so that caches may keep the answer.
        sent = request.method == "POST" and request.path.startswith(settings.STAFF_PATHS)
        if sent and request.user.is_authenticated:
            _remember(request, response)
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if not isinstance(exception, TooSoon):
            return None
        log(request, f"somebody has to wait for {exception.seconds} seconds")
        response = render(request, "too_soon.html", {"seconds": exception.seconds}, status=429)
        response["Retry-After"] = str(exception.seconds)
        return response


def _remember(request: HttpRequest, response: HttpResponseBase) -> None:
    name = _digest("name", _folded(request.user.get_username()))
    if _cookie(request).partition(":")[0] != name:
        response.set_signed_cookie(
            COOKIE,
            f"{name}:{secrets.token_urlsafe(16)}",
            salt=COOKIE,
            max_age=COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )

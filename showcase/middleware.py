"""The public site only answers: nothing is sent to it. Staff who cannot be served yet are told so."""

import re
import sqlite3
import sys
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_address
from threading import BoundedSemaphore

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import (
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseServerError,
    UnreadablePostError,
)
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.log import log_response
from django.utils.translation import activate, get_language, override
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

from governance import index
from showcase.answers import API, negotiated, problem_response

SAFE = ("GET", "HEAD", "OPTIONS")


def behind_proxies(get_response):
    """REMOTE_ADDR becomes the visitor's address where a trusted proxy passes a request on.

    Each proxy puts the address that asked it at the end of X-Forwarded-For. So the last one counts
    that is no trusted proxy's: what stands before it, anyone may have made up.
    """

    def middleware(request):
        # As a socket for both families has an address of IPv4.
        sender = request.META.get("REMOTE_ADDR", "").removeprefix("::ffff:")
        header = request.META.get("HTTP_X_FORWARDED_FOR", "")
        said = header.split(",") if header else []
        while said and is_proxy(sender) and is_address(said[-1].strip()):
            sender = said.pop().strip()
        request.META["REMOTE_ADDR"] = sender
        return get_response(request)

    return middleware


def is_address(text):
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def is_proxy(address):
    if not is_address(address):
        return False
    return any(ip_address(address) in network for network in settings.TRUSTED_PROXIES)


# The addresses to which anyone may send something, and the most bytes of it. Browsers write nine for a
# Chinese character, and a report may have 4,000.
POSTS = {"(/en)?/achievements/[^/]+/report/": 64 << 10, "/oai": 4 << 10}


def most_from_anyone(path: str) -> int:
    """The most bytes that anyone may send to a path, 0 if nobody may."""
    return next((most for posts, most in POSTS.items() if re.fullmatch(posts, path)), 0)


# What programs read: the API, files of lists, entries and tables, feeds and harvesting.
OPEN = re.compile(
    r"/api/.*|/oai|(/en)?/(feeds/.*|(achievements|codings|analysis|compare)(/[\w-]+)?\.[a-z.]+)"
)
# Those, and pictures: pages of any origin may show them.
SHOWN_ELSEWHERE = re.compile(rf"{OPEN.pattern}|/media/.*")
ANSWERS_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
}
# To what a browser asks before it asks.
PREFLIGHT = {
    "Allow": ", ".join(SAFE),
    "Access-Control-Allow-Methods": ", ".join(SAFE),
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def open_to_all(get_response):
    """Pages of any origin may read what programs read (CORS). There nobody is known: no cookie is read."""

    def middleware(request):
        if not OPEN.fullmatch(request.path):
            return get_response(request)
        request.COOKIES = {}
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=PREFLIGHT)
        else:
            response = get_response(request)
        for name, value in ANSWERS_ALL.items():
            response[name] = value
        return response

    return middleware


# A coding of Accept-Encoding that is not wanted: its weight is zero.
UNWANTED = re.compile(r";\s*q=0(\.0*)?\s*$", re.IGNORECASE)


def wanted_encodings(get_response):
    """Whoever says `gzip;q=0` gets plain text: Django, WhiteNoise and KeptAnswers look for the word alone."""

    def middleware(request):
        said = request.META.get("HTTP_ACCEPT_ENCODING", "")
        wanted = [coding for coding in said.split(",") if not UNWANTED.search(coding)]
        request.META["HTTP_ACCEPT_ENCODING"] = ",".join(wanted)
        return get_response(request)

    return middleware


def asked_anew(get_response):
    """Nobody shows what the site once said without asking again: browsers keep even a 410 for good."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return middleware


def read_only(get_response):
    """405 for anything but reading, outside the admin and `POSTS`, before anyone waits for the body."""

    def middleware(request):
        sent = request.path.startswith(settings.STAFF_PATHS) or (
            request.method == "POST" and most_from_anyone(request.path)
        )
        if request.method not in SAFE and not sent:
            return not_allowed(request)
        return get_response(request)

    return middleware


def not_allowed(request):
    """405. No language has been chosen yet."""
    if not request.path.startswith(API):
        return HttpResponseNotAllowed(SAFE)
    with override(negotiated(request)):
        detail = _("这里只能读取（GET、HEAD）。")
    return problem_response(405, detail, headers={"Allow": ", ".join(SAFE)})


class LanguageOfAddress(LocaleMiddleware):
    """The language is the address's: `/en/` or none. Django says of the latter that it varies by what a
    browser prefers, which no answer here does but the API's, and so keeps caches from sharing it.
    """

    def process_request(self, request):
        if language := negotiated(request):
            activate(language)
            request.LANGUAGE_CODE = language
        else:
            super().process_request(request)

    def process_response(self, request, response):
        if request.path.startswith(API):
            patch_vary_headers(response, ["Accept-Language"])
        response.headers.setdefault("Content-Language", get_language())
        return response


def content_security(get_response):
    """Say in every answer what a browser may load, run and ask for, and who may show it on a page of theirs.

    Beside SecurityMiddleware, which has the headers that Django knows. No policy in Django's own debug
    pages.
    """

    def middleware(request):
        response = get_response(request)
        admin = request.path.startswith(settings.STAFF_PATHS)
        policy = (
            settings.CONTENT_SECURITY_POLICY_ADMIN if admin else settings.CONTENT_SECURITY_POLICY
        )
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault("Content-Security-Policy", policy)
        response["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = (
            "cross-origin" if SHOWN_ELSEWHERE.fullmatch(request.path) else "same-origin"
        )
        return response

    return middleware


def readable(get_response):
    """400 for a NUL in a query of staff: PostgreSQL cannot be asked about it. Pages see to theirs."""

    def middleware(request):
        if request.path.startswith(settings.STAFF_PATHS) and "%00" in request.META["QUERY_STRING"]:
            raise BadRequest("NUL in the query")
        return get_response(request)

    return middleware


# The most that is read of what somebody sends: from staff, ten pictures of 10 MB and a form.
FROM_STAFF, FROM_STRANGERS = 128 << 20, 64 << 10
# So many of a worker's four threads may wait for what somebody sends: it may come a byte a minute,
# and nothing in WSGI can end that wait. The others answer the public.
STAFF_SENDING, STRANGERS_SENDING = BoundedSemaphore(2), BoundedSemaphore(1)


def bounded(get_response):
    """413 for more than that, before it is read: a form is stored while nobody knows whose it is.

    503 while as many as may are sending.
    """

    def middleware(request):
        if request.method in SAFE:
            return get_response(request)
        staff = request.user.is_staff
        most = most_from_anyone(request.path) or (FROM_STAFF if staff else FROM_STRANGERS)
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            sentence = _("发送的内容超过 %(most)d KB，未能接收。") % {"most": most >> 10}
            return HttpResponse(sentence, "text/plain; charset=utf-8", status=413)
        sending = STAFF_SENDING if staff else STRANGERS_SENDING
        # Staff wait for each other a moment, rather than lose what they have written.
        if not sending.acquire(timeout=5 if staff else 0):
            sentence = _("当前等待接收的内容过多，您发送的内容未能接收。请几秒后再试。")
            headers = {"Retry-After": "5"}
            return HttpResponse(sentence, "text/plain; charset=utf-8", 503, headers=headers)
        try:
            # Reads all that is sent. Who is gone before the end is refused later, by the check of forms.
            with suppress(UnreadablePostError):
                list(request.POST)
        finally:
            sending.release()
        return get_response(request)

    return middleware


class Busy:
    """503 and a sentence when a view fails because the database is busy or away; one line in the log."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return unanswered(request, exception)


def failed(request):
    """The `handler500`: the same where middleware fails, whose exceptions no other middleware sees."""
    if response := unanswered(request, sys.exc_info()[1]):
        return response
    if request.path.startswith(API):
        sentence = _("服务器遇到了意外的问题。")
        return problem_response(500, sentence, request_id=request.id)
    # Without the request: what a page is made of may be what failed.
    return HttpResponseServerError(render_to_string("500.html", {"request_id": request.id}))


def refused(request, exception):
    """The `handler400`, of what Django refuses by itself, such as a wrong host."""
    if request.path.startswith(API):
        return problem_response(400, _("请求的格式不被接受。"))
    return bad_request(request, exception)


# What governance.postgresql says of a database that is away, and has logged for everyone.
AWAY = "08006"


def unanswered(request, error):
    """The 503; None if the error is another one."""
    reads_only = isinstance(error, DatabaseError) and index.is_read_only(error)
    if not (yielded(error) or lost(error) or reads_only):
        return None
    if request.path.startswith(API) or request.path.endswith(".json"):
        response = problem_response(503, _("数据库暂时没有应答，请稍后再试。"))
    elif request.path.startswith(settings.STAFF_PATHS) and yielded(error):
        response = render(request, "busy.html", status=503)
    else:
        response = render(request, "database_away.html", status=503)
    response["Retry-After"] = "5"
    level = "debug" if sqlstate(error) == AWAY else "warning"
    reason = " ".join(str(error).split())
    log_response("%s: %s", request.path, reason, response=response, request=request, level=level)
    return response


def yielded(error):
    """Whether a database refused because of what others were doing at that moment."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.OperationalError):
        # Python's own module has errors without a code.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        )
    # PostgreSQL: serialization failures and deadlocks, and a lock that did not come in time.
    code = sqlstate(error) or ""
    return code.startswith("40") or code == "55P03"


def lost(error):
    """Whether PostgreSQL could not be reached, ended the connection, or took too long for a statement."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = sqlstate(error)
    # Without a code: what its client found out.
    return hasattr(error.__cause__, "pgcode") and (code is None or code.startswith(("08", "57")))


def sqlstate(error):
    return getattr(error.__cause__, "pgcode", None)

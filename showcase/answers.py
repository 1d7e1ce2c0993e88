"""Answers that need not be made again: by the browser that has them, or by a worker that made them."""

import gzip
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from threading import Lock
from typing import Any, NamedTuple, TypeGuard, cast

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.utils.cache import get_conditional_response, has_vary_header, patch_vary_headers
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from governance import __version__, index

# Everything below it answers JSON, in the language that its reader's program prefers.
API = "/api/"

# What a keeper of the site may change between two starts, and pages show.
SHOWN = zlib.crc32(
    "\n".join(
        [
            settings.CONTACT_EMAIL,
            settings.ICP_NUMBER,
            settings.POLICE_NUMBER,
            settings.PUBLISHER,
            settings.PUBLISHER_ADDRESS,
            settings.SITE_URL,
        ]
    ).encode()
)
# Bytes that a worker keeps, and what an answer takes beside its body and its address.
MOST, OVERHEAD = 32 << 20, 3000
# Bytes of a larger one, before it is compressed, are not kept.
LARGEST = 2 << 20
# How often an answer is made at most.
TRIES = 3
# A list of 38 KB takes 0.07 ms at this level; Django's, 6, takes 0.33 and saves a tenth of the bytes.
LEVEL = 1

Key = tuple[str | None, ...]


def problem_response(
    status: int, detail: str, headers: dict[str, str] | None = None, **told: Any
) -> JsonResponse:
    """What is wrong, for programs: RFC 9457, with members of our own in `told`."""
    title = HTTPStatus(status).phrase
    return JsonResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail, **told},
        status=status,
        headers=headers,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


def negotiated(request: HttpRequest) -> str | None:
    """The language of an answer of the API, by Accept-Language; None elsewhere, where the path says it."""
    if not request.path.startswith(API):
        return None
    return _preferred(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=100)
def _preferred(accepted: str) -> str:
    for language, _quality in parse_accept_lang_header(accepted):
        try:
            return get_supported_language_variant(language)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


class Conditional:
    """Mixin for views whose answer changes only with the record; it answers 304 before they work.

    Not for those who carry a session: what staff see may differ.
    """

    def dispatch(self, request, *args, **kwargs):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return super().dispatch(request, *args, **kwargs)
        try:
            etag = request.etag = etag_of(request)
        except index.Unready:
            # Nor is anything answered from the one that was there when it was asked before.
            request.index = None
            return super().dispatch(request, *args, **kwargs)
        # `*` asks whether there is any page, which only the view knows.
        anything = request.META.get("HTTP_IF_NONE_MATCH", "").strip() == "*"
        response = None if anything else get_conditional_response(request, etag=etag)
        if response is None:
            response = super().dispatch(request, *args, **kwargs)
            if anything and hasattr(response, "render"):
                # What is wrong with a query may come out only now.
                response = response.render()
            if anything and response.status_code == 200:
                response = get_conditional_response(request, etag=etag, response=response)
        if response.status_code in (200, 304):
            response["ETag"] = etag
        return response


def etag_of(request: HttpRequest) -> str:
    """The ETag of an address as things stand. Raises index.Unready."""
    # The answer is then made from the version that its ETag names. Citations name the day, so
    # what was kept yesterday is not today's. The language is the path's, but for the API.
    now = request.index = index.current()  # type: ignore[attr-defined]  # the view asks it too
    day = timezone.localdate().toordinal()
    address = f"{request.path}?{request.META['QUERY_STRING']}{negotiated(request) or ''}"
    query = zlib.crc32(address.encode(errors="surrogateescape"), SHOWN)
    return f'W/"{__version__}-{now.version:x}-{day:x}-{query:x}"'


class Answer(NamedTuple):
    """An answer of 200: `body` is gzip, `headers` are those of the answer that is not compressed."""

    etag: str
    version: int
    headers: dict[str, str]
    body: bytes

    def to(self, request: HttpRequest) -> HttpResponse:
        """The answer in the encoding that the request accepts, or 304 if its sender has it."""
        if _accepts_gzip(request):
            response = _zipped(HttpResponse(headers=self.headers), self.body)
        else:
            response = HttpResponse(gzip.decompress(self.body), headers=self.headers)
        given = get_conditional_response(request, etag=self.etag, response=response)
        return cast(HttpResponse, given)


class KeptAnswers:
    """Middleware that keeps whole answers, compressed, and gives them before a session is read.

    An answer may be kept if it is what a `Conditional` view says to a GET with status 200. Its ETag
    names all that it is made from: release, version of the index, day, path, query string; the path
    says the language, or to the API its reader. Beside that only scheme and host matter, which stand
    in links. So to the same `_key` under the same ETag the answer is the same,
    whoever asks. Nothing is kept, and nothing kept is given, where there is a session cookie;
    nothing is kept that sets a cookie or varies by it, and nothing while templates are worked on.
    What is kept holds no secret, so its compression tells none and needs no padding.

    The threads of a worker share what is kept. The least recently used goes first; another version
    of the index drops all. HEAD, and what is not kept, takes the long way, 304 included.

    While the database does not answer, what is kept is given: it is of the last version known. `Age`
    says for how many seconds nothing newer was heard; OUTAGE_SECONDS are too many.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._lock = Lock()
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._version, self._size = 0, 0
        # When the database last said that version.
        self._heard = time.monotonic()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self._get_response(request)
        key = _key(request)
        kept = self._find(key)
        # Only of what is kept the database is asked: the probes must answer without it.
        if kept:
            try:
                etag = _etag_or_none(request)
            except (OperationalError, InterfaceError):
                etag, age = None, int(time.monotonic() - self._heard)
                if age < settings.OUTAGE_SECONDS:
                    old = kept.to(request)
                    old["Age"] = str(age)
                    return old
            if kept.etag == etag:
                self._heard = time.monotonic()
                return kept.to(request)
            if etag:
                # Nor may it be given when the database does not answer later.
                self._drop()
        response = self._of_one_version(request)
        if not _may_be_kept(response, request):
            return response
        answer = _answer_of(request, response)
        self._keep(key, answer)
        return _zipped(response, answer.body) if _accepts_gzip(request) else response

    def _of_one_version(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, made again if the record has changed meanwhile: it is read by several queries, and
        would name one version and show another."""
        for _ in range(TRIES):
            response = self._get_response(request)
            if not (_is_conditional(response, request) and _has_changed(request)):
                break
        return response

    def _find(self, key: Key) -> Answer | None:
        with self._lock:
            answer = self._answers.get(key)
            if answer:
                self._answers.move_to_end(key)
            return answer

    def _drop(self) -> None:
        with self._lock:
            self._answers.clear()
            self._size = 0

    def _keep(self, key: Key, answer: Answer) -> None:
        with self._lock:
            self._heard = time.monotonic()
            if answer.version != self._version:
                self._answers.clear()
                self._version, self._size = answer.version, 0
            elif key in self._answers:
                self._size -= _size(key, self._answers.pop(key))
            self._answers[key] = answer
            self._size += _size(key, answer)
            while self._size > MOST:
                self._size -= _size(*self._answers.popitem(last=False))


def _key(request: HttpRequest) -> Key:
    asked = request.META
    # As they were sent: who asks under a wrong host gets 400, and that is not kept.
    host = asked.get("HTTP_HOST"), asked["SERVER_NAME"], asked["SERVER_PORT"]
    return (request.scheme, *host, request.path, asked["QUERY_STRING"], negotiated(request))


def _etag_or_none(request: HttpRequest) -> str | None:
    try:
        return etag_of(request)
    except index.Unready:
        return None


def _is_conditional(response: HttpResponseBase, request: HttpRequest) -> bool:
    # By the ETag one knows the answer of a Conditional view: no other sets that of the request.
    etag = getattr(request, "etag", None)
    return response.status_code == 200 and response.get("ETag", "") == etag


def _has_changed(request: HttpRequest) -> bool:
    try:
        # Of an index that is being made anew nobody knows what it was made from.
        return _etag_or_none(request) != vars(request)["etag"]
    except (OperationalError, InterfaceError):
        # What was made before the database went away is as good as any.
        return False


def _may_be_kept(response: HttpResponseBase, request: HttpRequest) -> TypeGuard[HttpResponse]:
    return (
        _is_conditional(response, request)
        and isinstance(response, HttpResponse)
        # A file of 10,000 entries would push out every page.
        and len(response.content) <= LARGEST
        and not (response.cookies or has_vary_header(response, "Cookie"))
        and not settings.DEBUG
    )


def _answer_of(request: HttpRequest, response: HttpResponse) -> Answer:
    patch_vary_headers(response, ["Accept-Encoding"])
    body = gzip.compress(response.content, LEVEL, mtime=0)
    version = vars(request)["index"].version
    return Answer(response["ETag"], version, dict(response.items()), body)


def _accepts_gzip(request: HttpRequest) -> bool:
    return bool(re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))


def _zipped(response: HttpResponse, body: bytes) -> HttpResponse:
    response.content = body
    response["Content-Length"] = str(len(body))
    response["Content-Encoding"] = "gzip"
    return response


def _size(key: Key, answer: Answer) -> int:
    return len(answer.body) + sum(len(part or "") for part in key) + OVERHEAD

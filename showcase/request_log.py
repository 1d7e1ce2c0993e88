"""One line of JSON for each request, in a file of its day, and the id by which an error is found in it."""

import logging
import os
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

NAME = "requests-{day}.jsonl"


class RequestLog:
    """The outermost middleware: gives each request an `id` and, when it is answered, a line.

    A line has `time` (ISO 8601 with offset), `id`, `method`, `path`, `status`, `ms` (until the answer
    was made), `bytes` of the body, and `version`, the digest of the record that answered, or null.
    It says who reads what of nobody: no query, since people search for names, and no `address`
    unless LOG_ADDRESSES is set.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._files = DayFiles(settings.LOG_DIR, settings.LOG_DAYS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        start = time.perf_counter()
        number = secrets.token_hex(6)
        request.id = number  # type: ignore[attr-defined]  # the error page shows it
        response = self._get_response(request)
        response["X-Request-ID"] = number
        now = timezone.localtime()
        line: dict[str, Any] = {
            "time": now.isoformat(timespec="milliseconds"),
            "id": number,
            "method": request.method,
            "path": request.path.encode(errors="replace").decode(),
            "status": response.status_code,
            "ms": round((time.perf_counter() - start) * 1000, 2),
            "bytes": _length(response),
            "version": getattr(vars(request).get("index"), "digest", None),
        }
        if settings.LOG_ADDRESSES:
            line["address"] = request.META.get("REMOTE_ADDR")
        self._files.write(
            now.date().isoformat(), orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
        )
        return response


class WithRequestId(logging.Filter):
    """Lets all pass, with the request's id where Django names the request. What strangers send wrongly, such
    as another host, is a line without a traceback: no fault of ours has to be found by it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = getattr(getattr(record, "request", None), "id", "-")
        if record.name.startswith("django.security."):
            record.exc_info = None
        return True


def _length(response: HttpResponseBase) -> int | None:
    length = response.get("Content-Length")
    if length is not None:
        return int(length)
    return len(response.content) if isinstance(response, HttpResponse) else None


class DayFiles:
    """A file of lines for each day in `folder`, of which the newest `days` stay.

    All threads of all workers append to the same file: a line is one write, and the system puts it
    behind all others whole. A line that cannot be written is lost, and standard error says why: no
    reader goes without an answer because a disk is full.
    """

    def __init__(self, folder: Path, days: int) -> None:
        self._folder, self._days = folder, days
        self._lock = Lock()
        self._day, self._file = "", -1

    def write(self, day: str, line: bytes) -> None:
        if not self._days:
            return
        try:
            with self._lock:
                if day != self._day:
                    self._open(day)
                os.write(self._file, line)
        except OSError as error:
            print(f"{self._folder}: {error.strerror}", file=sys.stderr)

    def _open(self, day: str) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / NAME.format(day=day)
        opened = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        if self._file >= 0:
            os.close(self._file)
        self._day, self._file = day, opened
        for old in sorted(self._folder.glob(NAME.format(day="*")))[: -self._days]:
            # Another worker may have been first.
            old.unlink(missing_ok=True)

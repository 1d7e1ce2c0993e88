"""Django's PostgreSQL, but that a request waits for an answer so long and no longer.

A server that has stopped, or cannot be reached any more, sends nothing, so that no timeout of its
own ends the wait: psycopg2 waits by `_wait`, which has a deadline. When an answer is late, or no
connection is to be had, the database is away: whatever the worker's requests ask of it fails at
once, while one thread tries once a second whether it is back. docs/decisions/0029 says why.

Only threads that answer requests are limited. Commands and the admin's background work wait for as
long as it takes.
"""

import logging
import select
import threading
import time
from typing import Any

import psycopg2
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql import base
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback

logger = logging.getLogger(__name__)

# Seconds that the answer to one statement may take for readers, and for staff, who may change much
# at once; and that a try takes whether the database is back.
READER, STAFF, TRY = 4, 10, 1
# The server gives up before staff do: then the connection lives, and the reason is known.
GIVE_UP = "SET lock_timeout = '8s'; SET statement_timeout = '9s'"


class Away(psycopg2.OperationalError):
    """The database does not answer. That is logged when it begins, and not for each who meets it."""

    # connection_failure, which no server says of itself.
    pgcode = "08006"


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._opened = time.monotonic()
        if _thread.seconds is None:
            return super().get_new_connection(conn_params)
        if _away.is_set():
            raise Away("the database does not answer")
        set_wait_callback(_wait)
        try:
            return super().get_new_connection(conn_params)
        except psycopg2.OperationalError as error:
            raise _gone(str(error)) from error

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if _thread.seconds is not None:
            with self.connection.cursor() as cursor:
                cursor.execute(GIVE_UP)

    def is_usable(self) -> bool:
        # At the other end of one from before the database was away there may be nobody any more.
        return self._opened > _back and super().is_usable()


class _Thread(threading.local):
    # How long it waits for an answer; None: for as long as it takes.
    seconds: int | None = None


_thread = _Thread()
_away = threading.Event()
_beginning = threading.Lock()
# When the database was back last.
_back = 0.0


def _limit(environ: dict[str, Any], **_: Any) -> None:
    """A thread that has answered a request stays limited: it has no other work."""
    staff = environ["PATH_INFO"].startswith(settings.STAFF_PATHS)
    _thread.seconds = STAFF if staff else READER


request_started.connect(_limit, sender=WSGIHandler)


def _wait(connection: Any) -> None:
    """For psycopg2: returns when `connection` has what it was asked for.

    It may only raise, and psycopg2 then closes the connection; to do so in here would hang.
    """
    seconds = _thread.seconds
    if seconds in (READER, STAFF) and _away.is_set():
        raise Away("the database does not answer")
    until = None if seconds is None else time.monotonic() + seconds
    while (state := connection.poll()) != POLL_OK:
        # Not select.select: it takes no descriptor beyond 1023, and a worker may have more visitors.
        waiting = select.poll()
        waiting.register(connection, select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not waiting.poll(until and max(until - time.monotonic(), 0) * 1000):
            raise _gone(f"no answer within {seconds} seconds")


def _gone(reason: str) -> Away:
    """The error to raise. Who is the first to meet it says so in the log, and has it tried again."""
    with _beginning:
        if not _away.is_set():
            _away.set()
            logger.error("The database is away: %s", " ".join(reason.split()))
            threading.Thread(target=_try_again, name="try-database", daemon=True).start()
    return Away(reason)


def _try_again() -> None:
    global _back
    _thread.seconds = TRY
    since = began = time.monotonic()
    try:
        while not _answers():
            time.sleep(max(began + TRY - time.monotonic(), 0))
            began = time.monotonic()
        logger.warning("The database is back after %.1f seconds.", time.monotonic() - since)
    finally:
        # However it ends: else nobody would ask again.
        _back = time.monotonic()
        _away.clear()


def _answers() -> bool:
    try:
        # A connection beside Django's, which refuses while the database is away.
        psycopg2.connect(**connections[DEFAULT_DB_ALIAS].get_connection_params()).close()
    except psycopg2.OperationalError:
        return False
    return True

"""Whether the index can be trusted, and what is done when it cannot."""

import logging
import sqlite3
import threading
import time
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from governance.models import Achievement, IndexEntry, IndexState

from .building import locked_state, rebuild, shape

logger = logging.getLogger(__name__)


def status() -> str:
    """ "ready"; "missing" while there is no whole index; "stale" if the record was changed behind it;
    "damaged" if somebody met what cannot be read, or `compare_with_record` what is not as the record is."""
    state = IndexState.objects.filter(shape=shape()).first()
    if state is None:
        return "missing"
    counted = IndexEntry.objects.count() == Achievement.objects.published().count()
    if not counted or state.stale:
        return "stale"
    return "damaged" if state.faults else "ready"


def checked() -> datetime | None:
    """When the index was last held against the record."""
    return IndexState.objects.values_list("checked", flat=True).first()


def mark_stale(sender: type[Model], raw: bool, **kwargs: Any) -> None:
    """For `post_save`: a raw `loaddata` writes rows that no builder is told of."""
    if raw:
        IndexState.objects.filter(stale=False).update(stale=True)


def mark_damaged(what: str, **state: int) -> None:
    """Have it made anew: with `shape=0` nothing is answered until it is, with `faults=1` all goes on."""
    logger.error("The index is damaged (%s) and will be rebuilt.", what)
    try:
        # Asked first: while it is made anew, whoever writes waits for that.
        if IndexState.objects.exclude(**state).exists():
            with transaction.atomic():
                IndexState.objects.update(**state)
    except DatabaseError as error:
        logger.warning("It could not be noted that the index is damaged: %s", error)


def heal() -> None:
    """Rebuild an index that is missing, damaged or out of order beside the requests; whoever comes
    second finds it whole. Where the database can only be read, nothing is tried again for a while."""
    if time.monotonic() >= _refused_until and _healing.acquire(blocking=False):
        threading.Thread(target=_heal, name="heal-index", daemon=True).start()


# One thread a process, however many requests find the index missing.
_healing = threading.Lock()
# On a standby each request would try; it may become the primary.
_refused_until, REFUSED_SECONDS = 0.0, 60


def _heal() -> None:
    global _refused_until
    try:
        with transaction.atomic():
            state = locked_state()
            if state.shape != shape():
                logger.warning("There is no whole index; rebuilding it: %d entries.", rebuild())
            elif state.faults:
                logger.warning("The index was damaged; rebuilding it: %d entries.", rebuild())
            elif not state.in_order:
                logger.info("The index is out of order; rebuilding it: %d entries.", rebuild())
    except DatabaseError as error:
        _refused_until = time.monotonic() + REFUSED_SECONDS * is_read_only(error)
        # Somebody writes for long, or the database is away: the next reader asks again.
        logger.warning("The index could not be rebuilt yet: %s", error)
    finally:
        connection.close()
        _healing.release()


def is_read_only(error: DatabaseError) -> bool:
    """Whether a database refused to write because it can only be read: a standby, a file without the right."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY
    return getattr(cause, "pgcode", None) == "25006"

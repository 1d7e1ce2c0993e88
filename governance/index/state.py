"""Whether the index can be trusted, and what is done when it cannot."""

import logging
import threading
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Model

from governance.models import Achievement, IndexEntry, IndexState

from .building import locked_state, rebuild, shape

logger = logging.getLogger(__name__)


def status() -> str:
    """ "ready"; "missing" while there is no whole index; "stale" if the record was changed behind it."""
    state = IndexState.objects.filter(shape=shape()).first()
    if state is None:
        return "missing"
    counted = IndexEntry.objects.count() == Achievement.objects.published().count()
    return "ready" if counted and not state.stale else "stale"


def mark_stale(sender: type[Model], raw: bool, **kwargs: Any) -> None:
    """For `post_save`: a raw `loaddata` writes rows that no builder is told of."""
    if raw:
        IndexState.objects.filter(stale=False).update(stale=True)


def mark_damaged(what: str) -> None:
    logger.error("The index is damaged (%s) and will be rebuilt.", what)
    IndexState.objects.update(shape=0)


def heal() -> None:
    """Rebuild an index that is missing or out of order beside the requests; whoever comes second finds
    it whole."""
    if _healing.acquire(blocking=False):
        threading.Thread(target=_heal, name="heal-index", daemon=True).start()


# One thread a process, however many requests find the index missing.
_healing = threading.Lock()


def _heal() -> None:
    try:
        with transaction.atomic():
            state = locked_state()
            if state.shape != shape():
                logger.warning("There is no whole index; rebuilding it: %d entries.", rebuild())
            elif not state.in_order:
                logger.info("The index is out of order; rebuilding it: %d entries.", rebuild())
    except OperationalError as error:
        # Somebody writes for long, or the database is away: the next reader asks again.
        logger.warning("The index could not be rebuilt yet: %s", error)
    finally:
        connection.close()
        _healing.release()

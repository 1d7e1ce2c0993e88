"""Long work of the admin: done in a thread, watched from any worker of the site.

The thread outlives the request that began it, and the browser. A lock on a file says that it is
alive: the kernel frees it with the process, so that a killed worker never looks busy. What it is
doing stands in a file beside it, and not in the database, of which a load holds the lock.
"""

import fcntl
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils import translation
from django.utils.translation import gettext as _

from governance.announcements import Unreadable
from governance.loading import Invalid, LoadError, Progress

from .awards import UnknownAward
from .parsing import MissingRegions
from .sentences import translated

logger = logging.getLogger(__name__)

# Most work is done by then, in seconds, and needs no page of its own.
PATIENCE = 2


@dataclass
class Working:
    """What is being done: in words, how many rows of how many (None: unknown), since when."""

    words: str = ""
    done: int = 0
    total: int | None = None
    since: float = 0

    @property
    def seconds(self) -> int:
        return int(time.time() - self.since)


def working(pk: int) -> Working | None:
    """The Working of a Load, or None if nobody works on it."""
    with _lock_file(pk).open("a") as file:
        if _locked(file):
            return None
    return Working(**_state(pk).get("working", {}))


def why_it_failed(pk: int) -> list[str]:
    """Why the last work on a Load failed, in sentences; none if it did not. Ask when none goes on."""
    state = _state(pk)
    if "working" in state:
        return [
            _(
                "上次的工作中途断了，服务器可能重启过；不会只做了一半，文件仍在。请看现状，再试一次。"
            )
        ]
    return state.get("failures", [])


def start(pk: int, job: Callable[[Progress], object]) -> bool:
    """Do `job(progress)` for a Load in a thread, and wait a moment for it.

    Returns False, and does nothing, while other work on the same Load goes on.
    """
    file = _lock_file(pk).open("a")
    if not _locked(file):
        file.close()
        return False
    _write(pk, working=vars(Working(since=time.time())))
    arguments = pk, job, file, translation.get_language()
    thread = Thread(target=_run, args=arguments, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return True


def _run(pk: int, job: Callable[[Progress], object], file: IO[str], language: str | None) -> None:
    since = time.time()

    def progress(words: str, done: int, total: int | None) -> None:
        _write(pk, working=vars(Working(str(words), done, total, since)))

    with file, translation.override(language):
        try:
            sentences = _sentences(job, progress)
            _write(pk, failures=sentences)
        except OSError:
            logger.exception("The outcome of the work on load %s cannot be written.", pk)
        finally:
            connections.close_all()


def _sentences(job: Callable[[Progress], object], progress: Progress) -> list[str]:
    """Does the job; why it failed, in sentences."""
    try:
        job(progress)
    except Invalid as error:
        return [str(error), *map(str, error.problems)]
    except Unreadable as error:
        return [translated(error.sentence)]
    except (MissingRegions, UnknownAward, LoadError) as error:
        return [str(error)]
    except (DatabaseError, InterfaceError, OSError) as error:
        logger.exception("The work on a load failed.")
        sentence = _("数据库或磁盘出错，未作任何改动；文件仍在，请稍后再试。（%(error)s）")
        return [sentence % {"error": error}]
    except Exception:
        # The last one who can tell the person at the browser.
        logger.exception("The work on a load failed.")
        return [_("出了意料之外的错误，未作任何改动，详情已记入服务器日志；文件仍在。")]
    return []


def _folder() -> Path:
    folder = settings.DATA_DIR / "loads"
    folder.mkdir(exist_ok=True)
    return folder


def _lock_file(pk: int) -> Path:
    return _folder() / f"{pk}.lock"


def _locked(file: IO[str]) -> bool:
    """Whether the lock could be taken; it goes when the file is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _state(pk: int) -> dict[str, Any]:
    try:
        return json.loads((_folder() / f"{pk}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _write(pk: int, **state: Any) -> None:
    # Moved into place: a reader finds the old state or the new one.
    draft = _folder() / f"{pk}.draft"
    draft.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
    draft.replace(_folder() / f"{pk}.json")

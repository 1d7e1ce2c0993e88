import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.management.base import BaseCommand

# docs/decisions/0004-serving.md says why these.
GRANIAN = [
    *("--interface", "wsgi", "--no-ws", "--http", "1", "--log-level", "warning"),
    *("--workers", "2", "--respawn-failed-workers", "--workers-kill-timeout", "5"),
    *("--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"),
    *("--backpressure", "1024", "--http1-header-read-timeout", "5000"),
]

# Seconds before a server that ended by itself is started again. From the PATIENT-th end in a row on,
# until a server has lived for STEADY seconds, each pause is twice as long, and it is asked whether the
# site can be started at all. So ten ends in a row cost little more than their starts.
FIRST_PAUSE, LONGEST_PAUSE, STEADY, PATIENT = 0.02, 30, 60, 10

# From <linux/prctl.h>.
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    """Serves the site until Ctrl-C, SIGTERM or the end of the terminal, and then leaves nothing running;
    nor when it is killed.

    1. A port that is taken ends it with a sentence, now and before each new start.
    2. granian runs, and replaces workers that die; when two die within 5.5 seconds, it ends itself.
    3. What is left of it is killed, and after a pause it is started again.
    4. When it has ended early several times in a row and the site cannot even be imported, because
       of a setting perhaps, no new start would help: the command ends with a sentence.

    granian gets a session of its own, so that a signal to the terminal's processes comes to us
    alone: a worker that is told to stop twice, by Ctrl-C and by its parent, may hang.
    """

    help = gettext_lazy("运行网站，直到按下 Ctrl-C；网站意外停止时重新启动。")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        refuse_if_taken(host, port)
        address = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        self.stdout.write(_("网站：%(address)s（按 Ctrl-C 停止）") % {"address": address})
        self.stdout.write(
            _("后台：%(address)sadmin/（第一个账号：make superuser）") % {"address": address}
        )
        self.stdout.flush()
        told = Told()
        early = 0
        while True:
            started = time.monotonic()
            ending = told.run(granian(host, port))
            if told.to_stop.is_set():
                return
            early = early + 1 if time.monotonic() - started < STEADY else 1
            pause = min(FIRST_PAUSE * 2 ** max(early - PATIENT, 0), LONGEST_PAUSE)
            sentence = _("网站服务意外结束（%(ending)s），%(pause)g 秒后第 %(early)d 次重新启动。")
            self.stderr.write(sentence % {"ending": ending, "pause": pause, "early": early})
            self.stderr.flush()
            until = time.monotonic() + pause
            broken = early >= PATIENT and told.run(importing()) != "exit 0"
            if told.to_stop.wait(max(until - time.monotonic(), 0)):
                return
            if broken:
                raise CommandError(_("网站无法启动，原因见上；改正后请重新运行。"))
            refuse_if_taken(host, port, patience=2)


class Told:
    """Runs one process after the other until a signal says to stop, which the one running is told too."""

    def __init__(self) -> None:
        self.to_stop = Event()
        self.process: subprocess.Popen[bytes] | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)

    def stop(self, *_: object) -> None:
        self.to_stop.set()
        if self.process:
            self.process.terminate()

    def run(self, command: list[str]) -> str:
        """Waits for its end, kills what it leaves behind, and says how it ended: `exit 1`, `SIGKILL`."""
        self.process = subprocess.Popen(  # noqa: S603  # our own command
            command, cwd=settings.BASE_DIR, start_new_session=True, preexec_fn=end_with_parent
        )
        # The signal may have come before there was a process to be told.
        if self.to_stop.is_set():
            self.process.terminate()
        status = self.process.wait()
        # Workers whose parent was killed would go on, and hold the port.
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return f"exit {status}" if status >= 0 else signal.Signals(-status).name


def refuse_if_taken(host: str, port: int, patience: float = 0) -> None:
    """Raises CommandError unless it is free within `patience` seconds: the killed hold it a moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + patience
    while True:
        try:
            return socket.create_server((host, port), family=family).close()
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            if taken and time.monotonic() < until:
                time.sleep(0.02)
                continue
            reason = error.strerror
            if taken:
                reason = _("端口已被占用，可换一个，如 make run PORT=%(port)s") % {"port": port + 1}
            raise CommandError(
                _("无法在 %(host)s 的 %(port)s 端口上运行：%(reason)s")
                % {"host": host, "port": port, "reason": reason}
            ) from error


def granian(host: str, port: int) -> list[str]:
    module, _dot, name = settings.WSGI_APPLICATION.rpartition(".")
    command = [sys.executable, "-m", "granian", f"{module}:{name}"]
    return [*command, "--host", host, "--port", str(port), *GRANIAN, *published_files()]


def published_files() -> list[str]:
    """The options by which granian itself gives the versions of the whole database, at /files/.

    Readers of these large files then hold no thread. granian does not start without the folder.
    """
    folder = settings.DATA_DIR / "published"
    folder.mkdir(exist_ok=True)
    mounted = ["--static-path-route", "/files", "--static-path-mount", str(folder)]
    # Seconds that they may be kept: where `latest` leads changes, and a version may be withdrawn.
    return [*mounted, "--static-path-expires", "600"]


def importing() -> list[str]:
    """What a worker does first, alone; what is wrong is said on standard error."""
    module, _dot, _name = settings.WSGI_APPLICATION.rpartition(".")
    return [sys.executable, "-c", f"import {module}"]


def end_with_parent() -> None:
    """Have the calling process told to stop when its parent is killed; Linux alone can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

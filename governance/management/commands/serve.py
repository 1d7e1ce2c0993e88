import ctypes
import errno
import signal
import socket
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.management.base import BaseCommand

# docs/decisions/0004-serving.md says why these.
GRANIAN = [
    *("--interface", "wsgi", "--no-ws", "--log-level", "warning"),
    *("--workers", "2", "--respawn-failed-workers", "--workers-kill-timeout", "5"),
    *("--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"),
    *("--backpressure", "1024", "--http1-header-read-timeout", "5000"),
]

# From <linux/prctl.h>.
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    """Serves the site until Ctrl-C, SIGTERM or the end of the terminal, and then leaves nothing running;
    nor when it is killed.

    granian gets a session of its own, so that a signal to the terminal's processes comes to us
    alone: a worker that is told to stop twice, by Ctrl-C and by its parent, may hang.
    """

    help = gettext_lazy("运行网站，直到按下 Ctrl-C。")

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
        sys.exit(serve(host, port))


def refuse_if_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = _("端口已被占用，可换一个，如 make run PORT=%(port)s") % {"port": port + 1}
        else:
            reason = error.strerror or ""
        raise CommandError(
            _("无法在 %(host)s 的 %(port)s 端口上运行：%(reason)s")
            % {"host": host, "port": port, "reason": reason}
        ) from error


def serve(host: str, port: int) -> int:
    """Runs granian; returns its exit status, which is 0 when it was told to stop."""
    module, _dot, name = settings.WSGI_APPLICATION.rpartition(".")
    command = [sys.executable, "-m", "granian", f"{module}:{name}"]
    command += ["--host", host, "--port", str(port), *GRANIAN]
    server = subprocess.Popen(
        command, cwd=settings.BASE_DIR, start_new_session=True, preexec_fn=end_with_parent
    )
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: server.terminate())
    return server.wait()


def end_with_parent() -> None:
    """Have the calling process told to stop when its parent is killed; Linux alone can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

import os
import tempfile
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.loading import dump
from governance.management.shell import failures


class Command(BaseCommand):
    """Writes an award year as a fixture, to be kept, read as a diff, or loaded elsewhere."""

    help = gettext_lazy("把一个年度写成数据文件；再装入它不会有任何改动。")

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)
        parser.add_argument("--output", metavar="FIXTURE", help=_("写入此文件；不给则输出到终端"))

    def handle(self, *, year, output, **options):
        with failures(self):
            text = dump(year)
        if not output:
            self.stdout.write(text, ending="")
            return
        try:
            write(Path(output), text)
        except OSError as error:
            raise CommandError(
                _("写不了 %(name)s：%(reason)s") % {"name": output, "reason": error.strerror}
            ) from error
        self.stdout.write(_("已写入 %(name)s。") % {"name": output})


def write(path, text):
    """Write the file whole or not at all: an older one stays if the disk is full."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
        try:
            new.write(text.encode())
            new.flush()
            os.fsync(new.fileno())
            # As for any new file; temporary ones are the owner's alone.
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(new.name, 0o666 & ~umask)
            os.replace(new.name, path)
        except OSError:
            os.unlink(new.name)
            raise

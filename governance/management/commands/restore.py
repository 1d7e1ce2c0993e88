from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.backups import restore_site
from governance.management.base import BaseCommand
from governance.management.shell import command_errors


class Command(BaseCommand):
    """Makes the site what it was when a backup was made, whole or not at all.

    A damaged backup, one of another database or of a later program is refused. What was written since
    the backup is lost; the settings and the secret key stay what they are.
    """

    help = gettext_lazy("用一个备份恢复网站：要么完整恢复，要么不作改动。")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=_("backup 所写的文件"))

    def handle(self, *, file: Path, **options: Any) -> None:
        with command_errors(self):
            manifest = restore_site(file)
        sentence = _("已恢复为 %(made)s 的网站（程序 %(release)s，摘要 %(digest)s）。")
        made = localtime(datetime.fromisoformat(manifest.made)).strftime("%Y-%m-%d %H:%M")
        told = {"made": made, "release": manifest.release, "digest": manifest.digest[:12]}
        self.stdout.write(sentence % told)
        self.stdout.write(_("备份若由较早的程序写成，请再运行 manage.py prepare。"))

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import backups
from governance.management.base import BaseCommand
from governance.management.shell import command_errors


class Command(BaseCommand):
    """Keeps the whole site in one file, which is read back before it counts; the site goes on meanwhile.

    With `--prune` the backups of seven days, four weeks and twelve months stay, and others go.
    """

    help = gettext_lazy("把整个网站备份成一个文件：数据库、图片、上传的文件、已发布的数据。")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to",
            type=Path,
            metavar="FOLDER",
            help=str(gettext_lazy("存入此文件夹；不给则为 DATA_DIR/backups")),
        )
        parser.add_argument(
            "--prune",
            action="store_true",
            help=str(gettext_lazy("只留最近 7 天、4 周、12 个月各一个备份，其余删除")),
        )

    def handle(self, *, to: Path | None, prune: bool, **options: Any) -> None:
        folder = (to or settings.DATA_DIR / "backups").resolve()
        with command_errors(self):
            kept = backups.back_up(folder)
        sentence = _("备份已写成并读回核对：%(file)s（%(size).1f MB，摘要 %(digest)s）。")
        told = {"file": kept.path, "size": kept.size / 1e6, "digest": kept.digest[:12]}
        self.stdout.write(sentence % told)
        for path in backups.prune(folder) if prune else ():
            self.stdout.write(_("已删除旧备份 %(file)s。") % {"file": path.name})

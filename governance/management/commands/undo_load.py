from typing import Any

from django.core.management import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.loading import undo
from governance.management.base import BaseCommand
from governance.management.shell import command_errors, progress_bar


class Command(BaseCommand):
    """Takes a load back, but nothing that staff have worked on since."""

    help = gettext_lazy("撤销一次装入；其后工作人员所改的予以保留。")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, metavar="ID", help=_("load_awards 所报的编号"))
        parser.add_argument("--dry-run", action="store_true", help=_("同样走一遍，但不作改动"))

    def handle(self, *, id: int, dry_run: bool, **options: Any) -> None:
        with command_errors(self), progress_bar() as progress:
            report = undo(id, dry_run=dry_run, progress=progress)
        self.stdout.write("\n".join(report.lines()))

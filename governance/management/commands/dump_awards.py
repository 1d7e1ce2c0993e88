from pathlib import Path
from typing import Any

from django.core.management import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.loading import dump_year
from governance.management.base import BaseCommand
from governance.management.shell import command_errors, write_whole


class Command(BaseCommand):
    """Writes an award year as a fixture, to be kept, read as a diff, or loaded elsewhere."""

    help = gettext_lazy("把一个年度写成数据文件；再装入它不会有任何改动。")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help=_("年度的编号，如 2015 或 ywf-2023"))
        parser.add_argument(
            "--output", type=Path, metavar="FIXTURE", help=_("写入此文件；不给则输出到终端")
        )

    def handle(self, *, code: str, output: Path | None, **options: Any) -> None:
        with command_errors(self):
            text = dump_year(code)
        if not output:
            self.stdout.write(text, ending="")
            return
        write_whole(text, output)
        self.stdout.write(_("已写入 %(name)s。") % {"name": output})

import json
from pathlib import Path, PurePath
from typing import Any

from django.core.management import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.loading import FixtureFile, Invalid, load
from governance.management.base import BaseCommand
from governance.management.shell import command_errors, progress_bar


class Command(BaseCommand):
    """Loads award years, or what they need, without losing what staff have edited.

    A three-way merge, where `loaddata` would reset every row: docs/loading.md.
    """

    help = gettext_lazy(
        "装入年度数据文件：与上次装入和库中现状三方合并，不覆盖工作人员的修改；有错则全不装入。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fixtures", nargs="+", metavar="FIXTURE")
        parser.add_argument("--dry-run", action="store_true", help=_("同样走一遍，但不作改动"))
        parser.add_argument("--json", action="store_true", help=_("以 JSON 输出报告"))
        parser.add_argument(
            "--shipped",
            action="store_true",
            help=_("随程序附带的数据文件：与上次装入的附带文件比较，以后由 prepare 更新"),
        )

        parser.add_argument(
            "--sure",
            action="append",
            default=[],
            metavar="CODE",
            help=_("这个编号的条目虽与库中某项相似，编号无误：已有的是更正，没有的是新成果"),
        )

    def handle(
        self,
        *,
        fixtures: list[str],
        dry_run: bool,
        json: bool,
        shipped: bool,
        sure: list[str],
        **options: Any,
    ) -> None:
        files = [
            FixtureFile(
                # prepare knows a shipped file by its name, wherever the program lies.
                PurePath(name).name if shipped else name,
                content(name),
                shipped=shipped,
                sure=set(sure),
            )
            for name in fixtures
        ]
        with command_errors(self, as_json=json), progress_bar() as progress:
            try:
                reports = load(files, dry_run=dry_run, progress=progress)
            except Invalid as error:
                if json:
                    self.stdout.write(as_json(error.as_json()))
                raise
        if json:
            self.stdout.write(as_json({"loads": [report.as_json() for report in reports]}))
            return
        for report in reports:
            self.stdout.write("\n".join(report.lines()))


def content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(
            _("读不了 %(name)s：%(reason)s") % {"name": name, "reason": error.strerror}
        ) from error


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)

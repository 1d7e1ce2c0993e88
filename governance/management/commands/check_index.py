from typing import Any

from django.core.management import CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import index
from governance.management.base import BaseCommand
from governance.management.shell import command_errors, progress_bar
from governance.words import listed


class Command(BaseCommand):
    """Holds the saved index against the record, and says what is damaged; visitors and staff go on.

    With `--repair` what is damaged is made anew from the record, and checked again. Exit 0 if the index
    is whole in the end, 1 if not.
    """

    help = gettext_lazy("逐项核对检索索引与成果库，报告损坏之处；核对期间网站照常使用。")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help=str(gettext_lazy("有损坏时由成果库重建索引"))
        )

    def handle(self, *, repair: bool, **options: Any) -> None:
        report = self._check()
        if report.faults and repair:
            self._repair()
            self.stdout.write(_("已由成果库重建索引，再核对一遍。"))
            report = self._check()
        if report.faults:
            raise CommandError(_("索引有损坏；请运行 manage.py check_index --repair。"))

    def _repair(self) -> None:
        with command_errors(self):
            try:
                index.repair()
            except DatabaseError as error:
                if not index.is_read_only(error):
                    raise
                raise CommandError(
                    _("数据库只能读取，没有修复；请在主库上运行 check_index --repair。")
                ) from error

    def _check(self) -> index.CheckReport:
        with command_errors(self), progress_bar() as progress:
            report = index.compare_with_record(lambda done: progress(_("核对索引"), done, None))
        for line in lines(report):
            self.stdout.write(line)
        return report


def lines(report: index.CheckReport) -> list[str]:
    """The report in sentences."""
    sentence = _("核对了 %(entries)s 项成果、%(postings)s 条倒排：%(found)s。")
    found = _("%(count)s 处损坏") % {"count": report.faults} if report.faults else _("完好")
    counted = {"entries": report.entries, "postings": report.postings, "found": found}
    said = [sentence % counted]
    for damage, count in report.counts.items():
        named = report.named[damage]
        more = " …" if count > len(named) and len(named) > 1 else ""
        sentence = _("%(damage)s（%(count)s）：%(where)s")
        where = listed(named) + more
        said.append("  " + sentence % {"damage": damage.label, "count": count, "where": where})
    if any(damage.value.startswith("posting") for damage in report.counts):
        # As docs/index.md has the keys.
        said.append(
            "  "
            + _(
                "倒排的写法：t:、b:、e: 后面是标题、正文（简介与机构）、英文译文写到的字词，"
                "t2:、b2:、e2: 是写到两次以上的；以 / 开头的是分面的取值、标题的拼音或修订的日期。"
            )
        )
    return said

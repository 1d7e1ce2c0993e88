from argparse import ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.announcements import Unreadable
from governance.intake import parsing
from governance.intake.awards import UnknownAward
from governance.intake.parse_report import parse_report, problems
from governance.intake.sentences import translated
from governance.management.base import BaseCommand
from governance.management.shell import write_whole
from governance.models.award import FIRST_YEAR, LAST_YEAR
from governance.readable_yaml import dump


class Command(BaseCommand):
    """Reads an award year's announcement into a fixture that a person can check and load.

    The fixture goes to the output, the report to the errors, so that `>` keeps the one clean of
    the other. What is not certain is never guessed: then nothing is written, unless asked to.
    """

    help = gettext_lazy(
        "把一个年度的公告（.txt、.docx、.csv、.xlsx、.ods）读成可装入的数据文件，并报告读到与没读懂的内容。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("file", type=Path, help=_("公告文件"))
        add("--year", type=int, help=_("年度，如 2016；不给则按文件写明的年度，可有几个"))
        add("--award", default="", metavar="SLUG", help=_("奖项的网址名；不给则由公告里的名称认定"))
        add("--output", type=Path, help=_("写入的数据文件（YAML）；不给则写到标准输出"))
        add(
            "--since",
            type=first_year,
            action="append",
            default=[],
            metavar="130000-FA01=2017",
            help=_("国标未列的功能区始于哪一年；可多次给出"),
        )
        add("--partial", action="store_true", help=_("有未定之处也写出，未定的地区留空"))

    def handle(
        self,
        *,
        file: Path,
        year: int | None,
        award: str,
        output: Path | None,
        since: list[tuple[str, int]],
        partial: bool,
        verbosity: int,
        **options: Any,
    ) -> None:
        parsed = parse(file, year, award, dict(since))
        for one in parsed.years if verbosity else ():
            for line in parse_report(one, suggestions=verbosity > 1):
                self.stderr.write(line, style_func=str)
        found = [sentence for one in parsed.years for sentence in problems(one)]
        # The report has told the problems.
        told = list(parsed.doubts)
        told += [] if found or told else parsing.refusals(parsed, file.name)
        for sentence in told:
            self.stderr.write(sentence, style_func=str)
        if not (found or told) or partial:
            write_new(dump(parsed.fixture), output, self.stdout)
        if found or told:
            raise CommandError(self._unfinished(len(found + told), partial))

    def _unfinished(self, count: int, partial: bool) -> str:
        if partial:
            return _("有 %(count)s 处未定（见上）；已写出，未定的地区留空。") % {"count": count}
        return _(
            "有 %(count)s 处未定（见上），没有写出任何文件。改正公告文字，或用 --partial 先写出其余部分。"
        ) % {"count": count}


def first_year(words: str) -> tuple[str, int]:
    """(code, year) of an option such as 130000-FA01=2017."""
    code, _equals, year = words.partition("=")
    if code not in {fields["code"] for fields, _names in parsing.functional_areas({})}:
        raise ArgumentTypeError(_("“%(words)s”不是本库备有代码的功能区。") % {"words": words})
    if not (year.isdecimal() and FIRST_YEAR <= int(year[:5]) <= LAST_YEAR):
        raise ArgumentTypeError(
            _("“%(words)s”里没有年份；应如 130000-FA01=2017。") % {"words": words}
        )
    return code, int(year)


def parse(
    file: Path, year: int | None, award: str, first_years: Mapping[str, int]
) -> parsing.ParsedAnnouncement:
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise CommandError(
            _("年度应在 %(first)s 与 %(last)s 之间，不是 %(year)s。")
            % {"first": FIRST_YEAR, "last": LAST_YEAR, "year": year}
        )
    try:
        return parsing.parse(
            file.name, file.read_bytes(), year, award=award, first_years=first_years
        )
    except OSError as error:
        raise CommandError(
            _("打不开文件 %(file)s：%(reason)s") % {"file": file, "reason": error.strerror}
        ) from error
    except Unreadable as error:
        raise CommandError(
            _("%(file)s：%(reason)s") % {"file": file.name, "reason": translated(error.sentence)}
        ) from error
    except (parsing.MissingRegions, UnknownAward) as error:
        raise CommandError(str(error)) from error
    except OperationalError as error:
        raise CommandError(
            _("连不上数据库，请检查 DATABASE_URL：%(error)s") % {"error": error}
        ) from error


def write_new(text: str, output: Path | None, stdout: Any) -> None:
    """Writes the fixture; a file that is there already, perhaps with codings in it, is never overwritten."""
    if not output:
        stdout.write(text, ending="")
        return
    if output.exists() and output.read_text(encoding="utf-8") != text:
        raise CommandError(
            _("%(file)s 已经存在，内容不同，没有改动它。请换一个文件名，或先移走原来的文件。")
            % {"file": output}
        )
    write_whole(text, output)

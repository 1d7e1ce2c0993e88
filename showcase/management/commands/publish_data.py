from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from governance import index
from governance.management.base import BaseCommand
from showcase.data.packages.making import Unpublished, publish_version, withdraw_version


class Command(BaseCommand):
    """Keeps the public record of today as a version that can be cited and is never altered, in
    `DATA_DIR/published/<release>-<digest>/`; when there is one of the same record already, nothing is made.

    With `--withdraw` a version's files are taken away for good; its folder keeps the day and the reason.
    """

    help = gettext_lazy(
        "把今天的全部公开数据发布为一个不再改动的版本；记录没有变化时不做什么。"
        "也可撤下一个版本，留下原因。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--withdraw", metavar="VERSION", help=str(gettext_lazy("撤下这个版本的文件。"))
        )
        parser.add_argument("--reason", default="", help=str(gettext_lazy("撤下的原因，会公开。")))

    def handle(self, *, withdraw: str | None, reason: str, **options: Any) -> None:
        reason = " ".join(reason.split())
        if bool(withdraw) != bool(reason):
            raise CommandError(_("撤下一个版本要同时写 --withdraw 和 --reason。"))
        try:
            self.stdout.write(withdrawn(withdraw, reason) if withdraw else published())
        except Unpublished as error:
            raise CommandError(str(error)) from error
        except index.Unready as error:
            sentence = _("索引尚未就绪，请先运行 manage.py rebuild_index。")
            raise CommandError(sentence) from error
        except DatabaseError as error:
            sentence = _("连不上数据库，请检查 DATABASE_URL：%(error)s")
            raise CommandError(sentence % {"error": error}) from error


def withdrawn(name: str, reason: str) -> str:
    withdraw_version(name, reason)
    return _("版本 %(name)s 已撤下：%(reason)s") % {"name": name, "reason": reason}


def published() -> str:
    version, is_new = publish_version()
    if not is_new:
        return _("公开记录没有变化，仍是版本 %(name)s（%(day)s 发布）。") % {
            "name": version.name,
            "day": version.published,
        }
    said = ngettext(
        "发布了版本 %(name)s：%(count)s 项成果，%(size).1f MB。",
        "发布了版本 %(name)s：%(count)s 项成果，%(size).1f MB。",
        version.entries,
    ) % {
        "name": version.name,
        "count": version.entries,
        "size": sum(file.size for file in version.files) / 1e6,
    }
    if not settings.SITE_URL:
        said += "\n" + _("没有设置 SITE_URL，所以其中的网址不含站名。")
    return said

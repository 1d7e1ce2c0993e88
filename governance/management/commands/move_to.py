from typing import Any

from django.core.management import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.backups import move_to
from governance.management.base import BaseCommand
from governance.management.shell import command_errors, progress_bar


class Command(BaseCommand):
    """Copies the site's SQLite database into an empty one of PostgreSQL, and holds one against the other.

    Nobody can write meanwhile. The old database stays as it is; the site uses the new one when
    DATABASE_URL names it.
    """

    help = gettext_lazy("把网站的数据库从 SQLite 搬到 PostgreSQL；搬迁期间不能编辑。")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "url", metavar="URL", help=_("空的目标数据库：postgres://用户:密码@主机:5432/库名")
        )

    def handle(self, *, url: str, **options: Any) -> None:
        with command_errors(self), progress_bar() as progress:
            copied = move_to(url, lambda table, done: progress(table, done, None))
        sentence = _("已复制 %(rows)s 行（%(tables)s 个表），行数、摘要和登录都已核对。")
        self.stdout.write(sentence % {"rows": sum(copied.values()), "tables": len(copied)})
        self.stdout.write(_("现在请把 DATABASE_URL 设为新的数据库，并重新启动网站。"))

import time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import index
from governance.management.base import BaseCommand


class Command(BaseCommand):
    """Makes the derived index anew from the record: after a raw `loaddata`, or when /readyz says so.

    The site goes on answering from the old index until the new one is whole.
    """

    help = gettext_lazy("由成果库重建检索索引；重建期间网站照常使用旧索引。")

    def handle(self, verbosity: int, **options: Any) -> None:
        start = shown = time.monotonic()

        def progress(done: int) -> None:
            nonlocal shown
            if verbosity and time.monotonic() - shown > 0.2:
                shown = time.monotonic()
                self.stderr.write(_("已编入 %(count)s 项…") % {"count": done}, ending="\r")

        count = index.rebuild(progress)
        seconds = f"{time.monotonic() - start:.1f}"
        sentence = _("索引已重建：%(count)s 项成果，用时 %(seconds)s 秒。")
        self.stdout.write(sentence % {"count": count, "seconds": seconds})

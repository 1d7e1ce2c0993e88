"""What was changed last in a list, as a feed that readers follow."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from showcase import links
from showcase.query.query import CONTROLS
from showcase.text import localized

from .records import OpenRecord

# As many entries are in a feed.
NEWEST = 50


class EntryFeed(Atom1Feed):
    """Atom (RFC 4287) with the whole text of each entry, where Django's has a summary."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["whole_text"], {"type": "html"})

    def latest_post_date(self) -> datetime:
        """Of a feed without entries the day on which the record last changed, not the present moment."""
        return super().latest_post_date() if self.items else self.feed["changed"]


def atom(
    records: Iterable[OpenRecord], *, heading: str, query: str, origin: str, changed: date | None
) -> bytes:
    """A feed of entries, the last changed first.

    `heading` says in words what `query`, a query string, asks for; `origin` are scheme and host;
    `changed` is the day on which the record last changed.
    """
    title = _("社区治理创新成果库")
    feed = EntryFeed(
        title=f"{title}{_('：')}{CONTROLS.sub(' ', heading)}",
        link=origin + links.address("achievements") + query,
        description=None,
        language="en" if get_language() == "en" else "zh-Hans",
        author_name=title,
        feed_url=origin + links.address("feed") + query,
        feed_copyright=_("机制标注与英文译文依 CC BY 4.0 使用；公告原文系引用，权利属于发布单位。"),
        changed=_moment(changed or date(1970, 1, 1)),
    )
    for record in records:
        feed.add_item(
            title=_plain(localized(record, "title")),
            link=origin + links.address("achievement", record["code"]),
            description=None,  # type: ignore[arg-type]  # Atom needs none beside the text
            unique_id=tag(record),
            pubdate=_moment(_day(record["first_published"])),
            updateddate=_moment(_day(record["modified"])),
            categories=[localized(one, "name") for one in record["mechanisms"]],
            whole_text=_whole_text(record),
        )
    return feed.writeString("utf-8").encode()


def tag(record: OpenRecord) -> str:
    """What names an entry for good (RFC 4151): the host, the day on which it was first public, its code."""
    host = urlsplit(record["url"]).hostname
    return f"tag:{host},{record['first_published'] or record['year']}:{record['code']}"


def _day(written: str | None) -> date:
    # The builder of the index writes both days of whatever it puts into the index.
    return date.fromisoformat(written or "1970-01-01")


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _whole_text(record: OpenRecord) -> str:
    """As announced; in English after the translation."""
    original = [record["title"], record["organization_text"], record["summary"]]
    if get_language() != "en":
        return _paragraphs(original[1:])
    translated = _paragraphs([record["summary_en"]])
    return translated + format_html('<div lang="zh-Hans">{}</div>', _paragraphs(original))


def _paragraphs(texts: Iterable[str]) -> str:
    return format_html_join("", "<p>{}</p>", ((line,) for text in texts for line in _lines(text)))


def _lines(text: str) -> Iterator[str]:
    return (_plain(line) for line in text.splitlines() if line.strip())


def _plain(text: str) -> str:
    """Without what no XML can hold."""
    return CONTROLS.sub(" ", text)

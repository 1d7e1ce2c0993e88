"""What a file says of itself, beside its entries."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from governance.index import Index
from governance.records import AchievementRecord
from governance.words import all_of, listed
from showcase import links
from showcase.citing.works import Work, cited, data_work, entry_work
from showcase.html.heads import canonical_query
from showcase.html.schema_org import LICENCE
from showcase.query.facets import chips, phrases_of
from showcase.query.form import NARROWING
from showcase.query.query import Query
from showcase.text import between, labelled, localized, with_facts

from .records import OpenRecord


class Provenance(NamedTuple):
    """`heading` says in words what was asked for, `address` is the page that shows it, `day` an ISO date;
    `version` is the digest of the record, `entries` how many they are.
    """

    heading: str
    entries: int
    address: str
    citation: str
    version: str
    day: str

    def lines(self) -> list[tuple[str, str]]:
        """The same for people, as (label, text)."""
        return [
            (_("内容"), self.heading),
            *([(_("项数"), str(self.entries))] if self.entries != 1 else []),
            (_("网址"), self.address),
            (_("日期"), self.day),
            (_("数据版本"), self.version),
            (_("许可"), _("机制标注、机制定义与英文译文依 CC BY 4.0 许可使用：%s") % LICENCE),
            (
                _("公告原文"),
                _(
                    "公告的标题、机构与简介系引用，权利属于发布单位，本库无权许可他人使用。"
                    "英文标题与简介为非官方译文。"
                ),
            ),
            (pgettext("act", "引用"), self.citation),
        ]


def list_work(asked: Query, heading: str, request: HttpRequest) -> Work:
    """The list that a query asks for, under its one address, as something to be cited."""
    counted = asked.words.counted(len(asked.selection))
    path = links.address("achievements") + canonical_query(asked.parameters, 1)
    if NARROWING.keys() & asked.parameters.keys():
        # No page shows it.
        path = request.get_full_path()
    title = with_facts(heading, [counted])
    return data_work(title, asked.index, links.absolute(request, path))


def list_provenance(asked: Query, request: HttpRequest) -> Provenance:
    narrowed = [
        labelled(str(field.label), listed(asked.parameters.getlist(name)))
        for name, field in NARROWING.items()
        if name in asked.parameters
    ]
    heading = all_of([*phrases_of(chips(asked)), *narrowed]) or asked.words.everything
    return _provenance(
        heading, len(asked.selection), list_work(asked, heading, request), asked.index
    )


def entry_provenance(entry: OpenRecord, now: Index) -> Provenance:
    return _provenance(localized(entry, "title"), 1, entry_work(entry, entry["url"]), now)


def comparison_provenance(
    records: Sequence[AchievementRecord], path: str, now: Index, request: HttpRequest
) -> Provenance:
    """Of entries side by side, which the page at `path` shows."""
    count = len(records)
    heading = _("比较成果")
    if records:
        sentence = ngettext("比较 %(count)s 项成果", "比较 %(count)s 项成果", count)
        heading = sentence % {"count": count}
    titles = [localized(record, "title") for record in records]
    title = labelled(heading, between(titles)) if titles else heading
    return _provenance(heading, count, data_work(title, now, links.absolute(request, path)), now)


def _provenance(heading: str, count: int, work: Work, now: Index) -> Provenance:
    return Provenance(heading, count, work.address, cited(work), now.digest, work.accessed)

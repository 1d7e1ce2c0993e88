"""What a file says of itself, beside its entries."""

from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from showcase import links
from showcase.citing.works import Work, cited, data_work, entry_work
from showcase.html.heads import canonical_query
from showcase.query.facets import chips, list_heading
from showcase.query.query import Query
from showcase.text import localized, with_facts

from .records import OpenRecord

# Of codings, definitions and translations; the announcements are quoted.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


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
            (_("项数"), str(self.entries)),
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
    title = with_facts(heading, [counted])
    return data_work(title, asked.index, links.absolute(request, path))


def list_provenance(asked: Query, request: HttpRequest) -> Provenance:
    heading = list_heading(asked, chips(asked))
    return _provenance(heading, len(asked.selection), list_work(asked, heading, request), asked)


def entry_provenance(entry: OpenRecord, asked: Query) -> Provenance:
    return _provenance(localized(entry, "title"), 1, entry_work(entry, entry["url"]), asked)


def _provenance(heading: str, count: int, work: Work, asked: Query) -> Provenance:
    return Provenance(
        heading, count, work.address, cited(work), asked.selection.digest, work.accessed
    )

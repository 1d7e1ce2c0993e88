"""What can be cited, and its reference after GB/T 7714-2025."""

from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance import __version__, publishing
from governance.index import Index
from governance.models import AwardYear
from governance.records import PublicRecord

# Codes of kinds (annex A of the standard): pages and data sets online, and documents of which no
# address is known.
WEBPAGE, DATASET, DOCUMENT = "EB/OL", "DS/OL", "Z"


class Work(NamedTuple):
    """Something to be cited; what is not known of it is "".

    `kind` is one of the three codes, `platform` what published a part of it, `version` stands without
    its V. `issued` is the day of its last change, `accessed` that on which it was read, both as ISO
    dates.
    """

    key: str
    kind: str
    author: str
    title: str
    address: str = ""
    version: str = ""
    platform: str = ""
    issued: str = ""
    accessed: str = ""
    language: str = "zh-CN"


def _title(record: PublicRecord) -> str:
    """As announced; in English with its translation behind, for those who read no Chinese."""
    if get_language() != "en" or not record["title_en"]:
        return record["title"]
    return f"{record['title']} [{record['title_en']}]"


def entry_work(record: PublicRecord, address: str) -> Work:
    """The page of an entry, by the database.

    Who carried the innovation out is no author: the announcement does not say that they wrote of it.
    It has no version: its own last change says more than that of all others.
    """
    return Work(
        record["code"],
        WEBPAGE,
        author=_("社区治理创新成果库"),
        title=_title(record),
        address=address,
        issued=record["modified"] or "",
        accessed=_today(),
    )


def data_work(title: str, now: Index, address: str) -> Work:
    """A table or a list, which the database draws: it has no author and the version of all."""
    changed = publishing.last_change(now)
    return Work(
        f"data-{now.digest}",
        DATASET,
        author="",
        title=title,
        address=address,
        version=f"{__version__}-{now.digest}",
        platform=_("社区治理创新成果库"),
        issued=changed.isoformat() if changed else "",
        accessed=_today(),
        language="en" if get_language() == "en" else "zh-CN",
    )


def database_work(now: Index, address: str) -> Work:
    """The database as a whole; its contributors are not named one by one."""
    return data_work(_("社区治理创新成果库"), now, address)._replace(platform="")


def version_work(version: str, issued: date | None, address: str) -> Work:
    """A version of the database that is kept, as its record was last changed on the day `issued`."""
    return Work(
        f"data-{version}",
        DATASET,
        author="",
        title=_("社区治理创新成果库"),
        address=address,
        version=version,
        issued=issued.isoformat() if issued else "",
        accessed=_today(),
        language="en" if get_language() == "en" else "zh-CN",
    )


def announcement_work(award_year: AwardYear) -> Work:
    """The announcement of an award year, by what is known of its source; nothing is made up."""
    found = award_year.retrieved_on
    online = {
        "address": award_year.source_url,
        "accessed": found.isoformat() if found else _today(),
    }
    return Work(
        f"announcement-{award_year.code}",
        WEBPAGE if award_year.source_url else DOCUMENT,
        author=award_year.issuer,
        title=award_year.document_title,
        **(online if award_year.source_url else {}),
    )


def cited(work: Work) -> str:
    """Its reference after GB/T 7714-2025: 8.11 for pages, 8.14 for data, 7.4 and 7.6 for version and days."""
    issued = work.issued and (
        _("%(platform)s（%(day)s）") % {"platform": work.platform, "day": work.issued}
    )
    accessed = work.accessed and f"[{work.accessed}]"
    parts = [
        work.author,
        f"{work.title}[{work.kind}]",
        work.version and f"V{work.version}",
        # In English there is a space before the bracket, and maybe nothing before that.
        (issued or work.platform).strip() + accessed,
        work.address,
    ]
    return ". ".join(filter(None, parts)) + "."


def _today() -> str:
    return timezone.localdate().isoformat()

"""How to cite what a page shows, after GB/T 7714-2025."""

from django.utils import timezone
from django.utils.translation import gettext as _

from governance.publishing import PublicRecord


def cite_database(version: str, address: str) -> str:
    """A reference to the database as a whole, online; its contributors are not named one by one.

    `version` is the digest of the record that is cited, here and below.
    """
    return _("社区治理创新成果库[DB/OL]. 数据版本 %(version)s. [%(today)s]. %(address)s.") % {
        "version": version,
        "today": timezone.localdate().isoformat(),
        "address": address,
    }


def cite_table(title: str, version: str, address: str) -> str:
    """A reference to a table, a data set online: its title, version, the database, today, its address.

    No author is named: the tables are drawn by the database.
    """
    return _cited(
        _("%(title)s[DS/OL]. 数据版本 %(version)s. 社区治理创新成果库[%(today)s]. %(address)s."),
        title,
        version,
        address,
    )


def cite_entry(record: PublicRecord, version: str, address: str) -> str:
    """A reference to one entry's page: its title as announced, the database, the day of its last change.

    No author is named: the announcement says who carried an innovation out, not who wrote of it.
    """
    form = (
        _(
            "%(title)s[EB/OL]. 社区治理创新成果库, 数据版本 %(version)s(%(modified)s)[%(today)s]. %(address)s."
        )
        if record["modified"]
        else _(
            "%(title)s[EB/OL]. 社区治理创新成果库, 数据版本 %(version)s[%(today)s]. %(address)s."
        )
    )
    return _cited(form, record["title"], version, address, modified=record["modified"])


def _cited(form: str, title: str, version: str, address: str, **more: str | None) -> str:
    return form % {
        **more,
        "title": title,
        "version": version,
        "today": timezone.localdate().isoformat(),
        "address": address,
    }

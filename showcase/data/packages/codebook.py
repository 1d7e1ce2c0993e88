"""The codebook of the data: the fields of the record by branch, and where the tables have each."""

from collections import defaultdict
from itertools import groupby

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.records.fields import FIELDS, Field, Label

from .tables import PACKAGE_TABLES

TYPE_LABELS: dict[str, Label] = {"text": _("文字"), "number": _("整数"), "date": _("日期")}
# What stands at the beginning of a record, and its branches.
BRANCHES: dict[str, Label] = {
    "": _("成果"),
    "award": _("奖项"),
    "setting_evidence": _("城乡依据"),
    "region": _("地区"),
    "organizations": _("机构"),
    "means": _("各领域的做法"),
    "mechanisms": _("机制标注"),
    "document": pgettext_lazy("branch", "公告"),
    "images": _("图片"),
    "links": _("其他网址"),
}


def branches() -> list[tuple[str, Label, list[Field]]]:
    """(its name, what it is called, its fields) of each branch of the record, the entry's own first."""

    def branch(field: Field) -> str:
        beginning, dot, _rest = field.name.partition(".")
        return beginning if dot else ""

    found: dict[str, list[Field]] = {"": []}
    for name, fields in groupby(FIELDS, branch):
        found.setdefault(name, []).extend(fields)
    return [(name, BRANCHES.get(name, name), fields) for name, fields in found.items()]


def columns_of() -> dict[str, list[str]]:
    """{field of the record: the columns that have it, as achievements.region_code}"""
    found = defaultdict(list)
    for table in PACKAGE_TABLES:
        for column in table.columns:
            if column.below is not None:
                found[column.field.name].append(f"{table.name}.{column.name}")
    return found

"""What a reader has to know of a table: how each dimension counts, and which tables are ready made."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import facets
from governance.facet_table import MISSING
from governance.words import listed

from .crosstabs import Table

# Dimensions, and how their table is called: those that studies of the award print come first.
EXAMPLES = [
    (gettext_lazy("各年度的地区分布"), "?rows=zone&columns=year&measure=column"),
    (gettext_lazy("组织者的级别"), "?rows=organization_level"),
    (gettext_lazy("机制领域的地区差异"), "?rows=field&columns=zone&measure=column"),
    (gettext_lazy("机制的东中西部分布"), "?rows=mechanism&columns=zone3&measure=count"),
    (gettext_lazy("机制共现"), "?rows=mechanism&columns=mechanism&measure=count"),
    (
        gettext_lazy("组织者的类型与级别"),
        "?rows=organization_kind&columns=organization_level&measure=count",
    ),
    (gettext_lazy("评选结果与城乡"), "?rows=setting&columns=tier&measure=row"),
    (gettext_lazy("各省的成果"), "?rows=province"),
]


def notes(table: Table) -> list[str]:
    """Sentences that explain the numbers of a `crosstabs.Table`."""
    asked = table.question
    dimensions = [facets.TABLE[name] for name in dict.fromkeys((asked.rows, asked.columns)) if name]
    found = [str(facet.counting) for facet in dimensions if facet.counting]
    if asked.rows == "mechanism" and not table.of_pairs:
        found.append(_("领域所在行中，一项成果即使有多个机制也只计一次，因此不等于其下各行之和。"))
    if table.of_pairs:
        found.append(_("对角线上是各自的项数，其余是两者同时出现的项数。"))
    elif {asked.rows, asked.columns} == {"organization_kind", "organization_level"}:
        found.append(_("同一格的类型与级别出自同一项成果，不一定出自同一个机构。"))
    if table.columns and asked.measure != "count":
        found.append(str(BASES[asked.measure]))
        if table.total.count < FEW_ENTRIES:
            found.append(_("N 小于 30，数量过少，百分比不足以说明差异，也不作检验。"))
    found.append(_("N 是成果数，每项成果只计一次。"))
    if table.missing:
        labels = {"labels": listed(table.missing)}
        found.append(_("缺失值单列一行或一列（%(labels)s），计入 N。") % labels)
    return found


def beneath(table: Table, address: str) -> list[str]:
    """What goes with the numbers wherever they are taken: what they count, how, as of when, and where."""
    version = _("数据版本 %(version)s，%(today)s，%(address)s") % {
        "version": table.question.asked.selection.digest,
        "today": timezone.localdate().isoformat(),
        "address": address,
    }
    return [table.caption, *notes(table), version]


# Of fewer entries a share tells no difference.
FEW_ENTRIES = 30
# As many values share the first place at most, if they are to be named.
FIRST_NAMED = 3


def first_reading(table: Table) -> str:
    """What a reader takes from a table first: which values most entries have; "" where that says nothing."""
    rows = [row for row in table.rows if row.key != MISSING and row.total.count]
    if len(rows) < 2 or table.of_pairs:
        return ""
    most = max(row.total.count for row in rows)
    first = [row for row in rows if row.total.count == most]
    if len(first) == len(rows) or len(first) > FIRST_NAMED:
        return ""
    said = _("%(total)s 项中，最多的是%(first)s：%(most)s 项。") % {
        "total": table.total.count,
        "first": listed([row.label for row in first]),
        "most": most if len(first) == 1 else _("各 %(most)s") % {"most": most},
    }
    second = max(row.total.count for row in rows if row.total.count < most)
    next_ones = [row.label for row in rows if row.total.count == second]
    if len(next_ones) <= FIRST_NAMED:
        said += _("其次是%(next)s：%(second)s 项。") % {
            "next": listed(next_ones),
            "second": second if len(next_ones) == 1 else _("各 %(most)s") % {"most": second},
        }
    return said


BASES = {
    "row": gettext_lazy("百分比以各行的 N 为基数，保留一位小数，括号内为项数。"),
    "column": gettext_lazy("百分比以各列的 N 为基数，保留一位小数，括号内为项数。"),
    "total": gettext_lazy("百分比以全部成果的 N 为基数，保留一位小数，括号内为项数。"),
}

"""What a reader has to know of a table: how each dimension counts, and which tables are ready made."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import facets
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
    if table.of_pairs:
        found.append(_("对角线上是各自的项数，其余是两者同时出现的项数。"))
    elif {asked.rows, asked.columns} == {"organization_kind", "organization_level"}:
        found.append(_("同一格的类型与级别出自同一项成果，不一定出自同一个机构。"))
    if table.columns and asked.measure != "count":
        found.append(str(BASES[asked.measure]))
    found.append(_("N 是成果数，每项成果只计一次。"))
    if table.missing:
        labels = {"labels": listed(table.missing)}
        found.append(_("缺失的成果单列一行或一列（%(labels)s），计入 N。") % labels)
    return found


BASES = {
    "row": gettext_lazy("百分比以各行的 N 为底，保留一位小数，括号内为项数。"),
    "column": gettext_lazy("百分比以各列的 N 为底，保留一位小数，括号内为项数。"),
    "total": gettext_lazy("百分比以全部成果的 N 为底，保留一位小数，括号内为项数。"),
}

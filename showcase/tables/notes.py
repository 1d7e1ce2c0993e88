"""What a reader has to know of a table: how each dimension counts, and which tables are ready made."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.words import listed

COUNTING = {
    "mechanism": gettext_lazy(
        "一项成果有几个机制，就在每个机制下各计一次，所以各机制的项数相加可以大于 N。只计作为做法的机制，目标与成效不计。"
    ),
    "field": gettext_lazy(
        "一项成果的机制分属几个领域，就在每个领域下各计一次；同一领域有几个机制也只计一次。只计作为做法的机制。"
    ),
    "organization_kind": gettext_lazy(
        "一项成果有几类机构，就在每类下各计一次；同类有几个机构也只计一次。"
    ),
    "organization_level": gettext_lazy(
        "一项成果有几级机构，就在每级下各计一次；同级有几个机构也只计一次。"
    ),
    "province": gettext_lazy(
        "按成果当年所在的区划归省；区划后来改隶他省的，在两省下各计一次。没有成果的省不列。"
    ),
    "zone": gettext_lazy("四大地区依国家统计局2011年的划分，港澳台不在其内。"),
    "zone3": gettext_lazy(
        "东中西部依同类研究通行的划分：辽宁属东部，吉林、黑龙江属中部；港澳台不在其内。"
    ),
    "region_level": gettext_lazy("地区级别是成果当年所在区划的级别。"),
    "setting": gettext_lazy("“未说明”指公告没有写明城乡，不是缺失。"),
}

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


def notes(table):
    """Sentences that explain the numbers of a `crosstabs.Table`."""
    asked = table.question
    found = [
        COUNTING[name] for name in dict.fromkeys((asked.rows, asked.columns)) if name in COUNTING
    ]
    if table.of_pairs:
        found.append(_("对角线上是各自的项数，其余是两者同时出现的项数。"))
    elif {asked.rows, asked.columns} == {"organization_kind", "organization_level"}:
        found.append(_("同一格的类型与级别出自同一项成果，不一定出自同一个机构。"))
    if table.columns and asked.measure != "count":
        found.append(BASES[asked.measure])
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

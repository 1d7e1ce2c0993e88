"""The tables of a package: their columns, how they refer to each other, and what a record gives to each.

Columns are fields of the record, by the one table of fields; what else a region, a mechanism, an award
or a year has is described here. A dot in a field's name is an underscore in that of its column.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from governance.models import (
    Award,
    AwardYear,
    Level,
    Mechanism,
    MechanismField,
    Region,
    Zone,
    Zone3,
)
from governance.models.award import award_year_code
from governance.models.fields import LinesField
from governance.records.fields import (
    ANNOUNCED,
    COMPILED,
    FIELDS,
    TABLES,
    TRANSLATED,
    ZONED,
    ZONED_BEFORE,
    Choices,
    Field,
    Label,
)
from showcase.data.faces import BETWEEN
from showcase.data.records import OpenRecord

# None where a value is missing.
Value = str | int | None
Row = dict[str, Value]

# What of a record is no column of the table of entries: branches of which there may be several, which have
# tables of their own; addresses, of which `url` says enough; and what is a key to another table.
SEVERAL = (
    *("setting_evidence.", "region.lineage.", "region.became."),
    *("organizations.", "means.", "mechanisms.", "images.", "links.", "region.valid_from"),
)


class Column(NamedTuple):
    """`below` is where in a record its field is read; None where the row of a model gives it."""

    name: str
    field: Field
    below: str | None = None


class DataTable(NamedTuple):
    """`key` are the columns that tell its rows apart; `refers` pairs columns with the table whose key
    they hold; `row` says what a row is.
    """

    name: str
    label: Label
    row: Label
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    refers: tuple[tuple[tuple[str, ...], str], ...] = ()

    def read(self, node: Any) -> Row:
        """The values of the columns that stand in a record, or in a part of one."""
        found: Row = {}
        for column in self.columns:
            if column.below is not None:
                values = column.field.values(node, column.below)
                found[column.name] = next((value for value in values if value != ""), None)
        return found


def _of_record(below: str, fields: Iterable[Field] = FIELDS, without: str = "-") -> list[Column]:
    """The columns of the fields that stand in a record at a path, but for those further below."""
    return [
        Column(field.name.removeprefix(below).replace(".", "_"), field, below)
        for field in fields
        if field.name.startswith(below) and not field.name.startswith(without)
    ]


def _own(
    model: type[Model],
    name: str,
    meaning: Label,
    missing: Label = "",
    *,
    type: str = "text",
    choices: Choices | None = None,
    source: Label = COMPILED,
) -> Column:
    """A column that a model's field of the same name fills."""
    label = model._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # no relation
    return Column(name, Field(name, type, label, meaning, source, choices=choices, missing=missing))


def _named(
    name: str,
    label: Label,
    meaning: Label,
    missing: Label = "",
    *,
    type: str = "text",
    source: Label = COMPILED,
) -> Column:
    """A column that says which row of another table is meant."""
    return Column(name, Field(name, type, label, meaning, source, missing=missing))


_CODE = _named("code", _("成果编号"), _("是哪一项成果的。"))
_MECHANISM = _named("mechanism", _("机制标识"), _("是哪一个机制。"))
_SINCE = _(
    "这一区划始于何年；1999 表示 1999 年或更早。代码会改归别的地区，与年份同看才知是哪一个。"
)
_OUTSIDE = _("不是省级，或没有划入。")
_NOT_YET = _("还没有写。")
_ENGLISH = _("还没有译文。")


def _region(name: str, label: Label, years: Label, meaning: Label, missing: Label = "") -> list[Column]:  # fmt: skip
    return [
        _named(f"{name}_code", label, meaning, missing, source=TABLES),
        _named(f"{name}_valid_from", years, _SINCE, missing, type="number", source=TABLES),
    ]


AWARDS = DataTable(
    "awards",
    _("奖项"),
    _("一行是一个奖项。"),
    ("slug",),
    (
        *_of_record("award."),
        _own(Award, "issuer", _("由谁颁发。"), _("待补。"), source=ANNOUNCED),
        _own(Award, "description", _("本库的说明。"), _NOT_YET),
        _own(Award, "description_en", _("同上，英文。"), _NOT_YET),
        _own(Award, "winner_label", _("奖项自己的叫法。"), _("称“获奖”。"), source=ANNOUNCED),
        _own(Award, "winner_label_en", _("同上，英文。"), _ENGLISH, source=TRANSLATED),
        _own(Award, "nominee_label", _("奖项自己的叫法。"), _("称“提名”。"), source=ANNOUNCED),
        _own(Award, "nominee_label_en", _("同上，英文。"), _ENGLISH, source=TRANSLATED),
    ),
)
YEARS = DataTable(
    "years",
    _("年度"),
    _("一行是一个奖项一个年度的公告；公告全文在本站的年度页，不在包里。"),
    ("code",),
    (
        _own(AwardYear, "code", _("成果编号以此开头。")),
        _named("award", _("奖项标识"), _("是哪一个奖项的。")),
        _own(AwardYear, "year", _("公告的年度。"), type="number", source=ANNOUNCED),
        _own(AwardYear, "edition", _("公告自己的说法。"), _("公告没有说。"), source=ANNOUNCED),
        _own(AwardYear, "name", _("这份公告怎样称呼奖项。"), source=ANNOUNCED),
        _own(AwardYear, "name_en", _("同上，英文。"), _ENGLISH, source=TRANSLATED),
        _own(AwardYear, "issuer", _("这份公告由谁发布。"), _("待补。"), source=ANNOUNCED),
        _own(AwardYear, "document_title", _("公告文件的标题。"), source=ANNOUNCED),
        _own(AwardYear, "source_url", _("公告的网址。"), _("来源待补。")),
        _own(AwardYear, "retrieved_on", _("何时取得公告。"), _("日期不详。"), type="date"),
    ),
    ((("award",), "awards"),),
)
REGIONS = DataTable(
    "regions",
    _("地区"),
    _("一行是一个地区在一段年份里的样子：成果所在的，及其各级上级与后来。"),
    ("code", "valid_from"),
    (
        _own(Region, "code", _("区划代码（GB/T 2260）。"), source=TABLES),
        _own(Region, "valid_from", _SINCE, type="number", source=TABLES),
        _own(Region, "valid_to", _("止于何年，含当年。"), _("至今。"), type="number", source=TABLES),
        _own(Region, "name", _("当时的名称。"), source=TABLES),
        _own(Region, "name_en", _("名称的译名。"), _ENGLISH, source=TRANSLATED),
        _own(Region, "level", _("属于哪一级。"), choices=Level, source=TABLES),
        _own(Region, "path", _("代码的有效位，下级的代码以此开头。"), source=TABLES),
        _own(Region, "zone", _("只记在省级上。"), _OUTSIDE, choices=Zone, source=ZONED),
        _own(Region, "zone3", _("只记在省级上。"), _OUTSIDE, choices=Zone3, source=ZONED_BEFORE),
        *_region("parent", _("上级代码"), _("上级始于"), _("属于哪个地区。"), _("省级没有上级。")),
        *_region("successor", _("后继代码"), _("后继始于"), _("后来成为哪个地区。"), _("仍在沿用，或后继不详。")),
    ),
    (
        (("parent_code", "parent_valid_from"), "regions"),
        (("successor_code", "successor_valid_from"), "regions"),
    ),
)  # fmt: skip
MECHANISMS = DataTable(
    "mechanisms",
    _("机制"),
    _("一行是编码表里的一个机制，没有成果用到的也在内。"),
    ("slug",),
    (
        _own(Mechanism, "slug", _("机制在网址里的名字。")),
        _own(Mechanism, "name", _("机制的名称。")),
        _own(Mechanism, "name_en", _("同上，英文。")),
        _own(Mechanism, "field", _("所属的领域。"), choices=MechanismField),
        _own(Mechanism, "definition", _("是什么。")),
        _own(Mechanism, "definition_en", _("同上，英文。"), _ENGLISH),
        _own(Mechanism, "counts", _("怎样的字句算。"), _NOT_YET),
        _own(Mechanism, "counts_en", _("同上，英文。"), _ENGLISH),
        _own(Mechanism, "not_counts", _("怎样的字句不算。"), _NOT_YET),
        _own(Mechanism, "not_counts_en", _("同上，英文。"), _ENGLISH),
        _own(Mechanism, "borderline", _("与相邻的机制怎样取舍。"), _NOT_YET),
        _own(Mechanism, "borderline_en", _("同上，英文。"), _ENGLISH),
        _own(Mechanism, "example_code", _("以哪一项公开的成果为例。"), _("没有范例。")),
        _own(Mechanism, "example_words", _("范例里的字句。"), _("没有范例。"), source=ANNOUNCED),
        _own(Mechanism, "synonyms", _("与名称同指的词，不是标注的依据。"), _("没有别称。")),
        _own(Mechanism, "search_words", _("只引向这一机制的词，不是标注的依据。"), _("没有检索词。")),
    ),
)  # fmt: skip
ORGANIZATIONS = DataTable(
    "organizations",
    _("机构"),
    _("一行是公告列名的一个机构。"),
    ("slug",),
    (*_of_record("organizations."),),
)
ACHIEVEMENTS = DataTable(
    "achievements",
    _("成果"),
    _("一行是一项公开的成果。"),
    ("code",),
    (
        *_of_record("", [field for field in FIELDS if not field.name.startswith(SEVERAL)]),
        _named("award_year", _("年度编号"), _("是哪一份公告的。")),
        _named("region_valid_from", _("地区始于"), _SINCE, type="number", source=TABLES),
    ),
    (
        (("award_slug",), "awards"),
        (("award_year",), "years"),
        (("region_code", "region_valid_from"), "regions"),
    ),
)
LINKS = DataTable(
    "links",
    _("成果与机构"),
    _("一行是一项成果的一个机构。"),
    ("code", "organization"),
    (
        _CODE,
        _named("organization", _("机构标识"), _("是哪一个机构。")),
        _named("position", _("次序"), _("在公告里的第几个。"), type="number", source=ANNOUNCED),
    ),
    ((("code",), "achievements"), (("organization",), "organizations")),
)
CODINGS = DataTable(
    "codings",
    _("机制标注"),
    _("一行是一个判断：一项成果以一个机制为做法、目标或成效。"),
    ("code", "mechanism"),
    (
        _CODE,
        _MECHANISM,
        *(
            column
            for column in _of_record("mechanisms.", without="mechanisms.evidence.")
            if column.name not in ("slug", "name", "name_en", "field")
        ),
    ),
    ((("code",), "achievements"), (("mechanism",), "mechanisms")),
)
EVIDENCE = DataTable(
    "evidence",
    _("标注依据"),
    _("一行是标注所依据的一处字句，及译文里对应的字句。"),
    ("code", "mechanism", "field", "start"),
    (_CODE, _MECHANISM, *_of_record("mechanisms.evidence.")),
    ((("code", "mechanism"), "codings"),),
)
SETTINGS = DataTable(
    "setting_evidence",
    _("城乡依据"),
    _("一行是判定城乡所依据的一处字句。"),
    ("code", "field", "start"),
    (_CODE, *_of_record("setting_evidence.")),
    ((("code",), "achievements"),),
)
# Those to which others refer come first.
PACKAGE_TABLES = (
    *(AWARDS, YEARS, REGIONS, MECHANISMS, ORGANIZATIONS),
    *(ACHIEVEMENTS, LINKS, CODINGS, EVIDENCE, SETTINGS),
)


def rows_of(record: OpenRecord, region: Region) -> Iterator[tuple[DataTable, Row]]:
    """What a record, and its region, give to the tables; what several give is given again."""
    code: Row = {"code": record["code"]}
    yield from ((REGIONS, _region_row(place)) for place in _around(region))
    own: Row = {
        "award_year": award_year_code(record["code"]),
        "region_valid_from": region.valid_from,
    }
    yield ACHIEVEMENTS, ACHIEVEMENTS.read(record) | own
    for position, body in enumerate(record["organizations"], start=1):
        yield ORGANIZATIONS, ORGANIZATIONS.read(body)
        yield LINKS, {**code, "organization": body["slug"], "position": position}
    for coding in record["mechanisms"]:
        of: Row = {**code, "mechanism": coding["slug"]}
        yield CODINGS, of | CODINGS.read(coding)
        yield from ((EVIDENCE, of | EVIDENCE.read(span)) for span in coding["evidence"])
    yield from ((SETTINGS, code | SETTINGS.read(span)) for span in record["setting_evidence"])


def other_rows(codes: set[str]) -> Iterator[tuple[DataTable, Row]]:
    """What awards, years and mechanisms give that is in no record; `codes` are those of all entries."""
    for row in Mechanism.objects.all():
        told = _row(MECHANISMS, row)
        if row.example_code not in codes:
            # It may have been taken back.
            told |= {"example_code": None, "example_words": None}
        yield MECHANISMS, told
    years = {award_year_code(code) for code in codes}
    found = AwardYear.objects.filter(code__in=years).select_related("award").defer("text")
    awards: dict[int, Award] = {}
    for year in found:
        awards[year.award_id] = year.award
        yield YEARS, {**_row(YEARS, year), "award": year.award.slug}
    for award in awards.values():
        yield AWARDS, _row(AWARDS, award)


def _around(region: Region) -> Iterator[Region]:
    """The region, and all to which a row of them refers: those above it, and what they became."""
    waiting, met = [region], set()
    while waiting:
        place = waiting.pop()
        if place.pk not in met:
            met.add(place.pk)
            yield place
            waiting += filter(None, (place.parent, place.successor))


def _region_row(region: Region) -> Row:
    row = _row(REGIONS, region)
    for name, other in (("parent", region.parent), ("successor", region.successor)):
        row[f"{name}_code"] = other.code if other else None
        row[f"{name}_valid_from"] = other.valid_from if other else None
    return row


def _row(table: DataTable, row: Model) -> Row:
    """The values of a model's row for those columns that are called as its fields are."""
    fields = {field.name: field for field in row._meta.fields if not field.is_relation}
    found: Row = {}
    for column in table.columns:
        if field := fields.get(column.name):
            value = getattr(row, field.name)
            if isinstance(field, LinesField):
                value = value.replace("\n", BETWEEN)
            found[column.name] = value.isoformat() if isinstance(value, date) else value or None
    return found

"""The one table of the fields of a record: what each is called, what it means, how it is written flat.

The columns of files, what `select` takes, the codebook of the data and its published tables are made
of it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from governance.models import (
    Aspect,
    EnglishPassage,
    Level,
    MechanismField,
    OrganizationKind,
    Passage,
    Setting,
    Tier,
    Weight,
    Zone,
    Zone3,
)
from governance.models.region import path_of

Label = str | Promise
Choices = type[TextChoices]


class Field(NamedTuple):
    """`name` is its path in the record (`region.code`); of a list on the path, each item has the field.

    `type` is text, number or date (ISO); `source` says where its values are from. `choices` are its
    values where they are closed. It is a column of the table of achievements if `flat`, with all its
    values joined. `read` gives the values of what no record has by itself: columns of that table
    alone. `missing` says what it means that it has no value, "" where it always has one.
    """

    name: str
    type: str
    label: Label
    meaning: Label
    source: Label
    flat: bool = False
    choices: Choices | None = None
    read: Callable[[Any], list[Any]] | None = None
    missing: Label = ""

    def values(self, node: Any, below: str = "") -> list[Any]:
        """All its values in a record, or in what stands in one at the path `below`."""
        if self.read:
            return self.read(node)
        found = [node]
        for name in _path(self.name, below):
            found = [one[name] for one in found if one is not None]
            if found and isinstance(found[0], list):
                found = [one for several in found for one in several]
        return [value for value in found if value is not None]


@cache
def _path(name: str, below: str) -> list[str]:
    return name.removeprefix(below).split(".")


def _level(*lengths: int) -> Callable[[Any], list[Any]]:
    """The name of that place of the lineage whose code has so many significant digits."""

    def read(record: Any) -> list[Any]:
        lineage = record["region"]["lineage"]
        return [place["name"] for place in lineage if _digits(place["code"]) in lengths]

    return read


# A table of ten thousand entries asks for those of a hundred thousand places.
@cache
def _digits(code: str) -> int:
    """How many digits of a code of the record are significant."""
    return len(path_of(code))


MEANS = str(Aspect.MEANS)


def _means(field: str) -> Callable[[Any], list[Any]]:
    """The names of the mechanisms of a field that an entry uses."""

    def read(record: Any) -> list[Any]:
        return [
            one["name"]
            for one in record["mechanisms"]
            if one["field"] == field and one["aspect"] == MEANS
        ]

    return read


ANNOUNCED = _("公告原文")
JUDGED = _("按编码规则的判断")
TRANSLATED = _("非官方译文")
COMPILED = _("本库编定")
TABLES = _("民政部历年的区划代码")
PICTURED = _("提供图片的人")
COMPUTED = _("由程序算出")
ZONED = _("国家统计局的划分")
ZONED_BEFORE = _("国家统计局早先的划分")

_UNTRANSLATED = _("还没有译文。")


def _span(path: str, label: Label, passages: Choices, missing: Label = "") -> tuple[Field, ...]:
    field, start, end = (
        format_lazy("{} · {}", label, part) for part in (_("所在文字"), _("起"), _("止"))
    )
    told: dict[str, Any] = {"source": JUDGED, "missing": missing}
    return (
        Field(f"{path}.text", "text", label, _("这些字句本身。"), **told),
        Field(f"{path}.field", "text", field, _("字句在哪段文字里。"), choices=passages, **told),
        Field(f"{path}.start", "number", start, _("首字前有几个字。"), **told),
        Field(f"{path}.end", "number", end, _("末字及其前有几个字。"), **told),
    )


def _places(path: str, meaning: Label, source: Label) -> tuple[Field, ...]:
    return (
        Field(f"{path}.code", "text", _("区划代码"), meaning, source),
        Field(f"{path}.name", "text", _("地区名称"), meaning, source),
        Field(
            f"{path}.name_en", "text", _("地区英文名称"), meaning, TRANSLATED, missing=_UNTRANSLATED
        ),
    )


FIELDS: tuple[Field, ...] = (
    Field("code", "text", _("编号"), _("永久的编号，从不改给别的成果。"), COMPILED, flat=True),
    Field("award.slug", "text", _("奖项标识"), _("奖项在网址里的名字。"), COMPILED, flat=True),
    Field("award.name", "text", _("奖项名称"), _("奖项现在的名称。"), ANNOUNCED, flat=True),
    Field("award.name_en", "text", _("奖项英文名称"), _("非官方译名。"), TRANSLATED, missing=_UNTRANSLATED),
    Field("year", "number", _("年度"), _("公告的年度。"), ANNOUNCED, flat=True),
    Field("tier", "text", _("入选情况"), _("获奖或提名。"), ANNOUNCED, flat=True, choices=Tier),
    Field("grade", "text", _("等级"), _("公告自己的说法，如一等奖。"), ANNOUNCED, flat=True, missing=_("公告没有分等。")),
    Field("rank", "number", _("序号"), _("在公告同类名单中的位置。"), ANNOUNCED, flat=True),
    Field("title", "text", _("标题"), _("公告原文，笔误照录。"), ANNOUNCED, flat=True),
    Field("short_name", "text", _("简称"), _("标题里引号中的名字。"), ANNOUNCED, flat=True, missing=_("标题里没有引号中的名字。")),
    Field("summary", "text", _("简介"), _("公告原文，笔误照录。"), ANNOUNCED, flat=True, missing=_("公告没有简介。")),
    Field("title_en", "text", _("英文标题"), _("非官方译文。"), TRANSLATED, flat=True, missing=_UNTRANSLATED),
    Field("summary_en", "text", _("英文简介"), _("非官方译文。"), TRANSLATED, flat=True, missing=_UNTRANSLATED),
    Field("organization_text", "text", _("机构原文"), _("公告怎样写机构。"), ANNOUNCED, flat=True, missing=_("公告没有写机构。")),
    Field("setting", "text", _("城乡"), _("公告写明的，不是推断的。"), JUDGED, flat=True, choices=Setting),
    *_span("setting_evidence", _("城乡依据"), Passage),
    Field("region.code", "text", _("地区代码"), _("当年的区划代码（GB/T 2260）。"), TABLES, flat=True),
    Field("region.name", "text", _("地区"), _("当年的名称。"), TABLES, flat=True),
    Field("region.name_en", "text", _("地区英文名"), _("当年的名称的译名。"), TRANSLATED, missing=_UNTRANSLATED),
    Field("region.path", "text", _("代码的有效位"), _("下级地区的代码以此开头。"), TABLES),
    Field("region.level", "text", _("地区级别"), _("当年的级别。"), TABLES, flat=True, choices=Level),
    Field("region.valid_from", "number", _("地区始于"), _("此代码从哪年起是这一地区；1999 为“1999年或更早”。"), TABLES),
    Field("region.province", "text", _("省级"), _("所在的省级地区。"), TABLES, flat=True, read=_level(2)),
    Field("region.prefecture", "text", _("地级"), _("所在的地级地区。"), TABLES, flat=True, read=_level(4), missing=_("本地区不在地级之下。")),
    Field("region.county", "text", _("县级"), _("所在的县级地区。"), TABLES, flat=True, read=_level(6), missing=_("本地区不在县级之下。")),
    Field("zone", "text", _("四大地区"), _("国家统计局的划分；台港澳没有。"), ZONED, flat=True, choices=Zone, missing=_("台港澳，或没有划入。")),
    Field("zone3", "text", _("东中西部"), _("较早的划分，研究常用。"), ZONED_BEFORE, flat=True, choices=Zone3, missing=_("台港澳，或没有划入。")),
    *_places("region.lineage", _("从省级到本地区，逐级列出。"), TABLES),
    *_places("region.became", _("本地区后来依次成为什么。"), COMPILED),
    Field("organizations.slug", "text", _("机构标识"), _("机构在网址里的名字。"), COMPILED),
    Field("organizations.name", "text", _("机构"), _("正式全称，按公告的次序。"), COMPILED, flat=True),
    Field("organizations.short_name", "text", _("机构简称"), _("页面上用的简称。"), COMPILED),
    Field("organizations.name_en", "text", _("机构英文名称"), _("非官方译名。"), TRANSLATED, missing=_UNTRANSLATED),
    Field("organizations.kind", "text", _("机构类型"), _("是哪一类机构。"), COMPILED, flat=True, choices=OrganizationKind),
    Field("organizations.level", "text", _("机构级别"), _("属于哪一级。"), COMPILED, flat=True, choices=Level),
    *(
        Field(
            f"means.{field.value}",
            "text",
            field.label,
            _("属于这一领域、成果用作做法的机制。"),
            JUDGED,
            flat=True,
            read=_means(field.value),
            missing=_("没有这一领域的做法。"),
        )
        for field in MechanismField
    ),
    Field("mechanisms.slug", "text", _("机制标识"), _("机制在网址里的名字。"), COMPILED),
    Field("mechanisms.name", "text", _("机制"), _("机制的名称。"), COMPILED),
    Field("mechanisms.name_en", "text", _("机制英文名称"), _("机制的英文名称。"), COMPILED),
    Field("mechanisms.field", "text", _("领域"), _("机制所属的领域。"), COMPILED, choices=MechanismField),
    Field("mechanisms.weight", "text", _("主次"), _("标题点明，或离了它就是另一项成果，为主要。"), JUDGED, choices=Weight),
    Field("mechanisms.aspect", "text", _("方面"), _("公告把它说成做法、目标还是成效。"), JUDGED, choices=Aspect),
    Field("mechanisms.coder", "text", _("标注人"), _("谁作的判断；空为未署名。"), JUDGED, missing=_("未署名。")),
    Field("mechanisms.coded_on", "date", _("标注日期"), _("何时作的判断。"), JUDGED, missing=_("日期不详。")),
    Field("mechanisms.reviewed_by", "text", _("复核人"), _("谁复核过；空为未署名或未复核。"), JUDGED, missing=_("未署名，或还没有复核。")),
    Field("mechanisms.reviewed_on", "date", _("复核日期"), _("没有日期，就还没有人复核。"), JUDGED, missing=_("还没有复核。")),
    *_span("mechanisms.evidence", _("标注依据"), Passage),
    *_span("mechanisms.evidence.english", _("英文依据"), EnglishPassage, _("译文里没有对应的字句。")),
    Field("document.title", "text", _("公告标题"), _("公告文件的标题。"), ANNOUNCED, flat=True),
    Field("document.url", "text", _("公告来源"), _("公告的网址；空为来源待补。"), ANNOUNCED, flat=True, missing=_("来源待补。")),
    Field("document.offset", "number", _("公告中的位置"), _("标题前有几个字；空为未在原文中定位。"), COMPUTED, missing=_("未在公告原文中定位。")),
    Field("images.digest", "text", _("图片标识"), _("图片在网址里的名字。"), COMPUTED),
    Field("images.width", "number", _("图片宽度"), _("像素。"), COMPUTED),
    Field("images.height", "number", _("图片高度"), _("像素。"), COMPUTED),
    Field("images.widths", "number", _("图片的各种宽度"), _("有哪些宽度的图，像素。"), COMPUTED),
    Field("images.alt", "text", _("图片说明"), _("看不见图片的人读到的话。"), PICTURED),
    Field("images.alt_en", "text", _("图片英文说明"), _("同上，英文。"), PICTURED, missing=_UNTRANSLATED),
    Field("images.credit", "text", _("图片来源"), _("谁拍的，谁许可的。"), PICTURED),
    Field("first_published", "date", _("首次公开"), _("何时第一次公开。"), COMPUTED, flat=True, missing=_("编入索引之前。")),
    Field("modified", "date", _("最近修订"), _("这条记录何时最后改动。"), COMPUTED, flat=True, missing=_("编入索引之前。")),
    Field("url", "text", _("网址"), _("永久网址。"), COMPUTED, flat=True),
    Field("licence", "text", _("许可"), _("标注与译文的许可；公告原文系逐字引用。"), COMPILED),
    Field("links.api", "text", _("API 网址"), _("这条记录在 API 里的网址。"), COMPUTED),
    Field("links.english", "text", _("英文网址"), _("英文页面。"), COMPUTED),
    Field("links.year", "text", _("年度网址"), _("公告的年度，内有公告全文。"), COMPUTED),
    Field("links.bibtex", "text", _("BibTeX 网址"), _("引文，BibTeX 格式。"), COMPUTED),
    Field("links.ris", "text", _("RIS 网址"), _("引文，RIS 格式。"), COMPUTED),
    Field("links.csl_json", "text", _("CSL-JSON 网址"), _("引文，CSL-JSON 格式。"), COMPUTED),
)  # fmt: skip

# Their own rows in a table of codings; `CODING` is where they stand in a record.
CODING = "mechanisms."


def fields_named(names: list[str]) -> list[Field]:
    """The fields of these names in this order; `region` means all that begin with `region.`.

    What there is no field for is left out.
    """
    return [
        field
        for name in dict.fromkeys(names)
        for field in FIELDS
        if field.name == name or field.name.startswith(f"{name}.")
    ]


def names() -> list[str]:
    """What can be chosen: the fields and the branches of the record on which they stand."""
    found = (field.name.split(".") for field in FIELDS)
    return list(
        dict.fromkeys(".".join(parts[:end]) for parts in found for end in range(1, len(parts) + 1))
    )

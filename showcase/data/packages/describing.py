"""What stands beside the data in a package: its description, its changes, its licence, how to cite it."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from governance.batches import batched
from governance.models import Publication
from governance.records.fields import Label

from .tables import PACKAGE_TABLES, Column, DataTable
from .versions import PackageFile

TYPES = {"text": "string", "number": "integer", "date": "date"}
# What may differ while the record is the same.
BESIDE = {"url", "licence", "links", "first_published", "modified"}
NAME = "community-governance-showcase"
TITLE = _("社区治理创新成果库")
DESCRIPTION = _(
    "社区治理创新成果：公告原文、机构、地区，按机制作的标注及其原文依据。"
    "一个版本保留它公开那天的样子：后来的更正与撤下不在其中，以本站今日所示为准。"
)

LICENCE = """# 使用许可 · Licence

本包的数据分两种情形：

- `title`、`short_name`、`summary`、`organization_text`、`grade`，机制标注与城乡判定所引的原文字句（`text`），以及范例字句（`example_words`），逐字引自各年度公告，权利属于发布单位，本库无权许可他人使用。
- 其余（机制标注、编码表、英文译文、机构与地区的整理）依 [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/) 使用：请署名“The Community Governance Showcase contributors”，注明许可，并说明是否作过改动。英文均为非官方译文。

The data of this package are of two kinds:

- `title`, `short_name`, `summary`, `organization_text`, `grade`, the words quoted as evidence (`text`) and those of examples (`example_words`) are quoted word for word from the announcements. The rights are their issuers', and nothing here licenses them.
- Everything else (codings, the codebook, English translations, organizations and regions as compiled here) is under [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/). Please credit “The Community Governance Showcase contributors”, name the licence, and say whether you changed anything. All English is unofficial.

Names, codes and years of regions are from tables of the Ministry of Civil Affairs. 区划的名称、代码与年份出自民政部的数据表。
"""


# What the files are that are no table.
OTHER_FILES: dict[str, Label] = {
    "showcase.sqlite": _("全部表格合为一个 SQLite 数据库，带类型、主键、外键和视图。"),
    "records.jsonl": _("每行一条完整的记录，与接口所给的相同。"),
    "datapackage.json": _("对各表各列的说明，供程序读取（Data Package 2.0）。"),
    "CHANGES.md": _("与上一版本相比：新增、撤下、修订了哪些成果。"),
    "LICENSE.md": _("使用许可。"),
    "CITATION.cff": _("引用信息，供程序读取。"),
    "SHA256SUMS": _("各文件的校验和：sha256sum --check SHA256SUMS。"),
}


def grouped(files: Iterable[PackageFile]) -> list[tuple[Label, list[tuple[PackageFile, Label]]]]:
    """The files of a package under headings, each with what it is; the whole of it first."""
    rows = {f"{table.name}.csv": table.row for table in PACKAGE_TABLES}
    kinds = [
        (_("整包"), lambda name: name.endswith(".zip")),
        (_("合为一体"), lambda name: name in ("showcase.sqlite", "records.jsonl")),
        (_("CSV 各表"), lambda name: name.endswith(".csv")),
        (_("说明"), lambda name: True),
    ]
    found: dict[Label, list[tuple[PackageFile, Label]]] = {label: [] for label, _is in kinds}
    for file in files:
        kind = next(label for label, is_one in kinds if is_one(file.name))
        meaning = rows.get(file.name) or OTHER_FILES.get(file.name) or _("以下全部文件。")
        found[kind].append((file, meaning))
    return [(label, some) for label, some in found.items() if some]


def both(label: Label, between: str = " / ") -> str:
    """A label in Chinese and, behind it, in English."""
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(str(label))
    return between.join(dict.fromkeys(said))


def data_package(version: str, address: str, files: dict[str, PackageFile]) -> bytes:
    """`datapackage.json`, after Data Package 2.0; `address` is "" where the site has none."""
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": both(TITLE),
        "description": both(DESCRIPTION, "\n\n"),
        "version": version,
        **({"homepage": address} if address else {}),
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "Creative Commons Attribution 4.0; announcements are quoted: see LICENSE.md",
            }
        ],
        "contributors": [
            {"title": "The Community Governance Showcase contributors", "roles": ["creator"]}
        ],
        "resources": [_resource(table, files[f"{table.name}.csv"]) for table in PACKAGE_TABLES],
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n"


def _resource(table: DataTable, file: PackageFile) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "path": file.name,
        "title": both(table.label),
        "description": both(table.row, " "),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            **({"foreignKeys": list(map(_reference, table.refers))} if table.refers else {}),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    field = column.field
    told: dict[str, Any] = {
        "name": column.name,
        "type": TYPES[field.type],
        "title": both(field.label),
        "description": both(field.meaning, " "),
        "constraints": {"required": not field.missing},
    }
    if field.choices:
        told["constraints"]["enum"] = field.choices.values
        told["categories"] = [
            {"value": value, "label": both(label)} for value, label in field.choices.choices
        ]
    return told


def _reference(refers: tuple[tuple[str, ...], str]) -> dict[str, Any]:
    columns, other = refers
    key = next(table.key for table in PACKAGE_TABLES if table.name == other)
    return {"fields": list(columns), "reference": {"resource": other, "fields": list(key)}}


def citation_file(version: str, issued: date | None, address: str) -> bytes:
    """`CITATION.cff` of this version, after that of the program."""
    lines = (settings.BASE_DIR / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    told = [f'version: "{version}"']
    told += [f"date-released: {issued}"] if issued else []
    told += [f'url: "{address}"'] if address else []
    at = next(number for number, line in enumerate(lines) if line.startswith("version:"))
    return "\n".join([*lines[:at], *told, *lines[at + 1 :], ""]).encode()


def checksums(files: Iterable[PackageFile]) -> bytes:
    """`SHA256SUMS`, as `sha256sum --check` reads it."""
    return "".join(f"{file.sha256}  {file.name}\n" for file in files).encode()


def changes(old: Path | None, new: Path, before: str) -> Iterator[str]:
    """The lines of CHANGES.md: how the records of one `records.jsonl` differ from those of the one before.

    `before` is the name of the version before, if there is one.
    """
    yield "# 变化 · Changes\n\n"
    if old is None:
        yield "这是第一个版本。This is the first version.\n"
        return
    yield f"与上一版本 {before} 相比。Compared with the version before, {before}.\n"
    added, changed = [], []
    with old.open("rb") as before_lines, new.open("rb") as lines:
        # Where each stands, not what it says: there may be hundreds of thousands.
        left = dict(_places(before_lines))
        for line in lines:
            record = orjson.loads(line)
            place = left.pop(record["code"], None)
            if place is None:
                added.append(_line(record))
                continue
            before_lines.seek(place)
            if names := _differing(orjson.loads(before_lines.readline()), record):
                changed.append(_line(record, ", ".join(f"`{name}`" for name in names)))
    yield from _section("新增 · Added", added)
    yield from _section("撤下 · Taken back", _taken_back(left))
    yield from _section("修订 · Changed", changed)


def _places(lines: Any) -> Iterator[tuple[str, int]]:
    place = 0
    for line in lines:
        yield orjson.loads(line)["code"], place
        place += len(line)


def _line(record: dict[str, Any], more: str = "") -> str:
    return f"{record['code']} {record['title']}" + (f": {more}" if more else "")


def _differing(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The fields that both have and say otherwise; what a release adds to all records is no change of one."""
    return [
        name for name in now if name in before and name not in BESIDE and now[name] != before[name]
    ]


def _taken_back(codes: Iterable[str]) -> Iterator[str]:
    """With the reason, as the address of an entry says it; the title is no longer public."""
    for some in batched(codes, 500):
        told = dict(Publication.objects.filter(code__in=some).values_list("code", "reason"))
        yield from (f"{code} {told.get(code, '')}".strip() for code in some)


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    told = [f"- {' '.join(line.split())}\n" for line in lines]
    yield f"\n## {heading} ({len(told)})\n\n"
    yield from told or ["无。None.\n"]

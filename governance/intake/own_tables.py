"""Files that this site gave away, which are no announcements: loaded, one would take the place of the document."""

import re
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from governance.announcements.readings import Sentence, Unreadable
from governance.records.fields import FIELDS

# What no announcement has: our codes, and how our fields are called.
ENTRY_CODE = re.compile("(?:[a-z]{2,8}-)?[0-9]{4}-[wn][0-9]{2,}")
OURS = {"url", "first_published", "modified", "region.code"}
# How files for programs begin, and no announcement: JSON, BibTeX, RIS. XML is refused by whoever reads it.
FOR_PROGRAMS = re.compile(r"""\s*(?:\[?\s*\{\s*"|@\w+\{|TY  - )""")


def refuse_own_table(text: str) -> None:
    """Raise Unreadable if a document's text is a table of achievements or codings as the site gives them,
    a brief, or what it gives to programs.

    Asked before it is read: of its evidence and numbers a reader would make an odd announcement.
    """
    if FOR_PROGRAMS.match(text) and ENTRY_CODE.search(text):
        raise _refusal()
    # What a workbook has before its table is the name of the sheet.
    lines = [line.split("\t") for line in text.splitlines() if line.strip()]
    while lines and len(lines[0]) == 1:
        del lines[0]
    head = {cell.strip() for cell in lines[0]} if lines else set()
    # A column of our codes, in the first rows, tells where few columns were chosen.
    coded = any(ENTRY_CODE.fullmatch(cell.strip()) for row in lines[1:4] for cell in row)
    for names in _heads():
        known, ours = head & set(names.values()), {names[name] for name in OURS}
        # One column has the version of the data, which no record has.
        if len(known) > 1 and len(head) <= len(known) + 1 and (coded or known & ours):
            raise _refusal()
    if any(re.search(rf"^{label}[:：] ?[0-9a-f]{{12}}$", text, re.M) for label in _versions()):
        raise _refusal()


def _refusal() -> Unreadable:
    return Unreadable(
        Sentence(
            "这是本库导出的表或材料，不是公告，装入会顶替公告原文。年度在两处之间迁移，请用"
            " manage.py dump_awards 写成的数据文件。"
        )
    )


@cache
def _versions() -> list[str]:
    """How a brief calls the version of its data, in Chinese and in English."""
    labels = []
    for language in ("zh-hans", "en"):
        with override(language):
            labels.append(_("数据版本"))
    return labels


@cache
def _heads() -> list[dict[str, str]]:
    """{field: how a head calls it}: by its own name, in Chinese, in English."""
    heads = [{field.name: field.name for field in FIELDS}]
    for language in ("zh-hans", "en"):
        with override(language):
            heads.append({field.name: str(field.label) for field in FIELDS})
    return heads

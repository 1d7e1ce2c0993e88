"""The files that a list or an entry can be taken as, told to people."""

from collections.abc import Iterable
from typing import NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from showcase import links

from .faces import FACES

# What each face is called and what it is, in the order in which people want them.
SAID: dict[str, tuple[str | Promise, str | Promise]] = {
    "xlsx": ("Excel", gettext_lazy("成果、标注与说明三张表")),
    "docx": ("Word", gettext_lazy("逐项成文，可打印、可改")),
    "csv": ("CSV", gettext_lazy("一行一项成果")),
    "codings": (gettext_lazy("标注 CSV"), gettext_lazy("一行一个标注，附原文字句")),
    "json": ("JSON", gettext_lazy("全部字段，供程序用")),
    "jsonl": ("JSON Lines", gettext_lazy("同上，一行一项")),
    "bib": ("BibTeX", gettext_lazy("供 LaTeX 与文献管理软件用")),
    "ris": ("RIS", gettext_lazy("供 EndNote、NoteExpress 等用")),
    "csl.json": ("CSL-JSON", gettext_lazy("供 Zotero 等用")),
}
# Those that are named by an extension.
LISTED = [face for face in SAID if face != "codings"]


class Download(NamedTuple):
    """`address` is "" where the file could not hold what is asked for; `said` tells what it is."""

    face: str
    label: str
    address: str
    said: str


def list_downloads(query: QueryDict, count: int) -> list[Download]:
    """Of the list that a query asks for, with so many entries."""
    rest = links.changed(query, view=[]).removesuffix("?")
    found = []
    for face in SAID:
        path = links.face("achievements", face) if face in LISTED else links.address(f"{face}-file")
        found.append(_download(face, path + rest, count))
    return found


def entry_downloads(code: str) -> list[Download]:
    start = links.address("achievement", code).removesuffix("/")
    return [_download(face, f"{start}.{face}", 1) for face in LISTED]


def downloads_of(downloads: Iterable[Download], *faces: str) -> list[Download]:
    """Those of some faces that can be had."""
    return [one for one in downloads if one.face in faces and one.address]


def _download(face: str, address: str, count: int) -> Download:
    label, said = map(str, SAID[face])
    most = FACES[face].most
    if count > most:
        told = {"most": f"{most:,}", "count": f"{count:,}"}
        return Download(face, label, "", _("最多 %(most)s 项，这里有 %(count)s 项") % told)
    return Download(face, label, address, said)

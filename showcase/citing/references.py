"""Files that reference managers read: BibTeX, RIS, CSL-JSON."""

import re
from collections.abc import Iterable
from typing import Any

from .works import DATASET, WEBPAGE, Work

# What TeX takes for an order.
ORDERS = {
    **{char: f"\\{char}" for char in "&%#_{}$"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}


def bibtex(works: Iterable[Work]) -> str:
    """A file of biblatex: `@online` of pages, `@dataset` of tables and lists, `@misc` of documents."""
    return "\n".join(map(_bibtex, works))


def _bibtex(work: Work) -> str:
    kind = {WEBPAGE: "online", DATASET: "dataset"}.get(work.kind, "misc")
    fields = {
        # In braces of their own a body is not cut into names, and a title keeps its capitals.
        "author": work.author and f"{{{_tex(work.author)}}}",
        "title": f"{{{_tex(work.title)}}}",
        "publisher": _tex(work.platform),
        "version": _tex(work.version),
        "date": work.issued,
        "url": work.address,
        "urldate": work.accessed,
        "langid": "english" if work.language == "en" else "chinese",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{work.key},", *lines, "}", ""])


def _tex(text: str) -> str:
    return re.sub(r"[&%#_{}$~^\\]", lambda found: ORDERS[found[0]], _line(text))


def ris(works: Iterable[Work]) -> str:
    """A file of RIS: ELEC of pages, DATA of tables and lists, GEN of documents; lines end with CRLF."""
    return "\r\n".join(map(_ris, works))


def _ris(work: Work) -> str:
    kind = {WEBPAGE: "ELEC", DATASET: "DATA"}.get(work.kind, "GEN")
    fields = {
        "TY": kind,
        "ID": work.key,
        "AU": work.author,
        "TI": work.title,
        "PB": work.platform,
        "ET": work.version,
        "PY": work.issued[:4],
        "DA": work.issued.replace("-", "/"),
        "Y2": work.accessed.replace("-", "/"),
        "UR": work.address,
        "LA": work.language,
    }
    lines = [f"{tag}  - {_line(value)}" for tag, value in fields.items() if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _line(text: str) -> str:
    """On one line: a second one would be taken for another field."""
    return " ".join(text.split())


def csl(work: Work) -> dict[str, Any]:
    """An item of CSL-JSON (schema 1.0.2), which style processors and Zotero read."""
    kind = {WEBPAGE: "webpage", DATASET: "dataset"}.get(work.kind, "document")
    item = {
        "id": work.key,
        "type": kind,
        "author": work.author and [{"literal": work.author}],
        "title": work.title,
        "publisher": work.platform,
        "version": work.version,
        "issued": _date(work.issued),
        "accessed": _date(work.accessed),
        "URL": work.address,
        "language": work.language,
    }
    return {name: value for name, value in item.items() if value}


def _date(day: str) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None

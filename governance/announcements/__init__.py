"""From an award year's announcement to entries: what the document says, and the place where it says it.

No Django: all of it works in a notebook. The region table is handed in, never fetched.

    from governance.announcements import read

    reading = read("2015.txt", Path("2015.txt").read_bytes())
    reading.entries[0].title.text  # “政社互动”开创社会治理新格局
"""

from collections.abc import Callable

from governance.announcements.entries.reading import read_source
from governance.announcements.files.documents import source_of, source_of_text

from .readings import (
    NOMINEE,
    WINNER,
    Claim,
    Counted,
    Document,
    Entry,
    Excerpt,
    Line,
    Reading,
    Remark,
    Sentence,
    Unreadable,
)

__all__ = [
    "NOMINEE",
    "WINNER",
    "Claim",
    "Counted",
    "Document",
    "Entry",
    "Excerpt",
    "Line",
    "Reading",
    "Remark",
    "Sentence",
    "Unreadable",
    "read",
    "read_text",
]


def read(name: str, content: bytes, refuse: Callable[[str], None] = lambda text: None) -> Reading:
    """The Reading of a file, from its name and its bytes: text, .docx, .csv, .xlsx or .ods.

    1. `files`: the bytes tell what the file is; it becomes one text, with the places of its
       paragraphs and of the rows of its tables.
    2. `entries`: the paragraphs and rows become entries, and every line is accounted for.

    `refuse` is handed the text before anything is made of it, and raises Unreadable if it is known to
    be something else. Raises Unreadable. What organizations and regions an entry's words name is for `places` to tell,
    asked by `award.announced_year`.
    """
    source = source_of(name, content)
    refuse(source.text)
    return read_source(source)


def read_text(text: str, refuse: Callable[[str], None] = lambda text: None) -> Reading:
    """The same of a pasted text."""
    source = source_of_text(text)
    refuse(source.text)
    return read_source(source)

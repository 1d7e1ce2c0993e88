"""What a reading of an announcement gives."""

from dataclasses import dataclass, field

WINNER, NOMINEE = "winner", "nominee"


@dataclass(frozen=True)
class Excerpt:
    """Words of the document, verbatim: `document.text[start:end] == text`.

    Offsets count characters from 0; `paragraph` counts the document's paragraphs from 1.
    """

    text: str
    start: int
    paragraph: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Document:
    """A document's text as it is kept, word for word, and what it calls itself and its award.

    Paragraphs are the lines of `text`; they end with "\\n", whatever ended them in the file.
    """

    text: str
    title: str = ""
    award: str = ""


@dataclass
class Entry:
    """One innovation as the document tells it. An excerpt that the document lacks is None.

    `tier` is "winner" or "nominee", `grade` the document's own word for what is awarded (一等奖); `rank` counts from 1 within a tier; `short_name` is the name
    that the title quotes, without its quotes; `marker` is the list number as it is written, with
    the space after it; `region_text` is what a column of its own says of the region.
    """

    tier: str
    rank: int
    title: Excerpt
    marker: Excerpt | None = None
    short_name: str = ""
    organization_text: Excerpt | None = None
    summary: Excerpt | None = None
    region_text: Excerpt | None = None
    grade: str = ""


@dataclass(frozen=True)
class Line:
    """A paragraph in which one sees anything, and what it was used for.

    `use` is one of title, preamble, heading, entry, organization, summary, table_heading, closing
    (signature, date, annexes), or "" for a line that was not understood. In a table whose rows people
    count, `row` and `table` are numbers from 1, and `sheet` is the name of its sheet, "" in a file of
    one, None in a document of text. The name of a sheet is of row 0 in it.
    """

    paragraph: int
    text: str
    use: str
    row: int = 0
    table: int = 0
    sheet: str | None = None


@dataclass(frozen=True)
class Claim:
    """What the document says of itself (“11项”, “十大”), and what was found."""

    words: str
    paragraph: int
    said: int
    found: int


@dataclass(frozen=True)
class Remark:
    """Something that a person should look at: a sentence, and the paragraph that it is about."""

    paragraph: int
    sentence: str


class Unreadable(Exception):
    """A document that cannot be read as an announcement: a sentence that says what, where, and what would be right."""


@dataclass
class Reading:
    """A document, its entries in order, and an account of every line of it.

    A claim whose `said` and `found` differ, a remark and an unread line each want a person's eye.
    """

    document: Document
    entries: list[Entry]
    lines: list[Line]
    claims: list[Claim] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def unread(self) -> list[Line]:
        return [line for line in self.lines if not line.use]

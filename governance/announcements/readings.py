"""What a reading of an announcement gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

WINNER, NOMINEE = "winner", "nominee"
# The use of lines that are known and no part of the record.
LEFT_OUT = "left_out"


# What stands in a sentence. Of several, each language puts its own mark between them.
Value: TypeAlias = "str | float | Sentence | Sequence[Value]"


@dataclass(frozen=True)
class Sentence:
    """Something said to people, or a part of it: `message` in Chinese, and `values` for its %(name)s.

    str() is the Chinese. Other languages have the message in their catalogue, so it stands here as a
    plain string: translators find it by the name of this class.
    """

    message: str
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.message % {
            name: "、".join(map(str, value)) if isinstance(value, list | tuple) else value
            for name, value in self.values.items()
        }


class Counted(Sentence):
    """A Sentence whose value `count` makes singular and plural of it, in languages that have them."""


def first_of(words: Sequence[Value], most: int) -> Value:
    """So many words at most, told that there are more if there are."""
    return Sentence("%(words)s 等", {"words": words[:most]}) if len(words) > most else words


def first_places(places: Sequence[Value], count: int) -> Value:
    """The places of something, told how often it is there if that is more often."""
    if count <= len(places):
        return places
    return Sentence("%(places)s等 %(total)s 处", {"places": places, "total": count})


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

    `tier` is "winner" or "nominee", `grade` the document's own word for what is awarded (一等奖);
    `rank` counts from 1 within a tier of a year; `short_name` is the name that the title quotes,
    without its quotes; `marker` is the list number as it is written, with the space after it.
    `places` are the words beside the organization that name the region, the widest first: headings
    above, columns of their own, else the document's title. `year` is what a heading above or a
    column says, in a document of several award years.
    """

    tier: str
    rank: int
    title: Excerpt
    marker: Excerpt | None = None
    short_name: str = ""
    organization_text: Excerpt | None = None
    summary: Excerpt | None = None
    places: tuple[Excerpt, ...] = ()
    year: int | None = None
    grade: str = ""

    @property
    def region_text(self) -> Excerpt | None:
        """The words of `places` in one, where the last of them stands."""
        if not self.places:
            return None
        last = self.places[-1]
        return Excerpt("".join(one.text for one in self.places), last.start, last.paragraph)


@dataclass(frozen=True)
class Line:
    """A paragraph in which one sees anything, and what it was used for.

    `use` is one of title, preamble, heading, entry, organization, summary, table_heading, closing
    (signature, date, annexes, totals), left_out (fields and prizes that the record has no place for; a
    remark tells of them), or "" for a line that was not understood. In a table whose rows people
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
    sentence: Sentence


class Unreadable(Exception):
    """A document that cannot be read as an announcement: `sentence` says what, where, and what would be right."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


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
    # Those that title, headings and columns name.
    named_years: frozenset[int] = frozenset()

    @property
    def years(self) -> list[int]:
        """The award years of its entries as headings or a column tell them, else those that it names."""
        return sorted({entry.year for entry in self.entries if entry.year} or self.named_years)

    def of_year(self, year: int, *, alone: bool = True) -> "Reading":
        """The Reading with the entries of one award year; if it is read `alone`, with a remark on the others.

        Raises Unreadable where the document names other years only.
        """
        if self.years and year not in self.years:
            raise Unreadable(
                Sentence(
                    "文件写的是 %(years)s 年度，没有 %(year)s 年度的成果。请核对年度，或换一份文件。",
                    {"years": self.years, "year": year},
                )
            )
        others = [entry for entry in self.entries if entry.year not in (None, year)]
        if not others:
            return self
        left = sorted({entry.year for entry in others if entry.year})
        sentence = Counted(
            "文件里还有 %(years)s 年度的 %(count)s 项成果，%(year)s 年度没有读入它们。",
            {"years": left, "count": len(others), "year": year},
        )
        remarks = [Remark(others[0].title.paragraph, sentence)] if alone else []
        # What is counted above entries of other years, or of all, is not about these.
        headings = {line.paragraph for line in self.lines if line.use == "heading"}
        below = {
            claim.paragraph: next(
                (one for one in self.entries if one.title.paragraph > claim.paragraph), None
            )
            for claim in self.claims
            if claim.paragraph in headings
        }
        return replace(
            self,
            entries=[entry for entry in self.entries if entry not in others],
            claims=[one for one in self.claims if below.get(one.paragraph) not in (None, *others)],
            remarks=[*remarks, *self.remarks],
        )

    @property
    def unread(self) -> list[Line]:
        return [line for line in self.lines if not line.use]

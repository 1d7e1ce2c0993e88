"""What a list or a table of a document holds, before its tiers are known."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from governance.announcements.files.paragraphs import Paragraph
from governance.announcements.readings import LEFT_OUT, Excerpt, Remark, Sentence

from .categories import Heading


@dataclass
class Draft:
    """An entry without its tier and rank, what each of its paragraphs was used for, and what its own words say of its tier.

    `tier_words` is None unless the entry has words for its tier itself: a column of a table.
    """

    title: Excerpt
    marker: Excerpt | None = None
    organization: Excerpt | None = None
    summary: tuple[int, int] | None = None
    uses: dict[int, str] = field(default_factory=dict)
    tier_words: str | None = None
    short_name: str | None = None
    places: tuple[Excerpt, ...] = ()
    year: int | None = None
    grade: str = ""

    def agrees(self, other: "Draft") -> bool:
        """Whether an entry of the same title can be this one: neither year nor organizations differ."""
        mine, its = self.organization, other.organization
        if other.year not in (None, self.year):
            return False
        return not mine or not its or "".join(mine.text.split()) == "".join(its.text.split())

    def completed_by(self, other: "Draft") -> bool:
        """Takes the organization and the summary that this one lacks; whether there were any."""
        new = (not self.organization and other.organization) or (not self.summary and other.summary)
        self.organization = self.organization or other.organization
        self.summary = self.summary or other.summary
        return bool(new)

    def summarize(self, line: Paragraph, start: int) -> None:
        """Lets the summary reach to the end of a line; if it has not begun, from a place in that line."""
        begins = self.summary[0] if self.summary else line.start + start
        self.summary = begins, line.start + len(line.text)

    @property
    def paragraph(self) -> int:
        return self.title.paragraph


@dataclass
class Findings:
    """Headings and entries in the document's order, and the use of the lines that belong to neither."""

    items: list[Heading | Draft] = field(default_factory=list)
    uses: dict[int, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    title: str = ""
    # {what was left out: numbers of paragraphs}
    left_out: dict[str | Sentence, list[int]] = field(default_factory=dict)
    # Paragraphs with a cell of a column of votes.
    scored: set[int] = field(default_factory=set)

    def leave_out(self, what: str, numbers: Iterable[int]) -> None:
        """Notes lines that are known and no part of the record, and what they are, for one remark on each kind."""
        self.uses |= dict.fromkeys(numbers, LEFT_OUT)
        self.left_out.setdefault(what, []).extend(numbers)

    def remark(self, paragraph: int, sentence: Sentence) -> None:
        self.remarks.append(Remark(paragraph, sentence))

    @property
    def drafts(self) -> list[Draft]:
        return [item for item in self.items if isinstance(item, Draft)]

    @property
    def headings(self) -> list[Heading]:
        return [item for item in self.items if isinstance(item, Heading)]

"""A reading with its organizations resolved and mechanisms suggested: all that an announcement gives."""

from dataclasses import dataclass
from typing import Protocol

from governance.announcements.places.organizations import Resolution, resolve
from governance.announcements.places.regions import RegionTable

from .readings import Entry, Excerpt, Reading
from .suggesting import Suggestion


@dataclass(frozen=True)
class AwardEntry:
    """An entry, what its organization text says, and mechanisms for a person to judge."""

    code: str
    entry: Entry
    resolution: Resolution
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class AnnouncedYear:
    """An award year as its announcement tells it.

    `code` begins those of its entries; `last_name` is what the record last called the award.
    """

    year: int
    code: str
    reading: Reading
    entries: tuple[AwardEntry, ...]
    last_name: str = ""

    @property
    def name(self) -> str:
        """The award's name: as the document has it, else as the record last had it, else the title."""
        document = self.reading.document
        return document.award or self.last_name or document.title

    @property
    def whole(self) -> bool:
        """Whether every line was read and every entry has one region and known organizations."""
        return not self.reading.unread and all(each.resolution.whole for each in self.entries)


class Suggests(Protocol):
    """A Suggester, or what asks one."""

    def suggest(self, texts: dict[str, str]) -> list[Suggestion]: ...


def announced_year(
    reading: Reading,
    year: int,
    code: str,
    regions: RegionTable,
    suggester: Suggests | None = None,
    last_name: str = "",
) -> AnnouncedYear:
    """The AnnouncedYear of a Reading; `code` is that of the award year, 2015 or ywf-2023."""
    return AnnouncedYear(
        year,
        code,
        reading,
        tuple(
            AwardEntry(
                f"{code}-{entry.tier[0]}{entry.rank:02}",
                entry,
                resolve(
                    text_of(entry.organization_text), year, regions, text_of(entry.region_text)
                ),
                tuple(suggester.suggest(texts_of(entry))) if suggester else (),
            )
            for entry in reading.entries
        ),
        last_name,
    )


def texts_of(entry: Entry) -> dict[str, str]:
    """The texts in which evidence may stand, by field."""
    return {"title": text_of(entry.title), "summary": text_of(entry.summary)}


def text_of(excerpt: Excerpt | None) -> str:
    return excerpt.text if excerpt else ""

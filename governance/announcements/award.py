"""A reading with its organizations resolved and mechanisms suggested: all that an announcement gives."""

from dataclasses import dataclass

from governance.announcements.places.organizations import Resolution, resolve

from .readings import Entry, Reading


@dataclass(frozen=True)
class AwardEntry:
    """An entry, what its organization text says, and mechanisms for a person to judge."""

    code: str
    entry: Entry
    resolution: Resolution
    suggestions: tuple = ()


@dataclass(frozen=True)
class Award:
    """An award year as its announcement tells it; `last_name` is what the record last called the award."""

    year: int
    reading: Reading
    entries: tuple
    last_name: str = ""

    @property
    def name(self):
        """The award's name: as the document has it, else as the record last had it, else the title."""
        document = self.reading.document
        return document.award or self.last_name or document.title

    @property
    def whole(self):
        """Whether every line was read and every entry has one region and known organizations."""
        return not self.reading.unread and all(each.resolution.whole for each in self.entries)


def award_of(reading, year, regions, suggester=None, last_name=""):
    """The Award of a Reading; `regions` is a RegionTable, `suggester` a Suggester."""
    return Award(
        year,
        reading,
        tuple(
            AwardEntry(
                f"{year}-{entry.tier[0]}{entry.rank:02}",
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


def texts_of(entry):
    """The texts in which evidence may stand, by field."""
    return {"title": text_of(entry.title), "summary": text_of(entry.summary)}


def text_of(passage):
    return passage.text if passage else ""

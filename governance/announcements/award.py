"""A reading with its organizations resolved and mechanisms suggested: all that an announcement gives."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from governance.announcements.files.paragraphs import plain
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

    `code` begins those of its entries; `last_name` is what the record last called the award, or will
    call it if it is `new` to the record.
    """

    year: int
    code: str
    reading: Reading
    entries: tuple[AwardEntry, ...]
    last_name: str = ""
    new: bool = False

    @property
    def name(self) -> str:
        """The award's name: as the document has it, else as the record last had it, else the title."""
        document = self.reading.document
        return document.award or self.last_name or document.title

    @property
    def edition(self) -> str:
        """What the title calls this edition, 第三批 or 首届; "" if it does not."""
        title = self.reading.document.title
        found = _EDITION.search(plain(title))
        return title[slice(*found.span())] if found else ""


_EDITION = re.compile(r"首[届批]|第\s*[\d〇零一二三四五六七八九十百]+\s*[届批期]")


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
    new: bool = False,
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
        new,
    )


# 十大 and 二十佳 say how many there are this time.
_COUNT = re.compile(r"[\d〇零一二三四五六七八九十百两]+[大佳强优]")
# A document may say less than the whole name, but no less than this.
_LEAST = 6


def award_told(reading: Reading, awards: Mapping[str, Iterable[str]]) -> str | None:
    """The key of that of some awards, {key: its names}, of which the document carries a name.

    Its title, preamble and headings do, or the name that it gives its award is a part of one; the
    longest counts. 十大, signs and scripts do not. None if it carries none.
    """
    lines = (line.text for line in reading.lines if line.use in ("title", "preamble", "heading"))
    said = [_bare(text) for text in (reading.document.title, *lines)]
    own = _bare(reading.document.award)
    found = {
        (len(name), key)
        for key, names in awards.items()
        for name in map(_bare, names)
        if name and (any(name in text for text in said) or (len(own) >= _LEAST and own in name))
    }
    return max(found)[1] if found else None


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", _COUNT.sub("", plain(text)))


def texts_of(entry: Entry) -> dict[str, str]:
    """The texts in which evidence may stand, by field."""
    return {"title": text_of(entry.title), "summary": text_of(entry.summary)}


def text_of(excerpt: Excerpt | None) -> str:
    return excerpt.text if excerpt else ""

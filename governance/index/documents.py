"""An achievement as the index keeps it: a row whose number gives its order, and the keys that find it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple, cast

import orjson

from governance import facets
from governance.batches import batched
from governance.facet_table import tree_key
from governance.models import Achievement, Region
from governance.models.award import award_year_code
from governance.records import AchievementRecord, Records, card

from .codes import entry_keys
from .lists import Lists
from .text import english, fold
from .titles import reading_keys

# The fields of an IndexEntry in which phrases are found.
PASSAGES = ("title", "body", "english")

# Of achievements read and made into rows at once.
BATCH = 900


class IndexRow(NamedTuple):
    """A row of IndexEntry, its columns in their order: an instance takes ten times longer to make."""

    number: int
    achievement_id: int
    code: str
    card: bytes
    pinyin: str
    title: str
    body: str
    english: str
    facets: str
    record: bytes


def index_rows(
    achievements: Iterable[Achievement], lists: Lists, records: Records
) -> Iterator[IndexRow]:
    """An IndexRow for each of an iterable of published achievements, in bounded memory."""
    for batch in batched(achievements, BATCH):
        for achievement, record in zip(batch, records.of(batch), strict=True):
            # What is published has a region; the database holds that.
            region = records.region(cast(int, achievement.region_id))
            yield _row(achievement, record, region, lists)


def _row(
    achievement: Achievement, record: AchievementRecord, region: Region, lists: Lists
) -> IndexRow:
    title, body = record["title"], f"{record['summary']}\n{record['organization_text']}"
    return IndexRow(
        number=lists.number(award_year_code(record["code"]), record["tier"], record["rank"]),
        achievement_id=achievement.id,
        code=record["code"],
        pinyin=achievement.pinyin,
        title=fold(title),
        body=fold(body),
        english="\n".join(
            english(fold(text)) for text in (record["title_en"], record["summary_en"]) if text
        ),
        facets="\n".join(sorted(keys_of(record, region) | reading_keys(achievement.pinyin))),
        card=orjson.dumps(card(record)),
        record=orjson.dumps(record),
    )


def dated(row: IndexRow, modified: date) -> IndexRow:
    """The row with the key of the day on which its record was last changed."""
    return row._replace(facets=f"{row.facets}\n{modified_key(modified)}")


def keys_of(record: AchievementRecord, region: Region) -> set[str]:
    """The keys that find an entry, those of n-grams aside: of its facets, its codes, of all, and of its place.

    That of the day on which it was last changed is added when that is known: see `dated`.

    A facet's keys come from `facets.TABLE`; none is added here.
    """
    found = facets.TABLE.keys(record, region) | entry_keys(record["code"])
    return found | {"/all/", f"/place/{region.path}"}


def gram_key(passage: str, gram: str) -> str:
    """The key of the entries whose passage holds the n-gram."""
    return f"{passage[0]}:{gram}"


def repeated_key(passage: str, gram: str) -> str:
    """The key of the entries whose passage holds the n-gram at least twice."""
    return f"{passage[0]}2:{gram}"


def modified_key(day: date) -> str:
    """The key of the entries whose records last changed on a day."""
    return f"/modified/{day.isoformat()}"


def region_key(path: str) -> str:
    """The key of the entries in the subtree of a region's path."""
    return tree_key("region", path)

"""An achievement as the index keeps it: a row whose number gives its order, and the keys that find it."""

from collections import namedtuple
from itertools import islice

import orjson

from governance.models import IndexEntry, Tier
from governance.records import Records, card

from .text import english, fold

# A number holds the order of the announcements: newest year first, then tier, then rank. So a
# bitmap of numbers, read upwards, is a sorted list, and an award year is a range of numbers.
# Ranks get as few bits as the longest list needs: a bitmap counts in blocks of 2^16 numbers, so
# its cost is that of the numbers' span. The bits themselves stand on top, so that the numbers of
# two spacings never meet.
LAST_YEAR = 2100
TIERS = {Tier.WINNER: 0, Tier.NOMINEE: 1}
LEAST_BITS, TOP = 6, 28

# The fields of an IndexEntry in which phrases are found.
PASSAGES = ("title", "body", "english")

# The value under which a facet keeps the entries that have none of its values: no zone, no
# organization, no mechanism as a means.
MISSING = "none"

# Lengths of the paths of a province, a prefecture and a county.
REGION_LEVELS = (2, 4, 6)

BATCH = 900

# A row of IndexEntry: an instance of the model takes ten times longer to make.
Entry = namedtuple("Entry", [field.attname for field in IndexEntry._meta.concrete_fields])


def bits_for(rank):
    """The bits that a list needs in which the last rank is `rank`."""
    return max(LEAST_BITS, rank.bit_length())


def number_of(year, tier, rank, bits):
    return (
        (bits - LEAST_BITS << TOP) + (LAST_YEAR - year << bits + 1) + (TIERS[tier] << bits) + rank
    )


def entries_of(achievements, bits):
    """An Entry for each of an iterable of published achievements, in bounded memory."""
    records, places, achievements = Records(), {}, iter(achievements)
    while batch := list(islice(achievements, BATCH)):
        for achievement, record in zip(batch, records.of(batch), strict=True):
            key = achievement.region_id
            if key not in places:
                places[key] = _place_keys(records.region(key))
            yield _entry(achievement, record, bits, places[key])


def _entry(achievement, record, bits, place_keys):
    title, body = record["title"], f"{record['summary']}\n{record['organization_text']}"
    folded = fold(title), fold(body)
    # Whether a place in the folded text is the same place in the text itself.
    even = len(folded[0]) == len(title) and len(folded[1]) == len(body)
    return Entry(
        number=number_of(record["year"], record["tier"], record["rank"], bits),
        achievement_id=achievement.id,
        code=record["code"],
        pinyin=achievement.pinyin,
        title=folded[0],
        body=folded[1],
        english="\n".join(
            english(text) for text in (record["title_en"], record["summary_en"]) if text
        ),
        facets="\n".join(sorted(_facet_keys(record) | place_keys)),
        card=orjson.dumps(card(record) | {"even": even}),
        record=orjson.dumps(record),
    )


def gram_key(passage, gram):
    return f"{passage[0]}:{gram}"


def repeated_key(passage, gram):
    return f"{passage[0]}2:{gram}"


def _facet_keys(record):
    """Facet keys such as /tier/winner. Only means count as a mechanism, and a field counts once."""
    means = [coding for coding in record["mechanisms"] if coding["aspect"] == "means"]
    organizations = record["organizations"]
    return {
        "/all/",
        f"/year/{record['year']}",
        f"/tier/{record['tier']}",
        f"/setting/{record['setting']}",
        *(f"/mechanism/{slug}" for slug in _each(means, "slug")),
        *(f"/field/{field}" for field in _each(means, "field")),
        *(f"/organization/{item['slug']}" for item in organizations),
        *(f"/organization_kind/{kind}" for kind in _each(organizations, "kind")),
        *(f"/organization_level/{level}" for level in _each(organizations, "level")),
    }


def _each(rows, name):
    return {row[name] for row in rows} or {MISSING}


def _place_keys(region):
    """Facet keys that an entry has by its region."""
    province = region.lineage[0]
    return {
        f"/place/{region.path}",
        f"/region_level/{region.level}",
        f"/zone/{province.zone or MISSING}",
        f"/zone3/{province.zone3 or MISSING}",
        *region_keys(region),
    }


def region_keys(region):
    """Keys of each subtree in which the region lies, or in which lies what it became."""
    paths = {later.path for later in region.through_time}
    return {region_key(path[:length]) for path in paths for length in (*REGION_LEVELS, len(path))}


def region_key(path):
    """The length comes first: all provinces, or all counties of one, are a range of keys."""
    return f"/region{len(path)}/{path}"

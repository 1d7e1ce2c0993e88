"""An achievement as the index keeps it: a row whose number gives its order, and the keys that find it."""

import orjson
from django.conf import settings
from django.utils import translation

from governance.models import IndexEntry, Tier
from governance.records import achievement_record

from .text import fold, grams

# A number holds the order of the announcements: newest year first, then tier, then rank. So a
# bitmap of numbers, read upwards, is a sorted list, and an award year is a range of numbers.
LAST_YEAR = 2100
YEAR_SIZE = 1 << 21
TIERS = {Tier.WINNER: 0, Tier.NOMINEE: 1 << 20}

# The fields of an IndexEntry in which phrases are found.
PASSAGES = ("title", "body")

# The value under which a facet keeps the entries that have none of its values: no zone, no
# organization, no mechanism as a means.
MISSING = "none"

# Lengths of the paths of a province, a prefecture and a county.
REGION_LEVELS = (2, 4, 6)


def number_of(year, tier, rank):
    return (LAST_YEAR - year) * YEAR_SIZE + TIERS[tier] + rank


def year_of(number):
    return LAST_YEAR - number // YEAR_SIZE


def numbers_of_year(year):
    """The range (start, stop) of the numbers of a year's entries."""
    start = (LAST_YEAR - year) * YEAR_SIZE
    return start, start + YEAR_SIZE


def entries_of(achievements):
    """An unsaved IndexEntry for each published achievement of a queryset, in bounded memory."""
    published = achievements.published().with_record()
    # The record's `url` has no language, whatever language the person has whose edit is indexed.
    with translation.override(settings.LANGUAGE_CODE):
        for achievement in published.iterator(chunk_size=1000):
            yield _entry(achievement)


def _entry(achievement):
    record = achievement_record(achievement)
    return IndexEntry(
        number=number_of(record["year"], record["tier"], record["rank"]),
        achievement_id=achievement.pk,
        code=record["code"],
        region_path=achievement.region.path,
        pinyin=achievement.pinyin,
        title=fold(record["title"]),
        body=fold(f"{record['summary']}\n{record['organization_text']}"),
        facets="\n".join(sorted(_facet_keys(achievement, record))),
        record=orjson.dumps(record).decode(),
    )


def keys_of(entry):
    """Every key under which the postings hold an IndexEntry."""
    keys = set(entry.facets.split("\n"))
    for passage in PASSAGES:
        found, repeated = grams(getattr(entry, passage))
        # As gram_key and repeated_key say; a call for each would double the cost of a rebuild.
        once, twice = gram_key(passage, ""), repeated_key(passage, "")
        keys.update([once + gram for gram in found])
        keys.update([twice + gram for gram in repeated])
    return keys


def gram_key(passage, gram):
    return f"{passage[0]}:{gram}"


def repeated_key(passage, gram):
    return f"{passage[0]}2:{gram}"


def _facet_keys(achievement, record):
    """Facet keys such as /tier/winner. Only means count as a mechanism, and a field counts once."""
    means = [coding for coding in record["mechanisms"] if coding["aspect"] == "means"]
    organizations = record["organizations"]
    region = achievement.region
    province = region.lineage[0]
    return {
        "/all/",
        f"/year/{record['year']}",
        f"/tier/{record['tier']}",
        f"/setting/{record['setting']}",
        f"/region_level/{region.level}",
        f"/zone/{province.zone or MISSING}",
        f"/zone3/{province.zone3 or MISSING}",
        *region_keys(region),
        *(f"/mechanism/{slug}" for slug in _each(means, "slug")),
        *(f"/field/{field}" for field in _each(means, "field")),
        *(f"/organization/{item['slug']}" for item in organizations),
        *(f"/organization_kind/{kind}" for kind in _each(organizations, "kind")),
        *(f"/organization_level/{level}" for level in _each(organizations, "level")),
    }


def _each(rows, name):
    return {row[name] for row in rows} or {MISSING}


def region_keys(region):
    """Keys of each subtree in which the region lies, or in which lies what it became."""
    paths = {later.path for later in region.through_time}
    return {region_key(path[:length]) for path in paths for length in (*REGION_LEVELS, len(path))}


def region_key(path):
    """The length comes first: all provinces, or all counties of one, are a range of keys."""
    return f"/region{len(path)}/{path}"

"""The words by which staff find an achievement, a draft too: one folded text each, see `StaffText`."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Value

from governance.models import (
    Achievement,
    AchievementOrganization,
    Coding,
    Region,
    StaffText,
)
from governance.records import Records

from .names import typed_readings
from .text import fold

# What is said of an achievement in its own row; a code is found by its parts.
SAID = ("code", "grade", "title", "organization_text", "summary", "title_en", "summary_en")


def keep_staff_texts(ids: Collection[int], records: Records) -> None:
    """Bring the texts of these achievements to what the record says now, or away. Unchanged ones cost no write."""
    texts = staff_texts(ids, records)
    if gone := set(ids) - texts.keys():
        StaffText.objects.filter(pk__in=gone).delete()
    StaffText.objects.bulk_create(
        [
            StaffText(achievement_id=pk, text=text)
            for pk, (text, kept) in texts.items()
            if text != kept
        ],
        update_conflicts=True,
        unique_fields=["achievement"],
        update_fields=["text"],
    )


def staff_texts(ids: Collection[int], records: Records) -> dict[int, tuple[str, str | None]]:
    """{achievement: (its words as the record says them, as they are kept)}.

    A line for each name or text, so that nothing is found across two; None where nothing is kept.
    """
    names = _names(ids)
    rows = Achievement.objects.filter(pk__in=ids)
    own = list(
        rows.values_list("pk", "staff_text__text", "award_year__year", "region_id", "pinyin", *SAID)
    )
    regions = records.regions({row[3] for row in own})
    placed = {pk: _of_region(region) for pk, region in regions.items()}
    texts = {}
    for pk, kept, year, region, pinyin, *said in own:
        lines = [
            *map(fold, filter(None, said)),
            # Not as an AwardYear calls itself, which is in the language of who saves.
            f"{year}年度",
            *placed.get(region, ()),
            *sorted(names[pk]),
            *_typed(pinyin),
        ]
        texts[pk] = ("\n".join(lines), kept)
    return texts


def _of_region(region: Region) -> list[str]:
    """Its names from the province down, as the list shows it, and each with code, English and reading."""
    words = [fold(region.full_name)]
    for place in region.lineage:
        words += [fold(place.code), fold(place.name_en), *_typed(place.pinyin)]
    return words


def _names(ids: Collection[int]) -> dict[int, list[str]]:
    """{achievement: names of its organizations and mechanisms, each as it is shown and read}"""
    found: dict[int, list[str]] = defaultdict(list)
    links = AchievementOrganization.objects.filter(achievement__in=ids).order_by()
    codings = Coding.objects.filter(achievement__in=ids).order_by()
    of_links = links.values_list(
        "achievement_id", *_below("organization"), "organization__short_name"
    )
    of_codings = codings.values_list("achievement_id", *_below("mechanism"), Value(""))
    rows = of_links.union(of_codings, all=True)
    for pk, pinyin, *names in rows:
        found[pk] += [*map(fold, filter(None, names)), *_typed(pinyin)]
    return found


def _below(relation: str) -> list[str]:
    return [f"{relation}__{name}" for name in ("pinyin", "name", "name_en")]


def _typed(pinyin: str) -> list[str]:
    return sorted(typed_readings(pinyin)[0])

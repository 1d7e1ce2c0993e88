"""What a list shows of a record."""

from governance.models import Aspect, Weight

from .shapes import AchievementRecord, Card, Means


def card(record: AchievementRecord) -> Card:
    means: list[Means] = [
        {
            "slug": coding["slug"],
            "name": coding["name"],
            "name_en": coding["name_en"],
            "field": coding["field"],
            "weight": coding["weight"],
            "spans": [
                (span["field"], span["start"], span["end"])
                for one in coding["evidence"]
                for span in (one, one["english"])
                if span
            ],
        }
        for coding in record["mechanisms"]
        if coding["aspect"] == Aspect.MEANS
    ]
    return {
        "code": record["code"],
        "award": record["award"],
        "year": record["year"],
        "tier": record["tier"],
        "grade": record["grade"],
        "title": record["title"],
        "title_en": record["title_en"],
        "summary": record["summary"],
        "summary_en": record["summary_en"],
        "places": record["region"]["lineage"],
        "means": sorted(means, key=lambda one: one["weight"] != Weight.PRIMARY),
    }

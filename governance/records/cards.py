"""What a list shows of a record, its summary shortened."""

import re

from governance.models import Aspect

from .shapes import AchievementRecord, Card

# Characters of a summary that a list shows, in Chinese and in English.
SUMMARY, SUMMARY_EN = 110, 280
# Two characters of one Latin word or number, as in organiz|ation and 20|15.
CUT = re.compile(r"[\w'’-]\w", re.ASCII)
# What would stand oddly before an ellipsis.
HANGING = " \n\t\u3000，。、；：！？…—－（《〈“‘【「『,.;:!?-–(["


def card(record: AchievementRecord) -> Card:
    return {
        "code": record["code"],
        "year": record["year"],
        "tier": record["tier"],
        "title": record["title"],
        "title_en": record["title_en"],
        "summary": shortened(record["summary"], SUMMARY),
        "summary_en": shortened(record["summary_en"], SUMMARY_EN),
        "places": record["region"]["lineage"],
        "means": [
            {
                "slug": coding["slug"],
                "name": coding["name"],
                "name_en": coding["name_en"],
                "field": coding["field"],
            }
            for coding in record["mechanisms"]
            if coding["aspect"] == Aspect.MEANS
        ],
    }


def shortened(text: str, width: int) -> str:
    """The first `width` characters of `text`, less a Latin word cut in two or a mark left hanging."""
    if len(text) <= width:
        return text
    start = text[:width]
    whole = re.sub(r"[\w'’-]+$", "", start, flags=re.ASCII) if CUT.match(text, width - 1) else start
    return f"{whole.rstrip(HANGING) or start}…"

"""An achievement as one dict: what the API, the pages and later every other face are made of."""

from .cards import CUT, SUMMARY, SUMMARY_EN, card, shortened
from .making import Records, achievement_record, organization_record
from .shapes import (
    AchievementRecord,
    Card,
    CodingRecord,
    EvidenceRecord,
    OrganizationRecord,
    PlaceRecord,
    SpanRecord,
)

__all__ = [
    "CUT",
    "SUMMARY",
    "SUMMARY_EN",
    "AchievementRecord",
    "Card",
    "CodingRecord",
    "EvidenceRecord",
    "OrganizationRecord",
    "PlaceRecord",
    "Records",
    "SpanRecord",
    "achievement_record",
    "card",
    "organization_record",
    "shortened",
]

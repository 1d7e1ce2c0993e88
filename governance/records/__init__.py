"""An achievement as one dict: what the API, the pages and later every other face are made of."""

from .cards import card
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
]

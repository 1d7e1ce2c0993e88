"""An achievement as one dict: what the API, the pages and later every other face are made of."""

from .cards import card
from .making import Records, achievement_record, organization_record, public_records, with_days
from .shapes import (
    AchievementRecord,
    Card,
    CodingRecord,
    EvidenceRecord,
    OrganizationRecord,
    PlaceRecord,
    PublicRecord,
    SpanRecord,
)

__all__ = [
    "AchievementRecord",
    "Card",
    "CodingRecord",
    "EvidenceRecord",
    "OrganizationRecord",
    "PlaceRecord",
    "PublicRecord",
    "Records",
    "SpanRecord",
    "achievement_record",
    "card",
    "organization_record",
    "public_records",
    "with_days",
]

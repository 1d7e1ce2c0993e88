"""From an upload to a load: what a pending Load proposes, what a person chooses, and the long work.

An upload is kept as a pending Load at once. `start_reading` fills its `parsed` with a proposal
(`proposal.py`), choices are kept beside it (`choosing.py`), and `start_loading` gives both to
governance.loading, the one way into the record.
"""

from .background import Working, failures, working
from .choosing import chosen, entries_of, span_value
from .outcomes import as_announced, seen_at_once
from .region_lookup import labels, region_of, regions_named, value_of
from .steps import (
    NOT_PENDING,
    bring,
    keep,
    rehearse_undoing,
    start_loading,
    start_reading,
    start_rehearsal,
    start_undoing,
)

__all__ = [
    "NOT_PENDING",
    "Working",
    "as_announced",
    "bring",
    "chosen",
    "entries_of",
    "failures",
    "keep",
    "labels",
    "region_of",
    "regions_named",
    "rehearse_undoing",
    "seen_at_once",
    "span_value",
    "start_loading",
    "start_reading",
    "start_rehearsal",
    "start_undoing",
    "value_of",
    "working",
]

"""From an upload to a load: what a pending Load proposes, what a person chooses, and the long work.

An upload is kept as a pending Load at once. `start_reading` fills its `parsed` with a Proposal
(`proposal.py`), Choices are kept beside it (`choosing.py`), and `start_loading` gives both to
governance.loading, the one way into the record.
"""

from .background import Working, why_it_failed, working
from .choosing import (
    AcceptedMechanism,
    Choices,
    ChosenEntry,
    EntryChoices,
    chosen,
    chosen_entries,
    fields_by_model,
    is_unasked,
    span_value,
)
from .outcomes import Outcomes, as_announced, seen_at_once
from .parsing import suggester
from .proposal import FailedClaim, Proposal, ProposedSpan, SuggestedMechanism
from .region_lookup import region_labels, region_of, regions_named, value_of
from .sentences import translated
from .steps import (
    NOT_PENDING,
    bring,
    keep,
    rehearse_undoing,
    start_loading,
    start_reading,
    start_rehearsal,
    start_undoing,
    unanswered_entries,
)

__all__ = [
    "NOT_PENDING",
    "AcceptedMechanism",
    "Choices",
    "ChosenEntry",
    "EntryChoices",
    "FailedClaim",
    "Outcomes",
    "Proposal",
    "ProposedSpan",
    "SuggestedMechanism",
    "Working",
    "as_announced",
    "bring",
    "chosen",
    "chosen_entries",
    "fields_by_model",
    "is_unasked",
    "keep",
    "region_labels",
    "region_of",
    "regions_named",
    "rehearse_undoing",
    "seen_at_once",
    "span_value",
    "start_loading",
    "start_reading",
    "start_rehearsal",
    "start_undoing",
    "suggester",
    "translated",
    "unanswered_entries",
    "value_of",
    "why_it_failed",
    "working",
]

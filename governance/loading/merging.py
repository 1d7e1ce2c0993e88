"""The rule of the three-way merge, for one value."""

from enum import Enum


class Outcome(Enum):
    UNCHANGED = "unchanged"
    TAKEN = "taken"
    KEPT = "kept"
    CONFLICT = "conflict"


class _Unknown:
    """What the last load said, where none is known: equal to nothing."""

    def __repr__(self):
        return "UNKNOWN"

    def __eq__(self, other):
        return False

    __hash__ = None


UNKNOWN = _Unknown()


def merge(base, file, database):
    """Whether a value of the file goes into the database; `base` is what the last load said.

    Changed only in the file: taken. Only by staff: kept. By both, or nobody knows: a conflict, and
    kept. By both to the same: unchanged.
    """
    if file == database:
        return Outcome.UNCHANGED
    if database == base:
        return Outcome.TAKEN
    return Outcome.KEPT if file == base else Outcome.CONFLICT

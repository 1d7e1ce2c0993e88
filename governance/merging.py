"""The rule of the three-way merge, for one value."""

from enum import Enum


class Outcome(Enum):
    UNCHANGED = "unchanged"
    TAKEN = "taken"
    KEPT = "kept"
    CONFLICT = "conflict"


class _Unknown:
    """What the last load said, where none is known: equal to nothing."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __eq__(self, other: object) -> bool:
        return False

    # Python takes None for "cannot be hashed"; for a type checker object is always hashable.
    __hash__ = None  # type: ignore[assignment]


UNKNOWN = _Unknown()


def merge(base: object, file: object, database: object) -> Outcome:
    """Whether a value of the file goes into the database; `base` is what the last load said.

    Changed only in the file: taken. Only by staff: kept. By both, or nobody knows: a conflict, and
    kept. By both to the same: unchanged.
    """
    if file == database:
        return Outcome.UNCHANGED
    if database == base:
        return Outcome.TAKEN
    return Outcome.KEPT if file == base else Outcome.CONFLICT

"""The derived index: which entries, how many of each, in which order.

`select()` answers; `update(touched_by(row))` and `rebuild()` keep it. docs/index.md draws how it works.
"""

from .building import rebuild, update
from .dependents import is_named, touched_by
from .reading import Index, Unready, current, version
from .related import related
from .selection import Selection, cards, record, select
from .state import heal, status

__all__ = [
    "Index",
    "Selection",
    "Unready",
    "cards",
    "current",
    "heal",
    "is_named",
    "rebuild",
    "record",
    "related",
    "select",
    "status",
    "touched_by",
    "update",
    "version",
]

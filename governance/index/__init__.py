"""The derived index: which entries, how many of each, in which order.

`select()` answers; `update(touched_by(row))` and `rebuild()` keep it. docs/index.md draws how it works.
"""

from .building import rebuild, update
from .checking import CheckReport, compare_with_record, repair
from .dependents import is_named, touched_by
from .reading import Index, Unready, current, version
from .related import related
from .rows import cards, record
from .selection import Selection, select
from .state import checked, heal, is_read_only, status

__all__ = [
    "CheckReport",
    "Index",
    "Selection",
    "Unready",
    "cards",
    "checked",
    "compare_with_record",
    "current",
    "heal",
    "is_named",
    "is_read_only",
    "rebuild",
    "record",
    "related",
    "repair",
    "select",
    "status",
    "touched_by",
    "update",
    "version",
]

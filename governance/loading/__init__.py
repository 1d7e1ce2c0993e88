"""Loading: fixtures into the record by a three-way merge, whole years out of it, and loads undone.

`load()` is the one way in for files, `dump()` the way out, `undo()` the way back.
docs/loading.md tells the rules.
"""

from .dumping import dump
from .fixture import Source
from .problems import Invalid, LoadError, Problem
from .report import Detail, LoadReport
from .running import fault, load
from .undoing import obstacle, undo

__all__ = [
    "Detail",
    "Invalid",
    "LoadError",
    "LoadReport",
    "Problem",
    "Source",
    "dump",
    "fault",
    "load",
    "obstacle",
    "undo",
]

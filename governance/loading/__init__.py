"""Loading: fixtures into the record by a three-way merge, whole years out of it, and loads undone.

`load()` is the one way in for files, `dump_year()` the way out, `undo()` the way back, `restore()` the way
back of one entry.
docs/loading.md tells the rules.
"""

from .dumping import dump_year
from .fixture import FixtureFile
from .problems import FixtureProblem, Invalid, LoadError
from .report import Detail, LoadReport
from .restoring import Restored, restore
from .running import Progress, fault, is_waited_for, load, obstacle, problems_of, undo

__all__ = [
    "Detail",
    "FixtureFile",
    "FixtureProblem",
    "Invalid",
    "LoadError",
    "LoadReport",
    "Progress",
    "Restored",
    "dump_year",
    "fault",
    "is_waited_for",
    "load",
    "obstacle",
    "problems_of",
    "restore",
    "undo",
]

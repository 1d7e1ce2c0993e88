"""What a text names: places, and bodies."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .organization_kinds import Form
from .region_rows import RegionRow


@dataclass
class NamedBody:
    """A body that the text names, by a form of words."""

    form: Form
    mark: str
    words: re.Match[str]
    start: int

    @property
    def end(self) -> int:
        return self.words.end()


@dataclass
class Place:
    """A place that the text names: the regions that it may be, and an unlisted place within.

    `short` is the name in the text if it is written without its kind: 苏州|工业园区.
    """

    regions: tuple[RegionRow, ...]
    end: int
    short: str = ""
    prefix: re.Match[str] | None = None
    unlisted: str = ""
    unlisted_kind: str = ""
    # Whether what follows its name is understood.
    goes_on: bool = False
    bodies: list[NamedBody] = field(default_factory=list)
    # The words after its name were not understood: no body that follows is taken for its own.
    closed: bool = False


class IndependentBody(NamedTuple):
    """A body that is none of a place's own (宁波大学), and the regions that its name may begin with."""

    start: int
    end: int
    regions: tuple[RegionRow, ...]

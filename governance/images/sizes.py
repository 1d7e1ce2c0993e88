"""In which sizes a picture is kept."""

from dataclasses import dataclass

# The widths that pages ask for, in pixels.
WIDTHS = (480, 960, 1600)


@dataclass(frozen=True)
class Prepared:
    """A picture ready to be stored: the size of its largest file in pixels, and {width: bytes}."""

    digest: str
    width: int
    height: int
    files: dict[int, bytes]


def widths_up_to(largest: int) -> list[int]:
    """The widths in which a picture that is `largest` pixels wide is kept, the largest last."""
    return [*(width for width in WIDTHS if width < largest), largest]

"""Many things, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batched(items: Iterable[Item], size: int = 1000) -> Iterator[list[Item]]:
    """Lists of at most `size` items, for queries that name each of them.

    As itertools.batched, which Python 3.11 lacks.
    """
    items = iter(items)
    while some := list(islice(items, size)):
        yield some

"""What a line of a list is by those around it: no entry though it looks like one, a signature, a number known.

All of it takes the looks of a document in order, and gives places among them.
"""

import re
from collections.abc import Container, Sequence

from .line_features import Look
from .list_numbers import marker

_ANNEX = re.compile(r"\s*附[件表录]?\s*:\s*")
# How papers are called.
_PAPER = re.compile(r"(?:名单|表|目录|简介|材料|说明|方案|通知|汇总|名录|情况|介绍)[》”]?\s*$")


def tails(looks: Sequence[Look], sure: Sequence[bool]) -> set[int]:
    """Bare lines with an organization below a numbered one without, where most bare ones stand so: lines were broken."""
    bare = [at for at, look in enumerate(looks) if sure[at] and look.is_tail]
    found = {at for at in bare if at and not sure[at - 1] and _lacks_end(looks[at - 1])}
    return found if 2 * len(found) > len(bare) else set()


def _lacks_end(look: Look) -> bool:
    return bool(look.mark) and look.is_titular and not look.heading


def annexes(looks: Sequence[Look]) -> set[int]:
    """Lines that list annexes: 附件：1.十大成果名单, and 2.提名成果名单 below it."""
    found: set[int] = set()
    for at, look in enumerate(looks):
        named = _ANNEX.match(look.text)
        if not named:
            continue
        first = marker(look.text[named.end() :])
        alone = named.end() == len(look.text)
        # The number of the annex before the next line; None if no list of them begins here.
        number = 0 if alone else None
        if first:
            number = first.number
        papers: list[int] = []
        while number is not None and at + len(papers) + 1 < len(looks):
            below = looks[at + len(papers) + 1]
            if not below.mark or below.mark.number != number + 1 or below.split:
                break
            if alone and not _PAPER.search(below.text):
                break
            papers.append(at + len(papers) + 1)
            number += 1
        if first or papers:
            found |= {at, *papers}
    return found


def points(
    looks: Sequence[Look], sure: Sequence[bool], headings: Container[int], style: str | None
) -> set[int]:
    """Numbered lines that count within the summary of an entry: 1 and on, without organizations.

    After the last entry they might be entries as well: not if a name is quoted first in one.
    """
    found: set[int] = set()
    run: list[int] = []
    entry: int | None = None
    for at, look in enumerate(looks):
        if at in headings:
            found |= _unquoted(looks, run)
            entry, run = None, []
        if not look.mark or look.style != style:
            continue
        if sure[at]:
            goes_on = entry is not None and look.mark.number == entry + 1
            found |= set(run) if goes_on else _unquoted(looks, run)
            entry, run = look.mark.number, []
        elif entry is not None and look.mark.number == len(run) + 1:
            run.append(at)
        else:
            found |= _unquoted(looks, run)
            entry, run = None, []
    return found | _unquoted(looks, run)


def _unquoted(looks: Sequence[Look], run: list[int]) -> set[int]:
    quoted = any(looks[at].text[looks[at].body[0] :].startswith("“") for at in run)
    return set() if quoted else set(run)


def signatures(looks: Sequence[Look], headings: Container[int]) -> set[int]:
    """Organizations with a date, a signature or nothing after them; of the last, two: more of them are a list."""
    found, closes = set(), True
    for at in reversed(range(len(looks))):
        signs = closes and looks[at].can_sign and at not in headings
        if signs:
            found.add(at)
        closes = signs or looks[at].is_closing
    undated = len(looks)
    while undated - 1 in found:
        undated -= 1
    return found - (set(range(undated, len(looks))) if len(looks) - undated > 2 else set())


def numbers_of_part(
    looks: Sequence[Look], sure: Sequence[bool], headings: Container[int], style: str | None
) -> list[set[int | None]]:
    """For each line, the numbers of the entries that are sure, in its part of the list."""
    numbers: list[set[int | None]] = []
    part: set[int | None] = set()
    for at, look in enumerate(looks):
        if at in headings:
            part = set()
        numbers.append(part)
        if look.mark and look.style == style and sure[at]:
            part.add(look.mark.number)
    return numbers

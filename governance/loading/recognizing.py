"""Which entry of the record an entry of a file is: by its words, since its place in a list may change.

A code is an address for good, so no entry may get one that was another's. An entry is known again by
its title, its quoted name, its summary or its organizations, as the record has them or as the last
load had them; what shares none of them with anything is new.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from governance.index.text import fold
from governance.models import Achievement
from governance.models.award import award_year_code

from .history import Known, said_so_far
from .schemas import SCHEMAS, Key

# What is said of an entry: its TEXTS, as far as they are given.
Texts = Mapping[str, Any]

TEXTS = ("title", "short_name", "organization_text", "summary")

# What must be alike, from the surest: what is left by one clue is asked for the next.
CLUES = (
    *(("title", "organization_text", "summary"), ("title", "organization_text")),
    *(("title",), ("summary",), ("short_name",), ("organization_text",)),
)


@dataclass
class Recorded:
    """An entry of the record: its code, the codes that it had before, its words of now and then."""

    code: str
    title: str
    codes: set[str] = field(default_factory=set)
    versions: list[Texts] = field(default_factory=list)


def recorded(scope: str, said: Mapping[Key, Known] | None = None) -> dict[str, Recorded]:
    """{code: Recorded} of an award year, by its code; `said` is what loads have said of its entries, {key: Known}.

    Deleted ones that a load has brought are among them: they do not come back as others.
    """
    said = said_so_far({scope})[SCHEMAS[Achievement]] if said is None else said
    found: dict[str, Recorded] = {}
    by_pk: dict[int | None, Recorded] = {}
    rows = Achievement.objects.filter(award_year__code=scope)
    for pk, code, *texts in rows.values_list("pk", "code", *TEXTS):
        found[code] = by_pk[pk] = Recorded(code, texts[0], {code})
        by_pk[pk].versions.append(dict(zip(TEXTS, texts, strict=True)))
    for (code,), before in said.items():
        if award_year_code(code) != scope:
            continue
        row = by_pk.get(before.pk)
        if row is None:
            row = found.setdefault(code, Recorded(code, before.said.get("title", ""), {code}))
        row.codes.add(code)
        row.versions.append(before.said)
    return found


def recognize(
    listed: Mapping[str, Texts], there: Mapping[str, Recorded]
) -> dict[str, Recorded | None]:
    """{code in a file: the Recorded that it is, None for a new entry}; the tiers each by itself.

    `listed` is {code: its TEXTS}, as far as the file says them; `there` is what `recorded` gives. Of
    several that are alike, one with the same code is meant, and otherwise none.
    """
    tiers = _by_tier(there)
    found: dict[str, Recorded | None] = {}
    for tier, codes in _by_tier(listed).items():
        some = {code: listed[code] for code in codes}
        found |= _recognize(some, {code: there[code] for code in tiers[tier]})
    return found


def _recognize(
    listed: Mapping[str, Texts], there: Mapping[str, Recorded]
) -> dict[str, Recorded | None]:
    found: dict[str, Recorded | None] = dict.fromkeys(listed)
    if not there:
        return found
    by_code = {code: row for row in there.values() for code in row.codes}
    at_once = set()
    for code, texts in listed.items():
        row = by_code.get(code)
        # What says no title means the code. Most entries are as they were: that is seen at once.
        if "title" not in texts or (row and any(_same(texts, old) for old in row.versions)):
            found[code] = row
            at_once.add(code)
    left = {code: _folded(texts) for code, texts in listed.items() if code not in at_once}
    taken = {row.code for row in found.values() if row}
    free = {row.code: row for row in there.values() if row.code not in taken} if left else {}
    versions = {code: [_folded(old) for old in row.versions] for code, row in free.items()}
    for clue in CLUES:
        for code, other in _alike(clue, left, versions, by_code):
            found[code] = free[other]
            del left[code], versions[other]
    return found


def misnamed(
    listed: Mapping[str, Texts], there: Mapping[str, Recorded]
) -> Iterator[tuple[str, str]]:
    """Yield (code, sentence) of the entries of a file that stand under a code which is another's."""
    taken = {code: row for row in there.values() for code in row.codes}
    new = codes_given(listed, there)
    for code, right in new.items():
        row = taken.get(code)
        if right == code or (row and right == row.code):
            continue
        values = {"title": listed[code]["title"], "code": code, "right": right}
        if right in taken:
            sentence = _(
                "%(title)s在本库的编号是 %(right)s，文件里成了 %(code)s。编号即网址，不随次序改变："
                "请在文件中仍用 %(right)s，次序只记在序号里；由公告读出的，请重新读取公告。"
            )
        else:
            values["there"] = row.title if row else ""
            sentence = _(
                "%(code)s 在本库是%(there)s，文件里却是%(title)s，标题、机构、简介无一相同。编号即网址，"
                "不能转给别的成果：请给它未用过的编号，如 %(right)s；由公告读出的，请重新读取公告。"
            )
        yield code, sentence % values


def codes_of(scope: str, listed: Mapping[str, Texts]) -> dict[str, str]:
    """{code by place in the list: code for good}: of what the record knows its own, else a free one.

    `listed` is {code: its TEXTS}; the codes begin with `scope`, that of
    their award year, and tier, as 2015-w01 does.
    """
    return codes_given(listed, recorded(scope))


def codes_given(listed: Mapping[str, Texts], there: Mapping[str, Recorded]) -> dict[str, str]:
    """`codes_of`, for what `recorded` gives."""
    recognized = recognize(listed, there)
    taken = {code for row in there.values() for code in row.codes}
    found = {code: row.code for code, row in recognized.items() if row}
    found |= {code: code for code in listed if code not in found and code not in taken}
    free: dict[str, Iterator[str]] = {}
    for code in listed:
        if code not in found:
            tier = _tier(code)
            free.setdefault(tier, free_codes(tier, taken | set(found.values())))
            found[code] = next(free[tier])
    return found


def free_codes(tier: str, taken: Iterable[str]) -> Iterator[str]:
    """Codes of a tier that nothing has had, from the first after the last: 2015-w12, 2015-w13, …"""
    numbers = (int(code.removeprefix(tier)) for code in taken if code.startswith(tier))
    return (f"{tier}{number:02}" for number in count(max(numbers, default=0) + 1))


def _tier(code: str) -> str:
    return code[: code.rindex("-") + 2]


def _by_tier(codes: Iterable[str]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for code in codes:
        found[_tier(code)].append(code)
    return found


def _same(texts: Texts, old: Texts) -> bool:
    return all(texts.get(name) == old.get(name) for name in TEXTS if name != "short_name")


def _folded(texts: Texts) -> dict[str, str]:
    return {name: re.sub(r"[\W_]", "", fold(texts.get(name) or "")) for name in TEXTS}


def _alike(
    clue: tuple[str, ...],
    left: Mapping[str, Texts],
    versions: Mapping[str, list[dict[str, str]]],
    by_code: Mapping[str, Recorded],
) -> Iterator[tuple[str, str]]:
    """Pairs (code in the file, code in the record) that share a clue with nothing else."""
    asked: dict[tuple[str, ...], set[str]] = defaultdict(set)
    there: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for code, texts in left.items():
        if texts[clue[0]]:
            asked[_value(texts, clue)].add(code)
    for code, olds in versions.items():
        for old in olds:
            if old[clue[0]]:
                there[_value(old, clue)].add(code)
    pairs = []
    for value in sorted(asked.keys() & there.keys()):
        for code in sorted(asked[value]):
            row = by_code.get(code)
            if row and row.code in there[value]:
                pairs.append((code, row.code))
    same_files, same_rows = ({pair[side] for pair in pairs} for side in (0, 1))
    for value in sorted(asked.keys() & there.keys()):
        codes, rows = asked[value] - same_files, there[value] - same_rows
        if len(codes) == 1 and len(rows) == 1:
            pairs.append((codes.pop(), rows.pop()))
    return _once(pairs)


def _once(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """An entry may be as one of the record was and as another is: then it is the first alone."""
    files: set[str] = set()
    rows: set[str] = set()
    for code, row in pairs:
        if code not in files and row not in rows:
            files.add(code)
            rows.add(row)
            yield code, row


def _value(texts: Texts, clue: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(texts[name] for name in clue)

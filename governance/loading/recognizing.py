"""Which entry of the record an entry of a file is: by its words, since its place in a list may change.

A code is an address for good, so no entry may get one that was another's. An entry is known again by
its title or by most of its summary, as the record has them or as the last load had them. What only
looks alike is for a person to say, and what is not alike to anything is new.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from django.utils.translation import gettext as _

from governance.models import Achievement, Publication
from governance.models.award import award_year_code

from .history import Known, said_so_far
from .likeness import TEXTS, Alike, EntryWords, Likeness, Texts
from .schemas import SCHEMAS, Key

# So much of a summary is told of an entry that is in doubt.
TOLD = 60


@dataclass
class Recorded:
    """An entry of the record: its code, the codes that it had before, its words of now and then."""

    code: str
    title: str
    codes: set[str] = field(default_factory=set)
    versions: list[Texts] = field(default_factory=list)


@dataclass(frozen=True)
class Recognized:
    """The Recorded that an entry of a file is, or None; and if that is in doubt, those that it may be."""

    row: Recorded | None = None
    doubts: tuple[Recorded, ...] = ()


def recorded(scope: str, said: Mapping[Key, Known] | None = None) -> dict[str, Recorded]:
    """{code: Recorded} of an award year, by its code; `said` is what loads have said of its entries, {key: Known}.

    Deleted ones that a load has brought are among them, and those that were ever public: they do not
    come back as others.
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
    known = {code for row in found.values() for code in row.codes}
    was_public = Publication.objects.filter(code__startswith=f"{scope}-")
    for code, title in was_public.values_list("code", "title"):
        if code not in known:
            found[code] = Recorded(code, title, {code}, [{"title": title}])
    return found


def recognize(listed: Mapping[str, Texts], there: Mapping[str, Recorded]) -> dict[str, Recognized]:
    """{code in a file: Recognized}, empty for a new entry; the tiers each by itself.

    `listed` is {code: its TEXTS}, as far as the file says them; `there` is what `recorded` gives.
    """
    tiers = _by_tier(there)
    found: dict[str, Recognized] = {}
    for tier, codes in _by_tier(listed).items():
        some = {code: listed[code] for code in codes}
        found |= _recognize(some, {code: there[code] for code in tiers[tier]})
    return found


def _recognize(listed: Mapping[str, Texts], there: Mapping[str, Recorded]) -> dict[str, Recognized]:
    """1. What says no title, or the very words of its code, is at once what the code says: most are.
    2. From the surest likeness down: an entry is what it is alike in this way, if nothing else is.
    3. Of the others, what is alike to any that is left is in doubt.
    """
    found = dict.fromkeys(listed, Recognized())
    if not there:
        return found
    by_code = {code: row for row in there.values() for code in row.codes}
    left = dict(listed)
    for code, texts in listed.items():
        row = by_code.get(code)
        if "title" not in texts or (row and any(_same(texts, old) for old in row.versions)):
            found[code] = Recognized(row)
            del left[code]
    taken = {each.row.code for each in found.values() if each.row}
    free = {row.code: row for row in there.values() if row.code not in taken} if left else {}
    alike = Alike({code: map(EntryWords.of, row.versions) for code, row in free.items()})
    pairs = {code: alike.to(EntryWords.of(texts)) for code, texts in left.items()}
    for how in sorted(set(Likeness) - {Likeness.NONE, Likeness.DOUBTFUL}, reverse=True):
        for code, other in _sole_pairs(pairs, free, how, by_code):
            found[code] = Recognized(free.pop(other))
            del pairs[code]
    for code, others in pairs.items():
        # The likeliest first; sorting keeps the order of codes among equals.
        likely = sorted(sorted(others.keys() & free.keys()), key=others.__getitem__, reverse=True)
        found[code] = Recognized(None, tuple(free[other] for other in likely))
    return found


def _sole_pairs(
    pairs: Mapping[str, Mapping[str, Likeness]],
    free: Collection[str],
    how: Likeness,
    by_code: Mapping[str, Recorded],
) -> list[tuple[str, str]]:
    """(code in the file, code in the record) of those that are alike in this way, and to nothing else.

    Twins in all their words are what their codes say: nobody can tell them otherwise.
    """
    asked, there = defaultdict(set), defaultdict(set)
    for code, others in pairs.items():
        for other, likeness in others.items():
            if likeness is how and other in free:
                asked[code].add(other)
                there[other].add(code)
    if how is Likeness.ALL:
        for code in list(asked):
            row = by_code.get(code)
            if row and row.code in asked[code]:
                asked[code], there[row.code] = {row.code}, {code}
    sole = ((code, *others) for code, others in asked.items() if len(others) == 1)
    return [(code, other) for code, other in sole if there[other] == {code}]


class Misnamed(NamedTuple):
    """An entry of a file under a code that is another's, or if it is `doubtful` may be, and the sentence on it."""

    code: str
    sentence: str
    doubtful: bool = False


def misnamed(
    listed: Mapping[str, Texts],
    there: Mapping[str, Recorded],
    sure: Collection[str] = (),
) -> Iterator[Misnamed]:
    """Yield the Misnamed of a file.

    `sure` are codes of which a person says that the entry which looks alike is what its code says:
    the entry of the record that has it, corrected, or a new one.
    """
    taken = {code: row for row in there.values() for code in row.codes}
    recognized = recognize(listed, there)
    new = _codes(recognized, there)
    for code, right in new.items():
        row, doubts = taken.get(code), recognized[code].doubts
        if code in sure and doubts and (row is None or row in doubts):
            continue
        if doubts:
            yield Misnamed(code, in_doubt(code, listed[code], doubts, right), doubtful=True)
            continue
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
                "%(code)s 在本库是%(there)s，文件里却是%(title)s，标题、简介都不相同。编号即网址，"
                "不能转给别的成果：请给它未用过的编号，如 %(right)s；由公告读出的，请重新读取公告。"
            )
        yield Misnamed(code, sentence % values)


def in_doubt(code: str, texts: Texts, doubts: Iterable[Recorded], right: str) -> str:
    """The sentence on an entry that may be one of the record or not; `right`: its code if it is new."""
    sentence = _(
        "分不清是更正还是新的成果。文件里是%(mine)s；本库里是%(others)s。若是更正，请用本库的编号；"
        "若是新的成果，请用未用过的编号，如 %(right)s。"
        "编号无误后，用 load_awards --sure 编号 装入；由公告读出的，也可在后台装入时逐项回答。"
    )
    others = "；".join(f"{row.code} {_told(row.versions[0])}" for row in doubts)
    return sentence % {"mine": f"{code} {_told(texts)}", "others": others, "right": right}


def _told(texts: Texts) -> str:
    summary = texts.get("summary") or ""
    cut = f"{summary[:TOLD]}…" if len(summary) > TOLD else summary
    body = texts.get("organization_text")
    return f"{texts.get('title', '')}{f'（{body}）' if body else ''}{cut}"


@dataclass(frozen=True)
class GivenCode:
    """The code for good of an entry; with `doubts`, that which it gets if it is none of them."""

    code: str
    doubts: tuple[Recorded, ...] = ()


def codes_of(
    scope: str, listed: Mapping[str, Texts], besides: Collection[str] = ()
) -> dict[str, GivenCode]:
    """{code by place in the list: GivenCode}: of what the record knows its own, else a free one.

    `listed` is {code: its TEXTS}; the codes begin with `scope`, that of
    their award year, and tier, as 2015-w01 does. No new one is among `besides`.
    """
    there = recorded(scope)
    recognized = recognize(listed, there)
    codes = _codes(recognized, there, besides)
    return {code: GivenCode(right, recognized[code].doubts) for code, right in codes.items()}


def _codes(
    recognized: Mapping[str, Recognized],
    there: Mapping[str, Recorded],
    besides: Collection[str] = (),
) -> dict[str, str]:
    """{code by place in the list: code for good}"""
    taken = {*besides, *(code for row in there.values() for code in row.codes)}
    found = {code: each.row.code for code, each in recognized.items() if each.row}
    found |= {code: code for code in recognized if code not in found and code not in taken}
    free: dict[str, Iterator[str]] = {}
    for code in recognized:
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

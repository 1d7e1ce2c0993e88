"""Lines as a page has them → paragraphs: page numbers go out, and what a page broke is joined."""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from unicodedata import east_asian_width

from governance.announcements.files.paragraphs import SourceText
from governance.announcements.readings import Counted, Remark, Sentence, first_of

from .line_features import Look
from .patterns import ORGANIZATION_LABEL, TITLE_LABEL, is_organization
from .preface import is_whole_title

_NUMBER = r"[\d一二三四五六七八九十百]{1,5}"
_PAGE = re.compile(
    rf"\s*\d{{1,3}}\s*|\s*[-—·~]+\s*\d{{1,4}}\s*[-—·~]+\s*|\s*\d{{1,4}}\s*/\s*\d{{1,4}}\s*|\s*page\s*\d+(?:\s*(?:of|/)\s*\d+)?\s*"
    rf"|\W*(?:(?:第\s*{_NUMBER}|共\s*{_NUMBER})\s*页[\s,/|]*){{1,2}}\W*",
    re.IGNORECASE,
)
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("《", "》"))
# What no paragraph begins with.
_GOES_ON = re.compile(r"\s*[,。、;:!?)\]”》].*\w")
# In half-width characters: how much shorter than the longest a line may be that the page's edge broke.
SLACK = 6
# How far a bracket may reach.
REACH, FAR = 3, 60
SHOWN = 10
_PLACE_END = re.compile("[省市区县旗镇乡村]$|街道$")


def as_paragraphs(source: SourceText) -> SourceText:
    """The source with the lines of its pages put together, outside of tables; a remark tells of it.

    1. Lines that number pages go.
    2. A line goes on in the next one where a bracket or a quote is open between them, or the next
       begins with a comma; and in a document that has such lines, all about as long as the longest,
       wherever a line is as long and does not end as a paragraph does.
    3. A field of a form goes on where the next line has no label: a title as long as no other field has
       begun, a body that is none without the next line.
    4. A subtitle (——老旧小区的实践) goes on with the title above.
    """
    tabular = {line.number for row in source.rows for line in source.within(row)}
    looks = [Look(line) for line in source.paragraphs if line.number not in tabular]
    gone = [look for look in looks if _PAGE.fullmatch(look.text)]
    numbers = {look.line.number for look in gone}
    looks = [look for look in looks if look.line.number not in numbers]
    joined = sorted({*_joins(looks), *_fields(looks), *_subtitles(looks)})
    spans = [(look.line.start, look.line.start + len(look.text) + 1) for look in gone]
    spans += [
        (looks[at].line.start + len(looks[at].text.rstrip()), after.start + _margin(after.plain))
        for at in joined
        for after in [looks[at + 1].line]
    ]
    if not spans:
        return source
    remarks = [Remark(look.line.number, _told(gone)) for look in gone[:1]]
    remarks += [Remark(looks[at].line.number, _told_joined(joined)) for at in joined[:1]]
    source.remarks += remarks
    return source.without(_merged(sorted(spans)))


def _margin(text: str) -> int:
    return len(text) - len(text.lstrip())


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same spans without what two of them share: a page number between two halves of a line."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _told(pages: list[Look]) -> Sentence:
    pages_told = [f"“{look.text.strip()}”" for look in pages]
    return Sentence("页码没有读入：%(pages)s。", {"pages": first_of(pages_told, SHOWN)})


def _told_joined(joined: list[int]) -> Sentence:
    return Counted(
        "从这里起有 %(count)s 处换行不是段落的结尾，前后两行已接成一段，请核对标题和机构。",
        {"count": len(joined)},
    )


def _joins(looks: list[Look]) -> Iterator[int]:
    """The places of lines that go on in the next one."""
    proved = {at for start in range(len(looks)) for at in _open(looks, start)}
    proved |= {
        at
        for at in range(len(looks) - 1)
        if _GOES_ON.match(looks[at + 1].text) and not looks[at].ends
    }
    yield from proved
    edges = [_width(looks[at].text) for at in {*proved, *_cut(looks)}]
    longest = max(edges, default=0)
    wider = sum(_width(look.text) > longest + SLACK for look in looks)
    short = sum(edge < longest - SLACK for edge in edges)
    if len(edges) < 2 or 5 * short > len(edges) or 10 * wider > len(looks):
        return
    for at in set(range(len(looks) - 1)) - proved:
        if _width(looks[at].text) >= longest - SLACK and _can_go_on(looks[at], looks[at + 1]):
            yield at


def _open(looks: list[Look], at: int) -> list[int]:
    """The places from a line whose bracket or quote is open to the one before the line that closes it."""
    for opening, closing in _PAIRS:
        last = looks[at].text.rfind(opening)
        if last < 0 or closing in looks[at].text[last:]:
            continue
        for end, look in enumerate(looks[at + 1 : at + 1 + REACH], at + 1):
            if look.mark or look.heading:
                break
            before, found, _after = look.text.partition(closing)
            if re.search("[。;!?]", before) or len(before) > FAR or opening in before:
                break
            if found:
                return list(range(at, end))
    return []


def _cut(looks: list[Look]) -> Iterator[int]:
    """The places of lines that most likely go on: titles above a bare organization in brackets, half sentences."""
    for at, (look, after) in enumerate(pairwise(looks)):
        if (look.mark and look.split) or look.heading or look.ends:
            continue
        half = after.is_told and not after.is_labelled and re.search("[,;、]", look.text)
        if after.is_tail if look.mark else half:
            yield at


def _can_go_on(look: Look, after: Look) -> bool:
    """Whether a long line may be the beginning of a paragraph that goes on in the next line."""
    # A clause that ends in 社区 looks like an organization after a comma.
    entered = look.split and (look.mark or "," not in look.text)
    if look.ends or entered or look.heading or is_whole_title(look.text):
        return False
    begins = after.mark or after.heading or after.is_labelled or after.organization
    neighbours = after.line.number == look.line.number + 1
    return neighbours and not (begins or after.is_closing)


def _fields(looks: list[Look]) -> Iterator[int]:
    """The places of labelled lines, 申报单位：…, that go on in the next one."""
    for at, (look, after) in enumerate(pairwise(looks)):
        if after.mark or after.is_labelled or after.heading or after.is_told:
            continue
        below = looks[at + 2] if at + 2 < len(looks) else None
        if TITLE_LABEL.match(look.text, look.mark.end if look.mark else 0):
            if below and ORGANIZATION_LABEL.match(below.text) and not after.organization:
                yield at
        elif label := ORGANIZATION_LABEL.match(look.text):
            body = look.text[label.end() :].strip()
            rest = after.text.strip()
            # 太仓市城厢镇 | 人民政府: a place, and below it a body of no place.
            cut = _PLACE_END.search(body) and not is_organization(rest, certainly=True)
            open_end = body.endswith("、") or not is_organization(body, certainly=True)
            if (cut or open_end) and is_organization(body + rest, certainly=True):
                yield at


def _subtitles(looks: list[Look]) -> Iterator[int]:
    """The places of titles below which a line says —— and more."""
    for at, (look, below) in enumerate(pairwise(looks)):
        if not below.is_subtitle:
            continue
        after = looks[at + 2] if at + 2 < len(looks) else None
        entered = look.mark or (after and after.organization)
        if entered and look.is_titular and not (look.split or look.heading):
            yield at


def _width(text: str) -> int:
    """How wide a line is on a page, in half-width characters."""
    return sum(
        len(list(same)) * (2 if kind in "WFA" else 1)
        for kind, same in groupby(text.rstrip(), east_asian_width)
    )

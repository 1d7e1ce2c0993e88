"""From a source to a Reading: table or list, tiers, claims, and an account of every line."""

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.announcements.files.invisible import remarks_on
from governance.announcements.files.paragraphs import Paragraph, SourceText, plain
from governance.announcements.readings import (
    Counted,
    Document,
    Line,
    Reading,
    Remark,
    Sentence,
    Unreadable,
    first_places,
)

from .award_names import award_name_in
from .categories import calls_for_entries, names_both, tier_of, years_in
from .claims import claims_of
from .drafts import Findings
from .list_numbers import marker
from .lists import ListReader
from .patterns import VOTES, is_roll, is_sentence
from .printed_lines import as_paragraphs
from .tables import TableReader
from .tiers import ranked_entries

NO_LIST = Sentence(
    "文件中没有找到成果列表：应当有带编号的条目（如“1.标题（机构）”），或表头含“成果名称”的表格。"
)
PROSE = Sentence(
    "%(no_list)s这份文件只有成段的文字，没有逐条列出的成果；请改用附有名单的那份文件。",
    {"no_list": NO_LIST},
)
CALL = Sentence("%(no_list)s从标题看，这是征集或评选的通知，不是评选的结果。", {"no_list": NO_LIST})
ROLL = Sentence(
    "%(no_list)s这份文件列的是社区、村或单位的名称，没有成果的标题。", {"no_list": NO_LIST}
)
# How a program calls a sheet that nobody has named.
_UNNAMED = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_RADICALS = re.compile("[\u2e80-\u2fdf]")
# What the lines hold that `patterns.VOTES` finds.
VOTES_TOLD = Sentence("得票、得分或占比")
LONG_PIECE = 200
SHOWN = 10


def read_source(source: SourceText) -> Reading:
    """The Reading of a source; raises Unreadable where it holds no list.

    1. What a page cut is put together: `printed_lines`.
    2. If a table has a heading row, its rows are drafts of entries; else the lines are read as a
       list. Either gives Findings: headings, drafts, and what each line was used for.
    3. Entries most of which name no organization are refused, unless the title, the preamble or a
       heading says that they won or were nominated.
    4. Each draft gets its tier, by its own words or the headings above it, and its rank. A draft
       without a tier stays unread, with a remark.
    5. The document's title, preamble and headings say what the award is called and how many there
       are; what they count is compared with what was read.
    6. Every line is accounted for, with its use or with none.
    """
    source = as_paragraphs(source)
    lines = source.paragraphs
    if not lines:
        raise Unreadable(Sentence("文件是空的，没有任何文字。"))
    tables = TableReader(source)
    findings = tables.read() if tables.tables else ListReader(source).read()
    if not findings.drafts or tables.explains(findings.drafts):
        raise Unreadable(tables.complaint() or _why_no_list(findings, lines))
    # Before drafts get the year of the headings above them, and the title may be that of the file.
    said_years = [item.year for item in findings.items if item.year]
    named_years = frozenset([*years_in(plain(findings.title)), *said_years])
    findings.title = findings.title or _other_title(findings, source)
    preamble = [line for line in lines if findings.uses.get(line.number) == "preamble"]
    _refuse_other_lists(findings, preamble)
    entries = ranked_entries(findings, source, preamble)
    if not entries:
        raise Unreadable(_no_tier(findings, source))
    said = [findings.title, *(line.text for line in preamble)]
    said += [heading.text for heading in findings.headings]
    award = award_name_in(*_without_radicals(said))
    left_out = _left_out(findings, source)
    remarks = [*source.remarks, *remarks_on(source.text), *findings.remarks, *left_out]
    return Reading(
        document=Document(source.text, findings.title, award),
        entries=entries,
        lines=list(_account(source, findings.uses)),
        claims=claims_of(findings, entries, lines),
        remarks=sorted(remarks, key=lambda remark: remark.paragraph),
        named_years=named_years,
    )


def _without_radicals(texts: list[str]) -> tuple[str, list[str]]:
    """A title and other texts with the characters for which PDFs have radicals: a name is no quotation."""
    title, *others = (_RADICALS.sub(lambda sign: plain(sign[0]), text) for text in texts)
    return title, others


def _other_title(findings: Findings, source: SourceText) -> str:
    """What a document without a line for its title may be called: by its header, a heading, a sheet, its file."""
    lines = [heading.paragraph for heading in findings.headings]
    marks = [marker(line.plain) for line in lines]
    headings = (
        line.text[mark.end if mark else 0 :].strip()
        for line, mark in zip(lines, marks, strict=True)
    )
    sheets = [line.text for line in source.paragraphs if line.start in source.sheets]
    sheets += [row.sheet for row in source.rows[:1] if row.sheet]
    names = [
        (Sentence("页眉"), source.header),
        *(
            (Sentence("栏目标题"), one)
            for one in headings
            if award_name_in(one) or years_in(plain(one))
        ),
        *((Sentence("工作表名称"), one) for one in sheets[:1] if not _UNNAMED.fullmatch(one)),
        (Sentence("文件名"), source.name),
    ]
    where, title = next(((where, name) for where, name in names if name), (None, ""))
    if where:
        sentence = Sentence(
            "文件没有写明标题，暂用%(where)s“%(title)s”，请核对。", {"where": where, "title": title}
        )
        findings.remark(1, sentence)
    return title


def _left_out(findings: Findings, source: SourceText) -> Iterator[Remark]:
    if voted := list(_with_votes(findings, source)):
        findings.left_out[VOTES_TOLD] = voted
    for what, numbers in findings.left_out.items():
        places = first_places([source.where(number) for number in numbers[:SHOWN]], len(numbers))
        sentence = Sentence(
            "“%(what)s”不是成果的内容，没有录入：%(places)s。原文仍在年度的公告全文里。",
            {"what": what, "places": places},
        )
        yield Remark(numbers[0], sentence)


def _with_votes(findings: Findings, source: SourceText) -> Iterator[int]:
    """The paragraphs of entries with votes, scores or shares in what no entry has of them."""
    lines = {line.number: line for line in source.paragraphs}
    for draft in findings.drafts:
        parts = [draft.title, draft.marker, draft.organization, *draft.places]
        kept = [(one.start, one.end) for one in parts if one]
        kept += [draft.summary] if draft.summary else []
        for number in sorted(draft.uses):
            line, rest = lines[number], lines[number].plain
            for start, end in kept:
                first, last = (max(0, at - line.start) for at in (start, end))
                rest = rest[:first] + "\n" * len(rest[first:last]) + rest[last:]
            # Beyond that length they are prose, in which to look would take long.
            pieces = (piece for piece in rest.split("\n") if len(piece) <= LONG_PIECE)
            if number in findings.scored or any(map(VOTES.search, pieces)):
                yield number


def _account(source: SourceText, uses: dict[int, str]) -> Iterator[Line]:
    for paragraph in source.paragraphs:
        line = Line(paragraph.number, paragraph.text, uses.get(paragraph.number, ""))
        if paragraph.start in source.sheets:
            line = replace(line, sheet=paragraph.text)
        elif row := source.rows_by_paragraph.get(paragraph.number):
            line = replace(line, row=row.number, table=row.table, sheet=row.sheet)
        yield line


def _no_tier(findings: Findings, source: SourceText) -> Sentence:
    """Says that no entry has a tier, and why the last one has none."""
    none = Counted(
        "找到了 %(count)s 条，但没有一条能看出是获奖成果还是提名成果。",
        {"count": len(findings.drafts)},
    )
    if not findings.remarks:
        return none
    last = findings.remarks[-1]
    return Sentence(
        "%(none)s%(place)s：%(remark)s",
        {"none": none, "place": source.where(last.paragraph), "remark": last.sentence},
    )


def _why_no_list(findings: Findings, lines: list[Paragraph]) -> Sentence:
    if calls_for_entries(plain(findings.title)):
        return CALL
    if any(is_roll(line.plain) for line in lines):
        return ROLL
    if not any(marker(line.plain) for line in lines) and any(
        is_sentence(line.plain) for line in lines
    ):
        return PROSE
    return NO_LIST


def _refuse_other_lists(findings: Findings, preamble: list[Paragraph]) -> None:
    """Numbered lines, most of them without organization, are an award's list only if something says so."""
    drafts = findings.drafts
    if 2 * sum(bool(one.organization or one.tier_words) for one in drafts) >= len(drafts):
        return
    title = plain(findings.title)
    headed = any(heading.tier for heading in findings.headings)
    told = any(
        tier_of(text) or names_both(text)
        for text in (title, *(line.plain for line in preamble[-1:]))
    )
    if calls_for_entries(title):
        raise Unreadable(CALL)
    if not (headed or told):
        raise Unreadable(
            Counted(
                "%(no_list)s第 %(paragraph)s 段起有编号的 %(count)s 条大多没有写机构，标题和栏目也没有说明它们获奖或获提名；"
                "请在标题后的括号里补上机构，或在前面加一行“获奖成果”。",
                {
                    "no_list": NO_LIST,
                    "paragraph": drafts[0].paragraph,
                    "count": len(drafts),
                },
            )
        )

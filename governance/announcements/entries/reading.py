"""From a source to a Reading: table or list, tiers, claims, and an account of every line."""

from collections.abc import Iterator
from dataclasses import replace

from governance.announcements.files.paragraphs import Paragraph, SourceText, plain
from governance.announcements.readings import Document, Line, Reading, Unreadable

from .award_names import award_name_in
from .categories import Heading, calls_for_entries, names_both, tier_of
from .claims import claims_of
from .drafts import Findings
from .lists import ListReader
from .tables import TableReader
from .tiers import ranked_entries

NO_LIST = (
    "文件中没有找到成果列表：应当有带编号的条目（如“1.标题（机构）”），或表头含“成果名称”的表格。"
)


def read_source(source: SourceText) -> Reading:
    """The Reading of a source; raises Unreadable where it holds no list.

    1. If a table has a heading row, its rows are drafts of entries; else the lines are read as a
       list. Either gives Findings: headings, drafts, and what each line was used for.
    2. Entries most of which name no organization are refused, unless the title, the preamble or a
       heading says that they won or were nominated.
    3. Each draft gets its tier, by its own words or the headings above it, and its rank. A draft
       without a tier stays unread, with a remark.
    4. The document's title, preamble and headings say what the award is called and how many there
       are; what they count is compared with what was read.
    5. Every line is accounted for, with its use or with none.
    """
    lines = source.paragraphs
    if not lines:
        raise Unreadable("文件是空的，没有任何文字。")
    tables = TableReader(source)
    findings = tables.read() if tables.tables else ListReader(source).read()
    if not findings.drafts or tables.explains(findings.drafts):
        raise Unreadable(tables.complaint() or NO_LIST)
    preamble = [line for line in lines if findings.uses.get(line.number) == "preamble"]
    _refuse_other_lists(findings, preamble)
    entries = ranked_entries(findings, source, preamble)
    if not entries:
        last = findings.remarks[-1] if findings.remarks else None
        raise Unreadable(
            f"找到了 {len(findings.drafts)} 条，但没有一条能看出是获奖成果还是提名成果。"
            + (f"{source.where(last.paragraph)}：{last.sentence}" if last else "")
        )
    headings = [item.text for item in findings.items if isinstance(item, Heading)]
    award = award_name_in(findings.title, [*(line.text for line in preamble), *headings])
    return Reading(
        document=Document(source.text, findings.title, award),
        entries=entries,
        lines=list(_account(source, findings.uses)),
        claims=claims_of(findings, entries, lines),
        remarks=sorted(source.remarks + findings.remarks, key=lambda remark: remark.paragraph),
    )


def _account(source: SourceText, uses: dict[int, str]) -> Iterator[Line]:
    for paragraph in source.paragraphs:
        line = Line(paragraph.number, paragraph.text, uses.get(paragraph.number, ""))
        if paragraph.start in source.sheets:
            line = replace(line, sheet=paragraph.text)
        elif row := source.rows_by_paragraph.get(paragraph.number):
            line = replace(line, row=row.number, table=row.table, sheet=row.sheet)
        yield line


def _refuse_other_lists(findings: Findings, preamble: list[Paragraph]) -> None:
    """Numbered lines, most of them without organization, are an award's list only if something says so."""
    drafts = findings.drafts
    if 2 * sum(bool(one.organization or one.tier_words) for one in drafts) >= len(drafts):
        return
    title = plain(findings.title)
    headed = any(isinstance(item, Heading) and item.tier for item in findings.items)
    told = any(
        tier_of(text) or names_both(text)
        for text in (title, *(line.plain for line in preamble[-1:]))
    )
    if calls_for_entries(title) or not (headed or told):
        raise Unreadable(NO_LIST)

"""From a source to a Reading: table or list, tiers, claims, and an account of every line."""

from governance.announcements.files.paragraphs import plain
from governance.announcements.readings import Document, Line, Reading, Unreadable

from .award_names import award_name_in
from .categories import Heading, calls_for_entries, names_both, tier_of
from .claims import claims_of
from .lists import ListReader
from .tables import TableReader
from .tiers import ranked_entries

NO_LIST = (
    "文件中没有找到成果列表：应当有带编号的条目（如“1.标题（机构）”），或表头含“成果名称”的表格。"
)


def read_source(source):
    """The Reading of a source; raises Unreadable where it holds no list."""
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
        first = findings.remarks[-1] if findings.remarks else None
        raise Unreadable(
            f"找到了 {len(findings.drafts)} 条，但没有一条能看出是获奖成果还是提名成果。"
            + (f"{source.where(first.paragraph)}：{first.sentence}" if first else "")
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


def _account(source, uses):
    rows = source.rows_by_paragraph
    for line in source.paragraphs:
        row, use = rows.get(line.number), uses.get(line.number, "")
        place = (row.number, row.table, row.sheet) if row else ()
        if line.start in source.sheets:
            place = (0, 0, line.text)
        yield Line(line.number, line.text, use, *place)


def _refuse_other_lists(findings, preamble):
    """Numbered lines, most of them without organization, are an award's list only if something says so."""
    found = findings.drafts
    if 2 * sum(bool(one.organization or one.tier_words) for one in found) >= len(found):
        return
    title = plain(findings.title)
    headed = any(isinstance(item, Heading) and item.tier for item in findings.items)
    told = any(
        tier_of(text) or names_both(text)
        for text in (title, *(line.plain for line in preamble[-1:]))
    )
    if calls_for_entries(title) or not (headed or told):
        raise Unreadable(NO_LIST)

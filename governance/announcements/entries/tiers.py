"""Which entries won and which were named, by the headings above them or by their own words."""

import re
from collections.abc import Callable, Iterator

from governance.announcements.files.paragraphs import Paragraph, SourceText, plain
from governance.announcements.readings import NOMINEE, WINNER, Entry, Sentence

from .categories import BODIES, RESTART, SHEET, Heading, names_award, names_both, tier_of
from .claims import COUNT, SENT_IN
from .drafts import Draft, Findings
from .names import short_name

# What a tier is divided into, in the document's own words.
GRADE = re.compile(r"(?:[特一二三四五]等|[金银铜]|优秀|优胜|佳作|鼓励|入围|提名)奖")
BETTER = Sentence("“获奖成果”或“提名成果”")


def ranked_entries(
    findings: Findings, source: SourceText, preamble: list[Paragraph]
) -> list[Entry]:
    """The entries whose tier the document tells. Their lines get their uses; those of others stay unread.

    An entry that a document names twice, in a list and again with its summary, is one entry.
    """
    tiers: dict[int, str] = {}
    first: dict[str, Draft] = {}
    # What was complained of last: a heading, or None for that there is none.
    unknown: object = object()
    drafts = list(_with_tiers(findings, preamble))
    years = {draft.year for draft in findings.drafts if draft.year}
    for draft, tier, above in drafts:
        draft.year = draft.year if len(years) > 1 else None
        known = first.get(_key(draft))
        if tier == BODIES:
            findings.leave_out(draft.tier_words or (above.text if above else ""), draft.uses)
        elif known and known.agrees(draft):
            _merge(findings, known, draft, source)
        elif tier and len(years) > 1 and not draft.year:
            findings.remark(
                draft.paragraph,
                Sentence(
                    "文件有几个年度的成果，看不出这一条是哪一年度的，没有读入；请在它前面加上写明年度的标题。"
                ),
            )
        elif tier:
            first.setdefault(_key(draft), draft)
            tiers[id(draft)] = tier
        elif draft.tier_words:
            sentence = Sentence(
                "看不出“%(words)s”是获奖还是提名，这一条没有读入；请把它改成%(better)s。",
                {"words": draft.tier_words, "better": BETTER},
            )
            findings.remark(draft.paragraph, sentence)
        elif above is not unknown:
            findings.remark(draft.paragraph, _unknown(above))
            unknown = above
    entries: list[Entry] = []
    ranks: dict[tuple[int | None, str], int] = {}
    for draft in findings.drafts:
        if own := tiers.get(id(draft)):
            findings.uses |= draft.uses
            part = draft.year, own
            ranks[part] = ranks.get(part, 0) + 1
            entries.append(_entry(draft, own, ranks[part], source))
    return entries


def _entry(draft: Draft, tier: str, rank: int, source: SourceText) -> Entry:
    return Entry(
        tier=tier,
        rank=rank,
        title=draft.title,
        marker=draft.marker,
        short_name=draft.short_name or short_name(draft.title.text),
        organization_text=draft.organization,
        summary=source.excerpt(*draft.summary) if draft.summary else None,
        places=draft.places,
        year=draft.year,
        grade=draft.grade,
    )


def _unknown(above: Heading | None) -> Sentence:
    """Says that entries below a heading, or below none, have no tier, and which heading would give them one."""
    if above and above.style != RESTART:
        return Sentence(
            "看不出上面的标题“%(heading)s”说的是获奖还是提名，从这一条起没有读入；请把标题改成%(better)s。",
            {"heading": above.text, "better": BETTER},
        )
    return Sentence(
        "看不出从这一条起是获奖还是提名，没有读入；请在它前面加上一行标题：%(better)s。",
        {"better": BETTER},
    )


def _key(draft: Draft) -> str:
    return "".join(plain(draft.title.text).split())


def _merge(findings: Findings, known: Draft, draft: Draft, source: SourceText) -> None:
    """Takes from a second mention what the first one lacks; without anything new it stays unread."""
    place = source.where(known.paragraph)
    if known.completed_by(draft):
        findings.uses |= draft.uses
        sentence = Sentence("与%(place)s是同一项成果，已合为一条。", {"place": place})
    else:
        sentence = Sentence("与%(place)s是同一项成果，重复的这一条没有读入。", {"place": place})
    findings.remark(draft.paragraph, sentence)


def _with_tiers(
    findings: Findings, preamble: list[Paragraph]
) -> Iterator[tuple[Draft, str | None, Heading | None]]:
    """(draft, its tier or None, the heading above it or None) in order; each gets its year, places and grade."""
    told = _told(findings.items)
    telling = {heading.style for heading in findings.headings if told(heading)}
    default = _default(findings, preamble, telling)
    holding: list[tuple[Heading, str | None]] = []
    tier, above, year, grade = default, None, None, ""
    for item in findings.items:
        if isinstance(item, Heading):
            tier, above = _under(item, told(item), holding, telling, default), item
            # 一等奖 goes on with the year above; 成果简介 may be about all years.
            goes_on = item.theme or told(item) or item.style == RESTART
            year = item.year or (year if goes_on else None)
            # A theme below 一等奖 divides it.
            grade = grade if told(item) is None and tier else _grade(item.text)
            continue
        places = (heading.place for heading, _tier in holding)
        item.places = item.places or tuple(filter(None, places))
        item.year = item.year or year
        item.grade = _grade(item.tier_words or "") or grade
        yield item, told(item) if item.tier_words else tier, above


def _grade(words: str) -> str:
    found = GRADE.search(plain(words))
    return found[0] if found else ""


def _told(items: list[Heading | Draft]) -> Callable[[Heading | Draft], str | None]:
    """Gives a function: heading or draft → the tier that its own words tell, or None.

    It needs all items, since the award's bare name, 创新成果, tells a winner only in a document in
    which another heading or cell says 提名.
    """

    def own(item: Heading | Draft) -> str | None:
        return item.tier if isinstance(item, Heading) else tier_of(plain(item.tier_words or ""))

    beside_nominees = any(own(item) == NOMINEE for item in items)

    def told(item: Heading | Draft) -> str | None:
        words = item.text if isinstance(item, Heading) else item.tier_words or ""
        bare = beside_nominees and names_award(plain(words))
        return own(item) or (WINNER if bare else None)

    return told


def _under(
    heading: Heading,
    told: str | None,
    holding: list[tuple[Heading, str | None]],
    telling: set[str],
    default: str | None,
) -> str | None:
    """The tier of the entries below a heading: what its words have `told`, else that of the heading above it.

    `holding` are the headings that are open here, with their tiers; a heading closes the last one of
    its own style and all below that. `telling` are the styles of headings that tell a tier.
    """
    styles = [one.style for one, _tier in holding]
    if heading.style in styles:
        del holding[styles.index(heading.style) :]
    tier: str | None
    if told:
        tier = told
    elif heading.style == RESTART:
        return None if telling else default
    elif holding:
        tier = holding[-1][1]
    else:
        # Where other headings of its style tell a tier, this one is a category that we do not know.
        divides = heading.theme or heading.names_award or heading.style == SHEET
        tier = default if divides and heading.style not in telling else None
    holding.append((heading, tier))
    return tier


def _default(findings: Findings, preamble: list[Paragraph], telling: set[str]) -> str | None:
    """The tier of entries above which no heading tells one: by the document's title, then by its preamble."""
    title = plain(findings.title)
    if names_both(title):
        return None
    if tier := tier_of(title):
        return tier
    for line in reversed(preamble):
        spoken = _spoken_of(line.plain)
        if NOMINEE in spoken and len(spoken) > 1:
            return None
        if tier := next(filter(None, spoken), None):
            return tier
    bare = [draft for draft in findings.drafts if not draft.tier_words]
    if telling or not bare:
        return None
    findings.remark(
        bare[0].paragraph,
        Sentence("文件没有写明这是获奖名单还是提名名单，已按获奖成果读入，请核对。"),
    )
    return WINNER


def _spoken_of(text: str) -> set[str | None]:
    """The tiers that a preamble speaks of, clause by clause; what it counts without naming one is None."""
    clauses = [one for one in re.split("[,;:。!?、和与及暨]", text) if not SENT_IN.search(one)]
    return {tier_of(one) for one in clauses if tier_of(one) or COUNT.search(one)} - {BODIES}

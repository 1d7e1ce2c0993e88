"""Which entries won and which were named, by the headings above them or by their own words."""

from .categories import RESTART, Heading, names_both, tier_of
from .entries import WINNER, Entry
from .names import short_name
from .paragraphs import plain

UNKNOWN = "看不出从这一条起是获奖成果还是提名成果，没有读入；请在它前面加上写明类别的标题。"


def entries_of(findings, source, preamble):
    """The entries whose tier the document tells. Their lines get their uses; those of others stay unread.

    An entry that a document names twice, in a list and again with its summary, is one entry.
    """
    tiers, unknown = {}, object()
    first = {}
    for found, tier, above in _with_tiers(findings, preamble):
        known = first.get(_key(found))
        if known and known.agrees(found):
            _merge(findings, known, found)
        elif tier:
            first.setdefault(_key(found), found)
            tiers[id(found)] = tier
        elif found.tier_words:
            words = f"看不出“{found.tier_words}”是获奖还是提名，这一条没有读入。"
            findings.remark(found.paragraph, words)
        elif above is not unknown:
            findings.remark(found.paragraph, UNKNOWN)
            unknown = above
    entries, ranks = [], {}
    for found in findings.found:
        if tier := tiers.get(id(found)):
            findings.uses |= found.uses
            ranks[tier] = ranks.get(tier, 0) + 1
            entries.append(_entry(found, tier, ranks[tier], source))
    return entries


def _entry(found, tier, rank, source):
    return Entry(
        tier=tier,
        rank=rank,
        title=found.title,
        marker=found.marker,
        short_name=found.short_name or short_name(found.title.text),
        organization_text=found.organization,
        summary=found.summary and source.passage(*found.summary),
    )


def _key(found):
    return "".join(plain(found.title.text).split())


def _merge(findings, known, found):
    """Takes from a second mention what the first one lacks; without anything new it stays unread."""
    same = f"与第 {known.paragraph} 段是同一项成果"
    if known.completed_by(found):
        findings.uses |= found.uses
        findings.remark(found.paragraph, f"{same}，已合为一条。")
    else:
        findings.remark(found.paragraph, f"{same}，重复的这一条没有读入。")


def _with_tiers(findings, preamble):
    """(found, its tier or None, the heading above it or None) in order."""
    telling = {item.style for item in findings.items if isinstance(item, Heading) and item.tier}
    default = _default(findings, preamble, telling)
    holding: list[tuple[str, str | None]] = []
    tier, above = default, None
    for item in findings.items:
        if isinstance(item, Heading):
            tier, above = _under(item, holding, telling, default), item
        elif item.tier_words:
            yield item, tier_of(plain(item.tier_words)), above
        else:
            yield item, tier, above


def _under(heading, holding, telling, default):
    """The tier that a heading gives to what follows it; `holding` are the headings that still hold."""
    styles = [style for style, _ in holding]
    if heading.style in styles:
        del holding[styles.index(heading.style) :]
    if heading.tier:
        tier = heading.tier
    elif heading.style == RESTART:
        return None if telling else default
    elif holding:
        tier = holding[-1][1]
    else:
        # Among headings that tell, one that does not is a category which we do not know.
        tier = default if heading.theme and heading.style not in telling else None
    holding.append((heading.style, tier))
    return tier


def _default(findings, preamble, telling):
    """The tier of entries above which no heading tells one: by the document's title, then by its preamble."""
    for text in [plain(findings.title), *(line.plain for line in reversed(preamble))]:
        if tier := tier_of(text):
            return tier
        if names_both(text):
            return None
    bare = [found for found in findings.found if not found.tier_words]
    if telling or not bare:
        return None
    findings.remark(
        bare[0].paragraph, "文件没有写明这是获奖名单还是提名名单，已按获奖成果读入，请核对。"
    )
    return WINNER

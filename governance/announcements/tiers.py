"""Which entries won and which were named, by the headings above them or by their own words."""

from .categories import RESTART, Heading, names_both, tier_of
from .entries import WINNER, Entry
from .names import short_name
from .paragraphs import plain


def entries_of(findings, source, preamble):
    """The entries whose tier the document tells. Their lines get their uses; those of others stay unread."""
    entries, ranks = [], {}
    for found, tier in _with_tiers(findings, preamble):
        if tier is None:
            continue
        findings.uses |= found.uses
        ranks[tier] = ranks.get(tier, 0) + 1
        entries.append(
            Entry(
                tier=tier,
                rank=ranks[tier],
                title=found.title,
                marker=found.marker,
                short_name=found.short_name or short_name(found.title.text),
                organization_text=found.organization,
                summary=found.summary and source.passage(*found.summary),
            )
        )
    return entries


def _with_tiers(findings, preamble):
    """(found, its tier or None) in order."""
    telling = {item.style for item in findings.items if isinstance(item, Heading) and item.tier}
    default = _default(findings, preamble, telling)
    above: list[tuple[str, str | None]] = []
    tier, told = default, False
    for item in findings.items:
        if isinstance(item, Heading):
            tier, told = _under(item, above, telling, default), False
        elif item.tier_words:
            own = tier_of(plain(item.tier_words))
            if not own:
                findings.remark(
                    item.paragraph, f"看不出“{item.tier_words}”是获奖还是提名，这一条没有读入。"
                )
            yield item, own
        else:
            if tier is None and not told:
                findings.remark(
                    item.paragraph,
                    "看不出从这一条起是获奖成果还是提名成果，没有读入；请在它前面加上写明类别的标题。",
                )
                told = True
            yield item, tier


def _under(heading, above, telling, default):
    """The tier that a heading gives to what follows it; `above` are the headings that still hold."""
    styles = [style for style, _ in above]
    if heading.style in styles:
        del above[styles.index(heading.style) :]
    if heading.tier:
        tier = heading.tier
    elif heading.style == RESTART:
        return None if telling else default
    elif above:
        tier = above[-1][1]
    else:
        tier = default if heading.theme and heading.style not in telling else None
    above.append((heading.style, tier))
    return tier


def _default(findings, preamble, telling):
    """The tier of entries above which no heading tells one: by the document's title, then by its preamble."""
    texts = [plain(findings.title), *(line.plain for line in reversed(preamble))]
    for text in texts:
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

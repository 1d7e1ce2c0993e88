"""What a parsed announcement gives, in words: what was read, what was not, and what a person must decide."""

import re
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.announcements.paragraphs import plain
from governance.words import listed

USES = {
    "title": gettext_lazy("标题"),
    "preamble": gettext_lazy("前言"),
    "heading": gettext_lazy("栏目"),
    "entry": gettext_lazy("条目"),
    "organization": gettext_lazy("机构"),
    "summary": gettext_lazy("简介"),
    "table_heading": gettext_lazy("表头"),
    "closing": gettext_lazy("落款"),
}
# So many words of a line that was not read are shown.
SHOWN = 60


def parse_report(award, *, suggestions=False):
    """Lines of text that account for an Award; `suggestions`: with the mechanisms that suggest themselves."""
    yield from _document(award)
    for each in award.entries:
        yield from _entry(each)
        if suggestions:
            yield from _suggestions(each)
    yield from problems(award)


def problems(award):
    """A sentence for each thing that keeps an Award from being whole; none if it is."""
    for line in award.reading.unread:
        yield _("第 %(paragraph)s 段没有读懂：%(text)s") % {
            "paragraph": line.paragraph,
            "text": _cut(line.text),
        }
    for each in award.entries:
        yield from _unresolved(each)


WARNINGS = {
    "year": gettext_lazy("标题里写的是 %(years)s 年，读成的却是 %(year)s 年度。"),
    "claim": gettext_lazy("第 %(paragraph)s 段写着“%(words)s”，读到的却是 %(found)s 项。"),
    "remark": gettext_lazy("第 %(paragraph)s 段：%(sentence)s"),
}


def warnings(award):
    """What wants a person's eye, though everything was read: (which of WARNINGS, its values)."""
    title = plain(award.reading.document.title)
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", title)
    if years and str(award.year) not in years:
        yield "year", {"years": years, "year": award.year}
    for claim in award.reading.claims:
        if claim.said != claim.found:
            yield "claim", vars(claim)
    for remark in award.reading.remarks:
        yield "remark", vars(remark)


def told(warning, values):
    """The sentence of a warning, in the language of now."""
    values = {
        name: listed(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return WARNINGS[warning] % values


def _document(award):
    reading = award.reading
    tiers = [each.entry.tier for each in award.entries]
    yield _("%(year)s 年度：%(title)s") % {"year": award.year, "title": reading.document.title}
    yield _("读到 %(count)s 项成果：十大创新成果 %(winners)s 项，提名成果 %(nominees)s 项。") % {
        "count": len(tiers),
        "winners": tiers.count("winner"),
        "nominees": tiers.count("nominee"),
    }
    for claim in reading.claims:
        if claim.said == claim.found:
            yield _("第 %(paragraph)s 段写着“%(words)s”，与读到的相符。") % {
                "paragraph": claim.paragraph,
                "words": claim.words,
            }
    yield from (told(*warning) for warning in warnings(award))
    used = [line for line in reading.lines if line.use]
    yield _("共 %(lines)s 段文字，用到 %(used)s 段：") % {
        "lines": len(reading.lines),
        "used": len(used),
    }
    for use in dict.fromkeys(line.use for line in used):
        numbers = [line.paragraph for line in used if line.use == use]
        yield _("  %(use)s：第 %(paragraphs)s 段") % {
            "use": USES[use],
            "paragraphs": ranges(numbers),
        }


def ranges(numbers):
    """[1, 2, 3, 5] → "1–3、5"; the numbers ascend."""
    runs = []
    for _distance, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        first, *_middle, last = [number for _at, number in run] * 2
        runs.append(str(first) if first == last else f"{first}–{last}")
    return "、".join(runs)


def _entry(each):
    resolution = each.resolution
    names = "、".join(organization.short_name for organization in resolution.organizations)
    places = "；".join(_place(candidate) for candidate in resolution.candidates)
    yield f"{each.code} {each.entry.title.text}"
    yield "  " + _("地区：%(places)s　机构：%(names)s") % {
        "places": places if len(resolution.candidates) == 1 else _("未定"),
        "names": names or _("未定"),
    }


def _place(candidate):
    return f"{candidate.path} {candidate.region.code}"


def _unresolved(each):
    resolution, passage = each.resolution, each.entry.organization_text
    if not passage:
        yield _("%(code)s 没有机构，地区无从得知。") % {"code": each.code}
        return
    known = {"code": each.code, "paragraph": passage.paragraph, "text": passage.text}
    if not resolution.candidates:
        yield (
            _("%(code)s 第 %(paragraph)s 段“%(text)s”：在行政区划表中找不到它所在的地区。") % known
        )
        return
    if len(resolution.candidates) > 1:
        sentence = _("%(code)s 第 %(paragraph)s 段“%(text)s”：可能的地区有以下几个，没有代为选定：")
        yield "\n  ".join([sentence % known, *map(_place, resolution.candidates)])
    for leftover in resolution.leftovers:
        sentence = _("%(code)s 第 %(paragraph)s 段“%(text)s”：其中“%(left)s”不知是什么机构。")
        yield sentence % (known | {"left": leftover.text})


def _suggestions(each):
    for suggestion in each.suggestions:
        words = "、".join(dict.fromkeys(f"“{span.text}”" for span in suggestion.spans))
        yield "  " + _("建议的机制：%(mechanism)s，依据 %(words)s") % {
            "mechanism": suggestion.name,
            "words": words,
        }


def _cut(text):
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

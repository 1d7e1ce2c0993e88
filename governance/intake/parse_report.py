"""What a parsed announcement gives, in words: what was read, what was not, and what a person must decide."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from governance.announcements.award import AnnouncedYear, AwardEntry, text_of
from governance.announcements.places.organizations import Candidate, OutOfYear
from governance.announcements.readings import Line, Reading
from governance.words import listed, stretch

from .sentences import stored, translated

# {use of a line: (what one such line is called, what many are)}: English tells them apart.
USES = {
    "title": (pgettext_lazy("line", "标题"), gettext_lazy("标题")),
    "preamble": (pgettext_lazy("line", "前言"), gettext_lazy("前言")),
    "heading": (pgettext_lazy("line", "栏目"), gettext_lazy("栏目")),
    "entry": (pgettext_lazy("line", "条目"), gettext_lazy("条目")),
    "organization": (pgettext_lazy("line", "机构"), gettext_lazy("机构")),
    "summary": (pgettext_lazy("line", "简介"), gettext_lazy("简介")),
    "table_heading": (pgettext_lazy("line", "表头"), gettext_lazy("表头")),
    "closing": (pgettext_lazy("line", "落款"), gettext_lazy("落款")),
    "left_out": (pgettext_lazy("line", "不录入"), gettext_lazy("不录入")),
}
# So many words of a line that was not read are shown.
SHOWN = 60


def parse_report(award: AnnouncedYear, *, suggestions: bool = False) -> Iterator[str]:
    """Lines of text that account for an AnnouncedYear; `suggestions`: with the mechanisms that suggest themselves."""
    yield from _document(award)
    for each in award.entries:
        yield from _entry(each)
        if suggestions:
            yield from _suggestions(each)
    yield from problems(award)


def problems(award: AnnouncedYear) -> Iterator[str]:
    """A sentence for each thing that keeps an AnnouncedYear from being whole; none if it is."""
    where = Places(award.reading)
    if not award.reading.document.title:
        yield _("文件没有标题；请在第一行写上标题，如“2016年度中国社区治理十大创新成果名单”。")
    for line in award.reading.unread:
        yield _("%(place)s没有读懂：%(text)s") % {
            "place": where[line.paragraph],
            "text": stretch(line.text, 0, SHOWN),
        }
    for each in award.entries:
        yield from _unresolved(each, where)


WARNINGS = {
    # Kept by releases that read such a document all the same.
    "year": gettext_lazy("标题里写的是 %(years)s 年，读成的却是 %(year)s 年度。"),
    "award": gettext_lazy(
        "文件没有写明奖项的名称，暂按库中的“%(name)s”读入；若是别的奖项，请指明是哪一个，或在开头加上公告的标题，再读一次。"
    ),
    "new_award": gettext_lazy(
        "库中没有奖项“%(name)s”，按新奖项读入，编号以 %(code)s 开头；若是已有的奖项，请指明是哪一个，再读一次。"
    ),
    "claim": gettext_lazy("%(place)s写着“%(words)s”，读到的却是 %(found)s 项。"),
    "region": gettext_lazy("%(code)s：%(doubt)s请核对年度和地区。"),
    "remark": gettext_lazy("%(place)s：%(sentence)s"),
}


def warnings(award: AnnouncedYear) -> Iterator[tuple[str, dict[str, Any]]]:
    """What wants a person's eye, though everything was read: (which of WARNINGS, its values).

    The values are data, told in the language of whoever reads.
    """
    units = {line.paragraph: _unit(line) for line in award.reading.lines}
    if award.new:
        yield "new_award", {"name": award.name, "code": award.code}
    elif not award.reading.document.award:
        yield "award", {"name": award.name}
    for claim in award.reading.claims:
        if claim.said != claim.found:
            place = units.get(claim.paragraph, (0, None, claim.paragraph))
            yield "claim", {"place": place, "words": claim.words, "found": claim.found}
    for each in award.entries:
        for region in each.resolution.out_of_year:
            yield "region", {"code": each.code, "doubt": doubt_of(region, award.year)}
    for remark in award.reading.remarks:
        place = units.get(remark.paragraph, (0, None, remark.paragraph))
        sentence = stored(remark.sentence)
        yield "remark", {"place": place, "paragraph": remark.paragraph, "sentence": sentence}


def told(warning: str, values: dict[str, Any]) -> str:
    """The sentence of a warning, in the language of now."""
    said = dict(values)
    if "years" in said:
        said["years"] = listed(said["years"])
    if "place" in said:
        said["place"] = place_of(said["place"])
    if "doubt" in said:
        said["doubt"] = out_of_year(said["doubt"])
    if "sentence" in said:
        said["sentence"] = translated(said["sentence"])
    return WARNINGS[warning] % said


def _document(award: AnnouncedYear) -> Iterator[str]:
    reading = award.reading
    tiers = [each.entry.tier for each in award.entries]
    yield _("%(year)s 年度：%(title)s") % {"year": award.year, "title": reading.document.title}
    if reading.document.award:
        yield _("奖项：%(name)s") % {"name": award.name}
    yield _("读到 %(count)s 项成果：获奖 %(winners)s 项，提名 %(nominees)s 项。") % {
        "count": len(tiers),
        "winners": tiers.count("winner"),
        "nominees": tiers.count("nominee"),
    }
    for claim in reading.claims:
        if claim.said == claim.found:
            yield _("%(place)s写着“%(words)s”，与读到的相符。") % {
                "place": Places(reading)[claim.paragraph],
                "words": claim.words,
            }
    yield from (told(*warning) for warning in warnings(award))
    yield from _uses(reading.lines)


def _uses(lines: Sequence[Line]) -> Iterator[str]:
    """What the lines were used for; the rows of a table are counted as people count them."""
    used = [line for line in lines if line.use]
    if any(line.row for line in lines):
        yield _("共 %(lines)s 行或段，用到 %(used)s 行或段：") % {
            "lines": len(dict.fromkeys(map(_unit, lines))),
            "used": len(dict.fromkeys(map(_unit, used))),
        }
    else:
        yield _("共 %(lines)s 段，其中空白 %(blank)s 段；用到 %(used)s 段：") % {
            "lines": lines[-1].paragraph,
            "blank": lines[-1].paragraph - len(lines),
            "used": len(used),
        }
    for use in dict.fromkeys(line.use for line in used):
        parts: dict[tuple[int, str | None], dict[int, Line]] = {}
        for line in used:
            if line.use == use:
                table, sheet, number = _unit(line)
                parts.setdefault((table, sheet), {})[number] = line
        places = [_place_of(ranges(numbers), *part) for part, numbers in parts.items()]
        yield _("  %(use)s：%(places)s") % {"use": USES[use][1], "places": "，".join(places)}


class Places:
    """The places of a reading's paragraphs, in words: `Places(reading)[4]` is 第 4 段, or a row of a table."""

    def __init__(self, reading: Reading) -> None:
        self.lines = {line.paragraph: line for line in reading.lines}

    def __getitem__(self, paragraph: int) -> str:
        line = self.lines.get(paragraph)
        return place_of(_unit(line) if line else (0, None, paragraph))


# (table or 0, sheet, number of the row or the paragraph): what people count.
Unit = tuple[int, str | None, int]


def _unit(line: Line) -> Unit:
    if not line.row:
        return 0, line.sheet, line.paragraph
    return line.table, line.sheet, line.row


def place_of(unit: Unit) -> str:
    """A place in words."""
    table, sheet, number = unit
    return _place_of(number, table, sheet)


def _place_of(number: int | str, table: int, sheet: str | None) -> str:
    if sheet and not table:
        return _("工作表“%(sheet)s”的名称") % {"sheet": sheet}
    if not table:
        return _("第 %(paragraph)s 段") % {"paragraph": number}
    if sheet is None:
        return _("第 %(table)s 个表格第 %(row)s 行") % {"table": table, "row": number}
    if sheet:
        return _("工作表“%(sheet)s”第 %(row)s 行") % {"sheet": sheet, "row": number}
    return _("第 %(row)s 行") % {"row": number}


def ranges(numbers: Iterable[int]) -> str:
    """[1, 2, 3, 5] → "1–3、5"; the numbers ascend."""
    runs = []
    for _distance, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        first, *_middle, last = [number for _at, number in run] * 2
        runs.append(str(first) if first == last else f"{first}–{last}")
    return "、".join(runs)


def _entry(each: AwardEntry) -> Iterator[str]:
    resolution = each.resolution
    names = "、".join(organization.short_name for organization in resolution.organizations)
    places = "；".join(_place(candidate) for candidate in resolution.candidates)
    yield f"{each.code} {each.entry.title.text}"
    # A place alone is whole: the announcement names no body, and none is looked for.
    without = _("无（原文只写了地区）") if resolution.whole else _("未定")
    yield "  " + _("地区：%(places)s　机构：%(names)s") % {
        "places": places if len(resolution.candidates) == 1 else _("未定"),
        "names": names or without,
    }


def _place(candidate: Candidate) -> str:
    return f"{candidate.path} {candidate.region.code}"


def _unresolved(each: AwardEntry, where: Places) -> Iterator[str]:
    resolution, passage = each.resolution, each.entry.organization_text or each.entry.region_text
    if not passage:
        yield _("%(code)s 没有机构，地区无从得知。") % {"code": each.code}
        return
    known = {
        "code": each.code,
        "place": where[passage.paragraph],
        "text": passage.text,
        "region": text_of(each.entry.region_text),
    }
    if resolution.unknown_region:
        yield _("%(code)s %(place)s的地区“%(region)s”没有读懂。") % known
    if not resolution.candidates:
        yield _("%(code)s %(place)s“%(text)s”：在行政区划表中找不到它所在的地区。") % known
        return
    if area := resolution.area:
        yield _(
            "%(code)s：%(name)s不在国标区划表里，装入时以 %(area)s 为代码。它始于哪一年？"
            "请查明，再以 --since %(area)s=年份 告知。"
        ) % {"code": each.code, "name": area.name, "area": area.code}
    if len(resolution.candidates) > 1:
        sentence = _("%(code)s %(place)s“%(text)s”：可能的地区有以下几个，没有代为选定：")
        if known["region"]:
            sentence = _(
                "%(code)s %(place)s“%(text)s”，地区一栏为“%(region)s”：可能的地区有以下几个，没有代为选定："
            )
        yield "\n  ".join([sentence % known, *map(_place, resolution.candidates)])
    for leftover in resolution.leftovers:
        sentence = _("%(code)s %(place)s“%(text)s”：其中“%(left)s”不知是什么机构。")
        doubts = [out_of_year(doubt_of(region, resolution.year)) for region in leftover.out_of_year]
        yield "\n  ".join([sentence % (known | {"left": leftover.text}), *doubts])


def doubt_of(found: OutOfYear, year: int) -> dict[str, Any]:
    """What `out_of_year` says of a region, as data."""
    region = found.region
    return {
        "place": f"{found.path} {region.code}",
        "since": region.valid_from if region.valid_from > year else None,
        "until": region.valid_to,
        "year": year,
        "then": [f"{path} {each.code}" for each, path in found.then.items()],
    }


def out_of_year(doubt: dict[str, Any]) -> str:
    """A sentence on a region that the year did not have, and what the year had instead."""
    if doubt["since"]:
        sentence = _("按区划表，%(place)s 自 %(since)s 年起才有。") % doubt
    else:
        sentence = _("按区划表，%(place)s 到 %(until)s 年为止。") % doubt
    if doubt["then"]:
        then = doubt | {"places": listed(doubt["then"])}
        sentence += _("%(year)s 年的区划是 %(places)s。") % then
    return sentence


def _suggestions(each: AwardEntry) -> Iterator[str]:
    for suggestion in each.suggestions:
        words = "、".join(dict.fromkeys(f"“{span.text}”" for span in suggestion.spans))
        yield "  " + _("建议的机制：%(mechanism)s，依据 %(words)s") % {
            "mechanism": suggestion.name,
            "words": words,
        }

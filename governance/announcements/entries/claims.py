"""What a document says of itself, counted: 十大, 11项."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from governance.announcements.files.paragraphs import Paragraph
from governance.announcements.readings import NOMINEE, WINNER, Claim, Entry

from .categories import BODIES, Heading, tier_of
from .drafts import Findings
from .list_numbers import HAN, marker, value
from .patterns import is_total

_QUOTED = re.compile(r"“[^“”]*”|《[^《》]*》|\"[^\"]*\"")
_TOP = re.compile(
    rf"(?<![{HAN}\d])((?:[三四五六七八九]?十|百|[五六七八九]|\d{{1,3}})[大佳强])(?!类|方面|行动)"
)
COUNT = re.compile(
    rf"(?<![第\d{HAN}])(\d{{1,6}}|[{HAN}]{{1,7}})\s*(?:项|个|件|例|篇|条|家)(?!方面|省|市|区|县|月|工作|自然)"
)
# Of all the numbers in a preamble, only those of what was chosen are about the list.
_CHOSEN = re.compile(
    r"提名|入围|获奖|获选|入选|当选|评选出|评选产生|评出|评定|遴选出|推选出|选出|产生|确定|公布|认定|授予|名单|共有"
)
_GRADE = re.compile("[特一二三四五]等奖|[金银铜]奖")
_CLAUSE = re.compile(r"[^。！？；，,;!?]+")
SENT_IN = re.compile(r"报送|申报|征集|收到|推荐|参评|参选|从.*(?:中|里)$")


def claims_of(findings: Findings, entries: list[Entry], lines: Iterable[Paragraph]) -> list[Claim]:
    """A Claim for each count in title, preamble and headings; `lines` are their paragraphs, in order."""
    counts = {
        WINNER: sum(entry.tier == WINNER for entry in entries),
        NOMINEE: sum(entry.tier == NOMINEE for entry in entries),
    }
    grades = Counter(entry.grade for entry in entries if entry.grade)
    below = _below(findings, entries)
    claims: list[Claim] = []
    for line in lines:
        use = findings.uses.get(line.number)
        if use == "closing" and is_total(line.plain):
            claims += _total(line, entries, claims)
        if tier_of(line.plain) == BODIES:
            continue
        if use not in ("title", "preamble", "heading"):
            continue
        end = 0
        for words, said in _counts(line.plain, whole=use != "preamble"):
            # Two counts may have the same words: 一等奖3项、二等奖3项.
            at = line.plain.find(words, end)
            end = at + len(words)
            if use == "heading":
                counted = below.get(line.number, 0)
            else:
                counted = _meant(said, words, (line.plain[:at], line.plain[end:]), counts, grades)
            claims.append(Claim(words.strip(), line.number, said, counted))
    return claims


def _total(line: Paragraph, entries: list[Entry], claims: list[Claim]) -> Iterator[Claim]:
    """The Claim of a line such as 合计 3项: about all entries above it, and 小计 about those since the last one."""
    since = max((one.paragraph for one in claims if one.words.startswith("小")), default=0)
    since = since if "小" in line.plain else 0
    found = sum(since < entry.title.paragraph < line.number for entry in entries)
    for number in re.findall(r"\d+", line.plain)[:1]:
        yield Claim(" ".join(line.text.split()), line.number, int(number), found)


def _counts(text: str, whole: bool) -> Iterator[tuple[str, int]]:
    """(words, number) of each count in a plain line; of a preamble only what was chosen."""
    mark = marker(text)
    text = _QUOTED.sub("”", text[mark.end if mark and whole else 0 :])
    chosen = whole
    for clause in [text] if whole else _CLAUSE.findall(text):
        # 其中 goes on about what the clause before was about.
        chosen = whole or bool(_CHOSEN.search(clause) or (chosen and clause.startswith("其中")))
        if not chosen or (not whole and SENT_IN.search(clause)):
            continue
        matches = (*_TOP.finditer(clause), *COUNT.finditer(clause))
        for match in sorted(matches, key=re.Match.start):
            number = value(match[1].rstrip("大佳强"))
            if number:
                yield match[0], number


def _meant(
    said: int,
    words: str,
    around: tuple[str, str],
    counts: dict[str, int],
    grades: Counter[str],
) -> int:
    """How many were found of what a count in title or preamble is about.

    It is about the grade that is named beside it, of which there may be none; or the tier; else all.
    """
    before = re.split(r"[、和及与,，；。]|[项个件例篇条家]", around[0])[-1]
    after = re.split(rf"[、和及与,，；。]|\d|[{HAN}](?=[项个件例篇条家])", around[1])[0]
    # Of 一等奖3项二等奖5项 both stand beside the 3.
    graded = [count for grade, count in grades.items() if grade in before or grade in after]
    if graded:
        return said if said in graded else graded[0]
    if grades and _GRADE.search(before + after):
        return 0
    tier = tier_of(after) or tier_of(words) or tier_of(before)
    total = sum(counts.values())
    if tier in counts and re.search("提名|入围|候选|获奖|[大佳强]", f"{before}{words}{after}"):
        return counts[tier]
    return said if said == counts[WINNER] else total


def _below(findings: Findings, entries: list[Entry]) -> dict[int, int]:
    """Paragraph of each heading → how many entries stand under it, those of headings below it included."""
    below: dict[int, int] = {}
    above: list[Heading] = []
    known = {entry.title.start for entry in entries}
    for item in findings.items:
        if isinstance(item, Heading):
            styles = [one.style for one in above]
            if item.style in styles:
                del above[styles.index(item.style) :]
            above.append(item)
            below[item.paragraph.number] = 0
        elif item.title.start in known:
            for one in above:
                below[one.paragraph.number] += 1
    return below

"""Headings such as 一、…十大创新成果, and which of them announce winners, which nominees.

All of it takes plain text, see `paragraphs.plain`.
"""

import re
from dataclasses import dataclass

from governance.announcements.files.paragraphs import Paragraph
from governance.announcements.readings import NOMINEE, WINNER, Excerpt

from .list_numbers import HAN, NUMBER, marker, value
from .patterns import PROVINCE, is_place, is_sentence

# A nominee or a finalist has not won.
_NOMINATED = re.compile(r"提名|入围|候选|鼓励奖|参与奖|nomin|shortlist|finalist", re.IGNORECASE)
# A prize of any class tells a winner, and so does a word such as 入选 (selected) or 优秀 (excellent).
_WON = re.compile(
    rf"获奖|得奖|获评|获选|优胜|当选|入选|中选|评选结果|{NUMBER}(?:大|佳|强|优)|最佳|优秀|优等|佳作|示范|标杆|典型|精选|冠军|亚军|季军|奖(?!励|惩)"
    r"|winn|award|prize|selected",
    re.IGNORECASE,
)
# These honour bodies and people.
_BODIES = re.compile(
    r"组织(?:工作)?奖|(?:组织|先进|优秀|示范|最佳)(?:单位|集体|个人|组织者)|(?:贡献|个人|人物)奖|优秀指导"
)
BODIES = "bodies"
_BOTH = re.compile(r"(?:及其?|和|与|暨|以及|、|/)[^及和与暨、/]{0,12}?(?:提名|入围|候选)")
# What an award honours. 2018年度社区治理创新成果 adds nothing to that: it is the award's own name.
NOUN = "成果|案例|项目|实践|经验|做法|品牌|作品|模式|工程"
_NOUN = re.compile(NOUN)
YEAR = rf"(?:(?:19|20)\d\d\s*年?度?|[〇零一二三四五六七八九]{{4}}年度?|(?:首|第\s*{NUMBER}\s*)[届批次])"
_YEARS = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)(?!\d)(?:\s*年?度?\s*[-—~至到]+\s*((?:19|20)\d\d)(?!\d))?"
    rf"|(?<![{HAN}])(二[〇零]{{1,2}}[{HAN}]{{1,2}})(?=年)"
)
_AWARD = re.compile(
    rf"{YEAR}?(?:中国|全国|全省|全市|全区|全县|[一-鿿]{{1,6}}[省市])?"
    rf"(?:城乡|社区|社会|基层|城市|农村|乡村|治理|服务|建设|管理|[与和])*(?:创新)?(?:{NOUN})"
)
_QUOTED = re.compile(r"“[^“”]*”|《[^《》]*》|\"[^\"]*\"")
_COUNTS = re.compile(
    rf"\s*[(\[,:]?\s*(?:共|合计|计)?\s*{NUMBER}\s*[项个件例篇家条名]\s*[)\]]?\s*$"
    r"|\s*[(\[][^()\[\]]{0,30}[)\]]\s*$|[\s:。,]+$|(?:名单|结果)?如下$|(?:的|分别|共)?(?:是|为|有)$|[\])]$"
)
_COUNTED = re.compile(rf"[(\[]\s*共?\s*{NUMBER}\s*[项个件例篇家条名]\s*[)\]]\s*:?\s*$")
_CATEGORY_END = re.compile(
    rf"(?:奖|奖项|成果|案例|项目|名单|单位|提名|入围|入选|候选|获奖|实践|经验|品牌|工程|做法|模式|社区|街道|乡镇|村|优胜|{NUMBER}[大佳强优]"
    r"|简介|介绍|情况|作品|典型|榜|winners?|nominees?|awards?|nominations?|prize)$",
    re.IGNORECASE,
)
_THEME_END = re.compile(r"(?:类|组|篇|板块|方面|专题|赛道|领域|方向|类别|单元)$")
_CALL = re.compile(r"征集|申报|方案|办法|细则|规程|规则|章程|开展.*(?:评选|推选|评审|推荐)")
_RESULT = re.compile(r"结果|名单|公布|揭晓|表彰|公示")
LONG = 45
# The styles of what no line marks: the name of a sheet; numbers that begin again without a heading.
SHEET, RESTART = "sheet", "restart"


@dataclass(frozen=True)
class Heading:
    """A line above a part of the list. `tier` is None where its words do not tell.

    A theme (党建引领类) stands for a part of a tier, and changes no tier. A heading without tier that
    is no theme is a category that we do not know, or the bare name of the award (创新成果); where
    another heading says 提名成果, the bare name means the winners.
    """

    paragraph: Paragraph
    style: str
    tier: str | None
    theme: bool = False

    @property
    def text(self) -> str:
        return self.paragraph.text.strip()

    @property
    def names_award(self) -> bool:
        return names_award(self.paragraph.plain)

    @property
    def year(self) -> int | None:
        """The award year of which it speaks: 二、2014年度…, 二〇一四年度."""
        return next(iter(years_in(self.paragraph.plain)), None)

    @property
    def place(self) -> Excerpt | None:
        """The place that it is the name of, and nothing else."""
        words = bare(self.paragraph.plain).rstrip(":")
        if not is_place(words):
            return None
        start = self.paragraph.plain.index(words)
        return self.paragraph.excerpt(start, start + len(words))


def placing(paragraph: Paragraph) -> Heading:
    """The Heading of a line that is the name of a place: a province closes the cities before it."""
    words = bare(paragraph.plain).rstrip(":")
    depth = 2
    if re.fullmatch(PROVINCE, words):
        depth = 0
    elif words.endswith(("市", "州", "盟", "地区")):
        depth = 1
    return Heading(paragraph, f"place {depth}", None, theme=True)


def years_in(text: str) -> list[int]:
    """The years from 1999 to 2100 that a plain text names, in its order; all of 2018—2020年."""
    found: list[int] = []
    for first, last, han in _YEARS.findall(text):
        start = value(first or han) or 0
        found += range(start, max(start, int(last or 0)) + 1)
    return [year for year in found if 1999 <= year <= 2100]


def tier_of(text: str) -> str | None:
    """ "winner", "nominee", "bodies" where no innovation is honoured, or None where the words speak of both or of neither."""
    if _BODIES.search(text) and not _NOUN.search(text):
        return BODIES
    both = _BOTH.search(text)
    before = text[: both.start()] if both else ""
    if _WON.search(before) or (_NOUN.search(before) and not _NOMINATED.search(before)):
        return None
    if _NOMINATED.search(text):
        return NOMINEE
    return WINNER if _WON.search(text) else None


def names_both(text: str) -> bool:
    """Whether a text announces winners and nominees together."""
    return bool(_NOMINATED.search(text) and tier_of(text) is None)


def names_award(text: str) -> bool:
    """Whether a heading or a cell has the award's name with nothing added."""
    return bool(_AWARD.fullmatch(bare(text)))


def placed(paragraph: Paragraph, style: str) -> Heading:
    """The Heading of a line that only its place shows to be one.

    Words such as 成果 at its end make it a category of its own, known or not; others make it a theme.
    """
    words = bare(paragraph.plain)
    return Heading(paragraph, style, tier_of(words), theme=not _CATEGORY_END.search(words))


def calls_for_entries(text: str) -> bool:
    """Whether a title invites to an award rather than announce one."""
    return bool(_CALL.search(text) and not _RESULT.search(text))


def bare(text: str) -> str:
    """A heading's words without marker, counts, remarks in brackets and the sign at the end."""
    mark = marker(text)
    words = text[mark.end if mark else 0 :].strip(" []*#")
    while (shorter := _COUNTS.sub("", words)) != words:
        words = shorter
    return words.strip()


def read_heading(paragraph: Paragraph) -> Heading | None:
    """The line as a heading whose words tell a tier or a theme, or None."""
    if len(paragraph.plain) > 3 * LONG or is_sentence(paragraph.plain):
        return None
    words = bare(paragraph.plain)
    if not words or len(words) > LONG:
        return None
    mark = marker(paragraph.plain)
    style = mark.style if mark else "plain"
    outside = _QUOTED.sub("”", words)
    if re.search(f"{_CATEGORY_END.pattern}|{_BODIES.pattern}", words, re.I) and not re.search(
        "[。;!?,]", words
    ):
        tier = tier_of(words if outside in ("”", "") else outside) or tier_of(words)
        if tier and not names_both(words):
            return Heading(paragraph, style, tier)
    if "创新" in words and _AWARD.fullmatch(words):
        return Heading(paragraph, style, None)
    if re.fullmatch(YEAR, words) and years_in(words):
        return Heading(paragraph, style, None, theme=True)
    counted = len(words) <= 25 and _COUNTED.search(paragraph.plain)
    if (_THEME_END.search(words) and len(words) <= 20) or counted:
        # 观察成果（2项） ends as names of categories do, so it closes 提名成果（3项）. 居民自治（2项） does not: it
        # is a part of a category, and its own style lets it close no category.
        if is_place(words):
            return placing(paragraph)
        style = style if _CATEGORY_END.search(words) else f"{style} theme"
        return Heading(paragraph, style, tier_of(words), theme=True)
    return None

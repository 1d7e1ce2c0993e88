"""What a document calls the award that it announces."""

import re
from collections.abc import Iterable

from governance.announcements.files.paragraphs import plain

from .categories import YEAR

# In these the name of an award ends, and after it comes what is done with it.
_END = "成果|案例|项目|实践|经验|做法|品牌|作品|模式|工程|行动|计划|奖项|奖|示范社区|示范单位|十[大佳]社区|社区治理"
_AFTER = (
    "提名|入围|入选|获奖|得奖|名单|目录|评选|评审|推选|遴选|征集|推荐|揭晓|公布|公示|公告|发布|表彰|颁奖|通知|通报"
    '|决定|结果|简介|介绍|予以|活动|工作|以及|及|和|与|暨|的|等|[”》)"、,。;:]'
)
_NAME = re.compile(
    rf"\s*(?P<name>[一-鿿][一-鿿\s]{{2,38}}?(?:{_END}))(?=\s*(?:{_AFTER}|[(\[\d]|$))"
)
_YEAR = re.compile(YEAR)
_ABOUT = re.compile(r"关于(?:印发|公布|发布|公示|表彰|命名|授予|通报|揭晓)?")
_DASH = re.compile("[—–-]{2,}")
# 获奖成果 and 优秀案例 head a part of an award.
_PART = re.compile(
    r".*(?:获奖|得奖|入选|提名|入围|候选|推荐|申报|参评).*|[一二三特]等奖"
    r"|(?:优秀|典型|示范|创新|十[大佳]|最佳)*(?:成果|案例|项目|实践|经验|做法|品牌|作品|奖项|奖)"
)


def award_name_in(title: str, others: Iterable[str] = ()) -> str:
    """The name that a title gives the award, else one of `others` (preamble, headings); "" if none does.

    2015年度中国社区治理十大创新成果及提名成果简介 → 中国社区治理十大创新成果. Without a year before it, words
    are a name only in a title.
    """
    dated = (_after_year(text) for text in (title, *others))
    return next(filter(None, dated), "") or _undated(title)


# What a title says beside the name of an award: what is done with it, and what kind of paper it is.
_ACT = (
    "提名|入围|入选|获奖|得奖|当选|候选|名单|目录|一览|汇总|统计|评选|评审|推选|遴选|征集|推荐|揭晓|公布|公示|公告|发布|表彰"
    "|颁奖|命名|网络|投票|专家|终评|初评|复评|排名|通知|通报|决定|结果|情况|简介|介绍|予以|活动|工作|附件|正式|最终|拟|表|的|等"
)
_ACTS_BEFORE = re.compile(
    rf"(?:{_ACT}|关于|印发|第[\d一二三四五六七八九十]+[届批期]|首[届批]|[\W\d_])+"
)
_ACTS_AFTER = re.compile(rf"(?:{_ACT}|[\W\d_])+$")


def award_in_title(title: str) -> str:
    """What a title tells of besides years, acts and papers, as the name of an award of any kind; "" if nothing.

    2016年度社区治理实验区名单 → 社区治理实验区; 获奖名单 tells of none, and 各地报送, the name of a file, has
    none of those besides.
    """
    whole = plain(title)
    words = re.sub(r"[(\[][^()\[\]]*[)\]]", "", whole)
    words = _ABOUT.sub("", _YEAR.sub("", words))
    start = _ACTS_BEFORE.match(words)
    words = _ACTS_AFTER.sub("", words[start.end() if start else 0 :])
    is_name = re.fullmatch("[一-鿿]{4,38}", words) and not _PART.fullmatch(words)
    return words if is_name and words != whole.strip() else ""


def _after_year(text: str) -> str:
    names = (_named(text, year.end()) for year in _YEAR.finditer(plain(text)))
    return next(filter(None, names), "")


def _undated(title: str) -> str:
    words = plain(title)
    about = _ABOUT.search(words)
    start = about.end() if about else len(words) - len(words.lstrip(' “"《'))
    # Behind a dash stands what a motto before it is the motto of.
    starts = [start, *(dash.end() for dash in _DASH.finditer(words))]
    return next(filter(None, (_named(title, one) for one in starts)), "")


def _named(text: str, start: int) -> str:
    match = _NAME.match(plain(text), start)
    if not match or _PART.fullmatch(match["name"]):
        return ""
    return text[slice(*match.span("name"))]

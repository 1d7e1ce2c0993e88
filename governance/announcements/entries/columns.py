"""A table with a heading row: its columns are known by their names, in Chinese or in English."""

import re
from collections.abc import Sequence

from governance.announcements.files.paragraphs import plain

# For each role: whole names of columns, without spaces and without remarks in brackets; then the
# endings of other names. "others" are bodies that only had to do with an entry; they are not read.
COLUMNS = {
    "title": (
        "名称 标题 题目 成果 项目 案例 作品 创新成果 title name achievement project case innovation",
        r"(?:成果|项目|案例|作品|做法|经验|品牌)(?:名称|标题|题目|名)|title|(?:achievement|project|case|innovation)name",
    ),
    "others": (
        "",
        r"(?:推荐|报送|主管|主办|协办|承办|指导|支持)(?:单位|机构|部门|方)",
    ),
    "organization": (
        "单位 机构 组织 主体 organization organisation organizations organisations institution unit applicant",
        r"(?:单位|机构|主体|部门)(?:名称|全称)?|organi[sz]ations?(?:name)?|applicants?|institutions?|units?",
    ),
    "summary": (
        "简介 摘要 内容 介绍 概述 概况 主要做法 summary abstract description introduction",
        r"(?:简介|摘要|介绍|概述|概况|内容|做法)|summary|abstract|description",
    ),
    "marker": ("序号 编号 no no. # number serial", r"序号|编号|(?:serial)?no\.?|number"),
    "tier": (
        "类别 奖项 等级 等次 级别 奖级 奖次 结果 类型 tier award category prize level result",
        r"(?:获奖|奖项|评选|入选|成果|评审|奖励)(?:等级|等次|类别|情况|结果|级别|名称|类型)|奖项|等次|tier|award|result",
    ),
    "short_name": ("简称 shortname", r"简称|shortname"),
    "votes": ("票数 得票 得分 分数 总分 votes score", r"票数?|得票数?|得分|总分|votes?|scores?"),
    "region": (
        "地区 省份 省市 省 市 区 县 区县 县区 市县 县市区 市州 地市 区域 所在地 行政区划 region province city county",
        r"地区|省份|省市|省\(.*|所在地|区划|region|province",
    ),
    "year": ("年度 年份 year", r"年度|年份|year"),
    "remark": ("备注 note notes remark remarks", r"备注|notes?|remarks?"),
}
# Two columns of one of these cannot be told apart; of the others the first counts, but several name a
# region together: 省, 市, 区.
_SEVERAL = ("region", "others")
_ONCE = ("title", "organization", "summary", "tier")
_SENT_IN = re.compile("报送|主办|承办")
# Who sent an entry in is not who made it.
_SENT_BY = re.compile("选送|组织|联系")


class Doubled(Exception):
    """Two headings that say the same: a role, and the headings."""

    def __init__(self, role: str, headings: list[str]) -> None:
        super().__init__(role, headings)
        self.role, self.headings = role, headings


def _key(text: str) -> str:
    """A heading without blanks and remarks in brackets, in small letters."""
    return re.sub(r"\([^()]*\)|[\s:*_]", "", plain(text)).casefold()


def roles_of(headings: Sequence[str]) -> list[str | None]:
    """What each column holds by its heading: a key of COLUMNS, or None for a name that is not known.

    Raises Doubled.
    """
    keys = [_key(heading) for heading in headings]
    roles: list[str | None] = [None] * len(keys)
    for exactly in (True, False):
        for role, (names, endings) in COLUMNS.items():
            if role in roles:
                continue
            same = [
                at
                for at, key in enumerate(keys)
                if roles[at] is None
                and (
                    key in names.split()
                    if exactly
                    else len(key) <= 20 and re.search(rf"(?:{endings})$", key)
                )
            ]
            if role == "organization" and len(same) > 1:
                same = [at for at in same if not _SENT_BY.search(keys[at])] or same
            if len(same) > 1 and role in _ONCE:
                raise Doubled(role, [headings[at].strip() for at in same])
            for at in same if role in _SEVERAL else same[:1]:
                roles[at] = role
    sent_in = [
        at for at, role in enumerate(roles) if role == "others" and _SENT_IN.search(keys[at])
    ]
    if "organization" not in roles and len(sent_in) == 1:
        # No other body is named: who sent the entries in is whose they are.
        roles[sent_in[0]] = "organization"
    return roles

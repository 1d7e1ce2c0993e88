"""What words of an announcement speak of: organizations, votes, labels, the end of a list.

All of it takes plain text, see `paragraphs.plain`.
"""

import re

# The last character of an organization's name, and so of a place's: weak evidence by itself.
_ENDS = re.compile(
    r"(?:[省市县区旗盟州镇乡村委局厅部处科股室所院校站社队馆会厂司园团矿场]|政府|街道|办|中心|集团|联盟"
    r"|协会|(?:委员|居委|村委|管委|组委|联合|理事|基金|促进|研究)会|大学|学院|公司|银行|医院|机构|平台公司|农场|基地|党组|支部|总支|单位|学校|书院|工作组|专班)$"
)
# A place that the name of an organization begins with. 社区 and 小区 are no such places, nor is 城市.
_PLACE = re.compile(
    r"(?:中国|全国|中共|中华|国家|民政部|[一-鿿]{2,8}兵团|北京|上海|天津|重庆|香港|澳门|台湾)"
    r"|[一-鿿]{1,12}?(?:省|自治区|特别行政区|(?<![城都超])市|(?<![社小校园片街院景])区|县|州|盟|旗|(?<![城集小])镇|(?<![城回下])乡|街道)"
    r"|[一-鿿]{2,10}?(?:村|(?<!城乡)(?<!城市)(?<!农村)社区)(?!治|建|服|工|居民议|协商|自)"
)
_SENTENCE = re.compile(r"[。:！？；!?;“”\"《》]")
_JOINTS = re.compile(r"[、,/\s]+")
_AFTERTHOUGHT = re.compile(r"(?:等(?:\d+[个家])?(?:单位|部门|机构)?|联合(?:申报|报送))$")
# In brackets after a title, but no organization.
_ASIDE = re.compile(
    r"(?:试点|试行|暂行|修订|草案|[一二三四\d]期|第.{1,4}[期批届名次版]|排名.*|简称.*|以下.*|又名.*|原名.*"
    r"|[\d.,+\-~%]+.*|.*[年月日号版]|[a-z .&-]+|空缺|略|节选|并列|注.*|附.*|.*[奖项条])",
    re.IGNORECASE,
)


def _label(words: str) -> re.Pattern[str]:
    """申报单位： or 【申报单位】 at the beginning of a line."""
    return re.compile(
        rf"\s*(?:[\[(]\s*(?:{words})\s*:?\s*[\])]\s*:?|(?:{words})\s*:)\s*", re.IGNORECASE
    )


ORGANIZATION_LABEL = _label(
    r"(?:申报|选送|完成|实施|创新|获奖|获提名|提名|入选|创建|建设|所属|所在|参评|主体|牵头|责任|案例|成果|项目|主要|参赛|执行)*"
    r"(?:单位|机构|组织|主体|部门|地区|地点|者)|作者|organi[sz]ation|applicant"
)
TITLE_LABEL = _label(
    r"(?:申报|获奖|成果|项目|案例|作品|创新)*(?:名称|标题|题目)|(?:获奖)?(?:成果|项目|案例|作品)|title"
)
# What forms tell besides, and a summary is not.
OTHER_LABEL = _label(
    r"(?:项目|案例|成果|主要|单位|第一)*(?:负责人|完成人|联系人|主创人员|参与人员|申报人|推荐人|指导老师|指导教师)"
    r"|(?:推荐|报送|主管|主办|指导|支持|协办|承办|合作|参与|协作)(?:单位|机构|部门)|(?:推荐|报送|主办|协办|承办)方?|(?:所属|案例|项目|成果|申报)(?:领域|类别|类型|编号)|编号|类别|(?:实施|起止|完成|申报)(?:时间|日期)"
)
SUMMARY_LABEL = _label(
    r"(?:成果|项目|案例|内容|主要|基本|创新)*(?:简介|介绍|摘要|概要|概况|内容)|summary|abstract"
)
_SHARE = r"\d[\d.]*\s*%"
_VOTES = (
    r"(?:(?:得票|票数|总票|投票|支持|得分|总分|评分|分数|最终|占比)+[数率]?\s*[:为]?\s*\d[\d,.]*\s*万?[票分%]?"
    r"|(?:共|获|得|获得|共获)?\s*\d[\d,.]*\s*万?\s*[票分])"
)
VOTES = re.compile(rf"(?:{_VOTES}|{_SHARE})(?:[\s,;:、()/]+(?:{_VOTES}|{_SHARE}))*")
# A share without a sign before it belongs to the title: 物业覆盖100%.
TRAILING_VOTES = re.compile(
    rf"(?:[\s,;:—/\-]+|(?<=[^\d,.]))(?={_VOTES}$){_VOTES}$|[\s,;:—/\-]+{_SHARE}$"
)
LEADING_VOTES = re.compile(
    rf"\s*(?:[(\[]\s*{VOTES.pattern}\s*[)\]][\s,;:]*|{VOTES.pattern}[\s,;:]+)"
)

# The dots and the page in a table of contents.
_LEADERS = re.compile(r"(?<![….·])[….·]{2,}\s{0,9}\d{1,4}\s{0,9}$")
_DAY = r"[\d〇零一二三四五六七八九十]{2,4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月(?:\s*[\d一二三四五六七八九十]{1,3}\s*日)?"
DATE = re.compile(rf"[\s(]*(?:{_DAY}|\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}})[\s)]*")
_CLOSING = re.compile(
    r"\s*[\[(]?(?:特此|附件|附:|附表|附录|抄送|抄报|主题词|联系[人电方]|咨询电话|监督电话|电话|传真|邮箱|电子邮箱|地址|邮编|邮政编码"
    r"|公示期|公示时间|责任编辑|编辑:|来源:|发布时间|此件|本通知|本公告|注:|备注|说明:|打印|关闭|分享|扫一扫|印发|以上(?:成果|案例|项目|名单|排名))"
)
NUMBER_OF_ACT = re.compile(
    r".{0,12}[\[(]\s*(?:19|20)\d\d\s*[\])]\s*(?:第)?\s*\d+\s*号|(?:(?:19|20)\d\d\s*年\s*)?第\s*\d+\s*号"
)


PROVINCE = (
    r"(?:(?:北京|天津|上海|重庆)市?|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南"
    r"|四川|贵州|云南|陕西|甘肃|青海|台湾)省?|内蒙古(?:自治区)?|广西(?:壮族自治区)?|西藏(?:自治区)?|宁夏(?:回族自治区)?"
    r"|新疆(?:维吾尔自治区)?|(?:新疆)?生产建设兵团|(?:香港|澳门)(?:特别行政区)?)"
)
_PLACE_ALONE = re.compile(
    rf"{PROVINCE}|[一-鿿]{{1,19}}(?:[省县州盟旗]|(?<![城都超])市|(?<![社小校园片街院景])区)"
)


def is_place(text: str) -> bool:
    """Whether a text can be the name of a place and nothing else."""
    return bool(_PLACE_ALONE.fullmatch(text.strip()))


# Names of communities and villages one after the other, after that of their district perhaps.
_ROLL = re.compile(r"(?:[一-鿿]{2,8}:)?(?:[一-鿿\d]{1,20}(?:社区|村)[、,\s]*){2,}")
# How much there is of a list: 合计 3项.
TOTAL = re.compile(
    r"\s*[(\[]?(?:合\s*计|总\s*计|共\s*计|小\s*计|总\s*数|累\s*计|以上共|共)\s*:?\s*"
)


def is_roll(text: str) -> bool:
    """Whether a line has nothing but names of communities: whom something was given, and not for what."""
    return bool(_ROLL.fullmatch(text.strip(" 。;")))


def is_total(text: str) -> bool:
    """Whether a line or a row counts what stands above it."""
    words = TOTAL.match(text)
    return bool(
        words
        and re.fullmatch(r"(?:\s*共?\s*\d+\s*[项个件例篇条家名]?)+[)\]。]?\s*", text[words.end() :])
    )


def is_organization(text: str, certainly: bool = False) -> bool:
    """Whether a text can name one or several organizations; `certainly`: with the place that they are in."""
    text = _AFTERTHOUGHT.sub("", text.strip())
    if not 2 <= len(text) <= 120 or _SENTENCE.search(text) or _ASIDE.fullmatch(text):
        return False
    # Each clause has to end as a name does: those of a sentence do not.
    clauses = [_JOINTS.split(clause.strip("、/ ")) for clause in text.split(",")]
    ends = [clause[-1] for clause in clauses if clause[-1]]
    if not ends or not all(_ENDS.search(re.sub(r"\([^()]*\)$", "", end)) for end in ends):
        return False
    return not certainly or bool(_PLACE.match(text))


def is_aside(text: str) -> bool:
    """Whether words in brackets after a title are a remark on it: （试点）, （二期）."""
    return bool(_ASIDE.fullmatch(text.strip()))


def is_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does."""
    return text.rstrip(' "”』)]').endswith(("。", "！", "？", "；", "!", "?", ";", "……"))


def is_closing(text: str) -> bool:
    """Whether a line can only stand after a list: date, annex, contact."""
    return bool(DATE.fullmatch(text) or _CLOSING.match(text))


def last_group(text: str, end: int) -> int | None:
    """Where the bracketed words begin that end at `end` (the brackets included), or None. Brackets nest."""
    closing = text[end - 1 : end]
    if closing not in (")", "]"):
        return None
    opening, depth = {")": "(", "]": "["}[closing], 0
    for at in range(end - 1, -1, -1):
        depth += (text[at] == closing) - (text[at] == opening)
        if not depth:
            return at
    return None


def without_other_fields(text: str, start: int, end: int) -> int:
    """Where words end when fields such as 推荐单位： that follow them are left out."""
    places = (sign.end() for sign in re.finditer(r"[;,、\s]", text[start:end]))
    other = next((place for place in places if OTHER_LABEL.match(text, start + place, end)), None)
    return end if other is None else start + len(text[start : start + other].rstrip(" ;,、\t"))


def next_field(text: str, at: int) -> str:
    """The label of a field that follows right after a sign (；推荐单位：), "" if none does."""
    sign = re.compile(r"[;,、\s]+").match(text, at)
    label = OTHER_LABEL.match(text, sign.end()) if sign else None
    return label_words(label) if label else ""


def label_words(label: re.Match[str]) -> str:
    return label[0].strip(" :[]()")


def without_votes(text: str, start: int, end: int) -> int:
    """Where a title ends when votes, scores and signs after it are left out."""
    while True:
        end = start + len(_LEADERS.sub("", text[start:end]).rstrip(" ,;:。—-*"))
        group = last_group(text, end)
        if (
            group is not None
            and group > start
            and VOTES.fullmatch(text[group + 1 : end - 1].strip())
        ):
            end = group
            continue
        tail = max(start, end - 40)
        votes = TRAILING_VOTES.search(text[tail:end])
        if not votes or tail + votes.start() <= start:
            return end
        end = tail + votes.start()

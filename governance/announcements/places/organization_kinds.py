"""The bodies that announcements name, and how each is called in full."""

import re
from dataclasses import dataclass

PARTY_COMMITTEE, GOVERNMENT = "party_committee", "government"
MANAGEMENT_COMMITTEE, DEPARTMENT = "management_committee", "department"
SUBDISTRICT_OFFICE, OTHER = "subdistrict_office", "other"

# Whose bodies: a region's, a subdistrict's, and two kinds of place that the table does not list.
REGION, SUBDISTRICT, ZONE, COMMUNITY = "region", "subdistrict", "zone", "community"
OFFICIAL = (REGION, SUBDISTRICT)

# The first characters of a body that refers to a place named before: 市委, 县政府, 镇党委.
MARKS = sorted(
    [
        "省",
        "自治区",
        "特别行政区",
        "市",
        "自治州",
        "州",
        "地区",
        "地",
        "盟",
        "自治县",
        "县",
        "新区",
        "区",
        "自治旗",
        "旗",
        "镇",
        "乡",
        "苏木",
        "街道",
        "街",
    ],
    key=len,
    reverse=True,
)

# Words before a place that tell what its 委员会 is: 共青团太仓市委员会 is of the league.
PREFIX = re.compile(
    "(?P<party>中共|中国共产党)|(?P<league>共青团|中国共产主义青年团)|(?P<cppcc>政协|中国人民政治协商会议)"
)

# Words in names of departments with a character that elsewhere ends the name of a place: 城市管理.
_WORDS = (
    "住房和城乡建设|住房城乡建设|城乡建设|城乡规划|城乡社区治理|城乡|城市管理|城市建设|城市更新|城区"
    "|市场监督管理|市场监管|市场|市监|市政公用|市政|市容环境|市容|农业农村|农村工作|农村|乡村振兴|乡村建设"
    "|区域合作|社区建设|社区治理|社区服务|社区工作|社区管理|社区矫正|区划|县域"
)
_STEM = rf"(?:{_WORDS}|[^\W\da-z_省市县区镇乡村旗盟州街])"
_COMMISSIONS = (
    "卫生健康|卫健|卫生和计划生育|卫生计生|卫计|发展和改革|发展改革|发改|住房和城乡建设|住建|城乡建设|城市管理"
    "|国有资产监督管理|国资|民族宗教事务|民宗|经济和信息化|教育|农业农村|农业|体育|社会建设"
)

# Short for what, where it is the same everywhere.
_IN_FULL = {
    "住建": "住房和城乡建设",
    "住房城乡建设": "住房和城乡建设",
    "人社": "人力资源和社会保障",
    "文旅": "文化和旅游",
    "民宗": "民族宗教事务",
    "市监": "市场监督管理",
    "市场监管": "市场监督管理",
    "卫健": "卫生健康",
    "卫计": "卫生和计划生育",
    "卫生计生": "卫生和计划生育",
    "发改": "发展和改革",
    "发展改革": "发展和改革",
    "国资": "国有资产监督管理",
    "统战": "统一战线工作",
    "社工": "社会工作",
    "社会工": "社会工作",
    "社治": "城乡社区发展治理",
}


@dataclass(frozen=True)
class Form:
    """A kind of body: the words for it after its place, and its official and short name.

    In the names {place} is the place and {stem} what the words say of it, abbreviations written
    out. `attached` words mean it only right after a name with its kind: 太仓市|委.
    """

    words: re.Pattern[str]
    kind: str
    name: str
    short_name: str
    places: tuple[str, ...]
    attached: bool = False

    def names(self, words: re.Match[str], place: str) -> tuple[str, str]:
        """(official name, short name) of the body that `words`, a match, name at `place`."""
        stem = words.groupdict().get("stem") or ""
        for short, full in _IN_FULL.items():
            if re.fullmatch(f"{short}[局厅]?", stem):
                stem = stem.replace(short, full)
        return (
            self.name.format(place=place, stem=stem),
            self.short_name.format(place=place, stem=stem),
        )


def _form(
    words: str,
    kind: str,
    name: str,
    short_name: str | None = None,
    places: tuple[str, ...] = OFFICIAL,
    *,
    attached: bool = False,
) -> Form:
    return Form(re.compile(words), kind, name, short_name or name, places, attached)


_PARTY, _PARTY_SHORT = "中国共产党{place}", "中共{place}"

_PARTY_DEPARTMENTS = [
    _form(
        "(?:党?委|委员会)?(?P<stem>组织|宣传|统一战线工作|统战|社会工作|社工|农村工作|群众工作)部",
        DEPARTMENT,
        _PARTY + "委员会{stem}部",
        _PARTY_SHORT + "委{stem}部",
    ),
    _form(
        "(?:党?委|委员会)?(?P<stem>政法|社会工作|社会工|社工|城乡社区发展治理|社治)委(?:员会)?",
        DEPARTMENT,
        _PARTY + "委员会{stem}委员会",
        _PARTY_SHORT + "委{stem}委员会",
    ),
    _form(
        "(?:党?委|委员会)(?P<stem>办公厅|办公室|老干部局|党校|政策研究室)",
        DEPARTMENT,
        _PARTY + "委员会{stem}",
        _PARTY_SHORT + "委{stem}",
    ),
    _form(
        "纪律检查委员会|纪委",
        DEPARTMENT,
        _PARTY + "纪律检查委员会",
        _PARTY_SHORT + "纪律检查委员会",
    ),
]

LEAGUE = _form(
    "(?:共青团|团)(?:委员会|委)",
    DEPARTMENT,
    "中国共产主义青年团{place}委员会",
    "共青团{place}委员会",
)
CPPCC = _form(
    "政协(?:委员会)?", OTHER, "中国人民政治协商会议{place}委员会", "政协{place}委员会", (REGION,)
)
_ASSEMBLIES = [
    LEAGUE,
    CPPCC,
    _form("(?:妇女联合会|妇联)", DEPARTMENT, "{place}妇女联合会"),
    _form("总?工会", DEPARTMENT, "{place}总工会"),
    _form("(?:残疾人联合会|残联)", DEPARTMENT, "{place}残疾人联合会"),
    _form("(?:工商业联合会|工商联)", DEPARTMENT, "{place}工商业联合会"),
    _form("(?:科学技术协会|科协)", DEPARTMENT, "{place}科学技术协会"),
    _form("红十字会", DEPARTMENT, "{place}红十字会"),
    _form(
        "(?:人民代表大会常务委员会|人大常委会|人大)",
        OTHER,
        "{place}人民代表大会常务委员会",
        "{place}人大常委会",
        (REGION,),
    ),
    _form("(?P<stem>(?:中级|高级)?人民(?:法|检察)院)", OTHER, "{place}{stem}", None, (REGION,)),
]

COMMITTEE = _form(
    "委员会|委",
    PARTY_COMMITTEE,
    _PARTY + "委员会",
    _PARTY_SHORT + "委员会",
    attached=True,
)
_SEATS = [
    _form(
        "党工委|工委|工作委员会",
        PARTY_COMMITTEE,
        _PARTY + "工作委员会",
        _PARTY_SHORT + "工作委员会",
        (*OFFICIAL, ZONE),
    ),
    _form(
        "党委会?|党的委员会",
        PARTY_COMMITTEE,
        _PARTY + "委员会",
        _PARTY_SHORT + "委员会",
        (*OFFICIAL, ZONE, COMMUNITY),
    ),
    COMMITTEE,
    _form("管理委员会|管委会", MANAGEMENT_COMMITTEE, "{place}管理委员会", None, (*OFFICIAL, ZONE)),
    _form("人民政府|政府|行政公署|行署", GOVERNMENT, "{place}人民政府", None, (REGION,)),
    _form("办事处", SUBDISTRICT_OFFICE, "{place}办事处", None, (SUBDISTRICT,)),
    _form("办", SUBDISTRICT_OFFICE, "{place}办事处", None, (SUBDISTRICT,), attached=True),
]

_GOVERNMENT_DEPARTMENTS = [
    _form("(?:人民政府|政府)(?P<stem>办公厅|办公室)", DEPARTMENT, "{place}人民政府{stem}"),
    _form(
        f"(?:人民政府|政府)?(?P<stem>{_COMMISSIONS})委(?:员会)?", DEPARTMENT, "{place}{stem}委员会"
    ),
    # The rest is known by how it ends.
    _form(
        f"(?:人民政府|政府)?(?P<stem>(?![和与及暨]|(?:生产)?建设兵团){_STEM}{{1,18}}?(?:(?<!分)局|厅|办公室|(?<=..)办))",
        DEPARTMENT,
        "{place}{stem}",
    ),
]

_COMMUNITY_BODIES = [
    _form("(?:村?民|村)?委(?:员会|会)", OTHER, "{place}村民委员会", None, (COMMUNITY,)),
    _form("(?:社区)?居(?:民)?委(?:员会|会)", OTHER, "{place}居民委员会", None, (COMMUNITY,)),
    _form(
        "党总支(?:部)?(?:委员会)?",
        OTHER,
        _PARTY + "总支部委员会",
        _PARTY_SHORT + "总支部委员会",
        (COMMUNITY,),
    ),
    _form(
        "党支部(?:委员会)?",
        OTHER,
        _PARTY + "支部委员会",
        _PARTY_SHORT + "支部委员会",
        (COMMUNITY,),
    ),
]

FORMS = [
    *_PARTY_DEPARTMENTS,
    *_ASSEMBLIES,
    *_COMMUNITY_BODIES,
    *_SEATS,
    *_GOVERNMENT_DEPARTMENTS,
]


def meant(form: Form, prefix: re.Match[str] | None) -> Form:
    """共青团太仓市委员会 is of the league, not of the party."""
    if form is COMMITTEE and prefix:
        if prefix["league"]:
            return LEAGUE
        if prefix["cppcc"]:
            return CPPCC
    return form


# Places that the region table does not list, told by the bodies that follow them.
UNLISTED = {
    ZONE: re.compile(
        r"(?!新区)[^\W\da-z_省市县镇乡街村旗、]{1,16}?(?:(?:新区|开发区|高新区|经开区|园区|试验区|示范区|保税区|合作区"
        r"|度假区|景区|名胜区|管理区|新城|产业园|工业园|科技园)(?=党|管|工)|(?<=.)(?=管理委员会|管委会))"
    ),
    COMMUNITY: re.compile(
        r"[^\W_省市县区镇乡街和、]{1,10}?(?:(?:社区|居民区|村)(?=村|民|委|居|党|社区)|(?=居民?委|村民?委))"
    ),
}

# Bodies that are none of a place's own: universities, companies, societies. They are known by how
# their names end.
INDEPENDENT_END = re.compile(
    "大学|学院|学校|[小中]学|幼儿园|研究[院所室]|书院|公司|集团|企业|工厂|银行|医院|事务所|工作室|工作站|服务站|服务社|合作社"
    "|俱乐部|志愿(?:者|服务)*(?:总|支|大)?队|联盟|报社|出版社|电视台|中心|基地|学系|课题组|业委会|业主委员会"
    # 协会, 基金会, 互助会; committees are bodies of places, and 社会 is none.
    "|(?<![委员社])会"
)
# Its characters: 某某（上海）有限公司 has a place in brackets, and a brand may stand in quotes.
INDEPENDENT_NAME = re.compile(
    r"(?![^、,;。()]*人民政府)(?:[^\W_]|·|\([^\W_]{1,10}\)(?=[^\W_])|[“\"][^\W_]{1,12}[”\"]){3,60}"
)
# Every place has one of that name, so that without a place in front it is nobody's: 社区服务中心.
EVERYWHERE = re.compile(
    f"(?:{INDEPENDENT_END.pattern}"
    "|社区|社会|社工|组织|工作|志愿者?|服务|慈善|公益|爱心|互助|治理|发展|创新|指导|促进|孵化|培育|养老|物业|管理|综合|便民|党群"
    "|党建|政务|行政|事务|市民|居民|村民|群众|老年人?|青少?年|妇女|儿童|残疾人|老龄|中小|教育|文化|体育|活动|研究|培训|人民|调解"
    "|第[一二三四五]|(?:[协学商总]|联合|联谊|研究|促进|基金|理事|议事|互助|慈善)会)+"
)

"""How names of regions are made, and by which other names a region goes."""

import re

# Longest first, so that 自治县 is not taken for 县.
KINDS = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "矿区",
    "林区",
    "特区",
    "新区",
    "街道",
    "苏木",
    "省",
    "市",
    "盟",
    "旗",
    "区",
    "县",
    "镇",
    "乡",
)

# The peoples of China other than the Han, with the English names that the press gives them.
PEOPLES = {
    "阿昌": "Achang",
    "白": "Bai",
    "保安": "Bonan",
    "布朗": "Blang",
    "布依": "Buyei",
    "藏": "Tibetan",
    "朝鲜": "Korean",
    "达斡尔": "Daur",
    "傣": "Dai",
    "德昂": "De'ang",
    "侗": "Dong",
    "东乡": "Dongxiang",
    "独龙": "Derung",
    "鄂伦春": "Oroqen",
    "俄罗斯": "Russian",
    "鄂温克": "Ewenki",
    "高山": "Gaoshan",
    "仡佬": "Gelao",
    "哈尼": "Hani",
    "哈萨克": "Kazakh",
    "赫哲": "Hezhe",
    "回": "Hui",
    "基诺": "Jino",
    "京": "Gin",
    "景颇": "Jingpo",
    "柯尔克孜": "Kirgiz",
    "拉祜": "Lahu",
    "黎": "Li",
    "傈僳": "Lisu",
    "珞巴": "Lhoba",
    "满": "Manchu",
    "毛南": "Maonan",
    "门巴": "Monba",
    "蒙古": "Mongol",
    "苗": "Miao",
    "仫佬": "Mulao",
    "纳西": "Naxi",
    "怒": "Nu",
    "普米": "Pumi",
    "羌": "Qiang",
    "撒拉": "Salar",
    "畲": "She",
    "水": "Sui",
    "塔吉克": "Tajik",
    "塔塔尔": "Tatar",
    "土": "Tu",
    "土家": "Tujia",
    "佤": "Va",
    "维吾尔": "Uyghur",
    "乌孜别克": "Uzbek",
    "锡伯": "Xibe",
    "瑶": "Yao",
    "彝": "Yi",
    "裕固": "Yugur",
    "壮": "Zhuang",
}
# A group of peoples ends the name: 保安族东乡族撒拉族, or without 族, as Xinjiang has it, 哈萨克.
ONE_PEOPLE = "|".join(f"{name}族{'?' if len(name) > 1 else ''}" for name in PEOPLES)
NAMED_AFTER = re.compile(rf"(?P<place>.*?)(?P<peoples>(?:{ONE_PEOPLE})+|各族)$")

# Contractions that no rule gives.
CUSTOMARY = {
    "前郭尔罗斯蒙古族自治县": ("前郭县",),
    "喀喇沁左翼蒙古族自治县": ("喀左县",),
    "杜尔伯特蒙古族自治县": ("杜蒙县",),
    "莫力达瓦达斡尔族自治旗": ("莫旗",),
    "科尔沁左翼中旗": ("科左中旗",),
    "科尔沁左翼后旗": ("科左后旗",),
    "科尔沁右翼前旗": ("科右前旗",),
    "科尔沁右翼中旗": ("科右中旗",),
    "察哈尔右翼前旗": ("察右前旗",),
    "察哈尔右翼中旗": ("察右中旗",),
    "察哈尔右翼后旗": ("察右后旗",),
    "土默特左旗": ("土左旗",),
    "土默特右旗": ("土右旗",),
    "锡林郭勒盟": ("锡盟",),
    "巴音郭楞蒙古自治州": ("巴州",),
    "博尔塔拉蒙古自治州": ("博州",),
    "克孜勒苏柯尔克孜自治州": ("克州",),
}

# The corps of Xinjiang and its divisions run cities of their own: 兵团第八师石河子市, 农八师石河子市.
_DIVISION = "[第农]?[一二三四五六七八九十]+师"
CORPS = re.compile(f"(?:新疆(?:维吾尔自治区)?)?(?:生产)?(?:建设)?兵团(?:{_DIVISION})?|{_DIVISION}")
# Where it is, if no city is named.
CORPS_PROVINCE = "新疆维吾尔自治区"
# How the codes of its cities begin.
CORPS_CITIES = "6590"

# Districts whose names end like another kind: 万柏林区 is no 林区, as 神农架林区 is.
DISTRICTS = ("万柏林区",)


def split_kind(name: str) -> tuple[str, str]:
    """太仓市 → ("太仓", "市"). A longer kind needs a longer name: 清新区 is the district 清新."""
    if name in DISTRICTS:
        return name[:-1], "区"
    for kind in KINDS:
        place = name.removesuffix(kind)
        if place != name and len(place) >= min(len(kind), 2):
            return place, kind
    return name, ""


def without_peoples(place: str, kind: str) -> str:
    """恩施土家族苗族 → 恩施, if the kind of region is one that names its peoples."""
    if not kind.startswith("自治"):
        return place
    match = NAMED_AFTER.match(place)
    if not match:
        return place
    if not match["place"]:
        return place.removesuffix("族")
    # 内蒙古 is no place 内 of the Mongols.
    return match["place"] if len(match["place"]) > 1 else place


def other_names(name: str) -> set[str]:
    """Names that a region goes by besides its own, of two characters or more.

    太仓市 → 太仓; 恩施土家族苗族自治州 → 恩施州, 恩施自治州, 恩施. 单县 has none: 单 alone names nothing.
    """
    place, kind = split_kind(name)
    bare = without_peoples(place, kind)
    names = [*CUSTOMARY.get(name, ()), bare]
    if kind in ("自治州", "自治县", "自治旗"):
        names += [bare + kind[-1], bare + kind, place]
    if kind == "特别行政区":
        names.append(bare + "特区")
    return {other for other in names if len(other) > 1 and other != name}

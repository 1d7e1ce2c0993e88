"""Readings of Chinese names, for sorting and for typing on a Latin keyboard."""

import re

# So much of a reading is kept: two texts that sound alike for so long need no order.
LONGEST = 1000

# Readings of characters and names that pypinyin gets wrong: in place names 长 is chang, not zhang.
CHARACTERS = {"长": "chang", "都": "du", "朝": "chao", "单": "shan", "什": "shi", "勒": "le"}
NAMES = {
    "长子县": "zhang zi xian",
    "六合区": "lu he qu",
    "六安市": "lu an shi",
    "浚县": "xun xian",
    "珲春市": "hun chun shi",
    "大城县": "dai cheng xian",
    "乐陵市": "lao ling shi",
    "荥经县": "ying jing xian",
    "洪洞县": "hong tong xian",
    "繁峙县": "fan shi xian",
    "涡阳县": "guo yang xian",
    "覃塘区": "qin tang qu",
    "曾都区": "zeng du qu",
    "巴彦淖尔市": "bayannur shi",
    "会泽县": "hui ze xian",
    "漯河市": "luo he shi",
    "召陵区": "shao ling qu",
    "什邡市": "shi fang shi",
    "筠连县": "jun lian xian",
    "南乐县": "nan le xian",
    "民乐县": "min le xian",
    "万柏林区": "wan bai lin qu",
    "泊头市": "bo tou shi",
    "蚌山区": "beng shan qu",
    "通什市": "tong za shi",
    "浪卡子县": "lang ka zi xian",
    "红寺堡区": "hong si bu qu",
    "伽师县": "jia shi xian",
}


def reading(text: str, *, place: bool = False) -> str:
    """Lower-case syllables of `text` joined by spaces, punctuation left out: 太仓市 → "tai cang shi".

    `place` says that the text holds names of places: 长宁区 is chang there, while 单位 in a
    title stays dan. A name known in another form (巴彦淖尔市, "bayannur shi") keeps it.
    """
    # Imported here: the readings take 50 MB, and only staff and the fixture script need them.
    from pypinyin import lazy_pinyin

    if place:
        # Latin text passes through lazy_pinyin as it is, so an override can be written in place.
        for chinese, latin in (NAMES | CHARACTERS).items():
            text = text.replace(chinese, f" {latin} ")
    syllables = re.findall(r"[a-z0-9]+", " ".join(lazy_pinyin(text)).lower())
    return " ".join(syllables)[:LONGEST].rstrip()

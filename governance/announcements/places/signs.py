"""Signs and words that stand between names, or show what a name is."""

import re

# Characters between names. Those of the second kind also stand inside names (和平区): they separate
# names only where another name follows.
HARD, SOFT = set("、,;。:/|()[]“”\"'—-\n"), set("和与及暨并&+ \t")
# Of both kinds, those that list places of equal rank. The others may stand inside the path of one
# place: 北京市（朝阳区）.
ENUMERATING = set("、和与及暨;")
# What stands between the parts of one path, in columns or in writing: 江苏省/苏州市.
PATH = " |/(\t"
# Words that name a body of a place which the table does not know: 羊安镇党委, 滨湖社区.
ELSEWHERE = re.compile(
    r"[^\W\da-z_]{1,12}?(?:镇|乡|街道|街|苏木|嘎查|村|社区|新区|区|县|旗|市)(?=党|工?委|人民|政府|办|管|居|村|民|$)"
)
# Words around names that name nobody.
FILLER = re.compile(
    "等(?:单位|部门)?|联合(?!会)|共同|牵头|主办|以及"
    # What tables have in the column between a province and a county below it.
    "|市辖区|(?:省|自治区)直辖县级行政(?:区划|单位)"
)
# What a brand in the name of a body begins with: 北京市朝阳区“义仓”发展中心.
QUOTES = ("“", '"')

"""List numbers: 1. 1、 1． (1) （一） ① ⑴ 第1名 案例一： •, as lines begin with them."""

import re
from dataclasses import dataclass
from unicodedata import numeric

HAN = "〇零一二三四五六七八九十百千万两"
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
NUMBER = rf"(?:\d{{1,6}}|[{HAN}]{{1,9}})"

# After a bare number a sign must follow, and in "3.0版" it is not the sign of a list. Whether a
# doubtful marker ("6.12345热线", "7 “五家”") is one depends on the number before: see `sure`.
_STYLES = {
    "enclosed": r"(?P<enclosed>[①-⒛㈠-㈩㉑-㉟㊀-㊉㊱-㊿⓪-⓿❶-➓])[、.:]?",
    "bracketed": rf"[(\[]\s*(?P<bracketed>{NUMBER})\s*[)\]][、.:,]?",
    "half": r"(?P<half>\d{1,6})\)[、.]?",
    "named": rf"(?P<named>第\s*{NUMBER}\s*[名号位]|(?:案例|成果|项目|作品)\s*{NUMBER}|no\.?\s*\d{{1,6}})\s*(?:[、.:]|\s)",
    "annex": rf"(?P<annex>附件\s*{NUMBER}?)\s*(?:[、.:]|\s|$)",
    "part": rf"(?P<part>第\s*{NUMBER}\s*(?:部分|类|组|批))\s*(?:[、.:]|\s|$)",
    "dotted": r"(?P<dotted>\d{1,6})\s*[.、,:。]",
    "spaced": r"(?P<spaced>\d{1,6})(?=[\s“《\"])",
    "han": rf"(?P<han>[{HAN}]{{1,9}})\s*[、.,:。]",
    "bullet": r"(?P<bullet>[•●○◆◇■□★☆▪►▶➢※·*]|-(?=\s))",
}
_MARKER = re.compile(rf"\s*(?:{'|'.join(_STYLES.values())})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Marker:
    """The beginning of a line up to `end`. `style` tells lists apart; a bullet's `number` is None.

    One that is not `sure` counts only where its number is the next one.
    """

    style: str
    number: int | None
    end: int
    sure: bool = True


def marker(text: str) -> Marker | None:
    """The marker that a plain line begins with, or None."""
    match = _MARKER.match(text)
    if not match or not match.lastgroup:
        return None
    style, sign, end = match.lastgroup, match[match.lastgroup], match.end()
    after = text[end : end + 1]
    if style == "bullet":
        return Marker(style, None, end)
    if style in ("bracketed", "named", "annex", "part"):
        sign = "".join(re.findall(rf"{NUMBER}", sign)[-1:])
    number = value(sign)
    if style in ("annex", "part"):
        return Marker(style, number, end)
    # 【2016】 alone is a heading.
    if number is None or (style == "bracketed" and 1900 < number < 2100 and end == len(text)):
        return None
    if style == "bracketed" and not sign.isdigit():
        style = "bracketed han"
    sure = style != "spaced" and not (
        style == "dotted" and (after.isdigit() or match[0].rstrip()[-1] in ",:")
    )
    return Marker("dotted" if style == "spaced" else style, number, end, sure)


def value(sign: str) -> int | None:
    """The number that a sign stands for: 12, 十二, ⑫, 一百零三; None if it is none."""
    if not sign:
        return None
    if sign.isdecimal():
        return int(sign)
    if len(sign) == 1 and sign not in HAN:
        try:
            return int(numeric(sign))
        except ValueError:
            return None
    if all(char in _DIGITS for char in sign):
        return int("".join(str(_DIGITS[char]) for char in sign))
    total = section = digit = 0
    for char in sign:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section, digit = section + (digit or 1) * _UNITS[char], 0
    return total + section + digit

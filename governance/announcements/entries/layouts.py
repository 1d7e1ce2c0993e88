"""Where the organization of an entry stands: each layout knows one place."""

import re
from dataclasses import dataclass
from typing import Protocol

from .patterns import (
    ORGANIZATION_LABEL,
    is_aside,
    is_organization,
    is_place,
    is_sentence,
    last_group,
    without_other_fields,
    without_votes,
)


@dataclass(frozen=True)
class Split:
    """Places in a line of title and organization, each (start, end), and where a summary begins.

    It is `certain` where the words themselves say that they name an organization; one that is not
    counts only in a document that is laid out so.
    """

    title: tuple[int, int]
    organization: tuple[int, int]
    rest: int | None = None
    certain: bool = True


class Layout(Protocol):
    def find(self, text: str, start: int, end: int) -> Split | None:
        """Gets the plain line and where its words without marker and votes stand.

        None where it does not see its shape.
        """


def unlabelled(text: str, start: int, end: int) -> int:
    """Where the words after 申报单位： and the like begin."""
    label = ORGANIZATION_LABEL.match(text, start, end)
    return label.end() if label else start


class InBrackets:
    """“政社互动”开创社会治理新格局（江苏省太仓市市委、市政府）"""

    def find(self, text: str, start: int, end: int) -> Split | None:
        group = last_group(text, end)
        closed = group is not None
        if group is None:  # the closing bracket was forgotten
            group = max(text.rfind("(", start, end), text.rfind("[", start, end))
            if group <= start or text.find({"(": ")", "[": "]"}[text[group]], group, end) >= 0:
                return None
        if group <= start:
            return None
        inside = unlabelled(text, group + 1, end)
        last = without_other_fields(text, inside, without_votes(text, inside, end - closed))
        words = text[inside:last]
        if not words.strip() or is_aside(words) or is_sentence(words):
            return None
        certain = is_organization(words) or inside > group + 1
        if not closed and not certain:
            return None
        title = (start, without_votes(text, start, group))
        return Split(title, (inside, last), certain=certain)


class InBracketsBeforeSummary:
    """“居民提案”激活社区居民自治细胞（北京市朝阳区人民政府）：北京市朝阳区通过……。"""

    LONG = 25

    def find(self, text: str, start: int, end: int) -> Split | None:
        at = start
        while (closing := text.find(")", at, end)) >= 0:
            group, rest = last_group(text, closing + 1), closing + 1
            rest += len(text[rest:end]) - len(text[rest:end].lstrip(" :—-。,;"))
            if group is not None and group > start and end - rest >= self.LONG:
                inside = unlabelled(text, group + 1, closing)
                if is_organization(text[inside:closing], certainly=inside == group + 1):
                    title = (start, without_votes(text, start, group))
                    return Split(title, (inside, closing), rest)
            at = closing + 1
            if at - start > 400:
                return None
        return None


class AfterSign:
    """“红色物业”服务居民——湖北省武汉市江汉区民政局, or with ： or a blank."""

    def __init__(self, sign: str) -> None:
        self.sign = re.compile(sign)

    def find(self, text: str, start: int, end: int) -> Split | None:
        if end - start > 300:
            return None
        for sign in reversed(list(self.sign.finditer(text, start + 1, end))):
            inside = unlabelled(text, sign.end(), end)
            certain = inside > sign.end() or is_organization(text[inside:end], certainly=True)
            title = (start, without_votes(text, start, sign.start()))
            label = ORGANIZATION_LABEL.match(text, start, sign.end())
            if (
                certain
                and title[0] < title[1]
                and not label
                and not is_organization(text[start : title[1]], certainly=True)
            ):
                return Split(title, (inside, end))
        return None


class BeforeSign:
    """湖北省武汉市江汉区民政局：“红色物业”服务居民, or with —— or a blank."""

    def __init__(self, sign: str) -> None:
        self.sign = re.compile(sign)

    def find(self, text: str, start: int, end: int) -> Split | None:
        sign = self.sign.search(text, start + 1, min(end, start + 120))
        if not sign or sign.end() >= end:
            return None
        inside = unlabelled(text, start, sign.start())
        if not is_organization(text[inside : sign.start()], certainly=True):
            return None
        if is_organization(text[sign.end() : end], certainly=True):
            return None
        # 珠海市“海心花”平台: nothing parts the place from a name that it belongs to.
        place = text[inside : sign.start()]
        if sign.start() == sign.end() and (is_place(place) or place.endswith(("街道", "镇", "乡"))):
            return None
        return Split((sign.end(), end), (inside, sign.start()))


BRACKETS: Layout = InBrackets()
# In the order in which they are tried; the one that a document uses most comes first.
ON_THE_LINE: tuple[Layout, ...] = (
    BRACKETS,
    InBracketsBeforeSummary(),
    AfterSign(r"\s*—{1,2}\s*|\s+-{1,2}\s+|--"),
    AfterSign(r"\s*[:|]\s*"),
    AfterSign(r"\s*,\s*"),
    AfterSign(r"\s+"),
    BeforeSign(r"\s*[:|]\s*"),
    BeforeSign(r"\s*—{1,2}\s*"),
    BeforeSign(r"\s+|(?=“)"),
)


# A line without marker is taken for an entry only where it ends in its organization.
AT_THE_END = (ON_THE_LINE[0], ON_THE_LINE[2], ON_THE_LINE[4], ON_THE_LINE[5])


class OnNextLine:
    """江苏省太仓市市委、市政府 by itself, （in brackets）, after —— or after 申报单位："""

    LONG = 120

    def find(self, text: str) -> tuple[int, int] | None:
        """(start, end) of the organization in a plain line that follows a title, or None."""
        # To whom a letter is written ends with a colon.
        if len(text) > 2 * self.LONG or text.rstrip().endswith(":"):
            return None
        end = len(text.rstrip(" 。;,"))
        start = len(text) - len(text.lstrip(" —-"))
        if last_group(text, end) == start:
            start, end = start + 1, end - 1
        inside = unlabelled(text, start, end)
        end = without_votes(text, inside, end)
        words = text[inside:end]
        if not words.strip() or len(words) > self.LONG:
            return None
        if inside > start or is_organization(words, certainly=True):
            return inside, end
        return None

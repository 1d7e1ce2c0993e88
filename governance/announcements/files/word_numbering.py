"""Word's automatic list numbers. They are nowhere in a document's text: word/numbering.xml tells how
to count, and each paragraph or its style says in which list and at which level it stands.

The rules are those of ECMA-376 part 1, 17.9.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import NamedTuple

from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import _Element

_BELOW_TEN = "零一二三四五六七八九"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"


def chinese(number: int) -> str:
    """12 → 十二, 103 → 一百零三, as lists count."""
    if not 0 < number < 10_000:
        return str(number)
    digits, text = str(number), ""
    for at, digit in enumerate(map(int, digits)):
        unit = ["", "十", "百", "千"][len(digits) - 1 - at]
        if digit:
            text += _BELOW_TEN[digit] + unit
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text.removeprefix("一") if text.startswith("一十") else text


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else "0"


def _roman(number: int) -> str:
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
        strict=True,
    ):
        count, number = divmod(number, value)
        text += sign * count
    return text


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


def _circled(number: int) -> str:
    return _CIRCLED[number - 1] if 0 < number <= len(_CIRCLED) else str(number)


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
FORMATS: dict[str, Callable[[int], str]] = {
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: str(number).translate(_WIDE),
    "decimalFullWidth2": lambda number: str(number).translate(_WIDE),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "ideographDigital": lambda number: "".join("〇一二三四五六七八九"[int(d)] for d in str(number)),
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    "ideographEnclosedCircle": lambda number: f"({chinese(number)})",
    "none": lambda number: "",
} | dict.fromkeys(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseCounting",
        "koreanCounting",
    ),
    chinese,
)
SUFFIXES = {"tab": "\t", "space": " ", "nothing": ""}


def _value(element: _Element | None, path: str) -> str | None:
    """The w:val of a child, or None."""
    child = element.find("/".join(map(qn, path.split("/")))) if element is not None else None
    return None if child is None else child.get(qn("w:val"))


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default


class _Levels(NamedTuple):
    """How a list counts: {depth: w:lvl}, whose count it goes on with, {depth: where it begins again}."""

    by_depth: dict[int, _Element]
    key: str | None
    restarts: dict[int, int]


class Numbering:
    """Counts through the paragraphs of one document; ask for each paragraph once, in order."""

    def __init__(self, document: Document) -> None:
        part = next(
            (
                rel.target_part
                for rel in document.part.rels.values()
                if rel.reltype.endswith("/numbering")
            ),
            None,
        )
        self.abstract: dict[str | None, _Element] = {}
        self.lists: dict[str | None, _Element] = {}
        # {key of a count: {depth: number, None before the first}}
        self.counts: dict[str | None, dict[int, int | None]] = {}
        self.begun: set[str | None] = set()
        self._read: dict[str | None, _Levels] = {}
        self.styles = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.iterfind(qn("w:style"))
        }
        if part is None:
            return
        for element in part.element.iterfind(qn("w:abstractNum")):
            self.abstract[element.get(qn("w:abstractNumId"))] = element
        for element in part.element.iterfind(qn("w:num")):
            self.lists[element.get(qn("w:numId"))] = element

    def of(self, paragraph: _Element) -> str:
        """The number before a paragraph's text with what Word puts between them, or ""."""
        number_id, depth = self._place(paragraph)
        if number_id not in self.lists:
            return ""
        levels, key, restarts = self._levels(number_id)
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self.counts.setdefault(key, {})
        if number_id not in self.begun:
            self.begun.add(number_id)
            counts.update((at, None) for at in restarts)
        start = restarts.get(depth, _whole(_value(level, "w:start"), 1))
        now = counts.get(depth)
        counts[depth] = start if now is None else now + 1
        for deeper in list(counts):
            if deeper > depth and _whole(_value(levels.get(deeper), "w:lvlRestart"), 1) != 0:
                del counts[deeper]
        return self._written(level, levels, counts)

    def _written(
        self, level: _Element, levels: dict[int, _Element], counts: dict[int, int | None]
    ) -> str:
        form = _value(level, "w:numFmt") or "decimal"
        pattern = _value(level, "w:lvlText") or ""
        if form == "bullet":
            text = "•" if pattern else ""
        else:
            text = re.sub(
                "%([1-9])",
                lambda match: self._count(int(match[1]) - 1, level, levels, counts),
                pattern,
            )
        return text + SUFFIXES.get(_value(level, "w:suff") or "tab", "\t") if text else ""

    def _count(
        self,
        depth: int,
        level: _Element,
        levels: dict[int, _Element],
        counts: dict[int, int | None],
    ) -> str:
        of = levels.get(depth)
        number = counts.get(depth)
        if number is None:
            number = _whole(_value(of, "w:start"), 1)
        legal = level.find(qn("w:isLgl")) is not None
        form = (not legal and _value(of, "w:numFmt")) or "decimal"
        return FORMATS.get(form, str)(number)

    def _levels(self, number_id: str | None) -> _Levels:
        if number_id not in self._read:
            self._read[number_id] = self._read_levels(number_id)
        return self._read[number_id]

    def _read_levels(self, number_id: str | None) -> _Levels:
        number = self.lists[number_id]
        key = _value(number, "w:abstractNumId")
        abstract = self.abstract.get(key)
        if (style := _value(abstract, "w:numStyleLink")) in self.styles:
            linked = _value(self.styles[style], "w:pPr/w:numPr/w:numId")
            if linked in self.lists and linked != number_id:
                key = _value(self.lists[linked], "w:abstractNumId")
                abstract = self.abstract.get(key)
        levels = {} if abstract is None else self._by_depth(abstract.iterfind(qn("w:lvl")))
        restarts = {}
        for override in number.iterfind(qn("w:lvlOverride")):
            depth = _whole(override.get(qn("w:ilvl")), 0)
            levels |= self._by_depth(override.iterfind(qn("w:lvl")))
            if (start := _value(override, "w:startOverride")) is not None:
                restarts[depth] = _whole(start, 1)
        return _Levels(levels, key, restarts)

    def _by_depth(self, levels: Iterable[_Element]) -> dict[int, _Element]:
        return {_whole(level.get(qn("w:ilvl")), 0): level for level in levels}

    def _place(self, paragraph: _Element) -> tuple[str | None, int]:
        """(numId, depth) of a paragraph by itself or by its style; (None, 0) outside lists."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style = _value(paragraph, "w:pPr/w:pStyle") or self._default_style
        number_id, depth = _value(own, "w:numId"), _value(own, "w:ilvl")
        for _ in range(20):  # a style based on itself would never end
            element = self.styles.get(style)
            if element is None or number_id is not None:
                break
            inherited = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            number_id = _value(inherited, "w:numId")
            depth = depth or _value(inherited, "w:ilvl") or self._depth_of_style(number_id, style)
            style = _value(element, "w:basedOn")
        return number_id, _whole(depth, 0)

    def _depth_of_style(self, number_id: str | None, style: str | None) -> str | None:
        """Which level of a list names a style as its own."""
        if number_id in self.lists:
            for depth, level in self._levels(number_id).by_depth.items():
                if _value(level, "w:pStyle") == style:
                    return str(depth)
        return None

    @cached_property
    def _default_style(self) -> str | None:
        for name, style in self.styles.items():
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in (
                "1",
                "true",
            ):
                return name
        return None

"""Text folding: one fold, for documents, names and queries."""

import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

# What nobody sees: Unicode's Default_Ignorable_Code_Point.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]+"
)
# Marks that stay inside Latin words and numbers: people's, 2.5, 24/7, 12,345, 9:00.
INNER = "(?<=[a-z0-9])['.&@/](?=[a-z0-9])|(?<=[0-9])(?:,(?=[0-9]{3}(?![0-9]))|:(?=[0-9]{2}))"
# Every other mark, and blanks: what separates words. 互联网+ and 5% keep theirs.
BORDER = re.compile(rf"(?:(?!{INNER})[^\w+%])+")
# Marks around words within a sentence: beside a Chinese character they vanish.
QUOTES = "“”\"「」『』〝〞«»《》〈〉'"
# They stand within a word: people’s.
APOSTROPHES = "'’ʼ‘′`‛ʻʹ"


@cache
def _simplified() -> dict[str, str]:
    """Traditional → simplified, variants → what is usual, radicals → the characters that PDFs have them for."""
    tables = (Path(__file__).with_name(f"{name}_chars.json") for name in ("t2s", "variant"))
    return {of: to for table in tables for of, to in json.loads(table.read_text("utf-8")).items()}


@cache
def _unified_characters() -> dict[int, str | None]:
    """Each character that has another one in its place; Latin letters lose what stands on and below them."""
    table: dict[str, str | None] = dict.fromkeys(map(chr, range(0x300, 0x370)))
    for letter in map(chr, [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]):
        base = unicodedata.normalize("NFD", letter)[0]
        if base.isascii():
            table[letter] = base
    # As pinyin is printed.
    table |= {"ɑ": "a", "ɡ": "g"}
    return str.maketrans(table | dict.fromkeys(APOSTROPHES, "'") | _simplified())


def unified(text: str) -> str:
    """`text` without its differences of width, case, script and accents, and without what nobody sees.

    ＡＢ社區 → ab社区, Tàicāng → taicang. Marks stay.
    """
    return _foldable()(_unified_run, text)


def fold(text: str) -> str:
    """The same, with one blank, or line end, in place of whatever stands between words.

    “協商於民，協商為民” → 协商于民 协商为民; self-governance → self governance. Marks that belong to
    a Latin word or a number stay: people's, 2.5; quotation marks beside a Chinese character vanish.
    """
    return _foldable()(_folded_run, text).strip()


@cache
def _foldable() -> Callable[[Callable[[re.Match[str]], str], str], str]:
    """Replaces each run of what is not a usual simplified ideograph.

    Those fold to themselves and join with nothing, so what stands between them folds alone. That
    is mostly a mark, the same few in every text.
    """
    others = "".join(_simplified())
    return re.compile(f"[\0-\u4dff\ua000-\U0010ffff{others}]+").sub


def _unified_run(run: re.Match[str]) -> str:
    return _unified(run[0])


def _folded_run(run: re.Match[str]) -> str:
    return _fold(run[0])


@lru_cache(4096)
def _unified(text: str) -> str:
    # What one step brings together, or a table leads to, another one may change.
    while (stepped := _step(text)) != text:
        text = stepped
    return text


def _step(text: str) -> str:
    return _seen(text).casefold().translate(_unified_characters())


def _seen(text: str) -> str:
    # Of people´s, NFKC would make two words.
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text).replace("´", "'"))


@lru_cache(4096)
def _fold(text: str) -> str:
    return BORDER.sub(_between, _unified(text))


def _between(border: re.Match[str]) -> str:
    text, start, end = border.string, *border.span()
    # Beyond a run stands a Chinese character, or nothing.
    beside = (text[start - 1] if start else "一", text[end : end + 1] or "一")
    if not border[0].strip(QUOTES) and any("一" <= char <= "\u9fff" for char in beside):
        return ""
    return "\n" if "\n" in border[0] else " "


# Folded Latin words and numbers.
is_english = re.compile(r"(?=.*[a-z0-9])[a-z0-9'.&@/,:+%_ ]+").fullmatch
ENGLISH_WORD = re.compile("[a-z0-9]+(?:'[a-z0-9]+)*")


def english(folded: str) -> str:
    """The words of a folded text, without endings, a blank on each side, so that only whole ones are found.

    the people's councils → " the people council ".
    """
    return f" {' '.join(map(stem, ENGLISH_WORD.findall(folded)))} "


def letters_of(folded: str) -> str:
    """The Latin letters and digits alone: tai cang → taicang."""
    return re.sub("[^a-z0-9]", "", folded)


def stem(word: str) -> str:
    """An English word in the singular: Harman's S-stemmer (1991); the possessive goes as well.

    policies → policy, volunteers and volunteer's → volunteer; police and bus stay.
    """
    word = word.removesuffix("'s").replace("'", "")
    if len(word) < 4 or word.endswith(("us", "ss")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return f"{word[:-3]}y"
    return word.removesuffix("s")


class Term(NamedTuple):
    """What a query asks for: a word, or a quoted phrase as a whole.

    `text` is folded, `written` is as it was asked, without quotes.
    """

    text: str
    written: str
    quoted: bool = False


# Straight ones may have others within.
PHRASE = re.compile(r"\"([^\"]+)\"|[“「『〝«]([^”\"」』〞»]+)[”\"」』〞»]|(?<!\w)'([^']+)'(?!\w)")
# Marks within a word of a query: those of a text but _, and every hyphen.
WORD = re.compile(
    rf"[^\W_](?:[^\W_]|[+%])*(?:(?:{INNER}|(?<=[a-z0-9])[-‐-―−](?=[a-z0-9]))(?:[^\W_]|[+%])+)*",
    re.IGNORECASE,
)
# 2015 年 is one word; and so is 二○一五年, whose ○ is a mark.
YEAR_APART = re.compile(r"(?<!\w)([0-9]{4})\s+(?=年)")
ZEROS = re.compile("(?<=[一二])[○◯]+")


def terms(query: str) -> list[Term]:
    """The Terms of a query, in order.

    社区、“居民 提案” → 社区 and 居民 提案. Marks by themselves are none.
    """
    query = _seen(query).translate(_unified_characters())
    query = ZEROS.sub(lambda zeros: "〇" * len(zeros[0]), query)
    found, at = [], 0
    for phrase in PHRASE.finditer(query):
        found += _words(query[at : phrase.start()])
        written = " ".join(next(filter(None, phrase.groups())).split())
        found.append(Term(fold(written), written, quoted=True))
        at = phrase.end()
    found += _words(query[at:])
    return [term for term in found if re.search(r"[^\W_]", term.text)]


def _words(text: str) -> list[Term]:
    return [Term(fold(word), word) for word in WORD.findall(YEAR_APART.sub(r"\1", text))]


# What a question is put with: 什么叫, 由谁来, 哪些地方做了, 有没有关于, 的经验是什么; and what every case is
# or is in. It is read word by word, the first that fits, and never in another way: a text that can be
# read in two ways would take twice as long with each of its words.
_WHERE = (
    "(?:社区|城市|街道|单位|部门|机构|组织|项目|成果|地方|地区|乡镇|省份?"
    "|[县镇乡]|市(?![民场])|区(?!域)|村(?![民委规])|人(?![大民口才]))"
)
_WHAT = (
    f"(?:(?:什么|甚么|啥)(?:样的{_WHERE}?|时候)?"
    f"|(?:哪(?:一?[些个家种类项年]|几[个家种类项])|多少[个家种类项]?|几[个家种类项]){_WHERE}?)"
)
_ASKING = (
    f"有?{_WHAT}|有没有|有无|[是能会要]不[是能会要]|可不可以|[是能可]否|为(?:什么|何|啥)|哪[里儿]|由?谁"
    "|如何|怎么?样?|咋样?|何谓|(?<!任)何[为时处地人种]|所谓|可以|关于|有关"
    "|(?:请|我?(?<!思)想|帮我)(?:问|介绍|了解|知道|查找?|找)(?:一下)?"
)
_CASES = "案例|例子|经验|做法|问题|名单|获奖|含义|意思|定义|情况|介绍|简介"
# Not of 在线 and 在家, of 做实 and 做优, of 来访, 要素, 能力, 会议, 都市, 有序 and 有机.
_BESIDE = (
    f"{_CASES}|好的?(?=(?:{_CASES}))|地方|地区|干(?=什么|啥)|{_WHERE}(?=都?[有是]哪|[做用搞][了过])|涉及|属于|好处|作用|意义|重要"
    "|做(?:得[最更]?好|[了过好]|(?![实强大优细精]))|[用搞][了过]|用(?:处|\\Z)|开展[了过]?|解决|推[进动行]|进行|实[现施行]|加强|建立"
    "|提出|发起|牵头|负责|知道|了解|开始|最[早多好]|是|叫[做作]?|指|由|的|在(?![线职校册家]|地(?![方区]))|来(?![访信源])"
    "|要(?![素点])|需要|必须|应[该当]|该|才能?|能够?(?!力)|会(?![议商])|都(?!市)|还|有(?![机序效])|[了过]"
)
# Cases end a run by themselves: 做法创新 and 问题清单 are words. Nothing ends so that one character is left.
QUESTION = re.compile(
    rf"(?>(?!{_ASKING})(?:{_BESIDE}))*+(?>{_ASKING})(?>{_ASKING}|{_BESIDE})*(?:[吗呢]\Z)?(?=..|\Z)"
    rf"|(?:的?(?:好的?)?(?:{_CASES}))+\Z|[了过]?[吗呢]\Z|的?(?:做得[最更]?好|最[多早好])(?:的{_WHERE})?\Z"
)
ENGLISH_QUESTION = re.compile(
    "what|which|where|who|whose|why|how|when|many|much|is|are|was|were|be|been|do|does|did|done|has|have|had"
    "|can|could|should|would|will|there|any|some|in|on|of|to|for|about|with|by|from|at|and|or|the|a|an"
    "|i|you|we|they|it|me|us|this|that|these|those|mean|meant|meaning|definition|define|explain|describe"
    "|find|show|tell|list|know|use|used|work|start|started|win|won|important|involved|behind|kind|type"
    "|year|place|city|case|example|entry|practice|practise|experience"
)


def only_asks(term: str) -> bool:
    """Whether a folded term asks for nothing by itself: it is what a question is put with."""
    asked = QUESTION.fullmatch(term) or any(map(ENGLISH_QUESTION.fullmatch, {term, stem(term)}))
    return bool(asked)


# Every n-gram up to SHORT characters is indexed, and of those up to LONG the ones that need it.
SHORT, LONG = 3, 6


def windows(term: str, size: int) -> list[str]:
    """All n-grams of a term, in order."""
    return [term[at : at + size] for at in range(len(term) - size + 1)]

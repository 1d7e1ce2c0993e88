"""Characters that nobody sees: what a text may not hold, and what a person should know it holds."""

import re
from itertools import islice
from unicodedata import category, name

from governance.announcements.readings import Remark, Sentence, Unreadable, first_places

# No text has these, and PostgreSQL stores none of the first; \x1c-\x1e, \v and \f end lines.
_CONTROLS = re.compile("[\0-\x08\x0e-\x1b\x7f\ud800-\udfff\ufffe\uffff]")
# Blank by their looks, though Unicode counts them as letters or marks.
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
INVISIBLE = _FILLERS + "".join(
    char
    for char in map(
        chr, [*range(0x80, 0x10000), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0080)]
    )
    if category(char) in ("Cf", "Cc") and not char.isspace()
)
_SPACES = "".join(char for char in map(chr, range(0x3001)) if char.isspace())
_SEEN = re.compile(f"[{re.escape(INVISIBLE)}]")
_NAMED = {
    "\u00ad": Sentence("软连字符"),
    "\u200b": Sentence("零宽空格"),
    "\u200e": Sentence("从左到右标记"),
    "\u200f": Sentence("从右到左标记"),
    "\u202d": Sentence("强制从左到右"),
    "\u202e": Sentence("强制从右到左"),
    "\ufeff": Sentence("字节顺序标记"),
}
SHOWN = 5


def trimmed(text: str) -> str:
    """`text` without the spaces and invisible characters around it; "" if nobody sees any of it."""
    return text.strip(_SPACES + INVISIBLE)


def refuse_controls(text: str) -> None:
    """Raises Unreadable at the first character that no text has."""
    if control := _CONTROLS.search(text):
        line = text[: control.start()].split("\n")
        raise Unreadable(
            Sentence(
                "第 %(number)s 段第 %(at)s 个字是控制字符（U+%(code)s），"
                "这不是纯文本文件，或文字编码有误。请另存为 UTF-8 编码的文本或 .docx。",
                {
                    "number": len(line),
                    "at": len(line[-1]) + 1,
                    "code": f"{ord(control[0]):04X}",
                },
            )
        )


def remarks_on(text: str) -> list[Remark]:
    """A Remark for each invisible character of a text, with its first places; the text stays as it is."""
    return [_remark(text, char) for char in sorted(set(_SEEN.findall(text)))]


def _remark(text: str, char: str) -> Remark:
    places, line, start = [], 1, 0
    for match in islice(re.finditer(char, text), SHOWN):
        line += text.count("\n", start, match.start())
        start = match.start()
        places.append((line, start - text.rfind("\n", 0, start)))
    told = [
        Sentence("第 %(number)s 段第 %(at)s 个字", {"number": line, "at": at})
        for line, at in places
    ]
    sentence = Sentence(
        "%(places)s是看不见的字符 U+%(code)s（%(name)s），照原样保留，请核对。",
        {
            "places": first_places(told, text.count(char)),
            "code": f"{ord(char):04X}",
            "name": _NAMED.get(char) or name(char, "") or Sentence("控制字符"),
        },
    )
    return Remark(places[0][0], sentence)

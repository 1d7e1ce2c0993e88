"""What is wrong with a fixture, said in sentences that name the place."""

import reprlib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

# So many problems of a load are listed, and the others are counted: a person reads no more, and
# what is wrong in a file of a few kilobytes could otherwise fill the memory.
LISTED = 1000

# A longer name is no name of anything, and nobody reads a longer sentence to its end.
NAME = 80
VALUE = 200
SENTENCE = 600


class LoadError(Exception):
    """Why nothing was written, in a sentence for the person who loads."""


@dataclass(frozen=True)
class FixtureProblem:
    """One thing that is wrong in `file`; `number` counts objects and `line` lines, both from 1.

    Where a document was read, `paragraph` is the one of the entry, and its objects are nobody's to
    count. `label` is the field in words; `doubt` the code of an entry, if this holds no more once a
    person is sure of it.
    """

    file: str
    sentence: str
    number: int | None = None
    line: int | None = None
    row: str = ""
    field: str = ""
    label: str = ""
    paragraph: int | None = None
    doubt: str = ""

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))

    def __str__(self) -> str:
        place = [self.file]
        if self.line:
            place.append(_("第 %(line)s 行") % {"line": self.line})
        if self.paragraph:
            place.append(_("公告第 %(paragraph)s 段") % {"paragraph": self.paragraph})
        elif self.number:
            place.append(_("第 %(number)s 个对象") % {"number": self.number})
        place += [word for word in (self.row, self.label or self.field) if word]
        return _("%(place)s：%(sentence)s") % {
            "place": " · ".join(filter(None, place)),
            "sentence": self.sentence,
        }


class Problems(list[FixtureProblem]):
    """The first that are wrong, as many as are LISTED, and how many `more` there are."""

    more = 0

    def append(self, problem: FixtureProblem) -> None:
        if len(self) >= LISTED:
            self.more += 1
        else:
            super().append(problem)

    def extend(self, problems: Iterable[FixtureProblem]) -> None:
        for problem in problems:
            self.append(problem)
        self.more += getattr(problems, "more", 0)


class Invalid(LoadError):
    """A load that was refused for `problems`, all of them; beyond those LISTED there are `more`."""

    def __init__(self, problems: list[FixtureProblem]) -> None:
        self.problems = problems
        self.more = getattr(problems, "more", 0)
        count = len(problems) + self.more
        if self.more:
            sentence = _(
                "共有 %(count)s 处错误，未作任何改动；只列出 %(listed)s 处，另有 %(more)s 处。"
            )
        else:
            sentence = _("共有 %(count)s 处错误，未作任何改动。")
        super().__init__(sentence % {"count": count, "listed": len(problems), "more": self.more})

    def as_json(self) -> dict[str, Any]:
        return {"problems": [problem.as_json() for problem in self.problems], "more": self.more}


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        # Six levels of six values each, as reprlib has it, are a book and no sentence.
        self.maxlevel = 2


_short = _Short()


def shown(value: object) -> str:
    """A value as a sentence can hold it, however long or deep it is."""
    return without_middle(_short.repr(value), VALUE)


def plainly(name: object) -> str:
    """A name that a file gives, as a sentence can hold it: without quotes, short and printable."""
    if not isinstance(name, str):
        return shown(name)
    # Half a surrogate pair can be neither printed nor kept.
    text = repr(name[:NAME])[1:-1]
    return text if len(name) <= NAME else f"{text}…"


def without_middle(text: str, most: int = SENTENCE) -> str:
    """A text without its middle, if it is long: what would be right stands at the end."""
    return text if len(text) <= most else f"{text[: most // 2]}……{text[-most // 2 :]}"


# So many of a list that may be long are named.
FEW = 3


def first_few(names: Iterable[object]) -> str:
    """ "甲、乙、丙等 45 个": the first few, and how many there are."""
    words = list(dict.fromkeys(map(str, names)))
    if len(words) <= FEW:
        return "、".join(words)
    return _("%(first)s等 %(count)s 个") % {"first": "、".join(words[:FEW]), "count": len(words)}


def one_of(names: Iterable[str]) -> str:
    return "、".join(names)


def unknown(name: object, known: Iterable[str]) -> str:
    """ "nam" → 没有这一项；是否指 name？ Or all that there are, when nothing is near."""
    asked, known = plainly(name), list(known)
    near = get_close_matches(asked, known, n=1)
    if near:
        return _("没有“%(name)s”；是否指“%(near)s”？") % {"name": asked, "near": near[0]}
    return _("没有“%(name)s”；可用的是：%(known)s。") % {"name": asked, "known": one_of(known)}

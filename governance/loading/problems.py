"""What is wrong with a fixture, said in sentences that name the place."""

import reprlib
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _


class LoadError(Exception):
    """Why nothing was written, in a sentence for the person who loads."""


class Invalid(LoadError):
    """A load that was refused for `problems`, all of them."""

    def __init__(self, problems):
        super().__init__(_("共有 %(count)s 处错误，未作任何改动。") % {"count": len(problems)})
        self.problems = problems

    def as_json(self):
        return {"problems": [problem.as_json() for problem in self.problems]}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in `file`; `number` counts objects and `line` lines, both from 1.

    Where a document was read, `paragraph` is the one of the entry, and its objects are nobody's to
    count. `label` is the field in words.
    """

    file: str
    sentence: str
    number: int | None = None
    line: int | None = None
    row: str = ""
    field: str = ""
    label: str = ""
    paragraph: int | None = None

    def as_json(self):
        return dict(vars(self))

    def __str__(self):
        place = [self.file]
        if self.line:
            place.append(_("第 %(line)s 行") % {"line": self.line})
        if self.paragraph:
            place.append(_("公告第 %(paragraph)s 段") % {"paragraph": self.paragraph})
        elif self.number:
            place.append(_("第 %(number)s 个对象") % {"number": self.number})
        place += [word for word in (self.row, self.label or self.field) if word]
        return _("%(place)s：%(sentence)s") % {
            "place": " · ".join(place),
            "sentence": self.sentence,
        }


def shown(value):
    """A value as a sentence can hold it, however long or deep it is."""
    return reprlib.repr(value)


# So many of a list that may be long are named.
FEW = 3


def listed(names):
    """ "甲、乙、丙等 45 个": the first few, and how many there are."""
    names = list(dict.fromkeys(map(str, names)))
    if len(names) <= FEW:
        return "、".join(names)
    return _("%(first)s等 %(count)s 个") % {"first": "、".join(names[:FEW]), "count": len(names)}


def one_of(names):
    return "、".join(names)


def unknown(name, known):
    """ "nam" → 没有这一项；是否指 name？ Or all that there are, when nothing is near."""
    near = get_close_matches(str(name), known, n=1)
    if near:
        return _("没有“%(name)s”；是否指“%(near)s”？") % {"name": name, "near": near[0]}
    return _("没有“%(name)s”；可用的是：%(known)s。") % {"name": name, "known": one_of(known)}

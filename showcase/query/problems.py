"""What is wrong with a query string, said so that the reader can mend it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import CharFilter, DateFilter, MultipleChoiceFilter, NumberFilter

from governance.index.text import fold, terms
from governance.models import Achievement
from governance.models.award import award_year_code
from showcase import links

from .form import LONGEST, MOST_TERMS, Fields, Listed, OfEntries
from .pasted import quotation
from .spellings import Choice, Spellings
from .vocabulary import Vocabulary

# NUL and lone surrogates: databases refuse to be asked about them.
UNREADABLE = "[\0\ud800-\udfff]"
# What Django reads for bytes that are no UTF-8, as in an address written in GBK.
UNDECODED = "\ufffd"

# The most values of one parameter.
MOST_VALUES = 50
# More wrong parts of one query are not told apart.
MOST = 20
# Of a quotation that is offered so much is shown.
SHOWN = 30


# What kind of problem it is, for programs.
ProblemCode = Literal[
    "unknown_parameter",
    "unknown_value",
    "repeated",
    "not_a_number",
    "not_a_date",
    "out_of_range",
    "too_long",
    "too_many",
    "bad_encoding",
]


class BadQuery(Exception):
    """A query that cannot be answered as it stands; `problems` says why. Faces answer 400."""

    def __init__(self, problems: "list[Problem]"):
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems

    @property
    def told(self) -> dict[str, Any]:
        """What programs are told of it."""
        return {"problems": [problem.as_dict() for problem in self.problems]}


@dataclass
class Problem:
    """One wrong name or value, and the nearest that would be right as (value, label) pairs."""

    parameter: str
    value: str
    message: str
    suggestions: list[Choice] = field(default_factory=list)
    code: ProblemCode = field(kw_only=True)
    # Whether it is the parameter's name that is unknown, and `suggestions` are names.
    name_is_wrong: bool = False

    def ways_out(self, query: QueryDict) -> Iterator[Choice]:
        """(label, address) of each suggestion, the rest of the query kept."""
        values = [value for value in query.getlist(self.parameter) if value != self.value]
        for suggestion, label in self.suggestions:
            if self.name_is_wrong:
                both = [*query.getlist(suggestion), *query.getlist(self.parameter)]
                changes = {self.parameter: [], suggestion: list(dict.fromkeys(both))}
            else:
                changes = {self.parameter: list(dict.fromkeys([*values, suggestion]))}
            yield label or suggestion, links.changed(query, **changes)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"suggestions": [value for value, _label in self.suggestions]}


def strays(query: QueryDict, names: Collection[str]) -> list[str]:
    """The parameters that are none of a page's `names`, nor a slip of one: platforms add them to links."""
    unknown = [name for name in query if name not in names]
    return [name for name in unknown if not any(_slip(name, right) for right in names)]


def _slip(name: str, right: str) -> bool:
    # Here: nearly no address has an unknown name.
    from rapidfuzz import fuzz

    return fuzz.ratio(fold(name[:LONGEST]), right) >= 80


def refused(query: QueryDict) -> list[Problem]:
    """What keeps a query from being looked up at all: characters that no database takes, far too many values."""
    found = []
    for name, values in query.lists():
        if re.search(UNREADABLE, name + "".join(values)):
            shown = re.sub(UNREADABLE, "", name)
            sentence = _("参数“%(name)s”含有无法识别的字符。")
            found.append(Problem(name, "", sentence % {"name": shown}, code="bad_encoding"))
        elif UNDECODED in name + "".join(values):
            sentence = _("参数“%(name)s”不是 UTF-8 编码的文字（可能是 GBK），请改用 UTF-8 编码。")
            found.append(Problem(name, "", sentence % {"name": name}, code="bad_encoding"))
        elif len(values) > MOST_VALUES:
            found.append(_too_many(name, len(values)))
    return found


def _too_many(name: str, count: int) -> Problem:
    words = {"name": name, "count": count, "most": MOST_VALUES}
    sentence = _("参数“%(name)s”给了 %(count)d 个值，最多 %(most)d 个。")
    return Problem(name, "", sentence % words, code="too_many")


def explained(
    name: str, value: str, query: QueryDict, fields: Fields, words: Vocabulary
) -> Problem:
    """What is wrong with a parameter of which `value` is no good, among the `fields` that there are."""
    if name not in fields:
        return _unknown_name(name, query, fields)
    if _takes_one(fields, name) and len(query.getlist(name)) > 1:
        sentence = _("参数“%(name)s”只能给一次。") % {"name": name}
        return Problem(name, "、".join(query.getlist(name)), sentence, code="repeated")
    field = fields[name]
    if isinstance(field, NumberFilter):
        return _wrong_number(name, value, field)
    if isinstance(field, CharFilter):
        return _wrong_text(name, value, field)
    if isinstance(field, DateFilter):
        return _wrong_day(name, value)
    if isinstance(field, OfEntries):
        return unknown_entry(name, value)
    if isinstance(field, Listed):
        several, known = value.split(","), dict(field.extra["choices"])
        if len(several) > MOST_VALUES:
            return _too_many(name, len(several))
        value = next(one for one in several if one not in known)
    if isinstance(field, MultipleChoiceFilter):
        spellings = words.spellings(name)
    else:
        choices = [(word, str(label)) for word, label in field.extra["choices"]]
        spellings = Spellings((one, one) for one in choices)
    sentence, near = _("“%(label)s”（%(name)s）没有“%(value)s”这个取值。"), spellings.nearest(value)
    shown = {"label": str(field.label), "name": name, "value": value}
    if not near and spellings.example:
        sentence = _(
            "“%(label)s”（%(name)s）没有“%(value)s”这个取值，正确的取值如“%(right)s”（%(called)s）。"
        )
        shown["right"], shown["called"] = spellings.example
    return Problem(name, value, sentence % shown, near, code="unknown_value")


def _unknown_name(name: str, query: QueryDict, fields: Fields) -> Problem:
    names = [(right, str(field.label)) for right, field in fields.items()]
    near = [
        (right, label)
        for right, label in Spellings((one, one) for one in names).alike(name, 60)
        if not _takes_one(fields, right) or len(query.getlist(name) + query.getlist(right)) == 1
    ]
    sentence = _("没有名为“%(name)s”的参数。") % {"name": name}
    value = query.getlist(name)[-1]
    return Problem(name, value, sentence, near, name_is_wrong=True, code="unknown_parameter")


def unknown_entry(name: str, code: str) -> Problem:
    """A code that no published entry has, and the nearest of the same award year that one has."""
    scope = re.sub(UNREADABLE, "", award_year_code(code.lower()))
    of_year = Achievement.objects.published().filter(award_year__code=scope)
    codes = of_year.values_list("code", flat=True)[:500]
    # 2015-w01 is also meant by 2015-w1, which stands in 2015-w10 as well.
    spelt = (((one, ""), (one, re.sub(r"(?<=[a-z])0+", "", one))) for one in codes)
    near = Spellings(spelt).alike(code, 60)
    shown = {"code": re.sub(UNREADABLE, "", code)}
    message = _("没有编号为“%(code)s”的成果；编号形如 2015-w01。") % shown
    return Problem(name, code, message, near, code="unknown_value")


def _takes_one(fields: Fields, name: str) -> bool:
    """Whether a parameter means one thing: codes, facets and `also` take several values, others do not."""
    return not isinstance(fields[name], MultipleChoiceFilter | OfEntries)


def _wrong_day(name: str, value: str) -> Problem:
    sentence = _("“%(name)s”应为日期，形如 2026-11-26，不能是“%(value)s”。")
    return Problem(name, value, sentence % {"name": name, "value": value}, code="not_a_date")


def _wrong_text(name: str, value: str, field: CharFilter) -> Problem:
    code: ProblemCode = "too_long" if len(value) > LONGEST else "too_many"
    if code == "too_long":
        sentence, count, most = (
            _("“%(label)s”（%(name)s）最多 %(most)d 个字，这里有 %(count)d 个。"),
            len(value),
            LONGEST,
        )
    else:
        sentence, count, most = (
            _("“%(label)s”（%(name)s）最多 %(most)d 个词，这里有 %(count)d 个。"),
            len(terms(value)),
            MOST_TERMS,
        )
    words = {"label": str(field.label), "name": name, "count": count, "most": most}
    beginning = quotation(value)
    offered = f"{beginning[:SHOWN]}…”" if len(beginning) > SHOWN else beginning
    return Problem(name, value, sentence % words, [(beginning, offered)], code=code)


def _wrong_number(name: str, value: str, field: NumberFilter) -> Problem:
    most = field.extra.get("max_value")
    if most is None:
        sentence, right = _("“%(name)s”应为正整数，不能是“%(value)s”。"), "1"
    else:
        sentence, right = _("“%(name)s”应为 1 到 %(most)s 的整数，不能是“%(value)s”。"), str(most)
    words = {"name": name, "value": value, "most": most}
    is_number = value.isascii() and value.removeprefix("-").isdigit()
    code: ProblemCode = "out_of_range" if is_number else "not_a_number"
    return Problem(name, value, sentence % words, [(right, "")], code=code)

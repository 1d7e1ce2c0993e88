"""What is wrong with a query string, said so that the reader can mend it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import CharFilter, MultipleChoiceFilter, NumberFilter

from governance.index.text import fold, terms
from showcase import links

from .form import LONGEST, MOST_TERMS, Fields, Listed
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


class BadQuery(Exception):
    """A query that cannot be answered as it stands; `problems` says why. Faces answer 400."""

    def __init__(self, problems: "list[Problem]"):
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass
class Problem:
    """One wrong name or value, and the nearest that would be right as (value, label) pairs."""

    parameter: str
    value: str
    message: str
    suggestions: list[Choice] = field(default_factory=list)
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

    def as_dict(self) -> dict:
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
            found.append(
                Problem(name, "", _("参数“%(name)s”含有无法识别的字符。") % {"name": shown})
            )
        elif UNDECODED in name + "".join(values):
            sentence = _("参数“%(name)s”不是 UTF-8 编码的文字（可能是 GBK），请改用 UTF-8 编码。")
            found.append(Problem(name, "", sentence % {"name": name}))
        elif len(values) > MOST_VALUES:
            found.append(_too_many(name, len(values)))
    return found


def _too_many(name: str, count: int) -> Problem:
    words = {"name": name, "count": count, "most": MOST_VALUES}
    sentence = _("参数“%(name)s”给了 %(count)d 个值，最多 %(most)d 个。")
    return Problem(name, "", sentence % words)


def explained(
    name: str, value: str, query: QueryDict, fields: Fields, words: Vocabulary
) -> Problem:
    """What is wrong with a parameter of which `value` is no good, among the `fields` that there are."""
    if name not in fields:
        return _unknown_name(name, query, fields)
    if _takes_one(fields, name) and len(query.getlist(name)) > 1:
        shown = {"name": name}
        return Problem(
            name, "、".join(query.getlist(name)), _("参数“%(name)s”只能给一次。") % shown
        )
    field = fields[name]
    if isinstance(field, NumberFilter):
        return _wrong_number(name, value, field)
    if isinstance(field, CharFilter):
        return _wrong_text(name, value, field)
    if isinstance(field, Listed):
        several, known = value.split(","), dict(field.extra["choices"])
        if len(several) > MOST_VALUES:
            return _too_many(name, len(several))
        value = next(one for one in several if one not in known)
    shown = {"label": str(field.label), "name": name, "value": value}
    sentence = _("“%(label)s”（%(name)s）没有“%(value)s”这个取值。") % shown
    if isinstance(field, MultipleChoiceFilter):
        return Problem(name, value, sentence, words.spellings(name).nearest(value))
    choices = [(word, str(label)) for word, label in field.extra["choices"]]
    return Problem(name, value, sentence, Spellings((one, one) for one in choices).nearest(value))


def _unknown_name(name: str, query: QueryDict, fields: Fields) -> Problem:
    names = [(right, str(field.label)) for right, field in fields.items()]
    near = [
        (right, label)
        for right, label in Spellings((one, one) for one in names).alike(name, 60)
        if not _takes_one(fields, right) or len(query.getlist(name) + query.getlist(right)) == 1
    ]
    sentence = _("没有名为“%(name)s”的参数。") % {"name": name}
    return Problem(name, query.getlist(name)[-1], sentence, near, name_is_wrong=True)


def _takes_one(fields: Fields, name: str) -> bool:
    """Whether a parameter means one thing: facets and `also` take several values, others do not."""
    return not isinstance(fields[name], MultipleChoiceFilter)


def _wrong_text(name: str, value: str, field: CharFilter) -> Problem:
    if len(value) > LONGEST:
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
    return Problem(name, value, sentence % words)


def _wrong_number(name: str, value: str, field: NumberFilter) -> Problem:
    most = field.extra.get("max_value")
    if most is None:
        sentence, right = _("“%(name)s”应为正整数，不能是“%(value)s”。"), "1"
    else:
        sentence, right = _("“%(name)s”应为 1 到 %(most)s 的整数，不能是“%(value)s”。"), str(most)
    words = {"name": name, "value": value, "most": most}
    return Problem(name, value, sentence % words, [(right, "")])

"""What is wrong with a query string, said so that the reader can mend it."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ChoiceField, ModelChoiceField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import Filter, MultipleChoiceFilter, NumberFilter

from governance.index.text import fold
from showcase import links
from showcase.text import localized

from .form import Fields

# NUL and lone surrogates: databases refuse to be asked about them.
UNREADABLE = "[\0\ud800-\udfff]"

# How many suggestions; and how many choices are shown if nothing is like what was asked.
NEAREST, FEW = 3, 8
# The most values of one parameter.
MOST_VALUES = 50
# More wrong parts of one query are not told apart.
MOST = 20

# (value, label)
Choice = tuple[str, str]


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


def refused(query: QueryDict) -> list[Problem]:
    """What keeps a query from being looked up at all: characters that no database takes, far too many values."""
    found = []
    for name, values in query.lists():
        if re.search(UNREADABLE, name + "".join(values)):
            shown = re.sub(UNREADABLE, "", name)
            found.append(
                Problem(name, "", _("参数“%(name)s”含有不能识别的字符。") % {"name": shown})
            )
        elif len(values) > MOST_VALUES:
            words = {"name": name, "count": len(values), "most": MOST_VALUES}
            sentence = _("参数“%(name)s”给了 %(count)d 个值，最多 %(most)d 个。")
            found.append(Problem(name, "", sentence % words))
    return found


def explained(name: str, value: str, query: QueryDict, fields: Fields) -> Problem:
    """What is wrong with a parameter of which `value` is no good, among the `fields` that there are."""
    if name not in fields:
        return _unknown_name(name, query, fields)
    if _takes_one(fields, name) and len(query.getlist(name)) > 1:
        words = {"name": name}
        return Problem(
            name, "、".join(query.getlist(name)), _("参数“%(name)s”只能给一次。") % words
        )
    return _wrong_value(name, value, fields[name])


def _unknown_name(name: str, query: QueryDict, fields: Fields) -> Problem:
    names = {
        (right, str(field.label)): (right, str(field.label)) for right, field in fields.items()
    }
    near = [
        (right, label)
        for right, label in _alike(name, names, 0.6)
        if not _takes_one(fields, right) or len(query.getlist(name) + query.getlist(right)) == 1
    ]
    sentence = _("没有名为“%(name)s”的参数。") % {"name": name}
    return Problem(name, query.getlist(name)[-1], sentence, near, name_is_wrong=True)


def _takes_one(fields: Fields, name: str) -> bool:
    """Whether a parameter means one thing: facets and `also` take several values, others do not."""
    return not isinstance(fields[name], MultipleChoiceFilter)


def _wrong_value(name: str, value: str, field: Filter) -> Problem:
    words = {"label": field.label, "name": name, "value": value}
    if isinstance(field, NumberFilter):
        return _wrong_number(name, value, field)
    if hasattr(field.field, "choices"):
        sentence = _("“%(label)s”（%(name)s）没有“%(value)s”这个取值。") % words
        return Problem(name, value, sentence, _nearest(value, _spellings(field)))
    try:
        field.field.run_validators(value)
    except ValidationError as error:
        words["error"] = " ".join(error.messages)
    return Problem(name, value, _("“%(label)s”（%(name)s）不合要求：%(error)s") % words)


def _wrong_number(name: str, value: str, field: NumberFilter) -> Problem:
    most = field.extra.get("max_value")
    if most is None:
        sentence, right = _("“%(name)s”应为正整数，不能是“%(value)s”。"), "1"
    else:
        sentence, right = _("“%(name)s”应为 1 到 %(most)s 的整数，不能是“%(value)s”。"), str(most)
    words = {"name": name, "value": value, "most": most}
    return Problem(name, value, sentence % words, [(right, "")])


def _spellings(field: Filter) -> Mapping[Choice, Iterable[str]]:
    """{(value, label): all spellings by which a reader may mean it} of what a field takes."""
    form_field = field.field
    if isinstance(form_field, ModelChoiceField):
        key = form_field.to_field_name or "pk"
        return {
            (getattr(row, key), localized(row, "name")): (getattr(row, key), row.name, row.name_en)
            for row in form_field.queryset or ()
        }
    assert isinstance(form_field, ChoiceField)
    offered: Any = form_field.choices
    choices = [(value, str(label)) for value, label in offered if value]
    return {choice: choice for choice in choices}


def _nearest(value: str, choices: Mapping[Choice, Iterable[str]]) -> list[Choice]:
    """The (value, label) pairs of `choices` spelt most like `value`; all of them if few and none is."""
    return _alike(value, choices) or list(choices)[:FEW]


def _alike(value: str, choices: Mapping[Choice, Iterable[str]], least: float = 0.5) -> list[Choice]:
    asked = fold(value)
    # The first of those spelt alike stands.
    spelt = {
        fold(text): choice
        for choice, texts in reversed(list(choices.items()))
        for text in texts
        if text
    }
    holding = [choice for text, choice in spelt.items() if asked and asked in text]
    alike = difflib.get_close_matches(asked, spelt, n=NEAREST, cutoff=least)
    nearest = [*reversed(holding), *(spelt[text] for text in alike)]
    return list(dict.fromkeys(nearest))[:NEAREST]

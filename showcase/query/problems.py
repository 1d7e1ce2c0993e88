"""What is wrong with a query string, said so that the reader can mend it."""

import difflib
import re
from dataclasses import asdict, dataclass, field

from django import forms
from django.utils.translation import gettext as _

from governance.index.text import fold
from showcase import links
from showcase.text import localized

# NUL, and halves of characters outside the basic plane: databases refuse to be asked about them.
UNREADABLE = "[\0\ud800-\udfff]"

# How many suggestions; and how many choices are shown if nothing is like what was asked.
NEAREST, FEW = 3, 8
# The most values of one parameter.
MOST_VALUES = 50
# More wrong parts of one query are not told apart.
MOST = 20


class BadQuery(Exception):
    """A query that cannot be answered as it stands; `problems` says why. Faces answer 400."""

    def __init__(self, problems):
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass
class Problem:
    """One wrong name or value, and the nearest that would be right as (value, label) pairs."""

    parameter: str
    value: str
    message: str
    suggestions: list = field(default_factory=list)
    # Whether it is the parameter's name that is unknown, and `suggestions` are names.
    name_is_wrong: bool = False

    def ways_out(self, query):
        """(label, address) of each suggestion, the rest of the query kept."""
        values = [value for value in query.getlist(self.parameter) if value != self.value]
        for suggestion, label in self.suggestions:
            if self.name_is_wrong:
                both = [*query.getlist(suggestion), *query.getlist(self.parameter)]
                changes = {self.parameter: [], suggestion: list(dict.fromkeys(both))}
            else:
                changes = {self.parameter: list(dict.fromkeys([*values, suggestion]))}
            yield label or suggestion, links.changed(query, **changes)

    def as_dict(self):
        return asdict(self) | {"suggestions": [value for value, _label in self.suggestions]}


def of(filterset):
    """All problems of an `AchievementFilter`'s data, in the order of the query string."""
    found = [*_unreadable(filterset), *_too_many(filterset)]
    if found:
        # The form cannot, or shall not, even look these values up.
        return found
    found = [*_unknown_names(filterset), *_repeated(filterset), *_bad_paging(filterset)]
    for name, errors in filterset.form.errors.as_data().items():
        found += [_bad_value(filterset.form.fields[name], name, error) for error in errors]
    order = list(filterset.data)
    return sorted(found, key=lambda problem: order.index(problem.parameter))[:MOST]


def _unreadable(filterset):
    for name, values in filterset.data.lists():
        if re.search(UNREADABLE, name + "".join(values)):
            shown = re.sub(UNREADABLE, "", name)
            yield Problem(name, "", _("参数“%(name)s”含有不能识别的字符。") % {"name": shown})


def _too_many(filterset):
    for name in filterset.filters:
        count = len(filterset.data.getlist(name))
        if count > MOST_VALUES:
            words = {"name": name, "count": count, "most": MOST_VALUES}
            sentence = _("参数“%(name)s”给了 %(count)d 个值，最多 %(most)d 个。")
            yield Problem(name, "", sentence % words)


def _takes_one(filterset, name):
    """Whether a parameter means one thing: a facet takes several values, the others do not."""
    item = filterset.filters.get(name)
    return name in filterset.paging or bool(item and not hasattr(item, "always_filter"))


def _unknown_names(filterset):
    labels = {name: str(item.label) for name, item in filterset.filters.items()}
    known = labels | {name: name for name in filterset.paging}
    for name in list(filterset.data)[:MOST]:
        if name not in known:
            near = [
                (right, label)
                for right, label in _alike(name, {pair: pair for pair in known.items()}, 0.6)
                if not _takes_one(filterset, right)
                or len(filterset.data.getlist(name) + filterset.data.getlist(right)) == 1
            ]
            yield Problem(
                name,
                filterset.data[name],
                _("没有名为“%(name)s”的参数。") % {"name": name},
                near,
                name_is_wrong=True,
            )


def _repeated(filterset):
    """Parameters given twice that mean one thing: the form would quietly read the last."""
    for name in filterset.data:
        values = filterset.data.getlist(name)
        if _takes_one(filterset, name) and len(values) > 1:
            yield Problem(name, "、".join(values), _("参数“%(name)s”只能给一次。") % {"name": name})


def _bad_paging(filterset):
    for name, most in filterset.paging.items():
        value = filterset.data.get(name, "")
        if isinstance(most, dict):
            if value and value not in most:
                words = {"label": _("显示方式"), "name": name, "value": value}
                sentence = _("“%(label)s”（%(name)s）没有“%(value)s”这个取值。") % words
                choices = [(word, str(label)) for word, label in most.items()]
                yield Problem(name, value, sentence, choices)
            continue
        # Nine digits: more would be no page, and int() refuses to read thousands.
        if value and not (
            re.fullmatch(r"[0-9]{1,9}", value) and 1 <= int(value) <= (most or int(value))
        ):
            if most is None:
                sentence, right = _("“%(name)s”应为正整数，不能是“%(value)s”。"), "1"
            else:
                sentence, right = (
                    _("“%(name)s”应为 1 到 %(most)s 的整数，不能是“%(value)s”。"),
                    str(most),
                )
            words = {"name": name, "value": value, "most": most}
            yield Problem(name, value, sentence % words, [(right, "")])


def _bad_value(form_field, name, error):
    params = error.params or {}
    value = str(params.get("value", params.get("pk", "")))
    if not isinstance(form_field, forms.ChoiceField):
        message = _("“%(label)s”（%(name)s）不合要求：%(error)s") % {
            "label": form_field.label,
            "name": name,
            "error": " ".join(error.messages),
        }
        return Problem(name, value, message)
    message = _("“%(label)s”（%(name)s）没有“%(value)s”这个取值。") % {
        "label": form_field.label,
        "name": name,
        "value": value,
    }
    return Problem(name, value, message, _nearest(value, _choices(form_field)))


def _choices(form_field):
    """{(value, label): all spellings by which a reader may mean it} of what a field takes."""
    if not hasattr(form_field, "queryset"):
        choices = [(value, str(label)) for value, label in form_field.choices if value]
        return {choice: choice for choice in choices}
    key = form_field.to_field_name
    return {
        (getattr(row, key), localized(row, "name")): (getattr(row, key), row.name, row.name_en)
        for row in form_field.queryset
    }


def _nearest(value, choices):
    """The (value, label) pairs of `choices` spelt most like `value`; all of them if few and none is."""
    return _alike(value, choices) or list(choices)[:FEW]


def _alike(value, choices, least=0.5):
    asked = fold(value)
    spelt = {
        fold(text): choice for choice, texts in reversed(choices.items()) for text in texts if text
    }
    holding = [choice for text, choice in spelt.items() if asked and asked in text]
    alike = difflib.get_close_matches(asked, spelt, n=NEAREST, cutoff=least)
    found = [*reversed(holding), *(spelt[text] for text in alike)]
    return list(dict.fromkeys(found))[:NEAREST]

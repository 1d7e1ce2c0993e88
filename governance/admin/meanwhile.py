"""What others have done while a form was open: no save overwrites it.

What a form was opened with comes back with it, in hidden fields. When it is saved, each value is judged
as that of a fixture is: what the form was opened with is the base, what was sent is the file, what the
record holds by now the database. The outcome is written into what was sent, so that a form is validated
and saved as if it had just been opened; where both have changed, it comes back.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from governance.changes import person_name
from governance.merging import UNKNOWN, Outcome, merge
from governance.models import Achievement, ChangePart

from .form_values import base_value, comparable_value, put_value, sent_value, shown_value


def who_and_when(row: Model) -> str:
    """Who has last changed a row, or what belongs to it, and when: “林小满 2026年11月27日 10:02”."""
    if isinstance(row, Achievement):
        parts = ChangePart.objects.filter(entry=row.pk).select_related("change")
        last = parts.order_by("-change_id").first()
        name, at = (last.change.who, last.change.at) if last else ("", None)
    else:
        of_row = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(row), object_id=row.pk
        )
        entry = of_row.select_related("user").order_by("-pk").first()
        name, at = (person_name(entry.user), entry.action_time) if entry else ("", None)
    return f"{name} {date_format(localtime(at), 'DATETIME_FORMAT')}" if at else _("有人")


@dataclass(frozen=True)
class Conflict:
    """What a form was opened with, and who has made what of it meanwhile, in words."""

    before: str
    who: str
    theirs: str

    @property
    def sentence(self) -> str:
        # Also for a reviewer, who sends what another has written.
        return _("没有保存：%(who)s 已改为“%(theirs)s”。再次保存，即以这里的为准。") % {
            "who": self.who,
            "theirs": self.theirs,
        }


class StoredFileField(forms.FileField):
    """A file, of which the form was opened with the name."""

    def to_python(self, data):
        return data if isinstance(data, str) else super().to_python(data)


class RelatedField(forms.ModelChoiceField):
    """Knows a row that it has met, the stored one first: most saves change no relation, and each
    look at one would be a query."""

    met: Model | None = None

    def to_python(self, value):
        if not (self.met and str(value) == str(self.met.pk)):
            self.met = super().to_python(value)
        return self.met


class MergingForm(forms.ModelForm):
    """A form of a row that others may have changed since it was opened."""

    # Fields that mean something together alone: changed by one person in any, and by another in any,
    # they are in question. The first of them is where that is said.
    together: tuple[tuple[str, ...], ...] = ()
    # Sentences on the row as a whole, from the form set.
    question = ""
    # The row is not on the page that was sent: somebody has added it since.
    unseen = False
    # {field in conflict: what the form was opened with, in words}; merging finds it.
    opened_with: dict[str, str]
    _outcomes: dict[str, Outcome] | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name, field in self.fields.items():
                field.show_hidden_initial = not field.disabled
                if isinstance(field, RelatedField):
                    field.met = self.instance._state.fields_cache.get(name)

    @property
    def changed_by(self):
        """The row whose history says who has changed this one."""
        return self.instance

    def merged(self) -> dict[str, Outcome]:
        """{field: Outcome} of what was sent, which from then on holds the values that are to be saved."""
        if self._outcomes is None:
            self._outcomes = self._merge() if self.is_bound and self.instance.pk else {}
        return self._outcomes

    def _merge(self) -> dict[str, Outcome]:
        data: Any = self.data
        if not getattr(data, "_mutable", True):
            # That of a form set is its own already.
            self.data = data.copy()
        values = {}
        for name, field in self.fields.items():
            if field.show_hidden_initial:
                one = self[name]
                now = comparable_value(field, one.initial)
                sent = (base_value(one), sent_value(one))
                values[name] = (now, now, now) if self.unseen else (*sent, now)
        values = self.without_moves(values)
        found = {name: merge(*three) for name, three in values.items()}
        for names in self.together:
            some = [name for name in names if name in values]
            was, mine, now = zip(*(values[name] for name in some), strict=True)
            found |= dict.fromkeys(some, merge(was, mine, now))
        # In words, and before they are what there is now.
        self.opened_with = {
            name: "" if was is UNKNOWN else shown_value(self.fields[name], was)
            for name, (was, _mine, _now) in values.items()
            if found[name] is Outcome.CONFLICT
        }
        for name, outcome in found.items():
            self._rebase(self[name], outcome in (Outcome.TAKEN, Outcome.CONFLICT))
        return found

    def without_moves(self, values: dict[str, tuple]) -> dict[str, tuple]:
        """{field: what it was, what was sent, what it is now}, but for what has changed by itself."""
        return values

    def _rebase(self, one: BoundField, keeps_mine: bool) -> None:
        """Let the form have been opened with what there is now; and hold it, unless it `keeps_mine`."""
        now = one.field.prepare_value(one.initial)
        put_value(self.data, one.html_initial_name, now)
        if not keeps_mine and not isinstance(one.field, forms.FileField):
            box = isinstance(one.field, forms.BooleanField)
            put_value(self.data, one.html_name, ("on" if now else []) if box else now)

    @property
    def of_others(self) -> list[str]:
        """Names of the fields that others have changed, and this form has not."""
        return [name for name, one in self.merged().items() if one is Outcome.KEPT]

    @cached_property
    def changed_data(self):
        # A form set asks for it before the form is cleaned.
        self.merged()
        return super().changed_data

    def full_clean(self):
        # Said as it is now, before cleaning puts what was sent into the row.
        conflicts = self.conflicts
        super().full_clean()
        for name, both in conflicts.items():
            self.add_error(name, both.sentence)
        if self.question and self.is_bound:
            self.add_error(NON_FIELD_ERRORS, self.question)

    def _post_clean(self):
        # What is as it was stored was judged when it was stored. Of an entry with eight codings that
        # was every fourth query of a save.
        if self.changed_data or not self.instance.pk:
            super()._post_clean()

    @cached_property
    def conflicts(self) -> dict[str, Conflict]:
        """{field: Conflict} of what was sent and what others have made of it."""
        names = [name for name, one in self.merged().items() if one is Outcome.CONFLICT]
        who = who_and_when(self.changed_by) if names else ""
        return {
            name: Conflict(
                self.opened_with[name], who, shown_value(self.fields[name], self[name].initial)
            )
            for name in names
            if self._differs(name)
        }

    def _get_validation_exclusions(self):
        """As Django's, and what is as it was stored, unless a rule sets it beside what is not."""
        left = super()._get_validation_exclusions()
        if not self.instance.pk:
            return left
        changed = set(self.changed_data)
        rules = map(_fields_of, self.instance._meta.constraints)
        judged = changed.union(*(fields for fields in rules if fields & changed))
        return left | (self.fields.keys() - judged)

    def _differs(self, name: str) -> bool:
        one = self[name]
        return bool(sent_value(one) != comparable_value(one.field, one.initial))


def _fields_of(rule: Any) -> set[str]:
    """The names of the fields of which a UniqueConstraint or CheckConstraint speaks."""
    condition = rule.condition.referenced_base_fields if rule.condition else set()
    return condition.union(getattr(rule, "fields", ()))


class PartFormSet(forms.BaseInlineFormSet):
    """Rows of an achievement's page; what stands there twice is named as the page names it.

    It holds every row that there is by now: those that were on the page, by their primary keys, and
    those that others have added. What others have deleted is dropped, or if it was changed on the page
    comes back as a new row; a new row that others have added too becomes theirs.
    """

    def __init__(self, data=None, files=None, instance=None, **kwargs):
        super().__init__(data, files, instance, **kwargs)
        self.questions, self.unseen, self.dropped = {}, set(), 0
        if self.is_bound and self.instance.pk and self.management_form.is_valid():
            self._follow()

    @property
    def others(self):
        """Whether others have added, changed or deleted any row since the page was opened."""
        return bool(
            self.unseen or self.dropped or any(form.of_others for form in self.initial_forms)
        )

    def add_fields(self, form, index):
        super().add_fields(form, index)
        # The row is at hand: Django would ask the database for each again, to know its primary key.
        name = self.model._meta.pk.name
        key = form.fields[name]
        form.fields[name] = RelatedField(
            key.queryset, initial=key.initial, required=False, widget=key.widget
        )
        form.fields[name].met = form.instance if form.instance.pk else None

    def get_unique_error_message(self, unique_check):
        names = [name for name in unique_check if name != self.fk.name]
        labels = [str(self.model._meta.get_field(name).verbose_name) for name in names]
        return super().get_unique_error_message(labels)

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.question, form.unseen = self.questions.get(i, ""), i in self.unseen
        self._ask_before_deleting(form)
        return form

    def _ask_before_deleting(self, form):
        """Whoever deletes a row has to have seen it as it is."""
        mark = f"{form.prefix}-DELETE"
        changed = (Outcome.KEPT, Outcome.CONFLICT)
        theirs = [name for name, one in form.merged().items() if one in changed]
        if self.is_bound and self.data.get(mark) and theirs:
            form.data.pop(mark)
            names = "、".join(str(form.fields[name].label) for name in theirs)
            sentence = _("没有删除：%(who)s 改过这一条（%(names)s）。看过之后仍要删除，请再勾选。")
            who = who_and_when(self.instance)
            form.question = sentence % {"who": who, "names": names}

    def _follow(self):
        """Bring the numbers of the forms after the rows that there are by now.

        1. Find the row that each form means; the others are new rows, some of them rows that others
           have deleted and that were changed here.
        2. Number the forms anew: those of the rows in the order of the rows, then the new ones.
        3. Ask whether what others have deleted is to come back.
        """
        rows = {str(row.pk): row for row in self.get_queryset()}
        total, initial = super().total_form_count(), super().initial_form_count()
        sent = [self.data.get(f"{self.add_prefix(number)}-id", "") for number in range(initial)]
        unseen = {self._key_of_row(row): pk for pk, row in rows.items() if pk not in sent}
        # {primary key: the number of its form}, and the numbers of those of new rows.
        form_of, new = {}, []
        for number in range(total):
            pk = sent[number] if number < initial else ""
            if pk not in rows:
                if number < initial and not self._is_changed(number):
                    self.dropped += 1
                    continue
                pk = unseen.get(self.key_sent(self.add_prefix(number)), "")
            if pk and pk not in form_of:
                form_of[pk] = number
            else:
                new.append(number)
        order = [form_of.get(pk) for pk in rows]
        self._renumber([*order, *new], list(rows))
        self.unseen = {place for place, number in enumerate(order) if number is None}
        for place, number in enumerate(new, len(order)):
            if number < initial:
                sentence = _(
                    "没有保存：%(who)s 删除了这一条，而这里改过它。再次保存，即按这里写的重新加入；不要，请移除。"
                )
                self.questions[place] = sentence % {"who": who_and_when(self.instance)}

    def _is_changed(self, number):
        """Whether a row that is gone was changed on the page, and not to be deleted."""
        prefix = self.add_prefix(number)
        if self.data.get(f"{prefix}-DELETE"):
            return False
        form = self.form(self.data, self.files, prefix=prefix, **self.get_form_kwargs(number))
        for field in form.fields.values():
            field.show_hidden_initial = True
        return not {self.fk.name}.issuperset(form.changed_data)

    @property
    def _key(self):
        """The field that tells the rows of an achievement apart."""
        return self.model._meta.get_field(self.model.natural_key_fields[1].split("__")[0])

    def _key_of_row(self, row):
        return str(getattr(row, self._key.attname))

    def key_sent(self, prefix):
        """As `_key_of_row`, of what was sent; "" if it does not say."""
        return self.data.get(f"{prefix}-{self._key.name}", "")

    def _renumber(self, order, pks):
        """Let the forms be those of these numbers, None for one that was not sent; the first are of
        the rows with these primary keys, the others new."""
        # {number that was sent: number from now on}
        places = {number: place for place, number in enumerate(order) if number is not None}
        self.data = self._moved(self.data, places, len(pks))
        if self.files:
            self.files = self._moved(self.files, places, len(pks))
        for place, pk in enumerate(pks):
            self.data[f"{self.add_prefix(place)}-id"] = pk
        for place in range(len(pks), len(order)):
            self.data[f"{self.add_prefix(place)}-id"] = ""
        self.data[f"{self.prefix}-TOTAL_FORMS"] = len(order)
        self.data[f"{self.prefix}-INITIAL_FORMS"] = len(pks)
        # It has read the old numbers.
        del self.management_form

    def _moved(self, sent, places, rows):
        """A copy of what was sent, each field under the name that its form has from now on; the
        first `rows` forms are of rows, and only those were opened with something."""
        of_form = re.compile(rf"(initial-)?{self.prefix}-([0-9]+)-(.+)")
        moved = sent.copy()
        moved.clear()
        for name, values in sent.lists():
            found = of_form.fullmatch(name)
            if found is None:
                moved.setlist(name, values)
                continue
            initial, number, field = found[1] or "", int(found[2]), found[3]
            place = places.get(number)
            if place is not None and (place < rows or not initial):
                moved.setlist(f"{initial}{self.add_prefix(place)}-{field}", values)
        return moved

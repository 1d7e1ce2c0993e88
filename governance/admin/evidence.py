"""Evidence as staff enter it: the words, one passage a line; where they stand is computed.

Words that stand more than once are offered with what is around them, and staff tick which.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import Passage
from governance.models.coding import absent, overlap, places

from .shared import RecordForm, TextareaField

# Stands for a line break within a passage, since a line of the form is a passage.
BREAK = "⏎"
AROUND = 12
# The fields of a form that say what its evidence is.
SAID = {"words", "places", "words_en"}


@dataclass(frozen=True)
class Occurrence:
    """One of the `count` places where `text` stands in an achievement, the `number`th, from 1."""

    text: str
    field: str
    start: int
    number: int
    count: int

    @property
    def end(self):
        return self.start + len(self.text)

    @property
    def place(self):
        return self.field, self.start, self.end

    @property
    def value(self):
        """What the form sends. With the count: if that changed, the choice is asked for again."""
        return f"{self.number}/{self.count} {self.text}"

    def label(self, achievement):
        passage = getattr(achievement, self.field)
        before = passage[max(self.start - AROUND, 0) : self.start]
        after = passage[self.end : self.end + AROUND]
        return _("%(field)s第 %(place)d 字：…%(before)s【%(words)s】%(after)s…") % {
            "field": Passage(self.field).label,
            "place": self.start + 1,
            "before": before,
            "words": self.text,
            "after": after,
        }


def occurrences(words, achievement, fields=Passage.values):
    """Where `words` stand in texts of an achievement, the title's first, as a list of Occurrences."""
    found = [
        (field, start) for field in fields for start in places(words, getattr(achievement, field))
    ]
    return [
        Occurrence(words, field, start, number, len(found))
        for number, (field, start) in enumerate(found, 1)
    ]


class WordsField(TextareaField):
    """Passages, one a line, in the order given; BREAK stands for a line break in one."""

    def __init__(self, **kwargs):
        super().__init__(
            strip=False, widget=forms.Textarea(attrs={"rows": 2, "cols": 50}), **kwargs
        )

    def clean(self, value):
        text = super().clean(value)
        lines = [line.replace(BREAK, "\n") for line in text.split("\n") if line.strip()]
        if self.required and not lines:
            raise ValidationError(self.error_messages["required"], code="required")
        if not all(line.strip() for line in lines):
            raise ValidationError(_("⏎ 只代表句中的换行，不能单独作依据；请写出原话。"))
        return list(dict.fromkeys(lines))


class OccurrencesField(forms.MultipleChoiceField):
    """Which of several occurrences are meant; the form knows which there are."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value):
        return True


def _by_words(ticks):
    """{words: the values of OccurrencesField for them}"""
    found = defaultdict(list)
    for tick in ticks:
        found[tick.partition(" ")[2]].append(tick)
    return found


def _count(ticks):
    """In how many places the words stand of which these are values, "" if there are none."""
    return ticks[0].partition(" ")[0].partition("/")[2] if ticks else ""


class EvidenceForm(RecordForm):
    """The form of an object that words of an achievement show.

    A form says which `achievement` that is, with the texts that were sent; the
    `stored_achievement`, in whose texts the spans of a saved object are counted; and where the
    `evidence` is kept: a related manager, asked of saved objects alone. `spans` are those that it
    came with.
    """

    words = WordsField(
        label=gettext_lazy("依据"),
        help_text=gettext_lazy(
            "标题或简介中的原话，每行一句，位置自动计算；句中若有换行，以 ⏎ 代替。"
        ),
    )
    places = OccurrencesField(
        label=gettext_lazy("第几处"),
        required=False,
        help_text=gettext_lazy("原话出现不止一次时，保存后在此勾选所指的位置。"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.spans = list(self.evidence.all()) if self.instance.pk else []
        lines = list(dict.fromkeys(span.text for span in self.spans))
        stored = {(span.field, span.start, span.end) for span in self.spans}
        self._offer(lines)
        self.initial["words"] = "\n".join(line.replace("\n", BREAK) for line in lines)
        self.initial["places"] = [
            occurrence.value
            for line in lines
            for occurrence in occurrences(line, self.stored_achievement)
            if occurrence.count > 1 and occurrence.place in stored
        ]

    def without_moves(self, values):
        """Of words that stand in more or fewer places by now, with the ticks of now."""
        if "places" not in values:
            return values
        was, mine, now = map(_by_words, values["places"])
        for words in was.keys() | now.keys():
            # Their numbers alone cannot tell a place that has moved from another one.
            if _count(was[words]) != _count(now[words]):
                mine[words] = now[words] if mine[words] == was[words] else mine[words]
                was[words] = now[words]
        ticks = [sorted(chain(*each.values())) for each in (was, mine, now)]
        self.data.setlist(self["places"].html_name, ticks[1])
        return values | {"places": tuple(ticks)}

    def _offer(self, lines):
        """{line: its occurrences}, and those of lines that have several become choices."""
        found = {line: occurrences(line, self.achievement) for line in lines}
        self.fields["places"].choices = [
            (occurrence.value, occurrence.label(self.achievement))
            for repeats in found.values()
            for occurrence in repeats
            if occurrence.count > 1
        ]
        return found

    def _post_clean(self):
        # Not clean(): the achievement's own form has put the new texts into it only now.
        super()._post_clean()
        if "words" in self.cleaned_data:
            found = self._offer([self._as_written(line) for line in self.cleaned_data["words"]])
            self.chosen = [
                occurrence for line in found for occurrence in self._choose(line, found[line])
            ]
            self._refuse_same_start()

    def _as_written(self, line):
        """The line as it stands in a text: a space at its edge may be a slip or belong there."""
        return line if occurrences(line, self.achievement) else line.strip()

    def _choose(self, line, found):
        ticked = self.cleaned_data.get("places", [])
        chosen = [
            occurrence for occurrence in found if len(found) == 1 or occurrence.value in ticked
        ]
        if not found:
            self.add_error("words", absent(line, self._nearest_passage(line)))
        elif not chosen:
            message = _("“%(words)s”在原文中有 %(count)d 处，请勾选所指的位置。")
            self.add_error("places", message % {"words": line, "count": len(found)})
        return chosen

    def _nearest_passage(self, line):
        passages = [getattr(self.achievement, field) for field in Passage.values]
        return max(passages, key=lambda passage: overlap(line, passage).size)

    def _refuse_same_start(self):
        first = {}
        for occurrence in self.chosen:
            other = first.setdefault(occurrence.place[:2], occurrence)
            if other is not occurrence:
                message = _("“%(one)s”与“%(other)s”从同一处开始，请只留其中一句。")
                error = ValidationError(message % {"one": other.text, "other": occurrence.text})
                self.add_error("words", error)

    def complete(self, span):
        """Give a span that the form says what else it says of it."""

    def _save_m2m(self):
        super()._save_m2m()
        write_evidence([self])


def write_evidence(forms):
    """Bring the evidence of some saved forms of one kind to what they say, by three queries for all."""
    # What was not changed stays where it is, or where a change of the texts has moved it.
    forms = [
        form for form in forms if form.has_changed() and not SAID.isdisjoint(form.changed_data)
    ]
    if not forms:
        return
    model, owner = forms[0].evidence.model, forms[0].evidence.field
    # A new query: the spans that came with the instances may have moved since.
    spans = model.objects.filter(**{f"{owner.name}__in": [form.instance for form in forms]})
    there = {(getattr(span, owner.attname), *span.words_in("")): span for span in spans}
    gone, new = there.copy(), []
    for form in forms:
        for one in form.chosen:
            key = form.instance.pk, one.field, one.text, one.start, one.end
            values = {"field": one.field, "text": one.text, "start": one.start, "end": one.end}
            span = model(**{owner.name: form.instance}, **values)
            form.complete(span)
            kept = there.get(key)
            if kept and all(kept.words_in(each) == span.words_in(each) for each in span.languages):
                del gone[key]
                continue
            # Deleted and created with its old key, as where words move.
            span.pk = kept and kept.pk
            new.append(span)
    model.objects.filter(pk__in=[span.pk for span in gone.values()]).delete()
    model.objects.bulk_create(new)

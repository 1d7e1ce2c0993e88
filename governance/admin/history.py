"""The history of an entry: what each Change did to it and to its parts, in words, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Field
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.changes import ENTRY, is_derived
from governance.loading import Invalid, LoadError, Restored, restore_entry
from governance.loading.history import LoadedRow, done_in
from governance.loading.schemas import LABELS, Schema, named_by
from governance.models import (
    Achievement,
    AchievementImage,
    AchievementOrganization,
    Change,
    ChangeKind,
    ChangePart,
    Coding,
    Evidence,
    Mechanism,
    Status,
)
from governance.roles import may_publish
from governance.words import first_difference, stretch

CODING, EVIDENCE = Coding._meta.label_lower, Evidence._meta.label_lower
# So many characters around what differs say where in a text it stands.
AROUND = 24
# What nobody reads: a picture's measures follow from its file.
UNTOLD = ("width", "height", "digest")


# Such a change is called by what it does to the status.
MOVES = (ChangeKind.SUBMIT, ChangeKind.RETURN, ChangeKind.PUBLISH, ChangeKind.TAKE_BACK)


class Marked(NamedTuple):
    """A value with what differs from the other one in its middle; shortened around that."""

    head: str
    differs: str = ""
    tail: str = ""


@dataclass(frozen=True)
class Difference:
    """What a Change did to one field, or to a part as a whole.

    `name` is what restoring calls it: a field of the entry, or the model of a part.
    """

    label: str
    name: str
    outcome: str
    before: Marked | None = None
    after: Marked | None = None


class HistoryLine:
    """One Change as the history of an entry shows it."""

    def __init__(self, part: ChangePart) -> None:
        self.part, self.change = part, part.change
        done = {schema.label: rows for schema, rows in done_in(part)}
        own: list[LoadedRow] = done.get(ENTRY, [])
        self.created, self.removed = any(r.created for r in own), any(r.removed for r in own)
        found = [one for label, rows in done.items() for one in differences(label, rows, done)]
        told = self.change.kind in MOVES
        self.differences = [one for one in found if not (told and one.name == "status")]
        self.moved = not found and not self.created

    @property
    def before(self) -> int:
        """A number at which this Change was not done yet."""
        return self.change.pk - 1

    @property
    def kind(self) -> str:
        if self.change.kind == ChangeKind.EDIT and (self.created or self.removed):
            return _("新建") if self.created else _("删除")
        return str(self.change.get_kind_display())


class EntryHistory:
    """All Changes of an entry, the latest first; it may be gone."""

    def __init__(self, pk: int) -> None:
        self.pk = pk
        self.achievement = Achievement.objects.filter(pk=pk).first()
        self.parts = ChangePart.objects.filter(entry=pk).order_by("-change_id")

    @cached_property
    def known(self) -> bool:
        """Whether there is or was such an entry."""
        return self.achievement is not None or self.parts.exists()

    @property
    def title(self) -> str:
        return str(self.achievement) if self.achievement else title_of_gone(self.parts[0])

    @cached_property
    def lines(self) -> list[HistoryLine]:
        return [HistoryLine(part) for part in self.parts.select_related("change__load")]

    @property
    def begins(self) -> Change | None:
        """Where the history begins if not with the entry: it was found as it then was."""
        if self.lines and self.lines[-1].created:
            return None
        return Change.objects.filter(kind=ChangeKind.FOUND).first()


def title_of_gone(part: ChangePart) -> str:
    """What an entry was called that a Change removed: code and title."""
    for schema, rows in done_in(part):
        if schema.label == ENTRY and rows[0].before:
            return f"{part.code} {rows[0].before.get('title', '')}"
    return part.code


def deleted_drafts() -> Iterator[tuple[ChangePart, str]]:
    """(the part that removed it, code and title) of each entry that is gone, the latest first."""
    gone = ChangePart.objects.exclude(entry__in=Achievement.objects.values("pk"))
    seen = set()
    for part in gone.select_related("change").order_by("-change_id"):
        if part.entry not in seen:
            seen.add(part.entry)
            yield part, title_of_gone(part)


def differences(
    label: str, rows: list[LoadedRow], done: dict[str, list[LoadedRow]]
) -> Iterator[Difference]:
    """What was done to rows of one model, as a person reads it; what follows from something else is
    left out. `done` are the rows of all."""
    schema = LABELS[label]
    codings = {row.key for row in done.get(CODING, ()) if row.created or row.removed}
    for row in rows:
        if label == ENTRY:
            yield from _of_fields(schema, row, "")
        elif not (row.created or row.removed):
            yield from _of_fields(schema, row, f"{schema} {row_name(schema, row)} · ")
        elif schema.model is not Evidence or row.key[:2] not in codings:
            spans = done.get(EVIDENCE, ()) if schema.model is Coding else ()
            words = [words_of(span) for span in spans if span.key[:2] == row.key]
            about = " ".join([str(schema), row_name(schema, row), *words]).strip()
            outcome = "created" if row.created else "removed"
            yield Difference(about, owner_name(schema), outcome)


def _of_fields(schema: Schema, row: LoadedRow, about: str) -> Iterator[Difference]:
    before, after = row.before or {}, row.after or {}
    for one in schema.fields.values():
        if is_derived(one.name) or one.name in UNTOLD:
            continue
        old, new = (one_value(one, values.get(one.attname)) for values in (before, after))
        if old == new:
            continue
        if row.created or row.removed:
            sides = Marked(old), Marked(new)
        elif one.choices or one.is_relation:
            sides = Marked("", old), Marked("", new)
        else:
            sides = side_by_side(old, new)
        target = owner_name(schema) if about else one.name
        yield Difference(f"{about}{one.verbose_name}", target, "changed", *sides)


def owner_name(schema: Schema) -> str:
    """What restoring calls a part: evidence goes with its coding."""
    model = Coding if schema.model is Evidence else schema.model
    return str(model._meta.model_name)


def row_name(schema: Schema, row: LoadedRow) -> str:
    """Which of an entry's parts it is: 协商议事 “逐项商定公共事务”."""
    words = words_of(row)
    if schema.model in (Coding, Evidence):
        mechanism = Mechanism.objects.filter(slug=row.key[1]).first()
        return f"{mechanism or row.key[1]} {words}".strip()
    if schema.model is AchievementOrganization:
        return str(row.key[1])
    if schema.model is AchievementImage:
        return str({**(row.before or {}), **(row.after or {})}.get("alt", ""))
    return words


def words_of(span: LoadedRow) -> str:
    """The words of evidence, in quotes; "" where they stayed what they were."""
    text = {**(span.before or {}), **(span.after or {})}.get("text")
    return f"“{text}”" if text else ""


def one_value(field: Field, column: Any) -> str:
    """A column's value in words."""
    if column in (None, ""):
        return _("（空）")
    if field.is_relation:
        row = named_by(field).model.objects.filter(pk=column).first()
        return str(row) if row else _("（已不在库中）")
    if field.choices:
        return str(dict(field.flatchoices).get(column, column))
    return str(column)


def side_by_side(before: str, after: str) -> tuple[Marked, Marked]:
    """Both, with what they have in common at head and tail set apart, and shortened."""
    head = _whole_words(before, first_difference([before, after]))
    ends = [text[head:][::-1] for text in (before, after)]
    tail = _whole_words(ends[0], first_difference(ends))
    return tuple(_cut(text, head, len(text) - tail) for text in (before, after))  # type: ignore[return-value]  # there are two


def _whole_words(text: str, at: int) -> int:
    """The last place up to `at` that is not within a word of Latin letters."""
    while 0 < at < len(text) and text[at - 1].isascii() and text[at - 1].isalnum():
        at -= 1
    return at


def _cut(text: str, start: int, end: int) -> Marked:
    return Marked(
        stretch(text[:start], start - AROUND, start),
        text[start:end],
        stretch(text[end:], 0, AROUND),
    )


class RestoreForm(forms.Form):
    """Which moment is restored, all of it or what is named, and why."""

    number = forms.IntegerField(min_value=0, max_value=1 << 62, widget=forms.HiddenInput)
    name = forms.CharField(required=False, max_length=50, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text=gettext_lazy("为什么恢复；只有工作人员看得到。"),
    )


class HistoryViews:
    """Answers for the admin of achievements, which is asked about permissions."""

    def __init__(self, achievement_admin) -> None:
        self.admin = achievement_admin

    def page(self, request, template, title, **context):
        common = {
            **self.admin.admin_site.each_context(request),
            "opts": self.admin.opts,
            "title": title,
        }
        name = f"admin/governance/achievement/{template}.html"
        return TemplateResponse(request, name, common | context)

    def history(self, request, pk):
        history = self._history_of(request, pk)
        title = _("历史")
        return self.page(
            request, "history", title, history=history, may=self._may(request, history)
        )

    def deleted(self, request):
        if not self.admin.has_view_or_change_permission(request):
            raise PermissionDenied
        return self.page(request, "deleted", _("已删除的草稿"), gone=list(deleted_drafts()))

    def restore(self, request, pk):
        """Shows first what would change, then does it."""
        history = self._history_of(request, pk)
        if not self._may(request, history):
            raise PermissionDenied
        form = RestoreForm(request.POST if request.method == "POST" else request.GET)
        if not form.is_valid():
            raise Http404
        trial = request.method != "POST"
        try:
            restored = self._restore(request, pk, form.cleaned_data, trial)
        except LoadError as error:
            problems = error.problems if isinstance(error, Invalid) else [error]
            return self._ask(request, history, form, problems=problems)
        if trial:
            return self._ask(request, history, form, restored)
        self._tell(request, restored)
        return redirect("admin:governance_achievement_history", pk)

    def bring_back(self, request, pk) -> None:
        """Restore an entry that was deleted while its form was open, or say why that cannot be."""
        history = self._history_of(request, pk)
        if not self._may(request, history):
            raise PermissionDenied
        if history.achievement is not None:
            return
        chosen = {"number": history.lines[0].before, "name": "", "reason": ""}
        try:
            self._tell(request, self._restore(request, pk, chosen, trial=False))
        except LoadError as error:
            self.admin.message_user(request, str(error), messages.ERROR)

    def _history_of(self, request, pk) -> EntryHistory:
        history = EntryHistory(pk)
        if not self.admin.has_view_or_change_permission(request, history.achievement):
            raise PermissionDenied
        if not history.known:
            raise Http404
        return history

    def _may(self, request, history) -> bool:
        """Whether who asks may restore it: to bring back what is gone is to add it."""
        entry = history.achievement
        if entry is None:
            return self.admin.has_add_permission(request)
        public = entry.status == Status.PUBLISHED
        return self.admin.has_change_permission(request, entry) and (
            not public or may_publish(request.user)
        )

    def _restore(self, request, pk, chosen, trial) -> Restored:
        names = {chosen["name"]} if chosen["name"] else set()
        by, reason = request.user, chosen["reason"]
        return restore_entry(pk, chosen["number"], names, by=by, reason=reason, dry_run=trial)

    def _ask(self, request, history, form, restored=None, problems=()):
        line = HistoryLine(restored.part) if restored and restored.part else None
        context = {"history": history, "line": line, "left": restored.left if restored else ()}
        form = RestoreForm(initial=form.cleaned_data)
        return self.page(request, "restore", _("恢复"), form=form, problems=problems, **context)

    def _tell(self, request, restored) -> None:
        done = _("已恢复。") if restored.part else _("没有可恢复的：现在就是那时的内容。")
        self.admin.message_user(request, done, messages.SUCCESS if restored.part else messages.INFO)
        for sentence in restored.left:
            self.admin.message_user(request, sentence, messages.WARNING)

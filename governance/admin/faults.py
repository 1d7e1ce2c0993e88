"""What is wrong in a form of the admin, in one list with the way to each place."""

from collections.abc import Iterator
from typing import NamedTuple

from django import forms
from django.contrib.admin.helpers import AdminForm, InlineAdminFormSet


class Fault(NamedTuple):
    """The label of a field, the id of the element at which it stands, and what is wrong there."""

    label: str
    anchor: str
    sentence: str


def faults(adminform: AdminForm, inlines: list[InlineAdminFormSet]) -> Iterator[Fault]:
    """Every Fault of a page's form and of its rows, in the order of the page; none before it is sent."""
    record = adminform.form._meta.model._meta
    yield from _of(adminform.form, f"{record.model_name}_form", str(record.verbose_name), "")
    for inline in inlines:
        formset, opts = inline.formset, inline.opts.opts
        for sentence in formset.non_form_errors():
            yield Fault(str(opts.verbose_name_plural), f"{formset.prefix}-group", sentence)
        for number, form in enumerate(formset.forms, 1):
            row = f"{opts.verbose_name} {number}"
            if form.errors and not formset._should_delete_form(form):
                yield from _of(form, f"{formset.prefix}-{number - 1}", row, f"{row} · ")


def _of(form: forms.BaseForm, anchor: str, name: str, before: str) -> Iterator[Fault]:
    for field, sentences in form.errors.items():
        for sentence in sentences:
            if field in form.fields:
                bound = form[field]
                place = bound.id_for_label or bound.auto_id
                yield Fault(f"{before}{bound.label}", place, str(sentence))
            else:
                yield Fault(name, anchor, str(sentence))

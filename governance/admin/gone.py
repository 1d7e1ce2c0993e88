"""A form that comes for a row which somebody has deleted meanwhile: what was typed into it is kept in sight."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from governance.models import Achievement

from .meanwhile import sent_value, shown_value, who_and_when
from .pages import admin_page

# What says which button was pressed.
BUTTONS = ("_save", "_continue", "_addanother", "_restore")


def gone_page(model_admin, request, pk: int) -> TemplateResponse | None:
    """What somebody has typed into the form of a row that is gone; None if they typed nothing."""
    typed = list(typed_words(model_admin, request))
    if not typed:
        return None
    context = {
        "who": _who_deleted(model_admin.model(pk=pk)),
        "typed": typed,
        "files": request.FILES,
        "may_add": model_admin.has_add_permission(request),
        "sent": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in ("csrfmiddlewaretoken", *BUTTONS)
        ],
        # The history of entries alone brings them back.
        "restores": model_admin.model is Achievement,
    }
    title = _("%(name)s已经删除") % {"name": model_admin.opts.verbose_name}
    return admin_page(model_admin, request, "gone", title, status=410, **context)


def typed_words(model_admin, request) -> Iterator[tuple[str, str]]:
    """(label, value in words) of each field that was sent otherwise than the form was opened."""
    blank = model_admin.model()
    form = model_admin.get_form(request, change=True)(request.POST, request.FILES, instance=blank)
    yield from _sent_words(form, "")
    formsets, _inlines = model_admin._create_formsets(request, blank, change=False)
    for formset in formsets:
        for number, one in enumerate(formset.forms, 1):
            yield from _sent_words(one, f"{formset.model._meta.verbose_name} {number} · ")


def _sent_words(form: Any, before: str) -> Iterator[tuple[str, str]]:
    """(label after `before`, value in words) of each field that was sent otherwise than it was opened.

    The row may be gone: nothing is asked of it.
    """
    for field in form.fields.values():
        field.show_hidden_initial = True
    for name in form.changed_data:
        one = form[name]
        if not one.is_hidden:
            yield f"{before}{one.label}", shown_value(one.field, sent_value(one))


def _who_deleted(row: Model) -> str:
    deletions = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(row),
        object_id=row.pk,
        action_flag=DELETION,
    )
    # An undone load deletes too, which the log of the admin does not know.
    return who_and_when(row) if isinstance(row, Achievement) or deletions else _("有人")

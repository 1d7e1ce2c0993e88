"""Values of a form's fields: what it was opened with, what was sent, and how they read."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance.merging import UNKNOWN


def base_value(one: Any) -> Any:
    """What the form of a bound field was opened with, UNKNOWN if it does not say."""
    widget = one.field.hidden_widget()
    # Of no choices nothing is sent.
    if (
        not isinstance(widget, forms.MultipleHiddenInput)
        and one.html_initial_name not in one.form.data
    ):
        return UNKNOWN
    return comparable_value(one.field, one.form._widget_data_value(widget, one.html_initial_name))


def sent_value(one: Any) -> Any:
    """What was sent of a bound field; of a file that was not chosen anew, the name that there was."""
    if isinstance(one.field, forms.FileField) and not one.data:
        return one.form.data.get(one.html_initial_name, "")
    return comparable_value(one.field, one.data)


def comparable_value(field: forms.Field, value: Any) -> Any:
    """A value so that what was sent and what is stored are equal where they mean the same."""
    if isinstance(field, forms.ModelChoiceField):
        # Not the row: that would be a query.
        return str(field.prepare_value(value) or "")
    if isinstance(field, forms.FileField):
        return getattr(value, "name", value) or ""
    try:
        found = field.to_python(value)
    except ValidationError:
        return value
    return sorted(found) if isinstance(found, list) else found


def put_value(data: Any, name: str, value: Any) -> None:
    """Write a value as a browser sends it; none at all for an empty list."""
    values = value if isinstance(value, list | tuple) else ["" if value is None else value]
    data.pop(name, None)
    if values:
        data.setlist(name, [str(one) for one in values])


def shown_value(field: Any, value: Any) -> str:
    """A value of a field in words, as it is stored or was sent."""
    if isinstance(field, forms.ModelChoiceField):
        rows: Any = field.queryset
        row = rows.filter(pk=value).first() if value else None
        return str(row) if row else _("（空）")
    if isinstance(field, forms.FileField):
        return _("另一个文件")
    if isinstance(field, forms.BooleanField):
        return _("是") if value else _("否")
    if isinstance(field, forms.MultipleChoiceField | forms.ChoiceField):
        choices: Any = field.choices
        labels = dict(choices)
        values = value if isinstance(value, list) else [value]
        return "；".join(str(labels.get(each, each)) for each in values) or _("（空）")
    return str(value) if value not in field.empty_values else _("（空）")

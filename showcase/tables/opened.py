"""A table as programs get it."""

from typing import Any

from django.http import HttpRequest

from showcase import links

from .crosstabs import Table


def page_of(table: Table, request: HttpRequest) -> str:
    """The address of the page that shows the table, in the reader's language."""
    return links.absolute(request, links.address("analysis") + table.question.permalink)


def open_table(table: Table, request: HttpRequest) -> dict[str, Any]:
    version = table.question.asked.selection.digest
    return {"url": page_of(table, request), "version": version, **table.as_dict()}

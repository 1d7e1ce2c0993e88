from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.views import exception_handler

from governance import index
from showcase.answers import problem_response
from showcase.entry.addresses import Gone
from showcase.query.problems import BadQuery


def handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """What is wrong with a query, what was taken back, what never was: each as a problem of RFC 9457."""
    if isinstance(error, BadQuery):
        return problem_response(400, str(error), **error.told)
    if isinstance(error, Gone):
        sentence = (
            _("这项成果曾经公开，现已撤下。") if error.title else _("“%(key)s”曾经公开，现已没有。")
        )
        return problem_response(410, sentence % {"key": error.key}, **error.told)
    if isinstance(error, Http404):
        return problem_response(404, str(error))
    if isinstance(error, index.Unready):
        index.heal()
        return problem_response(503, _("索引正在重建，请稍后再试。"), {"Retry-After": "30"})
    if isinstance(error, APIException):
        return problem_response(error.status_code, str(error.detail))
    return exception_handler(error, context)

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import exception_handler

from governance import index
from showcase.entry.addresses import Gone
from showcase.query.problems import BadQuery


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answers, a bad query as 400 with every problem and its nearest right values, and
    an entry that was taken back as 410."""
    if isinstance(error, BadQuery):
        problems = [problem.as_dict() for problem in error.problems]
        return Response({"detail": str(error), "problems": problems}, status=400)
    if isinstance(error, index.Unready):
        index.heal()
        detail = _("索引正在重建，请稍后再试。")
        return Response({"detail": detail}, status=503, headers={"Retry-After": "30"})
    if isinstance(error, Gone):
        return Response(gone(error), status=410)
    return exception_handler(error, context)


def gone(error: Gone) -> dict[str, Any]:
    """What the public is told of an entry that was taken back; `withdrawn` is None if no day is known."""
    return {
        "detail": _("这项成果曾经公开，现已撤下。"),
        "code": error.key,
        "title": error.title,
        "withdrawn": error.day,
        "reason": error.reason,
    }

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import exception_handler

from governance import index
from showcase.query.problems import BadQuery


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answers, and a bad query as 400 with every problem and its nearest right values."""
    if isinstance(error, BadQuery):
        problems = [problem.as_dict() for problem in error.problems]
        return Response({"detail": str(error), "problems": problems}, status=400)
    if isinstance(error, index.Unready):
        index.heal()
        detail = _("索引正在重建，请稍候再试。")
        return Response({"detail": detail}, status=503, headers={"Retry-After": "30"})
    return exception_handler(error, context)

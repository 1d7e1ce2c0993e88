from rest_framework.response import Response
from rest_framework.views import exception_handler

from showcase.problems import BadQuery


def handler(error, context):
    """DRF's answers, and a bad query as 400 with every problem and its nearest right values."""
    if isinstance(error, BadQuery):
        problems = [problem.as_dict() for problem in error.problems]
        return Response({"detail": str(error), "problems": problems}, status=400)
    return exception_handler(error, context)

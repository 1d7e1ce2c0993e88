from django.http import HttpResponse, JsonResponse
from django.urls import path

from governance.index import select
from governance.urls import urlpatterns as product

# The index counts the provinces as its first level of regions.
NAMES = {"province": "region2"}


def floor(request):
    """The least that an answer costs: a constant string through the same server and middleware."""
    return HttpResponse("ok")


def crosstab(request):
    """A cross-tab as data, to be measured while the site has no page for it."""
    rows, columns = (
        NAMES.get(request.GET[name], request.GET[name]) for name in ("rows", "columns")
    )
    table = select().crosstab(rows, columns)
    cells = [[row, column, count] for (row, column), count in table.cells.items()]
    return JsonResponse({"total": table.total, "rows": table.rows, "cells": cells})


urlpatterns = [path("floor/", floor), path("crosstab/", crosstab), *product]

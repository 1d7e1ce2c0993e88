"""What the API says of itself; who does it is imported when somebody asks, as it takes as long as Django itself."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase


def schema(request: HttpRequest) -> HttpResponseBase:
    from .schema_views import SchemaApi

    return SchemaApi.as_view()(request)


def docs(request: HttpRequest) -> HttpResponseBase:
    from .schema_views import DocsPage

    return DocsPage.as_view()(request)

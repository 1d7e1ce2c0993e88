"""What the API says of itself: its schema (OpenAPI 3.1), and a page on which it can be tried."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from showcase.answers import Conditional
from showcase.query.query import own_query


class SchemaApi(Conditional, SpectacularJSONAPIView):
    """The whole schema, in the reader's language; docs/openapi.yaml is the same in English."""

    @extend_schema(exclude=True)
    def get(self, request):
        # Django's own `lang` would be another way to say what Accept-Language says.
        own_query(request, {})
        return super().get(request)


class DocsPage(SpectacularSwaggerSplitView):
    """The one of drf-spectacular's pages that has its script in a file, as our policy asks."""

    url_name = "api-schema"
    template_name = "api_docs.html"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        # Its style has pictures in it.
        policy = settings.CONTENT_SECURITY_POLICY.replace("img-src 'self'", "img-src 'self' data:")
        response["Content-Security-Policy"] = policy
        return response

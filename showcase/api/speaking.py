"""How the API speaks: JSON, whatever its reader accepts."""

from typing import Any

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer


class JsonOnly(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, context: Any = None) -> bytes:
        # Labels are translated when they are written.
        return orjson.dumps(data, default=str)


class AlwaysJson(BaseContentNegotiation):
    """The first that a view can give: a browser, which asks for HTML, is answered as any other."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type

from typing import cast

from django.utils.translation import gettext_lazy as _
from django_filters import NumberFilter
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from governance import index
from showcase import links
from showcase.query.form import PAGING


class PageNumbers(PageNumberPagination):
    """20 to a page, `page_size` up to 100; a page past the end is a 404."""

    page_size = 20
    invalid_page_message = cast(str, _("没有第 {page_number} 页。"))
    page_size_query_param = "page_size"
    max_page_size = 100
    # What any list of the API reads.
    own = {
        "page": PAGING["page"],
        "page_size": NumberFilter(label="page_size", min_value=1, max_value=max_page_size),
    }

    def get_next_link(self):
        return self._at(self.page.next_page_number()) if self.page.has_next() else None

    def get_previous_link(self):
        return self._at(self.page.previous_page_number()) if self.page.has_previous() else None

    def _at(self, number: int) -> str:
        # Under the name that was asked for. Not by what was sent: a raw 社区 would be quoted twice.
        request = cast(Request, self.request)
        address = request.path + links.at_page(request.GET, number)
        return request.build_absolute_uri(address)

    def get_paginated_response_schema(self, schema):
        address = {"type": ["string", "null"], "format": "uri"}
        properties = {
            "count": {"type": "integer"},
            "next": address,
            "previous": address,
            "results": schema,
            "version": {"type": "string"},
        }
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_paginated_response(self, data):
        """The page and the `version`, the digest of the record that answers."""
        response = super().get_paginated_response(data)
        selection = self.page.paginator.object_list
        # Of awards it is no selection, but a queryset.
        of_entries = isinstance(selection, index.Selection)
        response.data["version"] = (selection if of_entries else index.current()).digest
        return response

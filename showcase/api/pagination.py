from typing import cast

from django.utils.translation import gettext_lazy as _
from django_filters import NumberFilter
from rest_framework.pagination import PageNumberPagination

from governance import index
from showcase.data.faces import SELECT
from showcase.query.form import NARROWING, PAGING


class PageNumbers(PageNumberPagination):
    """20 to a page, `page_size` up to 100; a page past the end is a 404."""

    page_size = 20
    invalid_page_message = cast(str, _("没有第 {page_number} 页。"))
    page_size_query_param = "page_size"
    max_page_size = 100
    # What any list of the API reads, and what lists of entries read beside the filters.
    own = {
        "page": PAGING["page"],
        "page_size": NumberFilter(label="page_size", min_value=1, max_value=max_page_size),
    }
    fields = own | PAGING | NARROWING | SELECT

    def get_paginated_response(self, data):
        """The page and the `version`, the digest of the record that answers."""
        response = super().get_paginated_response(data)
        selection = self.page.paginator.object_list
        # Of awards it is no selection, but a queryset.
        of_entries = isinstance(selection, index.Selection)
        response.data["version"] = (selection if of_entries else index.current()).digest
        return response

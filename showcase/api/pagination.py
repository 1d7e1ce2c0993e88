from rest_framework.pagination import PageNumberPagination


class PageNumbers(PageNumberPagination):
    """20 to a page, `page_size` up to 100; a page past the end is a 404."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100

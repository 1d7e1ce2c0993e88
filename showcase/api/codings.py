from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _
from rest_framework.generics import ListAPIView

from governance.facet_table import MISSING
from governance.index import Selection
from governance.records import AchievementRecord
from showcase import links
from showcase.query.facets import ASPECTS
from showcase.query.form import NARROWING, PAGING, Fields
from showcase.query.query import query_of

from .base import Answers
from .pagination import PageNumbers
from .shapes import OpenCoding


class CodingListApi(Answers, ListAPIView):
    told = _("一次检索的标注，一行一个判断。page_size 按成果计：一页有其中每项成果的全部标注。")
    shape, path = OpenCoding, "mechanisms."
    of_entries = True

    def takes(self) -> Fields:
        return PageNumbers.own | PAGING | NARROWING

    def get_queryset(self):
        self.selection = query_of(self.request, self.takes()).selection
        return self.selection

    def paginate_queryset(self, queryset):
        return list(self._codings(super().paginate_queryset(queryset)))

    def get_paginated_response(self, data):
        response = super().get_paginated_response(data)
        response.data["count"] = _count(self.selection)
        return response

    def _codings(self, records: Iterable[AchievementRecord]) -> Iterator[OpenCoding]:
        for record in records:
            url = links.absolute(self.request, record["url"])
            for coding in record["mechanisms"]:
                yield {
                    "code": record["code"],
                    "year": record["year"],
                    "title": record["title"],
                    **coding,
                    "url": url,
                }


def _count(entries: Selection) -> int:
    """How many codings entries have: each is coded by a mechanism once, in one aspect."""
    counts = [entries.index.counts(facet, "", entries.numbers) for facet in ASPECTS.values()]
    return sum(count for each in counts for value, count in each.items() if value != MISSING)

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.generics import ListAPIView, RetrieveAPIView

from showcase import links
from showcase.data.faces import SELECT, picked, selected
from showcase.data.records import OpenRecord, open_record, open_records
from showcase.entry.addresses import Moved
from showcase.entry.published import published_record
from showcase.query.alternatives import Alternative, alternatives
from showcase.query.form import NARROWING, PAGING, Fields
from showcase.query.query import own_query, query_of
from showcase.text import with_facts

from .base import Answers
from .pagination import PageNumbers


class AchievementListApi(Answers, ListAPIView):
    told = _("本站的任何一次检索，每项成果一条完整的记录。")
    shape = OpenRecord
    of_entries = True

    def takes(self) -> Fields:
        return PageNumbers.own | PAGING | NARROWING | SELECT

    def get_queryset(self):
        self.asked = query_of(self.request, self.takes())
        return self.asked.selection

    def paginate_queryset(self, queryset):
        records = open_records(super().paginate_queryset(queryset), self.request)
        return list(picked(records, selected(self.asked.parameters)))

    def get_paginated_response(self, data):
        """With `alternatives` where nothing was found: what else would find something, and near entries."""
        response = super().get_paginated_response(data)
        if not response.data["count"]:
            found = alternatives(self.asked)
            response.data["alternatives"] = [_offered(one, self.request) for one in found]
        return response


def _offered(one: Alternative, request: HttpRequest) -> dict[str, Any]:
    # A near entry has a page; another question is put to the API as this one was.
    path = one.address if one.kind == "near" else request.path + one.address
    text = with_facts(one.text, [one.reason]) if one.kind == "near" else one.text
    url = links.absolute(request, path)
    return {"kind": one.kind, "text": text, "count": one.count, "url": url}


class AchievementDetailApi(Answers, RetrieveAPIView):
    told = _("一项成果的记录。")
    shape = OpenRecord

    def takes(self) -> Fields:
        return SELECT

    def get_object(self) -> Any:
        select = selected(own_query(self.request, self.takes()))
        try:
            record = published_record(self.kwargs["code"])
        except Moved as moved:
            record = published_record(moved.key)
        return next(picked([open_record(record, self.request)], select))

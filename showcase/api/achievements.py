from typing import Any

from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.serializers import BaseSerializer

from governance.publishing import PublicRecord, public_records
from showcase import links
from showcase.answers import Conditional
from showcase.entry.addresses import Moved
from showcase.entry.published import published_record
from showcase.query.query import query_of

from .pagination import PageNumbers


class AchievementSerializer(BaseSerializer):
    """The record as it is, with its dates, its address made absolute."""

    def to_representation(self, record: PublicRecord) -> dict[str, Any]:
        return {**record, "url": links.absolute(self.context["request"], record["url"])}


class AchievementListApi(Conditional, ListAPIView):
    serializer_class = AchievementSerializer

    def get_queryset(self):
        return query_of(self.request, PageNumbers.fields).selection

    def paginate_queryset(self, queryset):
        return public_records(super().paginate_queryset(queryset))


class AchievementDetailApi(Conditional, RetrieveAPIView):
    serializer_class = AchievementSerializer

    def get_object(self) -> PublicRecord:
        try:
            return published_record(self.kwargs["code"])
        except Moved as moved:
            return published_record(moved.key)

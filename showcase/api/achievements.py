from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.serializers import BaseSerializer

from showcase.answers import Conditional
from showcase.data.records import OpenRecord, open_record, open_records
from showcase.entry.addresses import Moved
from showcase.entry.published import published_record
from showcase.query.query import query_of

from .pagination import PageNumbers


class AchievementSerializer(BaseSerializer):
    """The record as it is."""

    def to_representation(self, record: OpenRecord) -> OpenRecord:
        return record


class AchievementListApi(Conditional, ListAPIView):
    serializer_class = AchievementSerializer

    def get_queryset(self):
        return query_of(self.request, PageNumbers.fields).selection

    def paginate_queryset(self, queryset):
        return list(open_records(super().paginate_queryset(queryset), self.request))


class AchievementDetailApi(Conditional, RetrieveAPIView):
    serializer_class = AchievementSerializer

    def get_object(self) -> OpenRecord:
        try:
            record = published_record(self.kwargs["code"])
        except Moved as moved:
            record = published_record(moved.key)
        return open_record(record, self.request)

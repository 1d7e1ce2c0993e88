from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.serializers import BaseSerializer

from governance.models import Achievement
from governance.records import achievement_record
from showcase.filters import PAGING, AchievementFilter

from .pagination import PageNumbers


class AchievementSerializer(BaseSerializer):
    """The record as it is, its address made absolute."""

    def to_representation(self, achievement):
        record = achievement_record(achievement)
        return record | {"url": self.context["request"].build_absolute_uri(record["url"])}


class AchievementList(ListAPIView):
    serializer_class = AchievementSerializer

    def get_queryset(self):
        filterset = AchievementFilter(
            self.request.GET, paging=PAGING | {"page_size": PageNumbers.max_page_size}
        )
        filterset.raise_problems()
        return filterset.qs.with_record()


class AchievementDetail(RetrieveAPIView):
    serializer_class = AchievementSerializer
    lookup_field = "code"

    def get_queryset(self):
        return Achievement.objects.published().with_record()

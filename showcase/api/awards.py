from typing import Any

from rest_framework.generics import ListAPIView
from rest_framework.serializers import BaseSerializer

from governance.models import Award, AwardYear
from showcase import links
from showcase.answers import Conditional
from showcase.query.award_years import award_parts
from showcase.query.query import own_query

from .pagination import PageNumbers


class AwardSerializer(BaseSerializer):
    """An award with its years, the newest first; `count` is how many entries each has."""

    def to_representation(self, award: Award) -> dict[str, Any]:
        request = self.context["request"]
        years = award_parts(award.years.published().select_related("award").defer("text"))
        names = ("slug", "name", "name_en", "issuer", "description", "description_en")
        return {
            **{name: getattr(award, name) for name in names},
            "years": [_year(part.award_year) | {"count": part.total} for part in years],
            "url": links.absolute(request, links.address("award", award.slug)),
        }


def _year(award_year: AwardYear) -> dict[str, Any]:
    names = ("code", "year", "edition", "name", "issuer", "document_title", "source_url")
    return {name: getattr(award_year, name) for name in names}


class AwardListApi(Conditional, ListAPIView):
    serializer_class = AwardSerializer
    pagination_class = PageNumbers

    def get_queryset(self):
        own_query(self.request, PageNumbers.own)
        return Award.objects.published()

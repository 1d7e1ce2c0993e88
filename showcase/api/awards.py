"""Awards and their years."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from governance.models import Award, AwardYear
from governance.records.making import award_record
from showcase import links
from showcase.query.award_years import AwardPart, award_parts

from .base import ModelRows, OneRow, RowList
from .shapes import OpenAward, OpenAwardYear

SAID = ("edition", "name", "issuer", "document_title", "source_url")


class AwardYearRows(ModelRows):
    told = _("奖项的各个年度，有公告自己的说法。")
    shape = OpenAwardYear
    model = AwardYear

    def rows(self):
        return AwardYear.objects.published().select_related("award").defer("text")

    def made(self, rows):
        return [_year(part, self.request) for part in award_parts(rows)]


class YearListApi(AwardYearRows, RowList):
    pass


class YearApi(AwardYearRows, OneRow):
    pass


class AwardRows(ModelRows):
    told = _("奖项及其各个年度。")
    shape = OpenAward
    model = Award

    def rows(self):
        return Award.objects.published()

    def made(self, rows):
        return [_award(award, self.request) for award in rows]


class AwardListApi(AwardRows, RowList):
    pass


class AwardApi(AwardRows, OneRow):
    pass


def _award(award: Award, request: HttpRequest) -> OpenAward:
    years = award_parts(award.years.published().select_related("award").defer("text"))
    return {
        **award_record(award),
        "issuer": award.issuer,
        "description": award.description,
        "description_en": award.description_en,
        "years": [_year(part, request) for part in years],
        "url": links.page_for_programs(request, "award", award.slug),
    }


def _year(part: AwardPart, request: HttpRequest) -> OpenAwardYear:
    year = part.award_year
    return {
        "code": year.code,
        "year": year.year,
        "award": award_record(year.award),
        "edition": year.edition,
        "name": year.name,
        "issuer": year.issuer,
        "document_title": year.document_title,
        "source_url": year.source_url,
        "count": part.total,
        "url": links.page_for_programs(request, "year", str(year.year)),
    }
